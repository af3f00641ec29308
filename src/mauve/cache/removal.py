"""Removing entries of the cache: all of them, those of some packages, or those that nothing uses.

Only buckets of ours are touched, and those for environments, which both tools make anew: the folder may be shared with
uv. Whoever removes things holds the lock of the cache alone, which uv respects, too: nothing is being built meanwhile.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.cache.layout import PREFIX, CacheBucket
from mauve.filesystem.removal import Removal, remove, remove_contents

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from mauve.cache.layout import Cache
    from mauve.standards.names import PackageName

_BY_INDEX = (CacheBucket.INDEX, CacheBucket.METADATA, CacheBucket.SDISTS)
"""Buckets with entries at `<index>/<name>`."""

_DOWNLOADED_PYTHONS = "python-v0"
"""Archives that uv has unpacked elsewhere."""

_KEPT = {".lock", "CACHEDIR.TAG", ".gitignore"}


def clean_cache(cache: Cache) -> Removal:
    """Remove every bucket; the folder and its lock stay, also what belongs to other programs."""
    total = Removal()
    names = _buckets(cache)
    for name in names:
        total += remove(os.path.join(cache.root, name))
    try:
        rest = set(os.listdir(cache.root))
    except OSError:
        return total
    if not rest - _KEPT:
        for name in sorted(rest - {".lock"}):
            total += remove(os.path.join(cache.root, name))
    return total


def clean_packages(cache: Cache, names: Iterable[PackageName]) -> Removal:
    """Remove what is kept about *names*."""
    total = Removal()
    for name in names:
        total += remove(cache.path(CacheBucket.WHEELS, name))
        for bucket in _BY_INDEX:
            for index in _entries(cache.path(bucket)):
                total += remove(cache.path(bucket, index, name))
    return total


def prune_cache(cache: Cache, built: Callable[[str], Collection[str]] | None = None) -> Removal:
    """Remove buckets of earlier formats, temporary environments and what was left half done.

    With *built* also everything that is downloaded again as quickly as a stored cache is restored: archives, and wheels
    with their metadata; *built* returns what is to stay in the folder for the wheels of a package, because it was built
    here. Pages stay, without which nobody would know what a wheel was built of.
    """
    total = Removal()
    current = {bucket.value for bucket in CacheBucket}
    for name in _buckets(cache):
        if name not in current:
            total += remove(os.path.join(cache.root, name))
    for folder in (CacheBucket.BUILDS, CacheBucket.ENVIRONMENTS, _DOWNLOADED_PYTHONS):
        total += remove_contents(os.path.join(cache.root, folder))
    for bucket in (CacheBucket.INDEX, CacheBucket.METADATA, CacheBucket.SDISTS):
        total += _remove_unfinished(cache.path(bucket))
    if built is not None:
        total += _remove_downloads(cache, built)
    return total


def _remove_downloads(cache: Cache, built: Callable[[str], Collection[str]]) -> Removal:
    total = Removal()
    for bucket in (CacheBucket.ARCHIVES, CacheBucket.SDISTS):
        total += remove_contents(cache.path(bucket))
    wheels = cache.path(CacheBucket.WHEELS)
    for name in _entries(wheels):
        kept = built(name)
        if not kept:
            total += remove(os.path.join(wheels, name))
            continue
        for entry in _entries(os.path.join(wheels, name)):
            if entry not in kept:
                total += remove(os.path.join(wheels, name, entry))
    for path, _, files in os.walk(cache.path(CacheBucket.METADATA)):
        for name in files:
            if name.endswith(".whl"):
                total += remove(os.path.join(path, name))
    return total


def _buckets(cache: Cache) -> list[str]:
    ours = frozenset(bucket.value for bucket in CacheBucket)
    return [name for name in _entries(cache.root) if name in ours or name.startswith(PREFIX)]


def _entries(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _remove_unfinished(folder: str) -> Removal:
    """Remove temporary files below *folder*: no writer is alive, since the cache is locked exclusively."""
    total = Removal()
    for path, _, files in os.walk(folder):
        for name in files:
            if name.startswith(".") and name.endswith(".tmp"):
                total += remove(os.path.join(path, name))
    return total
