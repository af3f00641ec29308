"""Reading and writing of single cache files.

A write is atomic and makes missing folders, so that any number of processes may use the cache while another one
cleans it. A file that cannot be read is as good as none; what cannot be written is not an error either, since the
cache only saves time.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from mauve.filesystem.atomic import write_parts_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable


def read_entry(path: str) -> bytes | None:
    """Return the content of the file at *path*, or None if there is none that can be read."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except OSError:
        return None


def write_entry(path: str, parts: Iterable[bytes | memoryview]) -> bool:
    """Write *parts* to *path*; return whether that was possible.

    The second try is for a folder that another process removed between making it and using it.
    """
    content = tuple(parts)
    for _ in range(2):
        try:
            write_parts_atomically(path, content)
        except FileNotFoundError:
            continue
        except OSError:
            return False
        return True
    return False


def patch_entry(path: str, offset: int, data: bytes) -> None:
    """Overwrite a few bytes of the file at *path* in place; nothing happens if it is gone."""
    with suppress(OSError):  # the entry stays as it was, and is asked for again next time
        descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
        try:
            os.lseek(descriptor, offset, os.SEEK_SET)
            os.write(descriptor, data)
        finally:
            os.close(descriptor)


def drop_entry(path: str) -> None:
    """Remove a damaged file."""
    with suppress(OSError):  # the next writer replaces it anyway
        os.unlink(path)
