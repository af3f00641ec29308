"""`python list`, `find`, `pin` and `dir`, with executables that say that they are Pythons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine
from tests.support.fake_interpreters import fake_executable, fake_interpreter
from tests.support.index_server import IndexServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROJECT = '[project]\nname = "p"\nversion = "1"\nrequires-python = "{}"\n'
SCRIPT = '# /// script\n# requires-python = "{}"\n# dependencies = []\n# ///\n'


@pytest.fixture
def line(tmp_path: Path) -> Iterator[CommandLine]:
    """A folder, and the Pythons 3.11 and 3.12 on the search path, the older one first."""
    for version in ("3.11.7", "3.12.1"):
        minor = version.rpartition(".")[0]
        fake_interpreter(tmp_path / minor / f"python{minor}", version, prefix=str(tmp_path / "root" / minor))
        (tmp_path / minor / "python3").symlink_to(f"python{minor}")
    with IndexServer({}) as server:
        line = CommandLine(tmp_path, server)
        line.variables["UV_PYTHON_SEARCH_PATH"] = f"{tmp_path / '3.11'}:{tmp_path / '3.12'}"
        line.variables["UV_PYTHON_INSTALL_DIR"] = str(tmp_path / "installed")
        yield line


def test_what_is_installed_is_listed_from_the_newest_on(line: CommandLine, tmp_path: Path) -> None:
    """With what links point to; what is asked for filters."""
    rows = [row.split() for row in line.run("python", "list").out.splitlines()]
    assert rows == [
        ["cpython-3.12.1-linux-x86_64-gnu", str(tmp_path / "3.12/python3.12")],
        ["cpython-3.12.1-linux-x86_64-gnu", str(tmp_path / "3.12/python3"), "->", "python3.12"],
        ["cpython-3.11.7-linux-x86_64-gnu", str(tmp_path / "3.11/python3.11")],
        ["cpython-3.11.7-linux-x86_64-gnu", str(tmp_path / "3.11/python3"), "->", "python3.11"],
    ]
    assert line.run("python", "list", "3.12").out.count("3.12.1") == 2
    assert line.run("python", "list", "--only-downloads").out == ""


def test_a_list_is_json_if_that_is_asked_for(line: CommandLine, tmp_path: Path) -> None:
    """With the parts of the key, and paths as they are shown."""
    first, second = json.loads(line.run("python", "list", "3.11", "--output-format", "json").out)
    assert first == {
        "key": "cpython-3.11.7-linux-x86_64-gnu",
        "version": "3.11.7",
        "version_parts": {"major": 3, "minor": 11, "patch": 7},
        "path": str(tmp_path / "3.11/python3.11"),
        "symlink": None,
        "url": None,
        "os": "linux",
        "variant": "default",
        "implementation": "cpython",
        "arch": "x86_64",
        "libc": "gnu",
    }
    assert second["symlink"] == "python3.11"
    assert line.run("python", "list", "3.9", "--output-format", "json").out == "[]\n"


def test_an_executable_that_cannot_be_asked_is_told_and_the_others_are_listed(
    line: CommandLine, tmp_path: Path
) -> None:
    """A broken shim hides nothing."""
    fake_executable(tmp_path / "3.11/python3.10", "exit 3\n")
    ran = line.run("python", "list", "--only-installed")
    assert ran.status == 0
    assert ran.out.count("\n") == 4
    assert ran.err.splitlines() == [
        f"warning: Failed to inspect Python interpreter from search path at `{tmp_path / '3.11/python3.10'}`",
        f"  cause: Querying Python at `{tmp_path / '3.11/python3.10'}` failed with exit status exit status: 3",
    ]


def test_managed_and_other_pythons_can_be_listed_alone(line: CommandLine, tmp_path: Path) -> None:
    """The system's come first in a list of both."""
    managed = tmp_path / "installed/cpython-3.12.1-linux-x86_64-gnu/bin/python3.12"
    fake_interpreter(managed, "3.12.1")
    listed = [row.split()[1] for row in line.run("python", "list", "3.12").out.splitlines()]
    assert listed == [str(tmp_path / "3.12/python3.12"), str(tmp_path / "3.12/python3"), str(managed)]
    assert line.run("python", "list", "--managed-python").out.split()[1:] == [str(managed)]
    assert str(managed) not in line.run("python", "list", "--no-managed-python").out
    assert line.run("python", "dir").out == f"{tmp_path / 'installed'}\n"


def test_found_is_what_a_project_asks_for(line: CommandLine, tmp_path: Path) -> None:
    """The first on the path without a project; what is asked for in spite of one comes with a warning."""
    assert line.run("python", "find").out == f"{tmp_path / '3.11/python3.11'}\n"
    (line.project / "pyproject.toml").write_text(PROJECT.format(">=3.12"), encoding="utf-8")
    assert line.run("python", "find", "--show-version").out == "3.12.1\n"
    assert line.run("python", "find", "--show-version", "--no-project").out == "3.11.7\n"
    ran = line.run("python", "find", "3.11")
    assert (ran.status, ran.out) == (0, f"{tmp_path / '3.11/python3.11'}\n")
    assert ran.err.startswith("warning: The requested interpreter resolved to Python 3.11.7, which is incompatible")


def test_a_script_has_a_python_of_its_own(line: CommandLine, tmp_path: Path) -> None:
    """If there is none for it, the command fails; a contradicting variable is refused."""
    script = line.project / "s.py"
    script.write_text(SCRIPT.format(">=3.12"), encoding="utf-8")
    assert line.run("python", "find", "--script", "s.py").out == f"{tmp_path / '3.12/python3.12'}\n"
    script.write_text(SCRIPT.format(">=3.13"), encoding="utf-8")
    ran = line.run("python", "find", "--script", "s.py")
    assert ran.status == 1
    assert ran.err.startswith("error: No interpreter found for Python >=3.13 in virtual environments, ")
    ran = line.run("python", "find", "--script", "s.py", variables={"UV_SYSTEM_PYTHON": "1"})
    assert ran.status == 2
    assert ran.err.startswith("error: the argument '--script <SCRIPT>' cannot be used with '--system'\n")


def test_a_pin_is_written_shown_changed_and_removed(line: CommandLine) -> None:
    """What is pinned counts for other commands."""
    file = line.project / ".python-version"
    assert line.run("python", "pin").err == ("error: No Python version file found; specify a version to create one\n")
    assert line.run("python", "pin", "3.12").out == "Pinned `.python-version` to `3.12`\n"
    assert file.read_text(encoding="utf-8") == "3.12\n"
    assert line.run("python", "find", "--show-version").out == "3.12.1\n"
    assert line.run("python", "pin", "cp311").out == "Updated `.python-version` from `3.12` -> `cpython@3.11`\n"
    assert line.run("python", "pin").out == "cpython@3.11\n"
    assert line.run("python", "pin", "--rm").out == "Removed Python version file at `.python-version`\n"
    assert not file.exists()


def test_a_pin_must_suit_the_project(line: CommandLine, tmp_path: Path) -> None:
    """A version that does not is refused; what only leads to such a version is told, unless that is to be pinned."""
    (line.project / "pyproject.toml").write_text(PROJECT.format(">=3.12"), encoding="utf-8")
    ran = line.run("python", "pin", "3.11")
    assert ran.status == 2
    assert ran.err == (
        "error: The requested Python version `3.11` is incompatible with the project `requires-python` value of "
        "`>=3.12`.\n"
    )
    misfit = (
        "The requested Python version `<3.12` resolves to `3.11.7` which  is incompatible with the project "
        "`requires-python` value of `>=3.12`.\n"
    )
    assert line.run("python", "pin", "<3.12", "--resolved").err == f"error: {misfit}"
    assert not (line.project / ".python-version").exists()
    assert line.run("python", "pin", "<3.12").err == f"warning: {misfit}"
    assert line.run("python", "pin").err.startswith("warning: The pinned Python version `<3.12` resolves to `3.11.7`")
    assert line.run("python", "pin", "3.11", "--no-project").status == 0
    path = tmp_path / "3.12/python3.12"
    assert line.run("python", "pin", "3.12", "--resolved").out.endswith(f" -> `{path}`\n")


def test_the_pin_of_the_user_counts_where_there_is_no_other_and_where_it_fits(line: CommandLine) -> None:
    """A project that does not allow the version is not troubled by it; one's own file is never removed by mistake."""
    line.run("python", "pin", "3.12", "--global")
    assert line.run("python", "find", "--show-version").out == "3.12.1\n"
    assert line.run("python", "find", "--show-version", "--no-config").out == "3.11.7\n"
    (line.project / "pyproject.toml").write_text(PROJECT.format("<3.12"), encoding="utf-8")
    ran = line.run("python", "find", "--show-version")
    assert (ran.out, ran.err) == ("3.11.7\n", "")
    assert line.run("python", "pin", "--rm").err == (
        "error: No Python version file found; use `--rm --global` to remove the global pin\n"
    )
    assert line.run("python", "pin", "--rm", "--global").out.startswith("Removed global Python pin at `")
    assert line.run("python", "pin", "--rm", "--global").err == "error: No global Python pin found\n"


def test_a_changed_pin_of_the_user_is_noticed_by_the_fast_path(tmp_path: Path) -> None:
    """`lock` found nothing to do, and would find a Python that the project does not allow."""
    with IndexServer({}) as server:
        line = CommandLine(tmp_path, server)
        line.write_project()
        assert line.run("lock").status == 0
        del line.variables["UV_PYTHON"]
        line.variables["UV_PYTHON_SEARCH_PATH"] = str(tmp_path / "old")
        fake_interpreter(tmp_path / "old/python3.10", "3.10.1")
        folder = tmp_path / "home/.config/uv"
        folder.mkdir(parents=True)
        line.variables["UV_PYTHON_SEARCH_PATH"] += f":{tmp_path / 'new'}"
        fake_interpreter(tmp_path / "new/python3.11", "3.11.1")
        for _ in range(2):
            assert line.run("lock").status == 0
        (folder / ".python-version").write_text(">=3.10\n", encoding="utf-8")
        ran = line.run("lock")
        assert ran.status == 2
        assert "resolved to Python 3.10.1" in ran.err
