"""Listings on disk: where they are, reading, writing. No network, so a warm run needs nothing else."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, ClassVar

import msgspec
from msgspec import Struct

from mauve.cache.entries import drop_entry
from mauve.cache.frame import HEAD_SIZE, FrameHead, parse_frame_head, renew_frame, write_frame
from mauve.cache.layout import CacheBucket, index_folder
from mauve.index.head import decode_head
from mauve.index.listing import StoredListing
from mauve.network.cache_policy import NEVER_STORED, Freshness
from mauve.network.urls import split_credentials

if TYPE_CHECKING:
    from mauve.cache.layout import Cache
    from mauve.distributions.index import Index
    from mauve.index.head import Head
    from mauve.index.listing import Rows
    from mauve.index.rows import Page
    from mauve.standards.names import PackageName

_MAGIC = b"mvl2"

_SMALL = 1 << 16
"""Bytes up to which a record is read at once; that costs no more than two reads."""

_MOST_OPEN = 100 if sys.platform == "darwin" else 300
"""Records that are kept open; those beyond are read at once. Descriptors are limited: 256 on macOS, 1024 elsewhere."""


class StoredPage(Struct, frozen=True):
    """A listing from the disk and when it was fetched."""

    listing: StoredListing
    freshness: Freshness


class ListingStore:
    """The listings of one cache."""

    __slots__ = ("_cache", "_folders")

    def __init__(self, cache: Cache) -> None:
        """Use *cache*, which need not exist yet."""
        self._cache = cache
        self._folders: dict[str, str] = {}

    def path(self, index: Index, name: PackageName) -> str:
        """Return where the listing of *name* is kept."""
        folder = self._folders.get(index.url)
        if folder is None:
            folder = self._cache.path(CacheBucket.INDEX, index_folder(split_credentials(index.url)[0]))
            self._folders[index.url] = folder
        return f"{folder}/{name}"

    def read(self, index: Index, name: PackageName) -> StoredPage | None:
        """Return what is stored about *name*, None if nothing or nothing that can be used."""
        path = self.path(index, name)
        try:
            file = OpenFile(path)
        except OSError:
            return None
        try:
            found = _read(file)
        except OSError:
            found = None
        if found is None:
            drop_entry(path)
            return None
        frame, head, rows = found
        return StoredPage(StoredListing(index, name, head, rows, path), Freshness(frame.fetched_at, frame.lifetime))

    def write(
        self,
        index: Index,
        name: PackageName,
        page: Page,
        freshness: Freshness,
        *,
        etag: str = "",
        last_modified: str = "",
    ) -> StoredListing:
        """Return the listing of *page*, kept for next time unless it must not be."""
        from mauve.index.digest import digest_page

        head, rows = digest_page(page, name, etag=etag, last_modified=last_modified)
        path = self.path(index, name)
        if freshness.lifetime != NEVER_STORED:
            write_frame(
                path,
                _MAGIC,
                fetched_at=freshness.fetched_at,
                lifetime=freshness.lifetime,
                first=msgspec.msgpack.encode(head),
                second=rows,
            )
        return StoredListing(index, name, head, lambda start, stop: rows[start:stop], path, is_new=True)

    def renew(self, listing: StoredListing, freshness: Freshness) -> None:
        """Take note that *listing* is still what the index publishes."""
        renew_frame(listing.path, fetched_at=freshness.fetched_at, lifetime=max(freshness.lifetime, 0))


class OpenFile:
    """A record on disk, open for as long as anybody may ask for its rows.

    So they can be read even if another process replaces or removes the file meanwhile.
    """

    __slots__ = ("_descriptor",)

    open: ClassVar[int] = 0
    """How many there are now."""

    def __init__(self, path: str) -> None:
        """Open the file at *path*."""
        self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
        OpenFile.open += 1

    def __del__(self) -> None:
        descriptor = getattr(self, "_descriptor", None)
        if descriptor is not None:
            os.close(descriptor)
            OpenFile.open -= 1

    def size(self) -> int:
        """Return the bytes in the file."""
        return os.fstat(self._descriptor).st_size

    def read(self, count: int) -> bytes:
        """Return the next *count* bytes."""
        return os.read(self._descriptor, count)

    def read_at(self, start: int, stop: int) -> bytes:
        """Return the bytes from *start* to *stop*."""
        return os.pread(self._descriptor, stop - start, start)


def _read(file: OpenFile) -> tuple[FrameHead, Head, Rows] | None:
    """Return the parts of a record, None if it is damaged."""
    size = file.size()
    # Where a file cannot be read at a place (Windows), it is read at once too.
    is_whole = size <= _SMALL or OpenFile.open > _MOST_OPEN or not hasattr(os, "pread")
    content = file.read(size if is_whole else HEAD_SIZE)
    frame = parse_frame_head(content, _MAGIC, size)
    if frame is None:
        return None
    start = HEAD_SIZE + frame.first
    if is_whole:
        if len(content) != size:
            return None
        view = memoryview(content)
        head = decode_head(view[HEAD_SIZE:start])
        return None if head is None else (frame, head, lambda first, last: view[start + first : start + last])
    head = decode_head(file.read(frame.first))
    return None if head is None else (frame, head, lambda first, last: file.read_at(start + first, start + last))
