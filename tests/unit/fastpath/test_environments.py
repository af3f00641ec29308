"""An environment is made again from its plan only while nothing that had a say has changed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.probing import FRONT_DOOR, SOURCE, make_verdicts_later, run_probed

ALLOWED = FRONT_DOOR | {
    "mauve.fastpath.environments",
    "mauve.filesystem",
    "mauve.filesystem.removal",
    "mauve.filesystem.trees",
}
PROGRAM = f"import sys; sys.path.insert(0, {str(SOURCE)!r}); from mauve.__main__ import main; main()"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="environments are links")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project in a folder, with plans for `.venv` and `made` that are old enough to be trusted."""
    folder = tmp_path / "outer" / "project"
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text('[project]\nname = "p"\nversion = "1"\n', encoding="utf-8")
    for words in (("--clear",), ("made",)):
        assert run_probed(folder, "venv", *words)[0] == 0
    make_verdicts_later(folder)
    return folder


def is_remade(folder: Path, *words: str) -> bool:
    """Return whether `mauve venv words…` is answered without the rest of the program."""
    status, modules = run_probed(folder, "venv", *words)
    assert status == (0 if modules <= ALLOWED else status)
    return modules <= ALLOWED


def content(root: Path) -> dict[str, str]:
    """Return what is below *root*: targets of links, texts of files."""
    return {
        str(path.relative_to(root)): os.readlink(path) if path.is_symlink() else path.read_text(encoding="utf-8")
        for path in root.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def test_a_remade_environment_is_the_same(folder: Path) -> None:
    """Nothing of the old one is left, nothing is missing in the new one."""
    root = folder / ".venv"
    before = content(root)
    (root / "bin" / "extra").write_text("x", encoding="utf-8")
    (root / "lib" / "other").mkdir()
    assert is_remade(folder, "--clear")
    assert content(root) == before
    assert not (root / "lib" / "other").exists()


def test_the_interpreter_of_a_remade_environment_is_known(folder: Path) -> None:
    """Or the next command would have to run it."""
    assert is_remade(folder, "--clear")
    status, modules = run_probed(folder, "sync", variables={"UV_PYTHON": ""})
    assert status == 0
    assert "subprocess" not in modules


@pytest.mark.parametrize("kind", ["environment", "folder", "file"])
def test_a_place_that_is_taken_is_left_to_the_whole_program(folder: Path, kind: str) -> None:
    """Which refuses."""
    root = folder / "made"
    if kind != "environment":
        (root / "pyvenv.cfg").unlink()
    if kind == "file":
        root.rename(folder / "other")
        root.write_text("x", encoding="utf-8")
    before = content(folder)
    assert not is_remade(folder, "made")
    assert content(folder) == before


def test_what_is_no_environment_is_not_cleared(folder: Path) -> None:
    """A folder with something else in it."""
    (folder / ".venv" / "pyvenv.cfg").unlink()
    before = content(folder / ".venv")
    status, modules = run_probed(folder, "venv", "--clear")
    assert status != 0
    assert not modules <= ALLOWED
    assert content(folder / ".venv") == before


def test_an_environment_that_is_gone_or_empty_is_made_again(folder: Path) -> None:
    """Without `--clear`."""
    before = content(folder / "made")
    (folder / "made").rename(folder / "old")
    assert is_remade(folder, "made")
    assert content(folder / "made") == before


def rename_project(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[project]\nname = "q"\nversion = "1"\n', encoding="utf-8")


def add_settings_above(folder: Path) -> None:
    (folder.parent / "uv.toml").write_text('link-mode = "copy"\n', encoding="utf-8")


def add_version_file(folder: Path) -> None:
    (folder / ".python-version").write_text(f"{sys.version_info.major}.{sys.version_info.minor}\n", encoding="utf-8")


@pytest.mark.parametrize("change", [rename_project, add_settings_above, add_version_file])
def test_a_change_voids_the_plan(folder: Path, change: Callable[[Path], None]) -> None:
    """What the files of a project and its settings say decides about the interpreter."""
    change(folder)
    assert not is_remade(folder, "--clear")


def test_other_words_or_variables_are_another_plan(folder: Path) -> None:
    """Nothing is known about them."""
    assert not is_remade(folder, "--clear", "--relocatable")
    status, modules = run_probed(folder, "venv", "--clear", variables={"UV_VENV_RELOCATABLE": "1"})
    assert status == 0
    assert not modules <= ALLOWED


def test_the_same_is_said(folder: Path) -> None:
    """To standard error, in the same order."""
    environment = {"UV_CACHE_DIR": f"{folder}-cache", "UV_PYTHON": sys.executable, "SHELL": "/bin/sh/bash"}
    environment |= {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "-c", PROGRAM, "venv", "--clear"]
    said = []
    for _ in range(2):
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
        said.append(done.stderr)
        make_verdicts_later(folder)
    assert said[0] == said[1]
    assert [line.split()[0] for line in said[0].splitlines()] == ["Using", "Creating", "Activate"]
