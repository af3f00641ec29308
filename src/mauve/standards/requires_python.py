"""The Python versions of a project, as a range over releases.

Only the release part of a version counts (`>=3.12.0rc1` is `>=3.12.0`): a pre-release interpreter belongs to the
release it leads to. Most questions look at the outer bounds alone; holes (`!=3.9.*`) show in the text.

Specification: docs/resolution.md "Versions", docs/lockfile.md "requires-python".
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.standards.markers import python as python_markers
from mauve.standards.markers.diagram import TRUE, Marker
from mauve.standards.range_text import version_text
from mauve.standards.specifiers import NO_SPECIFIERS, Operator, Specifier, Specifiers
from mauve.standards.version_sets import FULL, LOWEST, VersionSet, between
from mauve.standards.versions import Version, after, parse_version, release_version, spell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.standards.filenames import WheelFilename
    from mauve.standards.versions import Key

_NO_MINOR: Final = (0, 0)
_EVERY_MINOR: Final = (1 << 30, 0)


class RequiresPython(Struct, frozen=True):
    """A range of Python releases.

    Attributes:
        specifiers: rebuilt from the range, so that redundant clauses are gone; by version.
        bounds: the outer bounds as one interval of releases.
        versions: the releases themselves, holes left out.
        lower: the version of the lower bound, None if there is none.
        upper: the version of the upper bound, None if there is none.
        first_minor: major and minor of the lower bound.
        minor_limit: the first major and minor behind the upper bound.
    """

    specifiers: Specifiers = NO_SPECIFIERS
    bounds: VersionSet = FULL
    versions: VersionSet = FULL
    lower: Version | None = None
    upper: Version | None = None
    first_minor: tuple[int, int] = _NO_MINOR
    minor_limit: tuple[int, int] = _EVERY_MINOR

    def __str__(self) -> str:
        """Return the text of the lockfile and of messages, clauses joined by a comma and a blank."""
        return str(self.specifiers)

    def lock_text(self) -> str:
        """Return the value of `requires-python` in uv.lock."""
        return str(self.specifiers)

    @staticmethod
    def from_specifiers(specifiers: Specifiers) -> RequiresPython | None:
        """Return the range that *specifiers* describe, None if it is empty."""
        return RequiresPython.intersection((specifiers,))

    @staticmethod
    def intersection(several: Iterable[Specifiers]) -> RequiresPython | None:
        """Return the range that all of *several* allow, None if it is empty."""
        ranges = _Ranges()
        for specifiers in several:
            for specifier in specifiers.specifiers:
                ranges.add(specifier)
        return None if ranges.versions.is_empty else ranges.build()

    @property
    def lower_position(self) -> Key:
        """Return the position of the lower bound."""
        return self.bounds.cuts[0]

    def contains(self, version: Version) -> bool:
        """Return whether an interpreter of *version* is in the range; a pre-release counts as its release."""
        return release_version(version.release, version.epoch) in self.versions

    def marker(self) -> Marker:
        """Return the outer bounds as a marker."""
        return python_markers.complexify(TRUE, self.bounds)

    def simplify(self, marker: Marker) -> Marker:
        """Return *marker* without what the bounds imply."""
        return python_markers.simplify(marker, self.bounds)

    def complexify(self, marker: Marker) -> Marker:
        """Return *marker* within the bounds."""
        return python_markers.complexify(marker, self.bounds)

    def contains_lower_of(self, specifiers: Specifiers) -> bool:
        """Return whether *specifiers* do not demand a newer Python than this range starts with."""
        return lower_position(specifiers) <= self.bounds.cuts[0]

    def narrow(self, marker: Marker) -> RequiresPython | None:
        """Return this range cut down to the Pythons for which *marker* can hold, None if that changes nothing."""
        bounds = self.bounds & python_markers.python_bounds(marker)
        if bounds == self.bounds or bounds.is_empty:
            return None
        return from_bounds(bounds)

    def wheel_fits(self, wheel: WheelFilename) -> bool:
        """Return whether some Python in the range could use *wheel*, going by its python and ABI tags."""
        key = (self.first_minor, self.minor_limit, wheel.python_tags, wheel.abi_tags)
        known = _fits.get(key)
        if known is None:
            known = _fits[key] = _any_tag_fits(*key)
        return known


class _Ranges:
    """Intersects clauses and remembers how their bounds are spelled.

    Of equal lower bounds the last spelling counts, of equal upper bounds the first, as in uv.
    """

    def __init__(self) -> None:
        self.versions = FULL
        self._lower: dict[Key, Version] = {}
        self._upper: dict[Key, Version] = {}

    def add(self, specifier: Specifier) -> None:
        """Allow only what *specifier* allows."""
        version = release_version(specifier.version.release, specifier.version.epoch)
        at, behind = spell(version.key, version), spell(after(version), version)
        match specifier.operator:
            case Operator.GREATER_THAN_EQUAL:
                self._keep(at, version, None, None)
            case Operator.GREATER_THAN:
                self._keep(behind, version, None, None)
            case Operator.LESS_THAN:
                self._keep(LOWEST, None, at, version)
            case Operator.LESS_THAN_EQUAL:
                self._keep(LOWEST, None, behind, version)
            case Operator.EQUAL | Operator.EXACT_EQUAL:
                self._keep(at, version, behind, version)
            case Operator.NOT_EQUAL:
                self._drop(at, version, behind, version)
            case Operator.EQUAL_STAR:
                end = _next(version.release, version.epoch)
                self._keep(at, version, end.key, end)
            case Operator.NOT_EQUAL_STAR:
                end = _next(version.release, version.epoch)
                self._drop(at, version, end.key, end)
            case Operator.TILDE_EQUAL:
                end = _next(version.release[:-1], version.epoch)
                self._keep(at, version, end.key, end)

    def _keep(self, start: Key, lower: Version | None, end: Key | None, upper: Version | None) -> None:
        if lower is not None:
            self._lower[start] = lower
        if end is not None and upper is not None:
            self._upper.setdefault(end, upper)
        self.versions &= between(start, end)

    def _drop(self, start: Key, lower: Version, end: Key, upper: Version) -> None:
        self._upper.setdefault(start, lower)
        self._lower[end] = upper
        self.versions &= ~between(start, end)

    def build(self) -> RequiresPython:
        """Return the range."""
        intervals = list(self.versions.intervals())
        start, end = intervals[0][0], intervals[-1][1]
        lower = None if start == LOWEST else self._lower[start]
        upper = None if end is None else self._upper[end]
        clauses = _bound_clauses(lower, start, upper, end)
        for (_, hole), (next_start, _) in pairwise(intervals):
            if hole is not None:
                behind = self._lower[next_start]
                clauses += _hole_clauses(self._upper[hole], behind, includes_behind=next_start == behind.key)
        clauses.sort(key=_position)
        return _describe(Specifiers(tuple(clauses)), self.versions, lower, upper)


def from_bounds(bounds: VersionSet) -> RequiresPython:
    """Return the range of one interval of releases, spelled as recorded."""
    cuts = bounds.cuts
    lower = None if cuts[0] == LOWEST else parse_version(version_text(cuts[0]))
    upper = parse_version(version_text(cuts[1])) if len(cuts) > 1 else None
    clauses = _bound_clauses(lower, cuts[0], upper, cuts[1] if len(cuts) > 1 else None)
    return _describe(Specifiers(tuple(clauses)), bounds, lower, upper)


def _describe(
    specifiers: Specifiers, versions: VersionSet, lower: Version | None, upper: Version | None
) -> RequiresPython:
    cuts = versions.cuts
    bounds = VersionSet((cuts[0], cuts[-1])) if len(cuts) % 2 == 0 else VersionSet(cuts[:1])
    return RequiresPython(
        specifiers,
        bounds,
        versions,
        lower,
        upper,
        _NO_MINOR if lower is None else _minor(lower),
        _EVERY_MINOR if upper is None else _minor_behind(upper, included=cuts[-1] != upper.key),
    )


def _position(specifier: Specifier) -> Key:
    return specifier.version.key


def _next(release: tuple[int, ...], epoch: int) -> Version:
    return release_version((*release[:-1], release[-1] + 1), epoch)


def _trimmed(version: Version) -> tuple[int, ...]:
    release = version.release
    length = len(release)
    while length > 1 and release[length - 1] == 0:
        length -= 1
    return release[:length]


def _minor(version: Version) -> tuple[int, int]:
    release = version.release
    return release[0], release[1] if len(release) > 1 else 0


def _minor_behind(upper: Version, *, included: bool) -> tuple[int, int]:
    major, minor = _minor(upper)
    return (major, minor + 1) if included or len(_trimmed(upper)) > 2 else (major, minor)


def _only_minor(lower: Version, upper: Version) -> tuple[int, int] | None:
    """Return X.Y if the range from *lower* up to *upper* is all of X.Y and nothing else."""
    start, end = _trimmed(lower), _trimmed(upper)
    major, minor = _minor(lower)
    if len(start) <= 2 and end == (major, minor + 1):
        return major, minor
    return None


def _bound_clauses(lower: Version | None, start: Key, upper: Version | None, end: Key | None) -> list[Specifier]:
    """Return the one or two clauses of an interval: `==3.11.*` and `==3.11.7` are preferred to two."""
    if lower is not None and upper is not None and start == lower.key:
        if end != upper.key:
            if lower == upper:
                return [Specifier(Operator.EQUAL, lower)]
        else:
            minor = _only_minor(lower, upper)
            if minor is not None:
                return [Specifier(Operator.EQUAL_STAR, release_version(minor))]
    clauses: list[Specifier] = []
    if lower is not None:
        operator = Operator.GREATER_THAN_EQUAL if start == lower.key else Operator.GREATER_THAN
        clauses.append(Specifier(operator, lower))
    if upper is not None:
        operator = Operator.LESS_THAN if end == upper.key else Operator.LESS_THAN_EQUAL
        clauses.append(Specifier(operator, upper))
    return clauses


def _hole_clauses(before: Version, behind: Version, *, includes_behind: bool) -> list[Specifier]:
    """Return `!=X.Y.Z` or a `!=X.Y.*` per minor for the releases from *before* up to *behind*.

    A hole of another shape cannot be written and is left out, as in uv.
    """
    if before == behind:
        return [Specifier(Operator.NOT_EQUAL, before)]
    start, end = _trimmed(before), _trimmed(behind)
    if not includes_behind or len(start) > 2 or len(end) > 2 or start[0] != end[0]:
        return []
    first, last = _minor(before)[1], _minor(behind)[1]
    return [Specifier(Operator.NOT_EQUAL_STAR, release_version((start[0], minor))) for minor in range(first, last)]


_lowers: dict[Specifiers, Key] = {}
_releases: dict[Specifiers, VersionSet] = {}


def release_set(specifiers: Specifiers) -> VersionSet:
    """Return the releases that *specifiers* allow, every version reduced to its release part."""
    known = _releases.get(specifiers)
    if known is None:
        ranges = _Ranges()
        for specifier in specifiers.specifiers:
            ranges.add(specifier)
        known = _releases[specifiers] = ranges.versions
    return known


def lower_position(specifiers: Specifiers) -> Key:
    """Return the position of the lowest release that *specifiers* allow, `LOWEST` if there is no such bound."""
    known = _lowers.get(specifiers)
    if known is None:
        cuts = release_set(specifiers).cuts
        known = _lowers[specifiers] = cuts[0] if cuts else LOWEST
    return known


_fits: dict[tuple[tuple[int, int], tuple[int, int], tuple[str, ...], tuple[str, ...]], bool] = {}


def _any_tag_fits(
    first: tuple[int, int], limit: tuple[int, int], python_tags: tuple[str, ...], abi_tags: tuple[str, ...]
) -> bool:
    for abi in abi_tags:
        if abi in {"abi3", "abi3t"}:
            return True
        if abi == "none":
            if any(_python_tag_fits(tag, first, limit) for tag in python_tags):
                return True
        elif _abi_tag_fits(abi, first, limit):
            return True
    return False


def _tag_version(tag: str, prefix: str) -> tuple[int, int | None] | None:
    """Return major and minor of a tag like `cp310`, None if it is not *prefix* followed by digits."""
    digits = tag[len(prefix) :]
    if not tag.startswith(prefix) or not digits.isdecimal():
        return None
    return int(digits[0]), int(digits[1:]) if len(digits) > 1 else None


def _python_tag_fits(tag: str, first: tuple[int, int], limit: tuple[int, int]) -> bool:
    generic = _tag_version(tag, "py")
    if generic is not None:
        major, minor = generic
        return major != 2 and (minor is None or (major, minor) < limit)
    for prefix in ("cp", "pp", "graalpy", "pyston"):
        version = _tag_version(tag, prefix)
        if version is not None:
            major, minor = version
            return major != 2 and (minor is None or first <= (major, minor) < limit)
    return True


def _abi_tag_fits(tag: str, first: tuple[int, int], limit: tuple[int, int]) -> bool:
    head, _, rest = tag.partition("_")
    if head.startswith("graalpy"):
        # Its own version comes first: `graalpy242_311_native` is for Python 3.11.
        python = _tag_version(f"graalpy{rest.partition('_')[0]}", "graalpy")
        if python is None or python[0] != first[0] or python[1] is None:
            return python is None or python[0] != 2
        return first <= (python[0], python[1]) < limit
    for prefix in ("cp", "pypy", "pyston"):
        if head.startswith(prefix):
            version = _tag_version(head.rstrip("abcdefghijklmnopqrstuvwxyz"), prefix)
            if version is not None:
                major, minor = version
                return major != 2 and (minor is None or first <= (major, minor) < limit)
    return True
