"""A script is run in the project that it lies in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine

PREFIX = "import sys; print(sys.prefix)\n"


def write_projects(tool: CommandLine) -> None:
    """Write a project around the working directory, and another one beside it with a script and a folder to run."""
    tool.write_project()
    other = tool.project / "other"
    (other / "app").mkdir(parents=True)
    (other / "pyproject.toml").write_text('[project]\nname = "o"\nversion = "0"\nrequires-python = ">=3.11"\n')
    (other / "x.py").write_text(PREFIX)
    (other / "app/__main__.py").write_text(PREFIX)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("other/x.py",), "other/.venv"),
        (("other/app",), "other/.venv"),
        (("--script", "other/x.py"), "other/.venv"),
        (("--project", ".", "other/x.py"), ".venv"),
        (("python", "other/x.py"), ".venv"),
        (("-m", "app"), ".venv"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_the_project_of_a_script_is_looked_for_beside_it(
    tool: CommandLine, words: tuple[str, ...], expected: str
) -> None:
    """Unless another one is named. A second run, answered by a verdict, does the same."""
    write_projects(tool)
    (tool.project / "app.py").write_text(PREFIX)
    for _ in range(2):
        ran = tool.run("run", *words)
        assert ran.out == f"{tool.project / expected}\n", ran.err


def test_python_is_called_by_its_path(tool: CommandLine) -> None:
    """It names itself in its help."""
    tool.write_project()
    ran = tool.run("run", "python", "-c", "import sys; print(sys.orig_argv[0])")
    assert ran.out == f"{tool.project}/.venv/bin/python{'.exe' if sys.platform == 'win32' else ''}\n"
