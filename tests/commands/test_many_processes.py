"""Several processes over one cache and one project, and others that remove the cache under them."""

from __future__ import annotations

import shutil
import threading
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from tests.support.command_line import CommandLine, finish
from tests.support.tree_backend import write_tree
from tests.support.wheel_factory import make_sdist, make_wheel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.index_server import IndexServer


def test_many_projects_fill_one_empty_cache(tmp_path: Path, server: IndexServer) -> None:
    """All succeed, and what they leave is enough for a run without a network."""
    tools = [CommandLine(tmp_path, server, project=f"project{number}") for number in range(4)]
    for tool in tools:
        tool.write_project("a")
    for ran in [finish(process) for process in [tool.start("sync") for tool in tools]]:
        assert ran.status == 0, ran.err
    shutil.rmtree(tools[0].project / ".venv")
    assert tools[0].run("sync", "--offline").status == 0
    assert all(tool.imports("a", "b") for tool in tools)


def test_ten_projects_download_every_file_once(tmp_path: Path, server: IndexServer) -> None:
    """Who comes second waits for the first; what is in the cache is what the index has."""
    big = {f"w{number}/__init__.py": "x = 1\n" * 50_000 for number in range(4)}
    for path, text in big.items():
        name = path.partition("/")[0]
        server.publish(name, make_wheel(name, "1.0", files={path: text}))
    write_tree(tmp_path / "source", "d")
    files = {path.name: path.read_text() for path in (tmp_path / "source").iterdir()}
    server.publish("d", make_sdist("d", "1.0", files=files))
    names = ("d", "w0", "w1", "w2", "w3")
    tools = [CommandLine(tmp_path, server, project=f"project{number}") for number in range(10)]
    for tool in tools:
        tool.write_project(*names)
    for ran in [finish(process) for process in [tool.start("sync") for tool in tools]]:
        assert ran.status == 0, ran.err
    downloads = [path for path in server.paths("GET") if path.endswith((".whl", ".tar.gz"))]
    assert sorted(downloads) == sorted(set(downloads))
    assert all(tool.imports(*names) for tool in tools)
    recorded = list((tools[0].project / ".venv").rglob("w*.dist-info/RECORD"))
    rows = [row.split(",") for path in recorded for row in path.read_text().splitlines()]
    modules = {row[0]: row[1] for row in rows if row[0] in big}
    digests = {path: sha256(text.encode()).digest() for path, text in big.items()}
    assert modules == {
        path: f"sha256={urlsafe_b64encode(digest).rstrip(b'=').decode()}" for path, digest in digests.items()
    }
    for path, digest in digests.items():
        (installed,) = (tools[9].project / ".venv").rglob(path)
        assert sha256(installed.read_bytes()).digest() == digest


def test_additions_at_the_same_time_are_all_kept(tool: CommandLine) -> None:
    """One that fails must not take back what the others wrote."""
    tool.write_project()
    processes = [tool.start("add", name) for name in ("a", "b", "nope")]
    assert sorted(finish(process).status for process in processes) == [0, 0, 1]
    text = tool.snapshot()["pyproject.toml"]
    assert b'"a>=2.0"' in text
    assert b'"b>=2.0"' in text
    assert tool.run("sync", "--locked").status == 0
    assert tool.imports("a", "b")


def test_commands_at_the_same_time_share_one_environment(tool: CommandLine) -> None:
    """None sees an environment that another one is making."""
    tool.write_project("a")
    for ran in [finish(process) for process in [tool.start("sync") for _ in range(3)]]:
        assert ran.status == 0, ran.err
    assert tool.installed() == ["a-2.0", "b-2.0"]
    assert tool.imports("a", "b")


def test_the_cache_may_vanish_at_any_moment(tool: CommandLine) -> None:
    """Somebody runs `rm -r` on it again and again."""
    tool.write_project("a")
    done = threading.Event()

    def remove() -> None:
        while not done.wait(0.03):
            for path in tool.cache.glob("*"):
                shutil.rmtree(path, ignore_errors=True)

    remover = threading.Thread(target=remove)
    remover.start()
    try:
        for _ in range(3):
            shutil.rmtree(tool.project / ".venv", ignore_errors=True)
            ran = tool.run("sync")
            assert ran.status == 0, ran.err
            assert tool.imports("a", "b")
    finally:
        done.set()
        remover.join()
