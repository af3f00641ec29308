"""Listings on disk: where they are, reading, writing. No network, so a warm run needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.cache.entries import drop_entry, read_entry
from mauve.cache.frame import parse_frame, renew_frame, write_frame
from mauve.cache.layout import CacheBucket, index_folder
from mauve.index.listing import StoredListing, digest_page, open_listing
from mauve.network.cache_policy import NEVER_STORED, Freshness
from mauve.network.urls import split_credentials

if TYPE_CHECKING:
    from mauve.cache.layout import Cache
    from mauve.distributions.index import Index
    from mauve.index.rows import Row
    from mauve.standards.names import PackageName

_MAGIC = b"mvl1"


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
        content = read_entry(path)
        if content is None:
            return None
        frame = parse_frame(content, _MAGIC)
        if frame is not None:
            view = memoryview(content)
            listing = open_listing(index, name, view[frame.first : frame.second], view[frame.second :], path)
            if listing is not None:
                return StoredPage(listing, Freshness(frame.fetched_at, frame.lifetime))
        drop_entry(path)
        return None

    def write(
        self,
        index: Index,
        name: PackageName,
        rows: list[Row],
        freshness: Freshness,
        *,
        etag: str = "",
        last_modified: str = "",
    ) -> StoredListing:
        """Return the listing of *rows*, kept for next time unless it must not be."""
        first, second = digest_page(rows, name, etag=etag, last_modified=last_modified)
        path = self.path(index, name)
        if freshness.lifetime != NEVER_STORED:
            write_frame(
                path, _MAGIC, fetched_at=freshness.fetched_at, lifetime=freshness.lifetime, first=first, second=second
            )
        listing = open_listing(index, name, first, second, path)
        if listing is None:
            raise AssertionError("a record that was just made is complete")
        return listing

    def renew(self, listing: StoredListing, freshness: Freshness) -> None:
        """Take note that *listing* is still what the index publishes."""
        renew_frame(listing.path, fetched_at=freshness.fetched_at, lifetime=max(freshness.lifetime, 0))
