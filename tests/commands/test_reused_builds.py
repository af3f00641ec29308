"""A wheel that was built only to learn metadata is what is installed later, if nothing it depends on has changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.support.tree_backend import write_tree
from tests.support.wheel_factory import make_sdist

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer

KINDS = ("index", "url", "path", "directory", "editable")


@pytest.fixture
def source(tmp_path: Path, server: IndexServer):
    """Return a function that has a project require `d`, whose metadata only a whole build tells, in one way."""

    def make(tool: CommandLine, kind: str) -> None:
        tree = tmp_path / "d"
        write_tree(tree, "d", version="")
        (tree / "backend.py").write_text((tree / "backend.py").read_text().replace("VERSION", "1.0"))
        files = {path.name: path.read_text() for path in tree.iterdir()}
        archive = make_sdist("d", "1.0", files=files, metadata_version="2.1")
        (tmp_path / archive.filename).write_bytes(archive.content)
        server.publish("d", archive)
        places = {
            "index": None,
            "url": f'{{ url = "{server.file_url(archive.filename)}" }}',
            "path": f'{{ path = "../{archive.filename}" }}',
            "directory": '{ path = "../d" }',
            "editable": '{ path = "../d", editable = true }',
        }
        place = places[kind]
        tool.write_project("d", rest="" if place is None else f"[tool.uv.sources]\nd = {place}\n")

    return make


def seen(tool: CommandLine) -> str:
    """Return in which run the installed module was built."""
    (module,) = (tool.project / ".venv").rglob("site-packages/d.py")
    found = re.search(r"SEEN = '(\w+)'", module.read_text())
    assert found is not None
    return found[1]


@pytest.mark.parametrize("kind", KINDS)
def test_the_wheel_that_told_the_metadata_is_installed(tool: CommandLine, source, kind: str) -> None:
    """Building twice takes twice as long, and may give two different things."""
    source(tool, kind)
    assert tool.run("lock", variables={"SEEN": "locking"}).status == 0
    ran = tool.run("sync", variables={"SEEN": "syncing"})
    assert ran.status == 0, ran.err
    assert seen(tool) == "locking"


@pytest.mark.parametrize("kind", KINDS)
def test_other_settings_of_the_build_give_another_wheel(tool: CommandLine, source, kind: str) -> None:
    """A backend may make anything of them."""
    source(tool, kind)
    assert tool.run("lock", variables={"SEEN": "locking"}).status == 0
    ran = tool.run("sync", "--config-setting", "x=y", variables={"SEEN": "syncing"})
    assert ran.status == 0, ran.err
    assert seen(tool) == "syncing"


@pytest.mark.parametrize("kind", ["path", "directory", "editable"])
def test_a_source_that_changed_since_is_built_again(tool: CommandLine, tmp_path: Path, source, kind: str) -> None:
    """Its state is part of what the wheel is remembered by."""
    source(tool, kind)
    assert tool.run("lock", variables={"SEEN": "locking"}).status == 0
    changed = tmp_path / ("d-1.0.tar.gz" if kind == "path" else "d/pyproject.toml")
    changed.write_bytes(changed.read_bytes())
    ran = tool.run("sync", variables={"SEEN": "syncing"})
    assert ran.status == 0, ran.err
    assert seen(tool) == "syncing"


def test_a_build_that_is_asked_for_anew_is_made(tool: CommandLine, source) -> None:
    """`--reinstall-package` and `--refresh-package` distrust what is in the cache."""
    source(tool, "directory")
    assert tool.run("lock", variables={"SEEN": "locking"}).status == 0
    assert tool.run("sync", "--reinstall-package", "d", variables={"SEEN": "syncing"}).status == 0
    assert seen(tool) == "syncing"


def builds(err: str) -> int:
    """Return how many builds *err* tells of."""
    return err.count("Building ")


@pytest.mark.parametrize("words", ["sync --reinstall", "sync --refresh", "sync --no-cache", "run --reinstall true"])
@pytest.mark.parametrize("kind", ["directory", "editable"])
def test_one_build_in_a_run_is_enough_however_much_is_asked_for_anew(
    tool: CommandLine, source, kind: str, words: str
) -> None:
    """What the lock was made with is as new as can be."""
    source(tool, kind)
    assert tool.run("sync").status == 0
    (tool.project / "uv.lock").unlink()
    assert tool.run("venv", "--clear").status == 0
    ran = tool.run(*words.split())
    assert ran.status == 0, ran.err
    assert builds(ran.err) == 1


def test_an_addition_that_the_project_was_just_given_is_not_built_again(tool: CommandLine, source) -> None:
    """`--with` names the tree that was put in again a moment ago."""
    source(tool, "directory")
    assert tool.run("sync").status == 0
    ran = tool.run("run", "--reinstall", "--with", "../d", "true")
    assert ran.status == 0, ran.err
    assert builds(ran.err) == 1


@pytest.mark.parametrize("words", ["sync --refresh", "lock --no-cache", "export --refresh", "tree --no-cache"])
def test_a_lock_is_judged_without_the_version_that_a_build_would_tell(tool: CommandLine, source, words: str) -> None:
    """Locks do not have it; what is required is declared."""
    source(tool, "directory")
    assert tool.run("sync").status == 0
    ran = tool.run(*words.split())
    assert ran.status == 0, ran.err
    assert builds(ran.err) == 0


def test_the_metadata_of_a_built_wheel_is_known(tool: CommandLine, source) -> None:
    """So a later resolution need not build it."""
    source(tool, "directory")
    assert tool.run("lock").status == 0
    assert tool.run("cache", "clean").status == 0
    assert tool.run("sync", "--frozen").status == 0
    ran = tool.run("lock", "--upgrade-package", "other")
    assert ran.status == 0, ran.err
    assert builds(ran.err) == 0


def test_the_metadata_of_a_tree_that_is_typed_is_asked_for_again(pip: CommandLine, tmp_path: Path) -> None:
    """What it requires may depend on more than its files, and its wheel is made anew."""
    write_tree(tmp_path / "d", "d", version="")
    backend = tmp_path / "d/backend.py"
    backend.write_text(backend.read_text().replace("VERSION", "1.0"))
    assert pip.run("pip", "install", "../d").status == 0
    ran = pip.run("pip", "install", "../d", variables={"SEEN": "again"})
    assert ran.status == 0, ran.err
    assert [line.split()[0] for line in ran.err.splitlines()][:3] == ["Building", "Built", "Resolved"]
    assert builds(ran.err) == 1
    assert seen(pip) == "again"
