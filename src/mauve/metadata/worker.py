"""The resolver's source of metadata: memory, then the disk, then the network thread.

A question is first answered in the calling thread, from memory or from a fresh record on disk; only the first one
that needs a server starts the network thread (and imports httpx). From then on both threads share two once-maps:
the resolver's thread waits, the loop produces. What is expensive and needs no waiting (reading requirements out of
a record) is left to the thread that asks, so that a prefetch that was not needed costs little.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from mauve.distributions.files import Sdist, Wheel
from mauve.index.flat import FlatIndexes, is_local
from mauve.index.storage import ListingStore
from mauve.index.strategy import Missing, NotStored, asks_in_turn, searched_indexes
from mauve.metadata.combination import combine
from mauve.metadata.record import Record
from mauve.metadata.records import NeedsBuild, RecordStore, respond
from mauve.metadata.store import OnceMap
from mauve.resolver.source import InvalidMetadata, MetadataOffline, RefusedMetadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from mauve.cache.layout import Cache
    from mauve.distributions.index import Index, IndexLocations
    from mauve.distributions.listing import Listing
    from mauve.index.storage import StoredPage
    from mauve.index.strategy import PageOutcome
    from mauve.metadata.direct import DirectReader
    from mauve.metadata.fetching import Fetcher
    from mauve.metadata.sdist_metadata import SdistBuilder
    from mauve.network.cache_policy import CacheUse
    from mauve.network.client import Client
    from mauve.network.thread import NetworkThread
    from mauve.resolver.source import DirectDistribution, DirectSource, MetadataResponse, VersionsResponse
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Version

    Likely: TypeAlias = Callable[[PackageName, tuple[Listing, ...]], Iterable[tuple[Wheel, Index]]]

    _VersionsKey: TypeAlias = tuple[PackageName, str | None]
    _MetadataKey: TypeAlias = tuple[str, str]
    _MetadataOutcome: TypeAlias = Record | InvalidMetadata | RefusedMetadata | MetadataOffline | NeedsBuild

K = TypeVar("K")
V = TypeVar("V")


class MetadataWorker:
    """Implements `mauve.resolver.source.MetadataSource`.

    Attributes:
        likely: called in the network thread when the listings of a name have arrived from a server; names the wheels
            whose metadata will be asked for next, so that page and metadata take one wave. It must only read.
    """

    def __init__(
        self,
        *,
        cache: Cache,
        locations: IndexLocations,
        network: NetworkThread,
        use: CacheUse,
        builder: SdistBuilder | None = None,
        direct: Callable[[], DirectReader] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Answer from *locations*, keeping what is fetched in *cache*.

        Args:
            cache: where answers are kept.
            locations: what is searched.
            network: shared with whoever else needs a server; not started unless a question needs one.
            use: how far stored answers are good enough.
            builder: makes metadata of source distributions that have none; without it they are invalid.
            direct: returns what looks at URLs, paths and directories; without it they are refused.
            now: the clock, in seconds since the epoch.
        """
        self.likely: Likely | None = None
        self._locations = locations
        self._network = network
        self._use = use
        self._builder = builder
        self._flat = FlatIndexes(locations)
        self._direct = direct
        self._now = now
        self._cache = cache
        self._listings = ListingStore(cache)
        self._records = RecordStore(cache)
        self._versions: OnceMap[_VersionsKey, VersionsResponse] = OnceMap()
        self._metadata: OnceMap[_MetadataKey, _MetadataOutcome] = OnceMap()
        self._responses: dict[_MetadataKey, MetadataResponse] = {}
        self._fetcher: Fetcher | None = None

    # --- the resolver's questions

    @property
    def heeds_hints(self) -> bool:
        """Return whether something had to be fetched, so that asking ahead saves time."""
        return self._network.is_started

    def prefetch_versions(self, names: Iterable[tuple[PackageName, Index | None]]) -> None:
        """Start to fetch the listings of *names*; what is fresh on disk is read at once."""
        for name, index in names:
            key = (name, None if index is None else index.url)
            if self._versions.claim(key):
                self._begin_versions(key, name, index)

    def prefetch_metadata(self, distributions: Iterable[Wheel | Sdist], index: Index) -> None:
        """Start to fetch the metadata of those *distributions* that are wheels on a server and not stored yet."""
        for distribution in distributions:
            if isinstance(distribution, Wheel):
                self._prefetch_wheel(distribution, index)

    def versions(self, name: PackageName, index: Index | None) -> VersionsResponse:
        """Return every listing of *name*.

        Raises:
            MauveError: an index could not be asked.
        """
        key = (name, None if index is None else index.url)
        known = self._versions.peek(key)
        if known is not None:
            return known
        if self._versions.claim(key):
            self._begin_versions(key, name, index)
        return self._wait(self._versions, key)

    def metadata(
        self, name: PackageName, version: Version, distribution: Wheel | Sdist, index: Index
    ) -> MetadataResponse:
        """Return the metadata of *distribution*, which *index* lists as *name* at *version*.

        Raises:
            MauveError: the server could not be asked, or the build failed.
        """
        key = (index.url, distribution.file.url)
        response = self._responses.get(key)
        if response is None:
            response = self._responses[key] = self._respond(key, name, version, distribution, index)
        return response

    def direct(self, name: PackageName | None, source: DirectSource) -> DirectDistribution:
        """Return the distribution at a direct source.

        Raises:
            MauveError: it cannot be had.
        """
        if self._direct is None:
            message = f"no reader of direct sources was given, and {source} is one"
            raise RuntimeError(message)
        return self._direct().read(name, source)

    # --- listings

    def _begin_versions(self, key: _VersionsKey, name: PackageName, index: Index | None) -> None:
        """Answer *key*, which is claimed, from the disk, or hand it to the network thread."""
        indexes = searched_indexes(self._locations, index)
        in_turn = asks_in_turn(self._locations.strategy)
        outcomes: list[PageOutcome | None] = []
        stored: list[StoredPage | None] = []
        for searched in indexes:
            if is_local(searched):
                outcomes.append(self._flat.local_outcome(searched, name))
                stored.append(None)
                if in_turn and not isinstance(outcomes[-1], Missing) and None not in outcomes:
                    break
                continue
            page = self._listings.read(searched, name)
            stored.append(page)
            if page is not None and self._use.is_fresh(page.freshness, name, int(self._now())):
                self._network.statistics.from_cache += 1
                outcomes.append(page.listing)
                if in_turn and None not in outcomes:
                    break
            else:
                outcomes.append(NotStored() if self._use.offline else None)
                if in_turn and not self._use.offline:
                    break
        uses_flat = index is None
        if None not in outcomes and (not uses_flat or self._use.offline or self._flat.is_ready):
            flat = self._flat.listings(name) if uses_flat else ()
            self._versions.put(key, combine(self._locations, flat, outcomes))
            return

        async def fetch(client: Client) -> None:
            fetcher = self._get_fetcher(client)
            if uses_flat:
                await fetcher.fetch_flat(self._flat)
            found = await fetcher.fetch_pages(name, indexes, outcomes, stored, self._flat)
            flat = self._flat.listings(name) if uses_flat else ()
            response = combine(self._locations, flat, found)
            if self.likely is not None:
                # Before the answer is given, so that the request is on its way when the resolver goes on.
                listings = tuple([outcome for outcome in found if not isinstance(outcome, Missing | NotStored)])
                for wheel, origin in self.likely(name, listings):
                    self._prefetch_wheel(wheel, origin)
            self._versions.put(key, response)

        self._network.start_soon(fetch, lambda error: self._fail(self._versions, key, error))

    # --- metadata

    def _prefetch_wheel(self, wheel: Wheel, index: Index) -> None:
        key = (index.url, wheel.file.url)
        if self._use.offline or self._metadata.is_claimed(key) or wheel.file.url.startswith("file:"):
            return
        name = wheel.filename.name
        if self._records.exists(index, name, wheel.file):
            if not self._use.must_refresh(name):
                return  # read when it is asked for
            stored = self._records.read(index, name, wheel.file)
            if stored is not None and self._use.is_fresh(stored.freshness, name, int(self._now())):
                return
        if self._metadata.claim(key):
            self._fetch_metadata(key, name, wheel, index)

    def _respond(
        self, key: _MetadataKey, name: PackageName, version: Version, distribution: Wheel | Sdist, index: Index
    ) -> MetadataResponse:
        outcome = self._metadata.peek(key)
        if outcome is None:
            if self._metadata.claim(key):
                self._begin_metadata(key, name, distribution, index)
            outcome = self._wait(self._metadata, key)
        if isinstance(outcome, NeedsBuild):
            # In this thread, since a build resolves and installs what it requires with the same tools.
            outcome = self._build(outcome, name, version, distribution, index)
        if not isinstance(outcome, Record):
            return outcome
        return respond(outcome, name, version, is_wheel=isinstance(distribution, Wheel))

    def _begin_metadata(self, key: _MetadataKey, name: PackageName, distribution: Wheel | Sdist, index: Index) -> None:
        """Answer *key*, which is claimed, from the disk, or hand it to the network thread."""
        stored = self._records.read(index, name, distribution.file)
        if stored is not None and (
            self._use.is_fresh(stored.freshness, name, int(self._now()))
            # Content that is named by its hash does not age.
            or (bool(distribution.file.hashes) and not self._use.must_refresh(name))
        ):
            self._network.statistics.from_cache += 1
            self._metadata.put(key, stored.record)
        elif distribution.file.url.startswith("file:"):
            from mauve.metadata.local_files import read_local_metadata

            try:
                self._metadata.put(key, read_local_metadata(distribution))
            except BaseException as error:
                self._metadata.fail(key, error)
                raise
        elif self._use.offline:
            self._metadata.put(key, MetadataOffline())
        else:
            self._fetch_metadata(key, name, distribution, index)

    def _fetch_metadata(self, key: _MetadataKey, name: PackageName, distribution: Wheel | Sdist, index: Index) -> None:
        async def fetch(client: Client) -> None:
            outcome = await self._get_fetcher(client).fetch_metadata(name, distribution, index)
            self._metadata.put(key, outcome)

        self._network.start_soon(fetch, lambda error: self._fail(self._metadata, key, error))

    def _build(
        self, needed: NeedsBuild, name: PackageName, version: Version, distribution: Wheel | Sdist, index: Index
    ) -> Record | InvalidMetadata:
        if self._builder is None:
            return InvalidMetadata(
                f"`{distribution.file.filename}` has no static metadata, and building is not possible"
            )
        from mauve.metadata.sdist_metadata import build_record

        return build_record(self._builder, needed, name, version, distribution, index, self._records, int(self._now()))

    # --- threads

    def _get_fetcher(self, client: Client) -> Fetcher:
        """Return the part that lives in the loop; called there only."""
        if self._fetcher is None:
            from mauve.metadata.fetching import Fetcher

            self._fetcher = Fetcher(
                client, self._cache, self._listings, self._records, self._locations.strategy, self._use, self._now
            )
        return self._fetcher

    def _wait(self, table: OnceMap[K, V], key: K) -> V:
        if table.is_done(key):
            return table.wait(key)
        statistics = self._network.statistics
        started = time.perf_counter()
        try:
            return table.wait(key)
        finally:
            statistics.waits += 1
            statistics.waited += time.perf_counter() - started

    @staticmethod
    def _fail(table: OnceMap[K, V], key: K, error: BaseException) -> None:
        """Finish *key* with *error*, unless it was already finished when the error happened."""
        if not table.is_done(key):
            table.fail(key, error)
