"""Memory that this process shares with those that are forked from it: what is written here can be read there."""

from __future__ import annotations

import mmap
from bisect import insort

_PAGE = mmap.PAGESIZE


class Piece:
    """A part of an arena.

    Attributes:
        begin: where it starts.
        view: its bytes.
    """

    __slots__ = ("begin", "view")

    def __init__(self, begin: int, view: memoryview) -> None:
        """Describe the part."""
        self.begin = begin
        self.view = view


class Arena:
    """Gives out pieces, the first that is large enough; used by one thread. Its memory is used once it is written to.

    `_free` are the gaps: begin and size, in order, no two of them side by side.
    """

    __slots__ = ("_free", "_view")

    def __init__(self, size: int) -> None:
        """Reserve *size* bytes. Raises `OSError` where there is no such memory."""
        self._view = memoryview(mmap.mmap(-1, _whole_pages(size)))
        self._free = [(0, len(self._view))]

    def read(self, begin: int, size: int) -> memoryview:
        """Return *size* bytes from *begin* on."""
        return self._view[begin : begin + size]

    def take(self, size: int) -> Piece | None:
        """Return a piece of *size* bytes, None if no gap is large enough."""
        wanted = _whole_pages(size)
        for place, (begin, free) in enumerate(self._free):
            if free >= wanted:
                self._free[place : place + 1] = [(begin + wanted, free - wanted)] if free > wanted else []
                return Piece(begin, self.read(begin, size))
        return None

    def give_back(self, piece: Piece) -> None:
        """Take *piece* back: its bytes may be given to others."""
        gap = (piece.begin, _whole_pages(len(piece.view)))
        insort(self._free, gap)
        merged: list[tuple[int, int]] = []
        for begin, size in self._free:
            if merged and merged[-1][0] + merged[-1][1] == begin:
                merged[-1] = (merged[-1][0], merged[-1][1] + size)
            else:
                merged.append((begin, size))
        self._free = merged


def _whole_pages(size: int) -> int:
    return max(1, -(-size // _PAGE)) * _PAGE
