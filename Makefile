# The two commands of the README. Both do all their own set-up, with nothing but a Python (3.11 or later) and pip.
PYTHON ?= python3
TOOLS := .tools

.PHONY: demo test fuzz check bench clean

demo: $(TOOLS)/ready
	$(TOOLS)/bin/python tests/demo.py $(TOOLS)/bin/mauve

test: $(TOOLS)/ready
	MAUVE_ORACLE_UV="$(CURDIR)/$(TOOLS)/bin/uv" $(TOOLS)/bin/python -m pytest

fuzz: $(TOOLS)/ready
	MAUVE_LOCK_FUZZ=0-2000 MAUVE_ORACLE_UV="$(CURDIR)/$(TOOLS)/bin/uv" $(TOOLS)/bin/python -m pytest tests/oracle/test_lock_fuzz.py

check: $(TOOLS)/ready
	$(TOOLS)/bin/ruff check src tests
	$(TOOLS)/bin/ruff format --check src tests
	$(TOOLS)/bin/mypy

bench:
	$(PYTHON) -m tests.benchmarks.suite

$(TOOLS)/ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mauve needs Python 3.11 or later: set PYTHON=...")'
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[speed]' --group dev
	touch $@

clean:
	rm -rf $(TOOLS) dist .mypy_cache .ruff_cache .pytest_cache
