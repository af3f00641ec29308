"""Several processes over one cache and one project, and others that remove the cache under them."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

from tests.support.command_line import CommandLine, finish

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
