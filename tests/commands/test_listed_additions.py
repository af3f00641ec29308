"""`add` with files of requirements and constraints."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine


def dependencies(tool: CommandLine) -> list[str]:
    """Return what the project requires."""
    document = tomllib.loads((tool.project / "pyproject.toml").read_text())
    return document["project"]["dependencies"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("words", "variables"), [(("-c", "c.txt"), {}), ((), {"UV_CONSTRAINT": "c.txt"})], ids=["option", "variable"]
)
def test_constraints_bound_what_is_chosen_and_are_not_kept(
    tool: CommandLine, words: tuple[str, ...], variables: dict[str, str]
) -> None:
    """Neither in the project nor in its lock."""
    tool.write_project()
    (tool.project / "c.txt").write_text("b<2\nzz>9\n")
    assert tool.run("add", "b", *words, variables=variables).status == 0
    assert dependencies(tool) == ["b>=1.0"]
    assert tool.installed() == ["b-1.0"]
    assert "constraints" not in (tool.project / "uv.lock").read_text()
    assert tool.run("lock", "--check").status == 0


def test_constraints_that_cannot_be_met_leave_everything_as_it_was(tool: CommandLine) -> None:
    """And are told as such."""
    tool.write_project()
    (tool.project / "c.txt").write_text("b<0.1\n")
    before = tool.snapshot()
    ran = tool.run("add", "b", "-c", "c.txt")
    assert (ran.status, tool.snapshot()) == (1, before)
    assert "your project depends on b<0.1" in ran.err or "b<0.1" in ran.err


def test_a_file_of_requirements_is_added_with_what_it_includes(tool: CommandLine) -> None:
    """Its constraints only constrain."""
    tool.write_project()
    (tool.project / "sub").mkdir()
    (tool.project / "sub/r.txt").write_text("-r more.txt\n-c c.txt\n--index-url http://127.0.0.1:1/\n")
    (tool.project / "sub/more.txt").write_text("b ; python_version >= '3'  # why\n")
    (tool.project / "sub/c.txt").write_text("b<2\n")
    ran = tool.run("add", "-r", "sub/r.txt", "--no-sync")
    assert ran.status == 0, ran.err
    assert dependencies(tool) == ["b>=1.0 ; python_full_version >= '3'"]


def test_constraints_of_a_script_are_not_kept_either(tool: CommandLine) -> None:
    """Only its block is edited."""
    (tool.project / "s.py").write_text("# /// script\n# requires-python = '>=3.11'\n# dependencies = []\n# ///\n")
    (tool.project / "c.txt").write_text("b<2\n")
    assert tool.run("add", "--script", "s.py", "b", "-c", "c.txt").status == 0
    assert '#     "b>=1.0",' in (tool.project / "s.py").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("-r pyproject.toml", "Adding requirements from a `pyproject.toml` is not supported in `uv add`"),
        ("-r s.py", "Adding requirements from a PEP 723 script is not supported in `uv add`"),
        (
            "b -c pyproject.toml",
            (
                "The file `pyproject.toml` appears to be a `pyproject.toml` file, but constraints must be specified in "
                "`requirements.txt` format"
            ),
        ),
        ("b -c no.txt", "File not found: no.txt"),
    ],
)
def test_files_of_another_kind_are_refused(tool: CommandLine, words: str, message: str) -> None:
    """Before anything is edited."""
    tool.write_project()
    (tool.project / "s.py").write_text("# /// script\n# dependencies = []\n# ///\n")
    before = tool.snapshot()
    ran = tool.run("add", *words.split(), "--no-sync")
    assert ran.status == 2
    assert ran.err.splitlines()[-1] == f"error: {message}"
    assert tool.snapshot() == before


def test_a_location_cannot_constrain(tool: CommandLine) -> None:
    """It does not say what."""
    tool.write_project()
    (tool.project / "c.txt").write_text("./lib[x] ; os_name == 'nt'\n")
    (tool.project / "lib").mkdir()
    ran = tool.run("add", "b", "-c", "c.txt", "--no-sync")
    location = f"file://{tool.project}/lib[x] ; os_name == 'nt'"
    assert ran.err.splitlines()[-1] == (
        f"error: Unnamed requirements are not allowed as constraints (found: `{location}`)"
    )
