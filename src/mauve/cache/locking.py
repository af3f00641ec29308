"""The lock of the whole cache: held shared by every command, exclusively while entries are removed."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from mauve.errors import ExitStatus, MauveError
from mauve.filesystem.locks import LockTimeout, file_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from mauve.cache.layout import Cache

DEFAULT_TIMEOUT = 300.0
"""Seconds; `UV_LOCK_TIMEOUT` changes it."""


class CacheBusy(MauveError):
    """Another process kept the cache locked.

    Attributes:
        root, path: of the cache and its lock, for display.
        seconds: how long was waited.
    """

    status: ClassVar[ExitStatus] = ExitStatus.ERROR

    def __init__(self, root: str, path: str, seconds: float) -> None:
        """Record what was waited for."""
        super().__init__(root, path, seconds)
        self.root = root
        self.path = path
        self.seconds = seconds

    def __str__(self) -> str:
        """Say what to do about it, as uv does."""
        return (
            f"Timeout ({self.seconds:g}s) when waiting for lock on `{self.root}` at `{self.path}`, is another uv "
            "process running? You can set `UV_LOCK_TIMEOUT` to increase the timeout."
        )


@contextmanager
def cache_lock(
    cache: Cache, *, exclusive: bool, timeout: float = DEFAULT_TIMEOUT, on_wait: Callable[[], None] | None = None
) -> Generator[None]:
    """Hold the lock of *cache* within the block.

    Args:
        cache: its folder is made if missing.
        exclusive: for removing entries.
        timeout: seconds.
        on_wait: called once if the lock is not free at once.

    Raises:
        CacheBusy: *timeout* passed.
    """
    path = os.path.join(cache.root, ".lock")
    try:
        with file_lock(path, exclusive=exclusive, timeout=timeout, on_wait=on_wait):
            yield
    except LockTimeout as error:
        raise CacheBusy(cache.root, path, error.seconds) from error
