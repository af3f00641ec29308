"""The form of a cache file that has a lifetime: a fixed head, then two sections.

The head says when the content was fetched and for how long it is fresh, at a fixed place, so that a validation
patches sixteen bytes in place of rewriting the file; and how long both sections are, so that a file that was cut
is noticed. Content that was altered at the same length is noticed only where it no longer decodes.
"""

from __future__ import annotations

import struct
from zlib import crc32

from msgspec import Struct

from mauve.cache.entries import patch_entry, write_entry

_HEAD = struct.Struct(">4sIqqII")
_TIMES = struct.Struct(">qq")
_TIMES_OFFSET = 8
HEAD_SIZE = _HEAD.size


class FrameHead(Struct, frozen=True):
    """The head of a cache file.

    Attributes:
        fetched_at: seconds since the epoch.
        lifetime: seconds of freshness from then on.
        first, second: lengths of the sections, which follow directly.
        checksum: of the first section.
    """

    fetched_at: int
    lifetime: int
    first: int
    second: int
    checksum: int


def parse_frame_head(content: bytes, magic: bytes, size: int) -> FrameHead | None:
    """Return the head at the start of *content*.

    None if it is not one of kind *magic* (four bytes), or if the whole file, of *size* bytes, is not complete.
    """
    if len(content) < HEAD_SIZE:
        return None
    found, checksum, fetched_at, lifetime, first, second = _HEAD.unpack_from(content)
    if found != magic or size != HEAD_SIZE + first + second:
        return None
    return FrameHead(fetched_at, lifetime, first, second, checksum)


def write_frame(
    path: str, magic: bytes, *, fetched_at: int, lifetime: int, first: bytes, second: bytes | memoryview = b""
) -> bool:
    """Write a frame to *path*; return whether that was possible."""
    head = _HEAD.pack(magic, crc32(first), fetched_at, lifetime, len(first), len(second))
    return write_entry(path, (head + first, second) if second else (head + first,))


def renew_frame(path: str, *, fetched_at: int, lifetime: int) -> None:
    """Make the content of the frame at *path* count as fetched at another time."""
    patch_entry(path, _TIMES_OFFSET, _TIMES.pack(fetched_at, lifetime))
