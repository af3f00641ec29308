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
        ("-r latin.txt", "failed to decode file `latin.txt`: stream did not contain valid UTF-8"),
        ("b -c latin.txt", "failed to decode file `latin.txt`: stream did not contain valid UTF-8"),
    ],
)
def test_files_of_another_kind_are_refused(tool: CommandLine, words: str, message: str) -> None:
    """Before anything is edited."""
    tool.write_project()
    (tool.project / "s.py").write_text("# /// script\n# dependencies = []\n# ///\n")
    (tool.project / "latin.txt").write_bytes(b"b  # \xe9\n")
    before = tool.snapshot()
    ran = tool.run("add", *words.split(), "--no-sync")
    assert ran.status == 2
    assert ran.err.splitlines()[-1] == f"error: {message}"
    assert tool.snapshot() == before


def test_a_command_is_not_run_with_a_list_that_is_no_text(tool: CommandLine) -> None:
    """Neither with one of requirements, nor with a script."""
    for name in ("latin.txt", "latin.py"):
        (tool.project / name).write_bytes(b"b  # \xe9\n")
        ran = tool.run("run", "--no-project", "--with-requirements", name, "true")
        assert ran.status == 2
        message = f"error: failed to decode file `{name}`: stream did not contain valid UTF-8"
        assert ran.err.splitlines()[-1] == message


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


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("b --editable", "`b` did not resolve to a local directory, but the `--editable` flag was provided."),
        ("b --lfs", "`b` did not resolve to a Git repository, but a Git extension (`--lfs`) was provided."),
        ("b --marker foo", "invalid value 'foo' for '--marker <MARKER>': Expected a quoted string or a valid marker"),
        ("b --extra a!", "invalid value 'a!' for '--extra <EXTRA>': Not a valid package or extra name"),
    ],
)
def test_options_that_do_not_fit_what_is_added_are_refused(tool: CommandLine, words: str, message: str) -> None:
    """Nothing is edited."""
    text = tool.write_project()
    ran = tool.run("add", "--frozen", *words.split())
    assert ran.status == 2
    assert f"error: {message}" in ran.err
    assert (tool.project / "pyproject.toml").read_text() == text


def test_indexes_of_former_options_are_not_written_down(tool: CommandLine) -> None:
    """They are used, and this is told."""
    tool.write_project()
    words = ("--index-url", tool.variables["UV_DEFAULT_INDEX"], "--extra-index-url", tool.variables["UV_DEFAULT_INDEX"])
    ran = tool.run("add", "--frozen", "b", *words, variables={"UV_DEFAULT_INDEX": None})
    told = "will not be persisted to the `pyproject.toml` file; use"
    assert ran.err.splitlines()[:2] == [
        f"warning: Indexes specified via `--index-url` {told} `--default-index` instead.",
        f"warning: Indexes specified via `--extra-index-url` {told} `--index` instead.",
    ]
    assert "index" not in (tool.project / "pyproject.toml").read_text()


def test_what_is_removed_may_be_named_by_a_requirement(tool: CommandLine) -> None:
    """Only the name counts."""
    text = tool.write_project()
    tool.run("add", "--frozen", "b<2")
    assert tool.run("remove", "--frozen", "B[x]>=3").status == 0
    assert "b" not in (tool.project / "pyproject.toml").read_text().partition("dependencies")[2]
    assert text
    assert "invalid value 'b!' for '<PACKAGES>...'" in tool.run("remove", "--frozen", "b!").err
