"""An environment is filled again from its plan only while nothing that had a say has changed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.support.index_server import IndexServer
from tests.support.probing import FRONT_DOOR, SOURCE, make_verdicts_later, run_probed
from tests.support.wheel_factory import make_wheel

from mauve.fastpath.installations import reinstall

ALLOWED = FRONT_DOOR | {
    "errno",
    "fcntl",
    "mauve.fastpath.environments",
    "mauve.fastpath.installations",
    "mauve.filesystem",
    "mauve.filesystem.halves",
    "mauve.filesystem.placing",
    "mauve.filesystem.trees",
    "mauve.filesystem.writing",
}
pytestmark = pytest.mark.skipif(os.name == "nt", reason="environments are links")

FILES = {"a/__init__.py": "", "a/b/c.py": "1", "a/b/d.py": "2", "a/b/e.py": "3", "a-1.0.data/data/share/x/y": "4"}


@pytest.fixture
def server() -> Iterator[IndexServer]:
    """Serve a package with scripts and data, large ones, and two that have a file in common."""
    scripts = "[console_scripts]\na=a:b"
    many = {f"many/d{number % 7}/m{number}.py": f"{number}" for number in range(2000)}
    packages = {
        "a": [make_wheel("a", "1.0", files=FILES, entry_points=scripts, requires=["many"])],
        "many": [make_wheel("many", "1.0", files=many, requires=["more"])],
        "more": [
            make_wheel(
                "more", "1.0", files={f"more/m{number}.py": "" for number in range(1500)}, requires=["one", "two"]
            )
        ],
        # The file of the later one stays.
        "one": [make_wheel("one", "1.0", files={"one.py": "", "common/which.py": "one"})],
        "two": [make_wheel("two", "1.0", files={"two.py": "", "common/which.py": "two"})],
    }
    with IndexServer(packages) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, server: IndexServer) -> Path:
    """A project without an environment, with a full cache and a plan that is old enough to be trusted."""
    project = tmp_path / "outer" / "project"
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text(
        '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["a"]\n', encoding="utf-8"
    )
    (project / "uv.toml").write_text(f'[[index]]\nurl = "{server.url}/simple/"\n', encoding="utf-8")
    synchronise(project)
    assert plans(project) == []
    synchronise(project)
    make_verdicts_later(project)
    return project


def synchronise(project: Path, *words: str) -> set[str]:
    """Run `mauve sync words…` where nothing is; return which modules were loaded."""
    shutil.rmtree(project / ".venv", ignore_errors=True)
    status, modules = run_probed(project, "sync", *words)
    assert status == 0
    return modules


def plans(project: Path) -> list[Path]:
    """Return the plans that are kept."""
    return list(Path(f"{project}-cache").glob("mauve-verdicts-*/*.installation"))


def content(root: Path) -> dict[str, tuple[int, str | bytes]]:
    """Return what is below *root*: modes, targets of links, contents of files."""
    return {
        str(path.relative_to(root)): (
            path.lstat().st_mode,
            os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else "",
        )
        for path in root.rglob("*")
    }


def test_what_is_filled_again_is_what_the_whole_program_makes(project: Path) -> None:
    """To the last file, folder, link and mode."""
    assert synchronise(project) <= ALLOWED
    refilled = content(project / ".venv")
    for plan in plans(project):
        plan.unlink()
    assert not synchronise(project) <= ALLOWED
    assert content(project / ".venv") == refilled
    assert len(refilled) > 3500


def test_the_environment_is_up_to_date_afterwards(project: Path) -> None:
    """The next run finds nothing to do, and asks no interpreter."""
    assert synchronise(project) <= ALLOWED
    before = content(project / ".venv")
    status, modules = run_probed(project, "sync")
    assert status == 0
    assert "subprocess" not in modules
    assert content(project / ".venv") == before


def test_the_same_is_said(project: Path) -> None:
    """To standard error, in the same order, but for durations."""
    program = f"import sys; sys.path.insert(0, {str(SOURCE)!r}); from mauve.__main__ import main; main()"
    variables = {"UV_CACHE_DIR": f"{project}-cache", "UV_PYTHON": sys.executable, "UV_NO_PROGRESS": "1"}
    variables |= {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    said: list[list[str]] = []
    for _ in range(2):
        shutil.rmtree(project / ".venv", ignore_errors=True)
        done = subprocess.run(
            [sys.executable, "-c", program, "sync"],
            cwd=project,
            env=variables,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == ""
        said.append([re.sub(r" in [\d.]+m?s", "", line) for line in done.stderr.splitlines()])
        make_verdicts_later(project)
    assert said[0] == said[1]
    assert [line.split()[0] for line in said[0]] == ["Using", "Creating", "Resolved", "Installed", *"+++++"]


def edit_project(project: Path) -> None:
    with (project / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("# a comment\n")


def edit_lock(project: Path) -> None:
    with (project / "uv.lock").open("a", encoding="utf-8") as file:
        file.write("\n")


def add_settings_above(project: Path) -> None:
    (project.parent / "uv.toml").write_text('link-mode = "copy"\n', encoding="utf-8")


def touch_manifest(project: Path) -> None:
    for manifest in Path(f"{project}-cache").glob("mauve-wheels-*/a/*/manifest"):
        manifest.write_bytes(manifest.read_bytes())


def discard_wheels(project: Path) -> None:
    for kept in Path(f"{project}-cache").glob("mauve-verdicts-*/*.wheels"):
        kept.write_bytes(kept.read_bytes()[:-10])


@pytest.mark.parametrize("change", [edit_project, edit_lock, add_settings_above, touch_manifest, discard_wheels])
def test_a_change_voids_the_plan(project: Path, change: Callable[[Path], None]) -> None:
    """Of the project, its lock, its settings, the cache, or of what is kept."""
    change(project)
    assert not synchronise(project) <= ALLOWED


@pytest.mark.parametrize("lost", ["a/b/c.py", "many/d3/m3.py"])
def test_a_wheel_that_lost_a_file_is_fetched_again(project: Path, lost: str) -> None:
    """By the whole program, which goes on with what is there already."""
    assert synchronise(project) <= ALLOWED
    expected = content(project / ".venv")
    (path,) = Path(f"{project}-cache").glob(f"mauve-wheels-*/*/*/files/{lost}")
    path.unlink()
    assert not synchronise(project) <= ALLOWED
    assert content(project / ".venv") == expected


@pytest.mark.parametrize("taken", ["folder", "environment"])
def test_a_place_that_is_taken_is_left_to_the_whole_program(project: Path, taken: str) -> None:
    """Which refuses, or replaces."""
    assert synchronise(project) <= ALLOWED
    if taken == "folder":
        (project / ".venv" / "pyvenv.cfg").unlink()
    (project / ".venv" / "bin" / "python").unlink()
    status, modules = run_probed(project, "sync")
    assert status == (2 if taken == "folder" else 0)
    assert not modules <= ALLOWED


def test_nothing_is_done_while_somebody_else_makes_the_environment(project: Path) -> None:
    """The whole program waits for them, and uses what they made."""
    import fcntl

    shutil.rmtree(project / ".venv")
    (plan,) = plans(project)
    (lock,) = Path(f"{project}-cache").glob("mauve-interpreters-*/*.lock")
    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert reinstall(str(plan)) is None
        assert not (project / ".venv").exists()
    assert reinstall(str(plan)) == 0
    assert (project / ".venv").exists()


@pytest.mark.parametrize("words", [("--link-mode", "copy"), ("--compile-bytecode",), ("--reinstall",), ("-v",)])
def test_what_was_done_in_another_way_leaves_no_plan(project: Path, words: tuple[str, ...]) -> None:
    """Files that were not linked, or more than was linked."""
    before = plans(project)
    synchronise(project, *words)
    assert plans(project) == before
