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
