"""Killed or interrupted at any of the moments at which files change: what is there is as before or whole.

The moments are counted in a run that is let alone; then the program is stopped at some of them, spread evenly and most
densely at the end, where what was prepared is put in place.
"""

from __future__ import annotations

import shutil
import signal
import sys
import tomllib
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine
from tests.support.probing import make_later
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from tests.support.index_server import IndexServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as on Unix")

PROGRAM = (sys.executable, str(Path(__file__).parents[1] / "support" / "killing_program.py"))
MODULES = [f"many.m{number}" for number in range(5)]
COMMANDS = {
    "lock": ("lock",),
    "sync": ("sync",),
    "add": ("add", "b"),
    "replace": ("sync", "--reinstall", "--compile-bytecode"),
    "share": ("sync",),
    "refill": ("sync",),
    "help": ("sync",),
}
SPREAD, LAST = 6, 2
LARGE = ("large1", "large2")
"""Two packages of so many files that two processes install them."""
BULKY = ("bulky1", "bulky2")
"""Two packages that are so large that another process helps to unpack them."""


class Stopped(CommandLine):
    """The program that is stopped."""

    program = PROGRAM


def prepare(tool: CommandLine, name: str) -> dict[str, bytes]:
    """Write the project as it is before the command; return its files."""
    tool.write_project("many", "a", *(LARGE if name in ("share", "refill") else BULKY if name == "help" else ()))
    if name == "help":
        assert tool.run("lock").status == 0
    elif name not in ("lock", "sync"):
        assert tool.run("sync").status == 0
    if name == "refill":
        # What is done with a full cache and no environment can be done again.
        shutil.rmtree(tool.project / ".venv")
        assert tool.run("sync").status == 0
        make_later(tool.cache)
    if name in ("share", "refill"):
        shutil.rmtree(tool.project / ".venv")
    return tool.snapshot()


@pytest.mark.parametrize(
    ("name", "number"),
    [*[(name, signal.SIGKILL) for name in COMMANDS], ("sync", signal.SIGINT), ("add", signal.SIGTERM)],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_nothing_is_left_half_done(name: str, number: signal.Signals, tmp_path: Path, server: IndexServer) -> None:
    """The files of the project are whole, an interrupted `add` took its changes back, and the next `sync` completes."""
    server.publish(
        "many", make_wheel("many", "1.0", files={f"{module.replace('.', '/')}.py": "" for module in MODULES})
    )
    for large in LARGE:
        files = {f"{large}/d{number % 9}/m{number}.py": "" for number in range(1600)}
        server.publish(large, make_wheel(large, "1.0", files=files))
    chance = Random(5)
    for bulky, size in zip(BULKY, (20_000, 60_000), strict=True):
        parts = {f"{bulky}/b{number}.bin": chance.randbytes(size) for number in range(40)}
        server.publish(bulky, make_wheel(bulky, "1.0", files=parts))
    first = Stopped(tmp_path / "first", server)
    prepare(first, name)
    count = tmp_path / "count"
    ran = first.run(*COMMANDS[name], variables={"KILL_COUNT": str(count)})
    assert ran.status == 0, ran.err
    total = int(count.read_text())
    moments = {1 + total * place // SPREAD for place in range(SPREAD)} | set(range(total - LAST + 1, total + 1))
    for moment in sorted(moments):
        tool = Stopped(tmp_path / str(moment), server)
        before = prepare(tool, name)
        ran = tool.run(*COMMANDS[name], variables={"KILL_AT": str(moment), "KILL_WITH": str(int(number))})
        where = (moment, total, ran.err)
        assert "Traceback" not in ran.err, where
        now = {path: text for path, text in tool.snapshot().items() if path in ("pyproject.toml", "uv.lock")}
        if number is signal.SIGKILL:
            assert ran.status in (-9, 0), where
            for text in now.values():
                tomllib.loads(text.decode())
        elif ran.status != 0:
            assert ran.status == 128 + number, where
            assert now == before or name in ("lock", "sync"), where
        tool.program = CommandLine.program
        completed = tool.run("sync")
        assert completed.status == 0, (where, completed.err)
        assert tool.imports(*MODULES, "a", "b"), where
        if name in ("share", "refill"):
            assert len(list((tool.project / ".venv").rglob("m*.py"))) == 3200 + len(MODULES), where
        if name == "help":
            assert sum(path.stat().st_size for path in (tool.project / ".venv").rglob("b*.bin")) == 40 * 80_000, where
