"""The half of the metadata worker that lives in the event loop: pages and metadata from servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from mauve.distributions.files import Wheel
from mauve.distributions.index import IndexFormat
from mauve.index.registry import Registry
from mauve.index.strategy import Missing, asks_in_turn
from mauve.metadata.record import Record
from mauve.metadata.records import NeedsBuild, identity_of, lifetime_of_archive, record_of
from mauve.metadata.sdist_metadata import SdistMetadataFetcher
from mauve.metadata.wheel_metadata import UnreadableWheel, WheelMetadataFetcher
from mauve.network.cache_policy import Freshness, lifetime_of_file
from mauve.network.errors import RetriesExhausted, UnexpectedStatus, status_of, status_text
from mauve.resolver.source import InvalidMetadata, RefusedMetadata
from mauve.standards.metadata import InvalidCoreMetadata, parse_metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mauve.cache.layout import Cache
    from mauve.distributions.files import Sdist
    from mauve.distributions.index import Index, IndexStrategy
    from mauve.index.flat import FlatIndexes
    from mauve.index.storage import ListingStore, StoredPage
    from mauve.index.strategy import PageOutcome
    from mauve.metadata.records import RecordStore
    from mauve.network.cache_policy import CacheUse
    from mauve.network.client import Client
    from mauve.standards.names import PackageName


class Fetcher:
    """Asks servers and keeps the answers."""

    def __init__(
        self,
        client: Client,
        cache: Cache,
        listings: ListingStore,
        records: RecordStore,
        strategy: IndexStrategy,
        use: CacheUse,
        now: Callable[[], float],
    ) -> None:
        """Share the stores with the worker."""
        self._registry = Registry(client, listings, use, now=now)
        self._wheels = WheelMetadataFetcher(client)
        self._sdists = SdistMetadataFetcher(client, cache)
        self._records = records
        self._in_turn = asks_in_turn(strategy)
        self._now = now
        self._flat_lock = anyio.Lock()

    async def fetch_pages(
        self,
        name: PackageName,
        indexes: Sequence[Index],
        known: Sequence[PageOutcome | None],
        stored: Sequence[StoredPage | None],
        flat: FlatIndexes,
    ) -> list[PageOutcome]:
        """Return what the *indexes* publish about *name*, in their order, as far as the strategy asks them.

        Args:
            name: of the package.
            indexes: in order of search.
            known: outcomes already known; None, or too short, where the index must be asked.
            stored: pages that are on disk but no longer fresh; may be too short.
            flat: keeps the pages of *indexes* that are pages of links.
        """

        async def ask(place: int) -> PageOutcome:
            outcome = known[place] if place < len(known) else None
            if outcome is not None:
                return outcome
            if indexes[place].format is IndexFormat.FLAT:
                await self._fetch_flat_page(flat, indexes[place])
                return flat.outcome(indexes[place], name)
            page = stored[place] if place < len(stored) else self._registry.read_stored(indexes[place], name)
            return await self._registry.fetch_listing(indexes[place], name, page)

        if self._in_turn or len(indexes) == 1:
            found: list[PageOutcome] = []
            for place in range(len(indexes)):
                outcome = await ask(place)
                found.append(outcome)
                if not isinstance(outcome, Missing) or outcome.is_final:
                    break
            return found
        outcomes: dict[int, PageOutcome] = {}

        async def ask_into(place: int) -> None:
            outcomes[place] = await ask(place)

        async with anyio.create_task_group() as tasks:
            for place in range(len(indexes)):
                tasks.start_soon(ask_into, place)
        return [outcomes[place] for place in range(len(indexes))]

    async def fetch_flat(self, flat: FlatIndexes) -> None:
        """Fetch the `--find-links` pages that are not there yet; each once, whoever asks first."""
        for index in flat.missing():
            await self._fetch_flat_page(flat, index)

    async def _fetch_flat_page(self, flat: FlatIndexes, index: Index) -> None:
        async with self._flat_lock:
            if not flat.has(index):
                flat.add(index, await self._registry.fetch_flat_page(index))

    async def fetch_metadata(
        self, name: PackageName, distribution: Wheel | Sdist, index: Index
    ) -> Record | InvalidMetadata | RefusedMetadata | NeedsBuild:
        """Return the metadata of *distribution* and keep it; or why it is of no use; or the source to build it from."""
        headers: Mapping[str, str] = {}
        try:
            if isinstance(distribution, Wheel):
                fetched = await self._wheels.fetch(distribution, index.url)
                headers = fetched.headers
                metadata = parse_metadata(fetched.content)
            else:
                found = await self._sdists.fetch(name, distribution, index)
                if isinstance(found, NeedsBuild):
                    return found
                metadata = found
        except UnreadableWheel as error:
            return InvalidMetadata(str(error), is_structure=True)
        except InvalidCoreMetadata as error:
            return InvalidMetadata(str(error))
        except (UnexpectedStatus, RetriesExhausted) as error:
            code = status_of(error)
            if code is None or code not in index.ignore_error_codes:
                raise
            return RefusedMetadata(status_text(code))
        record = record_of(metadata, identity_of(distribution.file))
        if isinstance(distribution, Wheel):
            seconds = lifetime_of_file(headers, index.cache_control_files)
        else:
            seconds = lifetime_of_archive(distribution.file)
        self._records.write(index, name, distribution.file, record, Freshness(int(self._now()), seconds))
        return record
