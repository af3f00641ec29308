"""What downloads keep in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from mauve.installer.arena import Arena
from mauve.installer.partner import Content
from mauve.installer.spool import LARGEST_IN_MEMORY, Memory, Spool
from mauve.standards.names import PackageName

if TYPE_CHECKING:
    from pathlib import Path


def test_downloads_wait_in_turn_for_room() -> None:
    """Together they never keep more than the limit, and a small one does not go past a larger one that waits."""
    begun: list[str] = []
    ends = {name: anyio.Event() for name in "abcd"}

    async def hold(memory: Memory, name: str, size: int) -> None:
        async with memory.room(size):
            begun.append(name)
            await ends[name].wait()

    async def run() -> None:
        memory = Memory(10)
        async with anyio.create_task_group() as tasks:
            for name, size in (("a", 6), ("b", 3), ("c", 5), ("d", 1)):
                tasks.start_soon(hold, memory, name, size)
            await anyio.wait_all_tasks_blocked()
            assert begun == ["a", "b"]
            ends["b"].set()
            await anyio.wait_all_tasks_blocked()
            assert begun == ["a", "b"]
            ends["a"].set()
            await anyio.wait_all_tasks_blocked()
            assert begun == ["a", "b", "c", "d"]
            ends["c"].set()
            ends["d"].set()

    anyio.run(run)


def test_a_download_that_is_given_up_leaves_its_room_to_others() -> None:
    """Whether it waited for it or had it."""

    async def run() -> None:
        memory = Memory(10)

        async def hold(size: int) -> None:
            async with memory.room(size):
                await anyio.sleep_forever()

        async with anyio.create_task_group() as first:
            first.start_soon(hold, 8)
            await anyio.wait_all_tasks_blocked()
            first.start_soon(hold, 9)
            await anyio.wait_all_tasks_blocked()
            first.cancel_scope.cancel()
        with anyio.fail_after(5):
            async with memory.room(10) as limit:
                assert limit == 10

    anyio.run(run)


def test_a_download_that_is_larger_than_the_limit_is_not_kept_out() -> None:
    """It has the memory to itself."""

    async def run() -> None:
        with anyio.fail_after(5):
            async with Memory(10).room(11) as limit:
                assert limit == 11

    anyio.run(run)


def test_large_downloads_take_no_memory() -> None:
    """They go to a file from the first byte on."""

    async def run() -> None:
        async with Memory(10).room(LARGEST_IN_MEMORY + 1) as limit:
            assert limit == 0

    anyio.run(run)


@pytest.mark.parametrize(("limit", "files"), [(6, 0), (5, 1), (0, 1)])
def test_what_is_more_than_announced_goes_to_a_file(tmp_path: Path, limit: int, files: int) -> None:
    """A server may send more than the lock says; the content is the same either way."""
    with Spool(str(tmp_path), PackageName("aa"), limit, None) as spool:
        spool.write(b"abc")
        spool.write(b"def")
        assert len(list(tmp_path.iterdir())) == files
        assert bytes(spool.content()) == b"abcdef"
    assert not list(tmp_path.iterdir())


def test_what_others_can_read_is_told(tmp_path: Path) -> None:
    """Where it lies in shared memory, or in which file; the memory is given back, and need not be there."""
    arena = Arena(1)
    whole = len(arena.read(0, 1 << 20))
    for limit, is_shared in ((whole, True), (6, True), (whole + 1, False)):
        with Spool(str(tmp_path), PackageName("aa"), limit, None, arena) as spool:
            spool.write(b"lost")
            spool.restart()
            spool.write(b"abc")
            spool.write(b"def")
            assert bytes(spool.content()) == b"abcdef"
            assert spool.shared == (Content("", 0, 6) if is_shared else None)
    with Spool(str(tmp_path), PackageName("aa"), 5, None, arena) as spool:
        spool.write(b"abc")
        spool.write(b"def")
        assert bytes(spool.content()) == b"abcdef"
        assert spool.shared == Content(spool.path)
    assert arena.take(whole) is not None
