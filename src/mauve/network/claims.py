"""One download among processes: who comes second waits for the first, and finds the work done."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from mauve.filesystem.locks import Claim

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

_POLL_SECONDS: Final = 0.02


@asynccontextmanager
async def claimed(path: str) -> AsyncGenerator[None]:
    """Hold the lock file *path* within the block; a task that waits lets others run.

    The file is removed in the end, so somebody may begin again who makes it anew: within the block one has to look
    whether the work was done meanwhile. Where there can be no lock everybody is let in.
    """
    import anyio

    try:
        claim = Claim(path)
    except OSError:
        yield
        return
    try:
        while not claim.try_acquire():  # noqa: ASYNC110 - another process sets no event of ours
            await anyio.sleep(_POLL_SECONDS)
        yield
    finally:
        claim.close()
