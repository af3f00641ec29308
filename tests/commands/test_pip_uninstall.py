"""`pip uninstall`, and how the commands of `pip` choose the environment that they work on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine
from tests.support.fake_interpreters import fake_interpreter
from tests.support.index_server import IndexServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def line(tmp_path: Path) -> Iterator[CommandLine]:
    """A folder with an environment, and no `UV_PYTHON` that would name another one."""
    with IndexServer({}) as server:
        line = CommandLine(tmp_path, server)
        assert line.run("venv").status == 0
        del line.variables["UV_PYTHON"]
        yield line


def library(root: Path) -> Path:
    """Return the folder of packages of the environment at *root*."""
    return root / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"


def put(folder: Path, name: str, version: str = "1.0", url: str | None = None) -> Path:
    """Write a package into *folder*, as an installer does; return its module."""
    folder.mkdir(parents=True, exist_ok=True)
    module = folder / f"{name}.py"
    module.write_text("", encoding="utf-8")
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    rows = [f"{name}.py,,", f"{info.name}/METADATA,,", f"{info.name}/RECORD,,"]
    if url is not None:
        (info / "direct_url.json").write_text(f'{{"url": "{url}", "dir_info": {{"editable": true}}}}', encoding="utf-8")
        rows.append(f"{info.name}/direct_url.json,,")
    (info / "RECORD").write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return module


def test_what_is_named_goes_and_the_rest_stays(line: CommandLine) -> None:
    """Names are normalised, versions and markers do not matter, and what is not there is told."""
    folder = library(line.project / ".venv")
    gone, kept = put(folder, "a_b"), put(folder, "c")
    ran = line.run("pip", "uninstall", "A.B>5 ; python_version < '3'", "nowhere")
    assert (ran.status, gone.exists(), kept.exists()) == (0, False, True)
    lines = ran.err.splitlines()
    assert lines[0] == "warning: Skipping nowhere as it is not installed"
    assert lines[1].startswith("Uninstalled 1 package in ")
    assert lines[2:] == [" - a-b==1.0"]
    assert not (folder / "a_b-1.0.dist-info").exists()


def test_a_dry_run_removes_nothing(line: CommandLine) -> None:
    """It says what would go."""
    module = put(library(line.project / ".venv"), "a")
    ran = line.run("pip", "uninstall", "--dry-run", "a", "b")
    assert (ran.status, ran.err) == (0, "Would uninstall 1 package\n - a==1.0\n")
    assert module.exists()
    assert line.run("pip", "uninstall", "--dry-run", "b").err == "Would make no changes\n"


def test_a_folder_stands_for_what_was_installed_from_it(line: CommandLine) -> None:
    """The recorded URL is compared, not the name."""
    module = put(library(line.project / ".venv"), "a", url=(line.project / "tree").as_uri())
    ran = line.run("pip", "uninstall", "./tree", "./other")
    assert f"warning: Skipping `{(line.project / 'other').as_uri()}` as it is not installed" in ran.err
    assert f" - a==1.0 (from {(line.project / 'tree').as_uri()})" in ran.err
    assert not module.exists()


def test_files_list_what_goes(line: CommandLine) -> None:
    """One that lists nothing is worth a warning, one that is missing is an error."""
    module = put(library(line.project / ".venv"), "a")
    (line.project / "empty.txt").write_text("# nothing\n", encoding="utf-8")
    (line.project / "list.txt").write_text("a==3\n", encoding="utf-8")
    ran = line.run("pip", "uninstall", "-r", "empty.txt", "-r", "list.txt")
    assert "warning: Requirements file `empty.txt` does not contain any dependencies" in ran.err
    assert not module.exists()
    assert line.run("pip", "uninstall", "-r", "none.txt").status == 2


def test_nothing_to_remove_is_worth_a_warning(line: CommandLine) -> None:
    """It is no error, as for pip."""
    ran = line.run("pip", "uninstall", "a")
    assert ran.status == 0
    assert ran.err == "warning: Skipping a as it is not installed\nwarning: No packages to uninstall\n"


@pytest.mark.parametrize("option", ["--target", "--prefix"])
def test_packages_of_a_folder_are_removed_from_there(line: CommandLine, option: str) -> None:
    """And those of the environment with the same name stay."""
    kept = put(library(line.project / ".venv"), "a")
    folder = line.project / "folder"
    gone = put(folder if option == "--target" else library(folder), "a")
    assert line.run("pip", "uninstall", option, "folder", "a").status == 0
    assert (gone.exists(), kept.exists()) == (False, True)


def test_the_active_environment_comes_before_the_nearest(line: CommandLine) -> None:
    """Which one it is, is told where it is not `.venv` in the working directory."""
    line.variables["UV_PYTHON"] = sys.executable
    assert line.run("venv", "other").status == 0
    del line.variables["UV_PYTHON"]
    nearest, active = put(library(line.project / ".venv"), "a"), put(library(line.project / "other"), "a")
    ran = line.run("pip", "uninstall", "a", variables={"VIRTUAL_ENV": "other"})
    assert ran.err.splitlines()[0].startswith("Using Python 3.")
    assert ran.err.splitlines()[0].endswith(" environment at: other")
    assert (nearest.exists(), active.exists()) == (True, False)


def test_settings_for_pip_commands_choose_the_environment(line: CommandLine) -> None:
    """`[tool.uv.pip]` counts, the command line first."""
    (line.project / "uv.toml").write_text('[pip]\ntarget = "folder"\n', encoding="utf-8")
    gone, kept = put(line.project / "folder", "a"), put(library(line.project / ".venv"), "a")
    assert line.run("pip", "uninstall", "a").status == 0
    assert (gone.exists(), kept.exists()) == (False, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--python", "nowhere/python"), "No virtual environment or system Python installation found for path"),
        (("--python", "3.6.99"), "No virtual environment found for Python 3.6.99; run `uv venv` to create"),
        (("--system", "--python", "3.6.99"), "No system Python installation found for Python 3.6.99"),
    ],
)
def test_an_environment_that_is_not_there_is_an_error(line: CommandLine, words: tuple[str, ...], message: str) -> None:
    """With the way out that there is for what was asked."""
    ran = line.run("pip", "uninstall", *words, "a", variables={"UV_PYTHON_SEARCH_PATH": ""})
    assert ran.status == 2
    assert ran.err.startswith(f"error: {message}")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "[externally-managed]\nError=Ask the\n distribution\n",
            (
                " is externally managed, and indicates the following:\n\n  Ask the\n  distribution\n\n"
                "Consider creating a virtual environment with `uv venv`.\n"
            ),
        ),
        ("broken", " is externally managed. Instead, create a virtual environment with `uv venv`.\n"),
    ],
)
def test_what_somebody_else_manages_is_left_alone(line: CommandLine, tmp_path: Path, content: str, said: str) -> None:
    """Unless the user insists, or packages are in another folder."""
    python = fake_interpreter(tmp_path / "distribution" / "bin" / "python3.12", "3.12.1")
    module = put(tmp_path / "distribution" / "lib" / "python3.12" / "site-packages", "a")
    (tmp_path / "distribution" / "lib" / "python3.12" / "EXTERNALLY-MANAGED").write_text(content, encoding="utf-8")
    words = ("pip", "uninstall", "--python", str(python), "a")
    ran = line.run(*words)
    assert ran.status == 2
    assert ran.err.endswith(f"`{tmp_path / 'distribution'}`{said}")
    assert line.run(*words, "--target", "folder").status == 0
    assert module.exists()
    assert line.run(*words, "--break-system-packages").status == 0
    assert not module.exists()
