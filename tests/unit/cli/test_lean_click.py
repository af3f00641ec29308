"""click without `inspect`."""

from __future__ import annotations

import subprocess
import sys


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_click_is_imported_without_inspect() -> None:
    """The import of click is half as expensive without it."""
    assert _run("import sys, mauve.cli.parser; print('inspect' in sys.modules)") == "False"


def test_inspect_is_the_real_one_afterwards() -> None:
    """Whoever imports it later gets the module itself, and so does click when it needs it."""
    shown = _run(
        "import mauve.cli.lean_click as lean, inspect\n"
        "print(inspect.__file__, lean.click.core.inspect.cleandoc('a\\n  b'))"
    )
    assert "inspect.py" in shown
    assert shown.endswith("a\nb")


def test_an_inspect_that_is_there_stays() -> None:
    """A program that has imported it before us keeps its module."""
    assert _run("import inspect, sys, mauve.cli.lean_click; print(sys.modules['inspect'] is inspect)") == "True"
