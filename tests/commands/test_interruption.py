"""Ctrl-C, SIGTERM and kill -9 at chosen points: quiet, files as before or whole, and the next run goes on."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import finish

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as on Unix")

PAGE = "/simple/b/"
WHEEL = "/files/b-2.0-py3-none-any.whl"
STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}


@pytest.mark.parametrize(
    ("words", "path"),
    [(("lock",), PAGE), (("sync",), WHEEL), (("add", "b"), WHEEL)],
    ids=["lock", "sync", "add"],
)
@pytest.mark.parametrize("number", STATUS, ids=lambda number: number.name)
def test_an_interrupted_command_leaves_whole_files(
    tool: CommandLine, server: IndexServer, number: signal.Signals, words: tuple[str, ...], path: str
) -> None:
    """The server holds an answer back, so that the signal arrives in the middle of the work."""
    before = {"pyproject.toml": tool.write_project(*([] if words[0] == "add" else ["b"])).encode()}
    server.faults.held.add(path)
    process = tool.start(*words)
    server.wait_for(path)
    process.send_signal(number)
    ran = finish(process, 10)
    server.release()
    assert ran.status == STATUS[number]
    assert not [line for line in ran.err.splitlines() if "rror" in line or "Traceback" in line], ran.err
    if number is not signal.SIGKILL and words[0] == "add":
        assert tool.snapshot() == before
    assert not list(tool.project.glob("*.tmp"))
    assert tool.run("sync").status == 0


def test_a_second_interruption_does_not_keep_half_of_a_change(tool: CommandLine, server: IndexServer) -> None:
    """Whoever presses Ctrl-C twice wants out, not a broken project."""
    before = {"pyproject.toml": tool.write_project().encode()}
    server.faults.held.add(WHEEL)
    process = tool.start("add", "b")
    server.wait_for(WHEEL)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    assert finish(process, 10).status == 130
    assert tool.snapshot() == before
