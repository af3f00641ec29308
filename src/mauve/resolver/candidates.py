"""Which version of a package to try next.

Versions are looked at in order of preference within a range; what is known of their files is judged in
`mauve.resolver.judgements`. Nothing here fetches: listings arrive as values.

Specification: docs/resolution.md "Candidates".
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mauve.distributions.index import IndexFormat
from mauve.distributions.listing import EarlierListing
from mauve.enumerations import Enum
from mauve.resolver.judgements import FileJudge, ListingTable, Usable
from mauve.resolver.manifest import BuildPolicy, PrereleaseMode, ResolutionMode
from mauve.standards.version_sets import VersionSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mauve.distributions.files import File
    from mauve.distributions.index import Index
    from mauve.distributions.listing import Listing
    from mauve.resolver.environments import ForkEnvironment
    from mauve.resolver.first_party import FirstParty
    from mauve.resolver.judgements import Unusable
    from mauve.resolver.manifest import ExcludeNewer, Manifest
    from mauve.resolver.preferences import Preference
    from mauve.resolver.reporter import ResolverReporter
    from mauve.standards.cutoffs import Cutoff
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Version


class Choice(Enum):
    """Why a version was looked at."""

    PREFERENCE = "preference"
    INSTALLED = "installed"
    COMPATIBLE = "compatible"


class Candidate:
    """A version that may be tried."""

    __slots__ = ("choice", "judgement", "table", "version")

    def __init__(self, table: ListingTable, version: Version, judgement: Usable | Unusable, choice: Choice) -> None:
        """Store the parts."""
        self.table = table
        self.version = version
        self.judgement = judgement
        self.choice = choice


class CandidateSelector:
    """Chooses versions for one manifest."""

    def __init__(self, manifest: Manifest, first_party: FirstParty, reporter: ResolverReporter | None = None) -> None:
        """Set the rules of *manifest*; the *reporter* is called in the thread that chooses."""
        self._reporter = reporter
        self._options = manifest.options
        self._requires_python = manifest.requires_python
        self._first_party = first_party
        self._target = manifest.target
        self._merge_indexes = manifest.indexes.strategy.value == "unsafe-best-match"

    def as_published(self, listing: Listing) -> Listing:
        """Return *listing* without what is not to be taken as published yet."""
        moment = self._options.published_before
        return listing if moment is None else EarlierListing(listing, moment)

    def table(self, listing: Listing, *, is_silent: bool = False) -> ListingTable:
        """Return *listing* ready to choose from; what is strange about it is told unless it *is_silent*."""
        name = listing.name
        options = self._options
        cutoff = cutoff_of(options.exclude_newer, name, listing.index)
        if cutoff is None:
            listing = self.as_published(listing)
        allowed = self._first_party.yanked_allowed.get(name, ())
        undated = None
        if self._reporter is not None and not is_silent:
            if name not in options.exclude_newer.packages and listing.index.url in options.exclude_newer.indexes:
                self._reporter.used_index_cutoff()
            if cutoff is not None:
                undated = partial(_tell_of_undated, self._reporter.warning, cutoff)
        moment = None if cutoff is None else cutoff.timestamp
        judge = FileJudge(
            self._requires_python,
            options.build,
            options.minimum_libc,
            allowed,
            moment,
            name,
            undated,
            None if self._target is None else self._target.tags,
        )
        return ListingTable(listing, judge)

    def choose_installed(self, name: PackageName, versions: VersionSet) -> Candidate | None:
        """Return what the one environment has of *name*, if it is within *versions* and can be read."""
        installed = None if self._target is None else self._target.installed.get(name)
        if installed is None or installed.version not in versions or installed.metadata is None:
            return None
        from mauve.resolver.target import InstalledListing

        judge = FileJudge(self._requires_python, BuildPolicy(), (), (), None, name)
        table = ListingTable(InstalledListing(installed), judge)
        judgement = table.judgement(0)
        return None if judgement is None else Candidate(table, installed.version, judgement, Choice.INSTALLED)

    def keeps(self, name: PackageName, versions: VersionSet) -> bool:
        """Return whether nothing has to be known of *name* but what the one environment has."""
        target = self._target
        return target is not None and target.keeps(name) and self.choose_installed(name, versions) is not None

    def better_of(self, installed: Candidate, other: Candidate | None, environment: ForkEnvironment) -> Candidate:
        """Return what is installed unless *other* goes before it."""
        if other is None:
            return installed
        ours, theirs = installed.version, other.version
        name = installed.table.listing.name
        is_better = ours >= theirs if self.prefers_highest(name, environment) else ours <= theirs
        return installed if is_better else other

    def prefers_highest(self, name: PackageName, environment: ForkEnvironment) -> bool:
        """Return whether newer versions of *name* come first in *environment*."""
        match self._options.resolution:
            case ResolutionMode.HIGHEST:
                return True
            case ResolutionMode.LOWEST:
                return False
            case ResolutionMode.LOWEST_DIRECT:
                return not any(map(environment.overlaps, self._first_party.direct_names.get(name, ())))

    def prerelease_mode(self, name: PackageName, environment: ForkEnvironment) -> PrereleaseMode:
        """Return what holds for pre-releases of *name* in *environment*, `EXPLICIT` resolved."""
        mode = self._options.prerelease_packages.get(name, self._options.prerelease)
        if mode is PrereleaseMode.EXPLICIT:
            named = any(map(environment.overlaps, self._first_party.prerelease_named.get(name, ())))
            return PrereleaseMode.IF_NECESSARY if named else PrereleaseMode.DISALLOW
        return mode

    def sort_preferences(
        self, name: PackageName, preferences: Sequence[Preference], environment: ForkEnvironment, pin: str | None
    ) -> Sequence[Preference]:
        """Return the *preferences* that fit the index *pin*, those made for *environment* first."""
        if pin is not None:
            preferences = [one for one in preferences if one.index is None or one.index == pin]
        if len(preferences) > 1:
            overlapping: list[Preference] = []
            others: list[Preference] = []
            for one in preferences:
                overlaps = not one.markers or any(environment.overlaps(marker) for marker in one.markers)
                (overlapping if overlaps else others).append(one)
            highest = self.prefers_highest(name, environment)
            return [
                one
                for group in (overlapping, others)
                for one in sorted(group, key=lambda preference: preference.version.key, reverse=highest)
            ]
        return preferences

    def choose(
        self,
        name: PackageName,
        versions: VersionSet,
        tables: Sequence[ListingTable],
        preferences: Sequence[Preference],
        environment: ForkEnvironment,
    ) -> Candidate | None:
        """Return the candidate of *name* to try next within *versions*, or None if there is none.

        *preferences* are tried in their order, see `sort_preferences`.
        The candidate may turn out unusable; the caller records that and asks again.
        """
        if preferences:
            preferred = self._preferred(name, versions, tables, preferences, environment)
            if preferred is not None:
                return preferred
        return self.choose_without_preference(name, versions, tables, environment)

    def choose_without_preference(
        self, name: PackageName, versions: VersionSet, tables: Sequence[ListingTable], environment: ForkEnvironment
    ) -> Candidate | None:
        """Return the first candidate in order; stable versions go before pre-releases if the mode says so."""
        highest = self.prefers_highest(name, environment)
        groups = _groups(tables, merged=self._merge_indexes)
        match self.prerelease_mode(name, environment):
            case PrereleaseMode.ALLOW:
                passes: tuple[bool | None, ...] = (None,)
            case PrereleaseMode.DISALLOW:
                passes = (False,)
            case _:
                passes = (False, True)
        for prereleases in passes:
            for group in groups:
                found = _first_candidate(group, versions, prereleases=prereleases, highest_first=highest)
                if found is not None:
                    return found
        return None

    def _preferred(
        self,
        name: PackageName,
        versions: VersionSet,
        tables: Sequence[ListingTable],
        preferences: Sequence[Preference],
        environment: ForkEnvironment,
    ) -> Candidate | None:
        for preference in preferences:
            version = preference.version
            if version not in versions:
                continue
            if is_prerelease(version) and not self._prerelease_preferred(name, preference, environment):
                continue
            for table in tables:
                place = table.place(version)
                if place is None:
                    continue
                place = _highest_local(table, place, version, versions)
                judgement = table.judgement(place)
                if judgement is not None:
                    return Candidate(table, table.listing.version(place), judgement, Choice.PREFERENCE)
        return None

    def _prerelease_preferred(self, name: PackageName, preference: Preference, environment: ForkEnvironment) -> bool:
        match self.prerelease_mode(name, environment):
            case PrereleaseMode.ALLOW:
                return True
            case PrereleaseMode.DISALLOW:
                return False
            case _:
                return preference.from_lock


def _groups(tables: Sequence[ListingTable], *, merged: bool) -> Sequence[Sequence[ListingTable]]:
    """Return the listings that are chosen among together, the first ones first; flat indexes add to every other one."""
    if merged or len(tables) < 2:
        return (tables,)
    flat = [table for table in tables if table.listing.index.format is IndexFormat.FLAT]
    if not flat:
        return [(table,) for table in tables]
    others = [table for table in tables if table.listing.index.format is not IndexFormat.FLAT]
    return [(*flat, table) for table in others] or (flat,)


def _highest_local(table: ListingTable, place: int, version: Version, versions: VersionSet) -> int:
    """Return the place of the highest local variant of *version* within *versions*, or *place* if there is none."""
    keys = table.keys
    best = place
    for later in range(place + 1, len(keys)):
        other = table.listing.version(later)
        if not other.is_local or other.without_local() != version:
            break
        if versions.contains_key(keys[later]) and table.judgement(later) is not None:
            best = later
    return best


def _first_candidate(
    tables: Sequence[ListingTable], versions: VersionSet, *, prereleases: bool | None, highest_first: bool
) -> Candidate | None:
    """Return the first version that has a file; of equal versions in several tables the first usable one."""
    unusable: Candidate | None = None
    for table, place in _merged_places(tables, versions, highest_first=highest_first):
        version = table.listing.version(place)
        if unusable is not None and version != unusable.version:
            break
        if prereleases is not None and is_prerelease(version) is not prereleases:
            continue
        judgement = table.judgement(place)
        if judgement is None:
            continue
        candidate = Candidate(table, version, judgement, Choice.COMPATIBLE)
        if isinstance(judgement, Usable):
            return candidate
        unusable = unusable or candidate
    return unusable


def _merged_places(
    tables: Sequence[ListingTable], versions: VersionSet, *, highest_first: bool
) -> Iterator[tuple[ListingTable, int]]:
    if len(tables) == 1:
        table = tables[0]
        for place in table.places(versions, highest_first=highest_first):
            yield table, place
        return
    sign = -1 if highest_first else 1
    merged = [
        (sign * table.keys[place], index, place)
        for index, table in enumerate(tables)
        for place in table.places(versions, highest_first=highest_first)
    ]
    merged.sort()
    for _, index, place in merged:
        yield tables[index], place


def is_prerelease(version: Version) -> bool:
    """Return whether *version* is a pre-release or a development release, without taking it apart if it is plain."""
    return not version.text.replace(".", "").isdigit() and version.is_prerelease


def cutoff_for(exclude_newer: ExcludeNewer, name: PackageName, index: Index) -> int | None:
    """Return the moment of `cutoff_of`, in milliseconds since the epoch."""
    cutoff = cutoff_of(exclude_newer, name, index)
    return None if cutoff is None else cutoff.timestamp


def cutoff_of(exclude_newer: ExcludeNewer, name: PackageName, index: Index) -> Cutoff | None:
    """Return the cut-off for *name* from *index*, None if there is none; files of flat indexes have no upload time."""
    if index.format is IndexFormat.FLAT:
        return None
    if name in exclude_newer.packages:
        return exclude_newer.packages[name]
    if index.url in exclude_newer.indexes:
        return exclude_newer.indexes[index.url]
    return exclude_newer.everything


def _tell_of_undated(warn: Callable[[str], None], cutoff: Cutoff, file: File) -> None:
    warn(f"`{file.filename}` is missing an upload date, but user provided: {cutoff.text}")
