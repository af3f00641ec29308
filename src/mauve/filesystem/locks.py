"""Advisory locks between processes, held on a file."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_POLL_SECONDS = 0.05


class LockTimeout(TimeoutError):
    """Another process held the lock longer than we were willing to wait.

    Attributes:
        path: of the lock file.
        seconds: how long was waited.
    """

    def __init__(self, path: str, seconds: float) -> None:
        """Record the lock and the limit."""
        super().__init__(f"Timeout ({seconds:g}s) when waiting for lock at `{path}`")
        self.path = path
        self.seconds = seconds


@contextmanager
def file_lock(
    path: str | os.PathLike[str],
    *,
    exclusive: bool = True,
    timeout: float | None = None,
    on_wait: Callable[[], None] | None = None,
    mode: int = 0o666,
) -> Generator[None]:
    """Hold the lock at *path* within the block; the file (and its folder) is made if missing and stays afterwards.

    Args:
        path: the file to lock.
        exclusive: nobody else may hold it; otherwise only exclusive holders are kept out.
        timeout: seconds to wait; None waits for ever.
        on_wait: called once if the lock is not free at once.
        mode: permissions of the file if it is made; by default other users can lock it too.

    Raises:
        LockTimeout: *timeout* passed.
    """
    descriptor = _open(os.fspath(path), mode)
    try:
        _acquire(descriptor, os.fspath(path), exclusive=exclusive, timeout=timeout, on_wait=on_wait)
        try:
            yield
        finally:
            _unlock(descriptor)
    finally:
        os.close(descriptor)


class Claim:
    """A lock that is asked for again and again, by who has something else to do meanwhile; close it when done."""

    __slots__ = ("_descriptor", "_is_ours", "_path")

    def __init__(self, path: str) -> None:
        """Make the file *path*, and its folder, if they are missing. Raises `OSError` where that cannot be."""
        self._path = path
        self._is_ours = False
        self._descriptor = _open(path, 0o666)

    def try_acquire(self) -> bool:
        """Return whether the lock is ours now, or locks do not work here."""
        try:
            self._is_ours = _try_lock(self._descriptor, exclusive=True)
        except OSError:
            return True
        return self._is_ours

    def close(self) -> None:
        """Let go of the lock; the file is removed if it was ours."""
        if self._is_ours:
            with suppress(OSError):  # somebody removed the cache
                os.unlink(self._path)
        os.close(self._descriptor)


def _open(path: str, mode: int) -> int:
    flags = os.O_RDWR | getattr(os, "O_CLOEXEC", 0)
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    descriptor = os.open(path, flags | os.O_CREAT, mode)
    if hasattr(os, "fchmod"):
        with suppress(OSError):  # it is another user's by now
            os.fchmod(descriptor, mode)  # whatever the mask of this process
    return descriptor


def _acquire(
    descriptor: int, path: str, *, exclusive: bool, timeout: float | None, on_wait: Callable[[], None] | None
) -> None:
    if _try_lock(descriptor, exclusive=exclusive):
        return
    if on_wait is not None:
        on_wait()
    deadline = None if timeout is None else time.monotonic() + timeout
    while not _try_lock(descriptor, exclusive=exclusive):
        # Polling, since a blocking lock cannot be given a limit without signals.
        if timeout is not None and deadline is not None and time.monotonic() >= deadline:
            raise LockTimeout(path, timeout)
        time.sleep(_POLL_SECONDS)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int, *, exclusive: bool) -> bool:
        """Lock the first byte; the C runtime has no shared locks, so readers exclude each other too."""
        del exclusive
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int, *, exclusive: bool) -> bool:
        """Return whether the lock is ours now."""
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
