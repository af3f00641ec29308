"""`cache prune --ci`: what stays is enough to install what was built, without network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.tree_backend import write_tree
from tests.support.wheel_factory import make_sdist

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer


def test_what_was_built_is_installed_again_and_what_was_downloaded_is_gone(
    tool: CommandLine, server: IndexServer, tmp_path: Path
) -> None:
    """Building may take minutes, and downloading seconds."""
    write_tree(tmp_path / "d", "d")
    files = {path.name: path.read_text() for path in (tmp_path / "d").iterdir()}
    server.publish("d", make_sdist("d", "1.0", files=files))
    tool.write_project("d", "a")
    assert tool.run("sync").status == 0
    assert tool.run("cache", "prune", "--ci").status == 0
    assert [path.stem for path in tool.cache.rglob("METADATA")] == ["METADATA"]
    tool.write_project("d")
    ran = tool.run("sync", "--offline")
    assert ran.status == 0, ran.err
    (tool.project / "uv.lock").unlink()
    ran = tool.run("sync", "--offline", variables={"UV_PROJECT_ENVIRONMENT": "other"})
    assert ran.status == 0, ran.err
    tool.write_project("a")
    assert tool.run("sync", "--offline", variables={"UV_PROJECT_ENVIRONMENT": "other"}).status == 1
