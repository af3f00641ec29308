"""The listings, distributions and metadata a resolution has asked for, kept for all forks.

Everything that waits for the `MetadataSource` is here, and what is asked for ahead of its use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from mauve.distributions.files import Wheel
from mauve.distributions.index import Index, is_environment
from mauve.distributions.sources import FromDirectory
from mauve.resolver.availability import (
    MetadataInconsistent,
    MetadataInvalid,
    MetadataRefused,
    PackageNoIndex,
    PackageNotFound,
    PackageOffline,
    RequiresPython,
)
from mauve.resolver.availability import MetadataOffline as VersionOffline
from mauve.resolver.direct import direct_key, tree_source
from mauve.resolver.environments import EVERYWHERE
from mauve.resolver.judgements import Usable
from mauve.resolver.manifest import told_metadata, told_tree
from mauve.resolver.source import (
    DirectDistribution,
    Found,
    InconsistentMetadata,
    InvalidMetadata,
    MetadataFound,
    MetadataOffline,
    NoIndex,
    NotFound,
    RefusedMetadata,
    RequiresPythonMismatch,
)
from mauve.standards.version_sets import FULL, singleton

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mauve.distributions.listing import Listing
    from mauve.resolver.availability import UnavailablePackage, UnavailableVersion
    from mauve.resolver.candidates import Candidate, CandidateSelector
    from mauve.resolver.direct import DirectKey
    from mauve.resolver.judgements import ListingTable
    from mauve.resolver.manifest import Manifest, Member
    from mauve.resolver.preferences import Preferences
    from mauve.resolver.source import DirectSource, DistributionMetadata, MetadataSource
    from mauve.standards.names import PackageName
    from mauve.standards.version_sets import VersionSet
    from mauve.standards.versions import Version

Tables: TypeAlias = "tuple[ListingTable, ...]"


class Listings:
    """Answers of the source, each asked for once.

    Attributes:
        unavailable: names without any listing, and why.
        rejected: versions whose metadata cannot be used, and why.
        unauthorized: indexes that answered 401, in order.
        forbidden: indexes that answered 403, in order.
    """

    def __init__(
        self, manifest: Manifest, source: MetadataSource, selector: CandidateSelector, preferences: Preferences
    ) -> None:
        """Ask *source* on behalf of *manifest*; *preferences* tell what will probably be chosen."""
        self._source = source
        self._selector = selector
        self._indexes: dict[str, Index] = {index.url: index for index in manifest.indexes.indexes}
        self._tables: dict[tuple[PackageName, str | None], Tables] = {}
        self._requested: set[tuple[PackageName, str | None]] = set()
        self._metadata: dict[tuple[PackageName, Version, str], DistributionMetadata | UnavailableVersion] = {}
        self._told = manifest.dependency_metadata
        self._installed = {} if manifest.target is None else manifest.target.installed
        self._direct: dict[DirectKey, DirectDistribution] = {}
        self._expected: dict[PackageName, VersionSet] = {}
        self._kept = frozenset([preference.name for preference in preferences.versions])
        self._former: dict[PackageName, list[Version]] = {}
        for name, version in preferences.former:
            self._former.setdefault(name, []).append(version)
        self._announced: set[tuple[PackageName, Version, str]] = set()
        source.likely = self.likely
        self.unavailable: dict[PackageName, UnavailablePackage] = {}
        self.rejected: dict[PackageName, dict[Version, UnavailableVersion]] = {}
        self.unauthorized: dict[str, None] = {}
        self.forbidden: dict[str, None] = {}
        self._members: dict[str, Member] = {getattr(member.source, "path", ""): member for member in manifest.members}

    def expect(self, name: PackageName, versions: VersionSet) -> None:
        """Note in which range a version of *name* will be looked for."""
        known = self._expected.get(name)
        self._expected[name] = versions if known is None else known & versions

    def likely(self, name: PackageName, listings: tuple[Listing, ...]) -> list[tuple[Wheel, Index]]:
        """Return wheels of the versions of *name* that would be chosen now. Reads only; for any thread.

        An old lock knows what others allow; that its version is not the latest has mostly this reason. So in an upgrade
        both are likely.
        """
        versions = self._expected.get(name, FULL)
        tables = [self._selector.table(listing, is_silent=True) for listing in listings]
        wanted = [versions & singleton(version) for version in self._former.get(name, ())]
        found = [pair for pair in (self._first(name, some, tables) for some in wanted) if pair is not None]
        if not found or name not in self._kept:
            latest = self._first(name, versions, tables)
            found += [] if latest is None else [latest]
        return found

    def _first(self, name: PackageName, versions: VersionSet, tables: list[ListingTable]) -> tuple[Wheel, Index] | None:
        """Return the wheel that tells about the first choice among *versions*, and the index that has it."""
        candidate = self._selector.choose_without_preference(name, versions, tables, EVERYWHERE)
        if candidate is None or not isinstance(candidate.judgement, Usable):
            return None
        file = candidate.judgement.metadata_from
        return (file, candidate.table.listing.index) if isinstance(file, Wheel) else None

    def request(self, names: Iterable[tuple[PackageName, str | None]]) -> None:
        """Ask for the listings of *names* ahead of their use; each name with the URL of its pinned index."""
        fresh = [pair for pair in names if pair not in self._requested]
        if fresh:
            self._requested.update(fresh)
            self._source.prefetch_versions([(name, self._index(pin)) for name, pin in fresh])

    def _index(self, pin: str | None) -> Index | None:
        if pin is None:
            return None
        index = self._indexes.get(pin)
        if index is None:
            # Declared by a source tree that is no member.
            index = self._indexes[pin] = Index(url=pin, explicit=True)
        return index

    @property
    def looks_ahead(self) -> bool:
        """Return whether it is worth the time to find out what will be asked for next."""
        return self._source.heeds_hints

    def known_tables(self, name: PackageName) -> Tables | None:
        """Return the tables of an unpinned *name* if its listing was used already."""
        return self._tables.get((name, None))

    def tables(self, name: PackageName, pin: str | None) -> Tables:
        """Return the listings of *name*, ready to choose from; none if no index has it."""
        key = (name, pin)
        known = self._tables.get(key)
        if known is None:
            known = self._tables[key] = self._fetch_tables(name, pin)
        return known

    def _fetch_tables(self, name: PackageName, pin: str | None) -> Tables:
        match self._source.versions(name, self._index(pin)):
            case Found(listings):
                return tuple([self._selector.table(listing) for listing in listings])
            case NotFound(unauthorized, forbidden):
                self.unavailable[name] = PackageNotFound()
                self.unauthorized.update(dict.fromkeys(unauthorized))
                self.forbidden.update(dict.fromkeys(forbidden))
            case NoIndex():
                self.unavailable[name] = PackageNoIndex()
            case _:
                self.unavailable[name] = PackageOffline()
        return ()

    def request_metadata(self, candidate: Candidate, judgement: Usable) -> None:
        """Ask for the metadata of *candidate* ahead of its use."""
        listing = candidate.table.listing
        key = (listing.name, candidate.version, listing.index.url)
        if not is_environment(listing.index) and key not in self._announced and self._source.heeds_hints:
            self._announced.add(key)
            self._source.prefetch_metadata((judgement.metadata_from,), listing.index)

    def metadata(self, candidate: Candidate, judgement: Usable) -> DistributionMetadata | UnavailableVersion:
        """Return the metadata of *candidate*, or why there is none."""
        listing = candidate.table.listing
        key = (listing.name, candidate.version, listing.index.url)
        known = self._metadata.get(key)
        if known is None:
            known = self._metadata[key] = self._fetch_metadata(candidate, judgement)
        return known

    def _fetch_metadata(self, candidate: Candidate, judgement: Usable) -> DistributionMetadata | UnavailableVersion:
        listing, version = candidate.table.listing, candidate.version
        if is_environment(listing.index):
            known = self._installed[listing.name].metadata
            if known is not None:
                return known
        told = told_metadata(self._told, listing.name, version)
        if told is not None:
            return told
        response = self._source.metadata(listing.name, version, judgement.metadata_from, listing.index)
        reason: UnavailableVersion
        match response:
            case MetadataFound(metadata):
                return metadata
            case MetadataOffline():
                reason = VersionOffline()
            case InvalidMetadata(text, is_structure):
                reason = MetadataInvalid(text, is_structure)
            case RefusedMetadata(status):
                reason = MetadataRefused(status)
            case InconsistentMetadata(text):
                reason = MetadataInconsistent(text)
            case RequiresPythonMismatch(text):
                reason = RequiresPython(text)
        self.rejected.setdefault(listing.name, {})[version] = reason
        return reason

    def direct(self, name: PackageName, source: DirectSource) -> DirectDistribution:
        """Return the distribution at *source*; a member's is known from the manifest."""
        key = direct_key(source)
        known = self._direct.get(key)
        if known is None:
            known = self._direct[key] = self._member(name, source) or self._look_at(name, source)
        return known

    def _look_at(self, name: PackageName, source: DirectSource) -> DirectDistribution:
        if isinstance(source, FromDirectory):
            told = told_tree(self._told, name)
            if told is not None:
                return DirectDistribution(source=tree_source(source), metadata=told)
        found = self._source.direct(name, source)
        told = None if found.wheel is None else told_metadata(self._told, name, found.metadata.version)
        return found if told is None else replace(found, metadata=told)

    def _member(self, name: PackageName, source: DirectSource) -> DirectDistribution | None:
        """Return the member that is required as *source*, if it is one; under another name it is another package."""
        if not isinstance(source, FromDirectory):
            return None
        member = self._members.get(source.path)
        if member is None:
            return None
        locked = member.source if member.name == name else tree_source(source)
        return DirectDistribution(source=locked, metadata=member.metadata)

    def available_versions(self) -> dict[PackageName, list[Version]]:
        """Return the versions inside the cut-off of every name that has a listing which was looked at, ascending."""
        found: dict[PackageName, list[Version]] = {}
        for (name, _), tables in self._tables.items():
            if not tables:
                continue  # nothing is known of what nobody offers
            versions = {
                table.listing.version(place)
                for table in tables
                for place in range(len(table.keys))
                if table.judgement(place) is not None
            }
            found[name] = sorted({*found.get(name, ()), *versions})
        return found

    def published(self, pins: Mapping[PackageName, str]) -> dict[PackageName, list[Listing]]:
        """Return the listings that were looked at: for a name in *pins* those of that index, else those searched."""
        return {
            name: [self._selector.as_published(table.listing) for table in tables]
            for (name, pin), tables in self._tables.items()
            if pins.get(name) == pin
        }
