"""Where downloads go until they are unpacked: small ones stay in memory, large ones go to a file that is mapped.

What all of them together keep in memory is limited, since a server is at times faster than unpacking: then downloads
wait before they begin.
"""

from __future__ import annotations

import os
from collections import deque
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import anyio

    from mauve.installer.archive import Buffer
    from mauve.installer.arena import Arena
    from mauve.installer.partner import Content
    from mauve.standards.names import PackageName

LARGEST_IN_MEMORY: Final = 16 << 20
"""Bytes of a download that is kept in memory; larger ones go to a file."""
MEMORY: Final = 128 << 20
"""Bytes in memory, of all downloads together: enough that a few dozen are under way at once."""
UNTOLD: Final = 1 << 20
"""Bytes kept in memory of a download whose size nobody told."""


class Arrivals(Protocol):
    """Hears what arrives, from the event loop's thread."""

    def advanced(self, name: PackageName, count: int) -> None:
        """So many more bytes arrived; negative when a download begins again."""
        ...


class Memory:
    """Bytes that may be in memory at once, given out in the order in which they were asked for.

    Belongs to one event loop. `_waiting` are the sizes of those who wait, with what wakes them.
    """

    __slots__ = ("_limit", "_taken", "_waiting")

    def __init__(self, limit: int = MEMORY) -> None:
        """Allow *limit* bytes, or one download that is larger."""
        self._limit = limit
        self._taken = 0
        self._waiting: deque[tuple[int, anyio.Event]] = deque()

    @asynccontextmanager
    async def room(self, size: int | None) -> AsyncGenerator[int]:
        """Give how much of a download of *size* bytes may be in memory: all, or nothing if it is large."""
        kept = UNTOLD if size is None else size if size <= LARGEST_IN_MEMORY else 0
        if self._waiting or not self._has_room(kept):
            await self._wait(kept)
        else:
            self._taken += kept
        try:
            yield kept
        finally:
            self._give_back(kept)

    def _has_room(self, size: int) -> bool:
        return not self._taken or self._taken + size <= self._limit

    async def _wait(self, size: int) -> None:
        import anyio

        turn = (size, anyio.Event())
        self._waiting.append(turn)
        try:
            await turn[1].wait()
        except BaseException:
            if turn in self._waiting:
                self._waiting.remove(turn)
            else:
                self._give_back(size)
            raise

    def _give_back(self, size: int) -> None:
        self._taken -= size
        while self._waiting and self._has_room(self._waiting[0][0]):
            following, event = self._waiting.popleft()
            self._taken += following
            event.set()


class Spool:
    """Collects a download: in memory, or in a file if it is large. A context manager."""

    __slots__ = ("_arena", "_arrivals", "_content", "_file", "_limit", "_name", "_parts", "_piece", "_size", "path")

    def __init__(
        self, folder: str, name: PackageName, limit: int, arrivals: Arrivals | None, arena: Arena | None = None
    ) -> None:
        """Keep *limit* bytes of a wheel of *name* in memory, and all of it in a file in *folder* if there are more.

        The memory is that of *arena* where one is given, and has room.
        """
        self._arena = arena
        self._piece = arena.take(limit) if arena is not None and limit else None
        self.path = f"{folder}/{os.getpid():x}-{id(self):x}-{os.urandom(4).hex()}.whl"
        self._name = name
        self._limit = limit
        self._arrivals = arrivals
        self._parts: list[bytes] = []
        self._file = -1
        self._size = 0
        self._content: Buffer | None = None

    def __enter__(self) -> Self:
        """Return the spool, which is empty."""
        return self

    def __exit__(self, *_: object) -> None:
        """Forget everything."""
        self._content = None
        self._parts.clear()
        if self._arena is not None and self._piece is not None:
            self._arena.give_back(self._piece)
        if self._file >= 0:
            os.close(self._file)
            with suppress(FileNotFoundError):  # somebody removes the cache while it is used
                os.unlink(self.path)

    @property
    def size(self) -> int:
        """Return how many bytes there are."""
        return self._size

    def write(self, part: bytes) -> None:
        """Take the next piece."""
        from mauve.filesystem.writing import write_all

        begin, self._size = self._size, self._size + len(part)
        if self._file < 0 and self._size > self._limit:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            if self._piece is not None:
                write_all(self._file, self._piece.view[:begin])
            for kept in self._parts:
                write_all(self._file, kept)
            self._parts.clear()
        if self._file >= 0:
            write_all(self._file, part)
        elif self._piece is not None:
            self._piece.view[begin : self._size] = part
        else:
            self._parts.append(part)
        if self._arrivals is not None:
            self._arrivals.advanced(self._name, len(part))

    def restart(self) -> None:
        """Forget all pieces."""
        if self._arrivals is not None and self._size:
            self._arrivals.advanced(self._name, -self._size)
        self._parts.clear()
        self._size = 0
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.lseek(self._file, 0, os.SEEK_SET)

    def content(self) -> Buffer:
        """Return everything."""
        if self._content is None:
            if self._file >= 0:
                self._content = map_file(self._file)
            elif self._piece is not None:
                self._content = self._piece.view[: self._size]
            else:
                self._content = b"".join(self._parts)
                self._parts.clear()
        return self._content

    @property
    def shared(self) -> Content | None:
        """Return where other processes find everything, None if they do not."""
        from mauve.installer.partner import Content

        if self._file >= 0:
            return Content(self.path)
        return None if self._piece is None else Content("", self._piece.begin, self._size)


def map_file(descriptor: int) -> Buffer:
    """Return the content of a file, which is read where it is looked at."""
    import mmap

    size = os.fstat(descriptor).st_size
    if size == 0:
        return b""
    return memoryview(mmap.mmap(descriptor, size, access=mmap.ACCESS_READ))
