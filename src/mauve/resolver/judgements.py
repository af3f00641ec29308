"""Which file of a version stands for it, or why none does: judged once for the whole project.

Files of a version are judged when the version is first looked at. Nothing here fetches: listings arrive as values.

Specification: docs/resolution.md "Candidates", PEP 592 (yanked files), PEP 700 (upload times).
"""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.resolver.availability import (
    NoDistributions,
    NoMatchingTag,
    NoUsableSdist,
    NoUsableWheels,
    Yanked,
)
from mauve.standards.filenames import wheel_filename
from mauve.standards.markers.diagram import TRUE
from mauve.standards.markers.python import python_bounds
from mauve.standards.requires_python import lower_position
from mauve.standards.specifiers import readable_specifiers
from mauve.standards.tags import TagMismatch
from mauve.standards.version_sets import LOWEST, VersionSet
from mauve.standards.versions import after, spell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mauve.distributions.files import File, Sdist, Wheel
    from mauve.distributions.listing import Listing, Outline
    from mauve.resolver.availability import UnavailableVersion
    from mauve.resolver.manifest import BuildPolicy
    from mauve.resolver.target import FittingTags
    from mauve.standards.filenames import WheelFilename
    from mauve.standards.libc import Libc
    from mauve.standards.markers.diagram import Marker
    from mauve.standards.names import PackageName
    from mauve.standards.requires_python import RequiresPython
    from mauve.standards.specifiers import Specifiers
    from mauve.standards.versions import Key, Version


_NO_BUILD: Final = (-1, "")
"""Before every build tag."""

_PLAIN: Final = 4
"""Dashes in the name of a wheel without a build tag."""


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
        requires_python: the specifier of the artifact as published.
        files: returns everything inside the cut-off; decoded when asked for, and not kept.
        is_built_anywhere: a source distribution can serve every platform, so that wheels need not be looked at.
    """

    __slots__ = (
        "_artifact",
        "_find_artifact",
        "_find_metadata",
        "_fitting",
        "_libcs",
        "_platforms",
        "_serves_before",
        "files",
        "is_built_anywhere",
        "requires_python",
    )

    def __init__(
        self,
        artifact: Callable[[], Wheel | Sdist],
        metadata_from: Callable[[], Wheel | Sdist] | None,
        files: Callable[[], Inside],
        fitting: Sequence[WheelFilename],
        libcs: Sequence[Libc],
        *,
        requires_python: str | None,
        is_built_anywhere: bool,
    ) -> None:
        """Store what finds the files.

        Args:
            artifact: returns the file that would be installed; most versions are rejected without.
            metadata_from: returns the file whose metadata is read, if that is another one.
            files: returns all.
            fitting: the wheels that may be used, unless it *is_built_anywhere*.
            libcs: the oldest C libraries that have to be served.
            requires_python: of the artifact.
            is_built_anywhere: see the class.
        """
        self._find_artifact = artifact
        self._find_metadata = metadata_from
        self._artifact: Wheel | Sdist | None = None
        self.files = files
        self.requires_python = requires_python
        self.is_built_anywhere = is_built_anywhere
        self._fitting = fitting
        self._libcs = libcs
        self._platforms: Marker | None = None
        self._serves_before: dict[Key, bool] = {}

    @property
    def artifact(self) -> Wheel | Sdist:
        """Return the file that would be installed: a fitting wheel, else the source distribution."""
        if self._artifact is None:
            self._artifact = self._find_artifact()
        return self._artifact

    @property
    def metadata_from(self) -> Wheel | Sdist:
        """Return the file whose metadata is read."""
        return self.artifact if self._find_metadata is None else self._find_metadata()

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
        tags: FittingTags | None = None,
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
            tags: of the one environment that is resolved for.
        """
        self._requires_python = requires_python
        self._libcs = libcs
        self._no_build = policy.forbids_build(name)
        self._no_binary = policy.forbids_wheel(name)
        self._yanked_allowed = frozenset(yanked_allowed)
        self._cutoff = cutoff
        self._undated = undated
        self._tags = tags

    def _fits(self, wheel: WheelFilename) -> bool:
        """Return whether *wheel* can be used somewhere, or in the one environment."""
        if self._tags is not None:
            return self._tags.priority(wheel) is not None
        return self._requires_python.wheel_fits(wheel)

    def _order(self, wheel: WheelFilename) -> tuple[int, tuple[int, str]]:
        """Return what makes *wheel* better than another one of its version."""
        rank = 0 if self._tags is None else -(self._tags.priority(wheel) or 0)
        return rank, wheel.build or _NO_BUILD

    def is_early(self, listing: Listing, place: int) -> bool:
        """Return whether the version at *place* is known, without decoding, to have a file inside the cut-off."""
        if self._cutoff is None:
            return True
        earliest = listing.earliest_upload(place)
        return earliest is not None and earliest < self._cutoff

    def judge(self, listing: Listing, place: int) -> Usable | Unusable | None:
        """Return the judgement on the version at *place*; None if it has no file inside the cut-off."""
        if self._cutoff is not None:
            earliest = listing.earliest_upload(place)
            if earliest is not None and earliest >= self._cutoff:
                return None
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
        fits = self._fits
        best: tuple[tuple[int, tuple[int, str]], int] | None = None
        first: int | None = None
        for place, text in enumerate(outline.wheels):
            # Without a build tag it is no better than one that was found.
            if best is None or self._tags is not None or text.count("-") > _PLAIN:
                filename = wheel_filename(text)
                if filename is None:
                    continue
                first = place if first is None else first
                order = self._order(filename)
                if (best is None or order > best[0]) and fits(filename):
                    best = order, place
        can_build = outline.sdist is not None and not self._no_build and outline.sdist.is_standard
        artifact: Callable[[], Wheel | Sdist]
        metadata_from: Callable[[], Wheel] | None = None
        if best is not None:
            artifact = partial(outline.wheel, best[1])
        elif can_build:
            source = files().sdist
            if source is None:
                return None
            artifact = partial(_same, source)
            metadata_from = None if first is None else partial(outline.wheel, first)
        else:
            return None
        is_specific = self._tags is not None
        fitting = (
            ()
            if can_build or is_specific
            else [name for name in map(wheel_filename, outline.wheels) if name is not None and fits(name)]
        )
        return Usable(
            artifact,
            metadata_from,
            files,
            fitting,
            self._libcs,
            requires_python=outline.requires_python,
            is_built_anywhere=can_build or is_specific,
        )

    def _choose(self, wheels: tuple[Wheel, ...], sdists: Sequence[Sdist], *, heed_yanks: bool) -> Usable | Unusable:
        fits = self._fits
        fitting = () if self._no_binary else [w for w in wheels if not (heed_yanks and w.file.yanked is not None)]
        best: Wheel | None = None
        for wheel in fitting:
            filename = wheel.filename
            if (best is None or self._order(filename) > self._order(best.filename)) and fits(filename):
                best = wheel
        sdist = _best_sdist(sdists, heed_yanks=heed_yanks)
        source = sdist if sdist is not None and self._can_build(sdist, heed_yanks=heed_yanks) else None
        artifact = best or source
        if artifact is None:
            return Unusable(self._reason(wheels, sdist, heed_yanks=heed_yanks))
        first = best or (wheels[0] if wheels else artifact)
        return Usable(
            partial(_same, artifact),
            partial(_same, first),
            lambda: Inside(sdist, wheels),
            [wheel.filename for wheel in fitting if fits(wheel.filename)] if source is None else (),
            self._libcs,
            requires_python=artifact.file.requires_python,
            is_built_anywhere=source is not None or self._tags is not None,
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
            if self._no_build:
                return NoUsableWheels()
            if heed_yanks and sdist.file.yanked is not None:
                return Yanked(sdist.file.yanked)
        if self._no_binary and wheels:
            return NoUsableSdist()
        if heed_yanks:
            for wheel in wheels:
                if wheel.file.yanked is not None:
                    return Yanked(wheel.file.yanked)
        if not wheels:
            return NoDistributions()
        return NoMatchingTag() if self._tags is None else _missing_tag([each.filename for each in wheels], self._tags)


def _missing_tag(wheels: Sequence[WheelFilename], tags: FittingTags) -> NoMatchingTag:
    """Return what keeps all of *wheels* from an environment with *tags*: what those that come nearest lack."""
    mismatch = max([tags.mismatch(wheel) or TagMismatch.PLATFORM for wheel in wheels])
    match mismatch:
        case TagMismatch.PYTHON:
            return NoMatchingTag(mismatch, tags.python_tag)
        case TagMismatch.ABI:
            return NoMatchingTag(mismatch, tags.abi_tag)
        case TagMismatch.PLATFORM:
            return NoMatchingTag(mismatch, tags.platform_tag)


def _same(file: Wheel | Sdist) -> Wheel | Sdist:
    return file


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


_oldest: dict[str | None, tuple[Key, Specifiers | None]] = {}
"""By what versions say of Python: the oldest one that they run on."""


def newer_python(judgement: Usable, requires_python: RequiresPython) -> Specifiers | None:
    """Return which Python a version needs if that is newer than the oldest one of *requires_python*."""
    text = judgement.requires_python
    known = _oldest.get(text)
    if known is None:
        needed = readable_specifiers(text)
        known = _oldest[text] = LOWEST if needed is None else lower_position(needed), needed
    return None if known[0] <= requires_python.lower_position else known[1]
