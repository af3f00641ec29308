"""What a user may get wrong in files and on the command line: told clearly, with uv's exit code, and nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine

LOCK = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'
WHEEL = (
    '[[package]]\nname = "a"\nversion = "1.0"\nsource = { registry = "http://127.0.0.1/simple" }\n'
    'wheels = [{ url = "http://127.0.0.1/a-1.0-py3-none-any.whl", hash = "HASH" }]\n'
)


@pytest.mark.parametrize(
    ("requirement", "status", "line"),
    [
        ("nope", 1, "Because nope was not found in the package registry and your project depends on nope"),
        ("b>=9", 1, "error: Failed to add dependencies"),
        ("b>>1", 2, "error: Failed to parse: `b>>1`"),
        ("b ~= ", 2, "error: Failed to parse: `b ~= `"),
        ("b; nothing", 2, "found `nothing`"),
    ],
)
def test_a_wrong_addition_is_refused_and_the_files_are_as_before(
    tool: CommandLine, requirement: str, status: int, line: str
) -> None:
    """Neither file may keep a trace of what could not be added."""
    tool.write_project()
    before = tool.snapshot()
    ran = tool.run("add", requirement)
    assert (ran.status, line in ran.err) == (status, True), ran.err
    assert tool.snapshot() == before
    assert ran.err.count("cause: ") <= 2, "each cause is told once"


def test_unsatisfiable_requirements_keep_the_lockfile(tool: CommandLine) -> None:
    """The lock of what worked is still there when what is wanted does not work."""
    tool.write_project("c")
    assert tool.run("lock").status == 0
    tool.write_project("c", "b>=2")
    before = tool.snapshot()
    for command in ("lock", "sync"):
        ran = tool.run(command)
        assert (ran.status, "your project's requirements are unsatisfiable" in ran.err) == (1, True), ran.err
    assert tool.snapshot() == before


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"[project\n", "unclosed table, expected `]`"),
        (b"<<<<<<< HEAD\n[project]\n", "key with no value, expected `=`"),
        (b"[project]\nname = 'p'\nversion = 1\n", "invalid type: integer `1`"),
        (b"[project]\nname = 'p'\nversion = '1'\ndescription = '\xff'\n", "stream did not contain valid UTF-8"),
    ],
)
def test_a_malformed_pyproject_is_pointed_at(tool: CommandLine, text: bytes, line: str) -> None:
    """The place is shown, and the file is not touched."""
    (tool.project / "pyproject.toml").write_bytes(text)
    ran = tool.run("add", "a")
    assert (ran.status, line in ran.err) == (2, True), ran.err
    assert tool.snapshot() == {"pyproject.toml": text}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"<<<<<<< HEAD\nversion = 1\n", "key with no value, expected `=`"),
        (b"version = 1\n# \xff\n", "stream did not contain valid UTF-8"),
        (b'version = 1\nrequires-python = "x"\n', "TOML parse error at line 2, column 19"),
        (f"{LOCK}resolution-markers = ['x']\n".encode(), "TOML parse error at line 4, column 23"),
        (f"{LOCK}{WHEEL.replace('HASH', 'zz')}".encode(), "zz"),
        (f"{LOCK}[[package]]\n".encode(), "missing field `name`"),
        (b"version = 2\n", "unsupported schema version"),
    ],
)
def test_a_malformed_lockfile_is_pointed_at_and_stays(tool: CommandLine, text: bytes, line: str) -> None:
    """It may be the only copy of a resolution that worked: it is not replaced on the quiet."""
    tool.write_project("a")
    (tool.project / "uv.lock").write_bytes(text)
    ran = tool.run("sync", "--frozen")
    assert (ran.status, line in ran.err) == (2, True), ran.err
    assert tool.snapshot()["uv.lock"] == text


def test_a_name_that_is_none_is_the_fault_of_its_option(tool: CommandLine) -> None:
    """No stack trace, but which option it was."""
    ran = tool.run("init", "--name", "ü", "sub")
    assert (ran.status, "error: invalid value 'ü' for '--name <NAME>'" in ran.err) == (2, True), ran.err


def test_a_folder_in_place_of_the_lockfile_is_reported(tool: CommandLine) -> None:
    """The system's own words, with the path."""
    tool.write_project("a")
    (tool.project / "uv.lock").mkdir()
    ran = tool.run("lock")
    assert ran.status == 2
    assert f"error: failed to read from file `{tool.project / 'uv.lock'}`: Is a directory (os error 21)" in ran.err


def test_files_with_windows_line_ends_are_edited_and_locked(tool: CommandLine) -> None:
    """A byte order mark and CRLF are how some editors write."""
    text = tool.write_project("b").replace("\n", "\r\n")
    (tool.project / "pyproject.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert tool.run("add", "a", "--no-sync").status == 0
    lock = tool.project / "uv.lock"
    lock.write_bytes(b"\xef\xbb\xbf" + lock.read_bytes().replace(b"\n", b"\r\n"))
    assert tool.run("lock", "--check").status == 0


def test_a_linked_pyproject_stays_a_link(tool: CommandLine) -> None:
    """What it points at is edited, with its permissions."""
    tool.write_project()
    path, real = tool.project / "pyproject.toml", tool.project.parent / "real.toml"
    path.rename(real)
    real.chmod(0o640)
    path.symlink_to(real)
    assert tool.run("add", "b", "--no-sync").status == 0
    assert path.is_symlink()
    assert '"b>=2.0"' in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("words", [("venv",), ("run", "python", "-c", "pass"), ("cache", "dir")])
def test_a_project_that_is_no_toml_is_told_by_every_command(tool: CommandLine, words: tuple[str, ...]) -> None:
    """Its settings would count if it were, whether it has some or not."""
    (tool.project / "pyproject.toml").write_text('[project\nname = "x"\n')
    ran = tool.run(*words)
    assert ran.err.startswith(
        "warning: Failed to parse `pyproject.toml` during settings discovery:\n"
        "  TOML parse error at line 1, column 9\n    |\n  1 | [project\n    |         ^\n"
    )


def test_a_root_without_a_project_cannot_have_dependencies(tool: CommandLine) -> None:
    """Told before an interpreter is looked for."""
    (tool.project / "pyproject.toml").write_text("[tool.uv]\n")
    ran = tool.run("add", "b", "--frozen")
    assert (ran.status, ran.err.startswith("error: Project is missing a `[project]` table")) == (2, True)
