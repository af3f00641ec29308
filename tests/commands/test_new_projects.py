"""Which Python a new project or script requires and pins."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine

MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"


def created(tool: CommandLine, *words: str, path: str = "p") -> tuple[str, str | None]:
    """Return `requires-python` and the pin of a project that `init` makes with *words*."""
    # Whatever Python is the first on the path elsewhere.
    first = os.pathsep.join([str(Path(sys.base_prefix) / "bin"), os.environ["PATH"]])
    ran = tool.run("init", "--vcs", "none", *words, path, variables={"UV_PYTHON": None, "PATH": first})
    assert ran.status == 0, ran.err
    lines = (tool.project / path / "pyproject.toml").read_text().splitlines()
    required = next(line.partition(" = ")[2].strip('"') for line in lines if line.startswith("requires-python"))
    pin = tool.project / path / ".python-version"
    return required, pin.read_text().strip() if pin.exists() else None


@pytest.mark.parametrize(
    ("asked", "required", "pin"),
    [
        ("3.5", ">=3.5", "3.5"),
        ("3.8.19", ">=3.8.19", "3.8.19"),
        ("3.99t", ">=3.99", "3.99+freethreaded"),
        (f">=3.2,!=3.4.1,<={MINOR}.99", f">=3.2, !=3.4.1, <={MINOR}.99", MINOR),
        (sys.executable, f">={MINOR}", MINOR),
    ],
)
def test_a_python_that_is_asked_for_need_not_be_there(tool: CommandLine, asked: str, required: str, pin: str) -> None:
    """A version says all that is written; anything else is looked at."""
    assert created(tool, "--python", asked) == (required, pin)


def test_a_range_without_a_pin_needs_no_interpreter(tool: CommandLine) -> None:
    """Nothing would be written about one."""
    assert created(tool, "--python", ">=3.98", "--no-pin-python") == (">=3.98", None)


def test_an_environment_that_is_there_counts(tool: CommandLine) -> None:
    """It is the Python that the project has been used with."""
    tool.variables |= {"UV_PYTHON_SEARCH_PATH": ""}
    assert tool.run("venv", "p/.venv", "--no-project").status == 0
    assert created(tool) == (f">={MINOR}", MINOR)


def test_a_pin_is_written_where_none_like_it_applies(tool: CommandLine) -> None:
    """The pin of a workspace applies to its members, that of a folder above to nobody else."""
    (tool.project / ".python-version").write_text("3.11\n")
    tool.write_project()
    assert created(tool, path="same") == (">=3.11", None)
    assert created(tool, "--python", "3.12", path="other") == (">=3.12", "3.12")
    assert created(tool, "--no-workspace", path="alone") == (">=3.11", "3.11")


def test_a_member_takes_over_the_python_of_its_workspace(tool: CommandLine) -> None:
    """Without a pin to follow."""
    tool.write_project()
    assert created(tool, "--no-pin-python") == (">=3.11", None)


@pytest.mark.parametrize(
    ("words", "variables"), [(("--bare",), {}), ((), {"UV_INIT_BARE": "1"})], ids=["option", "variable"]
)
def test_a_bare_project_has_what_is_asked_for(
    tool: CommandLine, words: tuple[str, ...], variables: dict[str, str]
) -> None:
    """And nothing else."""
    tool.variables |= variables
    created(tool, *words, "--pin-python", "--description", "D", path="q")
    assert sorted(path.name for path in (tool.project / "q").iterdir()) == [".python-version", "pyproject.toml"]
    assert 'description = "D"' in (tool.project / "q/pyproject.toml").read_text()


def test_the_version_file_beside_a_script_counts(tool: CommandLine) -> None:
    """And not the one of the working directory; none with `--no-pin-python`."""
    (tool.project / ".python-version").write_text("3.98\n")
    (tool.project / "scripts").mkdir()
    (tool.project / "scripts/.python-version").write_text(f"{sys.executable}\n")
    ran = tool.run("init", "--script", "scripts/s.py", variables={"UV_PYTHON": None})
    assert ran.err == "Initialized script at `scripts/s.py`\n"
    assert f'# requires-python = ">={MINOR}"' in (tool.project / "scripts/s.py").read_text()
    variables = {"UV_PYTHON": None, "UV_PYTHON_SEARCH_PATH": sys.base_exec_prefix + "/bin"}
    assert tool.run("init", "--script", "--no-pin-python", "t.py", variables=variables).status == 0
