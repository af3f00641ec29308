"""The form of a cache file that has a lifetime: a fixed head, then two sections.

The head says when the content was fetched and for how long it is fresh, at a fixed place, so that a validation
patches sixteen bytes in place of rewriting the file; and how long both sections are, so that a file that was cut
is noticed. Content that was altered at the same length is noticed only where it no longer decodes.
"""

from __future__ import annotations

import struct

from msgspec import Struct

from mauve.cache.entries import patch_entry, write_entry

_HEAD = struct.Struct(">4sIqqII")
_TIMES = struct.Struct(">qq")
_TIMES_OFFSET = 8
HEAD_SIZE = _HEAD.size


class Frame(Struct, frozen=True):
    """A cache file, read.

    Attributes:
        fetched_at: seconds since the epoch.
        lifetime: seconds of freshness from then on.
        content: the whole file.
        first: where the first section starts in it.
        second: where the second one does; it goes to the end.
    """

    fetched_at: int
    lifetime: int
    content: bytes
    first: int
    second: int


def parse_frame(content: bytes, magic: bytes) -> Frame | None:
    """Return the frame in *content*, None if it is not one of kind *magic* (four bytes) or is not complete."""
    if len(content) < HEAD_SIZE:
        return None
    found, _, fetched_at, lifetime, first, second = _HEAD.unpack_from(content)
    if found != magic or len(content) != HEAD_SIZE + first + second:
        return None
    return Frame(fetched_at, lifetime, content, HEAD_SIZE, HEAD_SIZE + first)


def write_frame(
    path: str, magic: bytes, *, fetched_at: int, lifetime: int, first: bytes, second: bytes | memoryview = b""
) -> bool:
    """Write a frame to *path*; return whether that was possible."""
    head = _HEAD.pack(magic, 0, fetched_at, lifetime, len(first), len(second))
    return write_entry(path, (head + first, second) if second else (head + first,))


def renew_frame(path: str, *, fetched_at: int, lifetime: int) -> None:
    """Make the content of the frame at *path* count as fetched at another time."""
    patch_entry(path, _TIMES_OFFSET, _TIMES.pack(fetched_at, lifetime))
