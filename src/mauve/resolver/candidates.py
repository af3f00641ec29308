"""Which version of a package to try next, and which of its files stands for it.

Versions are looked at in order of preference within a range; files of a version are judged when the version is
first looked at, and the judgement is kept for all forks, since it depends on the whole project only. Nothing here
fetches: listings arrive as values.

Specification: docs/resolution.md "Candidates", PEP 592 (yanked files), PEP 700 (upload times).
"""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.distributions.index import IndexFormat
from mauve.distributions.listing import EarlierListing
from mauve.enumerations import Enum
from mauve.resolver.availability import (
    NoDistributions,
    NoMatchingTag,
    NoUsableSdist,
    NoUsableWheels,
    Yanked,
)
from mauve.resolver.manifest import PrereleaseMode, ResolutionMode
from mauve.standards.filenames import parse_wheel_filename
from mauve.standards.markers.diagram import TRUE
from mauve.standards.markers.python import python_bounds
from mauve.standards.version_sets import LOWEST, VersionSet
from mauve.standards.versions import after, spell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mauve.distributions.files import File, Sdist, Wheel
    from mauve.distributions.index import Index
    from mauve.distributions.listing import Listing, Outline
    from mauve.resolver.availability import UnavailableVersion
    from mauve.resolver.environments import ForkEnvironment
    from mauve.resolver.first_party import FirstParty
    from mauve.resolver.manifest import BuildPolicy, ExcludeNewer, Manifest
    from mauve.resolver.preferences import Preference
    from mauve.resolver.reporter import ResolverReporter
    from mauve.standards.cutoffs import Cutoff
    from mauve.standards.filenames import WheelFilename
    from mauve.standards.libc import Libc
    from mauve.standards.markers.diagram import Marker
    from mauve.standards.names import PackageName
    from mauve.standards.requires_python import RequiresPython
    from mauve.standards.versions import Key, Version


_NO_BUILD: Final = (-1, "")
"""Before every build tag."""

_PLAIN: Final = 4
"""Dashes in the name of a wheel without a build tag."""


class Choice(Enum):
    """Why a version was looked at."""

    PREFERENCE = "preference"
    COMPATIBLE = "compatible"


class Inside(Struct, frozen=True):
    """The files of a version inside the cut-off.

    Attributes:
        sdist: the best source distribution, usable or not.
        wheels: sorted by file name.
    """

    sdist: Sdist | None
    wheels: tuple[Wheel, ...]


class Usable:
    """The judgement on a version that can be installed.

    Attributes:
        metadata_from: the file whose metadata is read.
        artifact: the file that would be installed: a fitting wheel, else the source distribution.
        files: returns everything inside the cut-off; decoded when asked for, and not kept.
        is_built_anywhere: a source distribution can serve every platform, so that wheels need not be looked at.
    """

    __slots__ = (
        "_fitting",
        "_libcs",
        "_platforms",
        "_serves_before",
        "artifact",
        "files",
        "is_built_anywhere",
        "metadata_from",
    )

    def __init__(
        self,
        artifact: Wheel | Sdist,
        metadata_from: Wheel | Sdist,
        files: Callable[[], Inside],
        fitting: Sequence[WheelFilename],
        libcs: Sequence[Libc],
        *,
        is_built_anywhere: bool,
    ) -> None:
        """Store the files; *fitting* are the wheels that may be used, unless it *is_built_anywhere*."""
        self.artifact = artifact
        self.metadata_from = metadata_from
        self.files = files
        self.is_built_anywhere = is_built_anywhere
        self._fitting = fitting
        self._libcs = libcs
        self._platforms: Marker | None = None
        self._serves_before: dict[Key, bool] = {}

    @property
    def requires_python(self) -> str | None:
        """Return the specifier of the artifact as published."""
        return self.artifact.file.requires_python

    def serves_before(self, python: Key) -> bool:
        """Return whether a Python older than the one at position *python* could use this version."""
        if self.is_built_anywhere:
            return True
        known = self._serves_before.get(python)
        if known is None:
            from mauve.standards.platforms import wheel_marker

            known = self._serves_before[python] = any(
                python_bounds(wheel_marker(filename)).cuts[:1] < (python,) for filename in self._fitting
            )
        return known

    def platforms(self) -> Marker:
        """Return where the version can be installed."""
        if self._platforms is None:
            if self.is_built_anywhere:
                self._platforms = TRUE
            else:
                from mauve.standards.platforms import covered_environments

                self._platforms = covered_environments(self._fitting, self._libcs)
        return self._platforms


class Unusable:
    """The judgement on a version that cannot be installed, with the files it has."""

    __slots__ = ("reason",)

    def __init__(self, reason: UnavailableVersion) -> None:
        """Store the *reason*."""
        self.reason = reason


class Candidate:
    """A version that may be tried."""

    __slots__ = ("choice", "judgement", "table", "version")

    def __init__(self, table: ListingTable, version: Version, judgement: Usable | Unusable, choice: Choice) -> None:
        """Store the parts."""
        self.table = table
        self.version = version
        self.judgement = judgement
        self.choice = choice


class ListingTable:
    """One listing with the judgements on its versions.

    Attributes:
        keys: positions of the versions, ascending; some may have no file inside the cut-off.
    """

    __slots__ = ("_judge", "_judgements", "_widened", "keys", "listing")

    def __init__(self, listing: Listing, judge: FileJudge) -> None:
        """Judge the versions of *listing* by *judge*."""
        self.listing = listing
        self.keys: Sequence[Key] = listing.keys
        self._judge = judge
        self._judgements: dict[int, Usable | Unusable | None] = {}
        self._widened: dict[int, VersionSet] = {}

    def judgement(self, place: int) -> Usable | Unusable | None:
        """Return the judgement on the version at *place*; None if it has no file inside the cut-off."""
        if place not in self._judgements:
            self._judgements[place] = self._judge.judge(self.listing, place)
        return self._judgements[place]

    def exists(self, place: int) -> bool:
        """Return whether the version at *place* has a file inside the cut-off; files are decoded only if need be."""
        if place in self._judgements:
            return self._judgements[place] is not None
        return self._judge.is_early(self.listing, place) or self.judgement(place) is not None

    def place(self, version: Version) -> int | None:
        """Return the place of *version*, None if the listing does not have it."""
        keys = self.keys
        place = bisect_left(keys, version.key)
        return place if place < len(keys) and keys[place] == version.key else None

    def places(self, versions: VersionSet, *, highest_first: bool) -> Iterator[int]:
        """Yield the places of the versions within *versions*."""
        keys = self.keys
        intervals = list(versions.intervals())
        for start, end in reversed(intervals) if highest_first else intervals:
            low = bisect_left(keys, start)
            high = len(keys) if end is None else bisect_left(keys, end)
            yield from range(high - 1, low - 1, -1) if highest_first else range(low, high)

    def widened(self, version: Version) -> VersionSet:
        """Return the set of *version* and everything up to, but without, its neighbours in the listing.

        No other version is in it, so it may stand for *version*; sets of neighbours meet, which keeps unions short.
        """
        keys = self.keys
        place = bisect_left(keys, version.key)
        known = self._widened.get(place)
        if known is None:
            known = self._widened[place] = self._between_neighbours(place)
        return known

    def _between_neighbours(self, place: int) -> VersionSet:
        keys = self.keys
        below, above = place - 1, place + 1
        # Versions without a file inside the cut-off do not exist.
        while below >= 0 and not self.exists(below):
            below -= 1
        while above < len(keys) and not self.exists(above):
            above += 1
        start: Key = LOWEST
        if below >= 0:
            neighbour = self.listing.version(below)
            start = spell(after(neighbour), neighbour)
        if above < len(keys):
            return VersionSet((start, spell(keys[above], self.listing.version(above))))
        return VersionSet((start,))


class FileJudge:
    """Judges the files of versions of one name in one index, for the whole project."""

    def __init__(
        self,
        requires_python: RequiresPython,
        policy: BuildPolicy,
        libcs: Sequence[Libc],
        yanked_allowed: Iterable[Version],
        cutoff: int | None,
        name: PackageName,
        undated: Callable[[File], None] | None = None,
    ) -> None:
        """Set the rules.

        Args:
            requires_python: of the project, not of a fork.
            policy: which kinds of files are allowed.
            libcs: the oldest C libraries that have to be served.
            yanked_allowed: versions of *name* that may be used although they were yanked.
            cutoff: files uploaded from then on do not exist; milliseconds since the epoch, UTC.
            name: of the package.
            undated: is told of files that do not say when they were uploaded, where that counts.
        """
        self._requires_python = requires_python
        self._libcs = libcs
        self._no_build = policy.forbids_build(name)
        self._no_binary = policy.forbids_wheel(name)
        self._yanked_allowed = frozenset(yanked_allowed)
        self._cutoff = cutoff
        self._undated = undated

    def is_early(self, listing: Listing, place: int) -> bool:
        """Return whether the version at *place* is known, without decoding, to have a file inside the cut-off."""
        if self._cutoff is None:
            return True
        earliest = listing.earliest_upload(place)
        return earliest is not None and earliest < self._cutoff

    def judge(self, listing: Listing, place: int) -> Usable | Unusable | None:
        """Return the judgement on the version at *place*; None if it has no file inside the cut-off."""
        outline = None if self._no_binary else listing.outline(place, self._cutoff)
        if outline is not None:
            if not outline.wheels and outline.sdist is None:
                return None
            usable = self._judge_names(outline, partial(self._inside, listing, place))
            if usable is not None:
                return usable
        sdists, wheels = self._early(listing, place)
        if self._cutoff is not None and self._undated is not None:
            files = listing.files(place)
            for file in (*[sdist.file for sdist in files.sdists], *[wheel.file for wheel in files.wheels]):
                if file.upload_time is None:
                    self._undated(file)
        if not wheels and not sdists:
            return None
        yanks = any(wheel.file.yanked is not None for wheel in wheels) or any(
            sdist.file.yanked is not None for sdist in sdists
        )
        if yanks and listing.version(place) in self._yanked_allowed:
            yanks = False
        return self._choose(tuple(wheels), sdists, heed_yanks=yanks)

    def _early(self, listing: Listing, place: int) -> tuple[Sequence[Sdist], list[Wheel]]:
        """Return the files inside the cut-off of the version at *place*, wheels sorted by file name."""
        files, cutoff = listing.files(place), self._cutoff
        sdists: Sequence[Sdist] = files.sdists
        wheels: Iterable[Wheel] = files.wheels
        if cutoff is not None:
            sdists = [sdist for sdist in sdists if _is_before(sdist.file, cutoff)]
            wheels = [wheel for wheel in wheels if _is_before(wheel.file, cutoff)]
        # Wheels of one version may disagree about their requirements; like uv, the first by name speaks for all.
        return sdists, sorted(wheels, key=_filename)

    def _inside(self, listing: Listing, place: int) -> Inside:
        """Return the files of the version at *place*, none of which was yanked."""
        sdists, wheels = self._early(listing, place)
        return Inside(_best_sdist(sdists, heed_yanks=False), tuple(wheels))

    def _judge_names(self, outline: Outline, files: Callable[[], Inside]) -> Usable | None:
        """Return the judgement on a version with the files in *outline*; None if it cannot be used."""
        fits = self._requires_python.wheel_fits
        best: tuple[tuple[int, str], int] | None = None
        for place, text in enumerate(outline.wheels):
            # Without a build tag it is no better than one that was found.
            if best is None or text.count("-") > _PLAIN:
                filename = parse_wheel_filename(text)
                order = filename.build or _NO_BUILD
                if (best is None or (filename.build is not None and order > best[0])) and fits(filename):
                    best = order, place
        can_build = outline.sdist is not None and not self._no_build and outline.sdist.is_standard
        artifact: Wheel | Sdist
        metadata_from: Wheel | Sdist
        if best is not None:
            artifact = metadata_from = outline.wheel(best[1])
        elif can_build:
            source = files().sdist
            if source is None:
                return None
            artifact = source
            metadata_from = outline.wheel(0) if outline.wheels else artifact
        else:
            return None
        fitting = () if can_build else [name for name in map(parse_wheel_filename, outline.wheels) if fits(name)]
        return Usable(artifact, metadata_from, files, fitting, self._libcs, is_built_anywhere=can_build)

    def _choose(self, wheels: tuple[Wheel, ...], sdists: Sequence[Sdist], *, heed_yanks: bool) -> Usable | Unusable:
        fits = self._requires_python.wheel_fits
        fitting = () if self._no_binary else [w for w in wheels if not (heed_yanks and w.file.yanked is not None)]
        best: Wheel | None = None
        for wheel in fitting:
            build = wheel.filename.build
            if (best is None or (build is not None and build > (best.filename.build or _NO_BUILD))) and fits(
                wheel.filename
            ):
                best = wheel
        sdist = _best_sdist(sdists, heed_yanks=heed_yanks)
        source = sdist if sdist is not None and self._can_build(sdist, heed_yanks=heed_yanks) else None
        artifact = best or source
        if artifact is None:
            return Unusable(self._reason(wheels, sdist, heed_yanks=heed_yanks))
        return Usable(
            artifact,
            best or (wheels[0] if wheels else artifact),
            lambda: Inside(sdist, wheels),
            [wheel.filename for wheel in fitting if fits(wheel.filename)] if source is None else (),
            self._libcs,
            is_built_anywhere=source is not None,
        )

    def _can_build(self, sdist: Sdist, *, heed_yanks: bool) -> bool:
        return not (
            self._no_build
            or (heed_yanks and sdist.file.yanked is not None)
            or sdist.filename is None
            or not sdist.filename.is_standard
        )

    def _reason(self, wheels: Sequence[Wheel], sdist: Sdist | None, *, heed_yanks: bool) -> UnavailableVersion:
        """Return why nothing can be used; a source distribution speaks before the wheels."""
        if sdist is not None:
            if self._no_build and not (wheels and self._no_binary):
                return NoUsableWheels()
            if heed_yanks and sdist.file.yanked is not None:
                return Yanked(sdist.file.yanked)
        if self._no_binary and wheels:
            return NoUsableSdist()
        if heed_yanks:
            for wheel in wheels:
                if wheel.file.yanked is not None:
                    return Yanked(wheel.file.yanked)
        return NoMatchingTag() if wheels else NoDistributions()


def _filename(wheel: Wheel) -> str:
    return wheel.file.filename


def _is_before(file: File, cutoff: int) -> bool:
    return file.upload_time is not None and file.upload_time < cutoff


def _best_sdist(sdists: Sequence[Sdist], *, heed_yanks: bool) -> Sdist | None:
    best: Sdist | None = None
    for sdist in sdists:
        if (
            best is None
            or (best.filename is None and sdist.filename is not None)
            or (heed_yanks and best.file.yanked is not None and sdist.file.yanked is None)
        ):
            best = sdist
    return best


class CandidateSelector:
    """Chooses versions for one manifest."""

    def __init__(self, manifest: Manifest, first_party: FirstParty, reporter: ResolverReporter | None = None) -> None:
        """Set the rules of *manifest*; the *reporter* is called in the thread that chooses."""
        self._reporter = reporter
        self._options = manifest.options
        self._requires_python = manifest.requires_python
        self._first_party = first_party
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
        judge = FileJudge(self._requires_python, options.build, options.minimum_libc, allowed, moment, name, undated)
        return ListingTable(listing, judge)

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
        groups = [tables] if self._merge_indexes and len(tables) > 1 else [(table,) for table in tables]
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
