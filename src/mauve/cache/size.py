"""How much room the cache takes, and sizes as text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mauve.cache.layout import Cache

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


def cache_size(cache: Cache) -> int:
    """Return the bytes of all files below the cache folder; hard links count once each."""
    return _size(cache.root)


def _size(folder: str) -> int:
    total = 0
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return 0  # removed meanwhile
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False):
                total += _size(entry.path)
            else:
                total += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue  # removed meanwhile
    return total


def human_size(count: int) -> str:
    """Return *count* bytes with one decimal in the largest unit that leaves at least one: `12.0KiB`."""
    value, place = float(count), 0
    while value >= 1024 and place < len(_UNITS) - 1:
        value /= 1024
        place += 1
    return f"{count}B" if place == 0 else f"{value:.1f}{_UNITS[place]}"
