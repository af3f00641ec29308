"""Version sets as messages state them: without positions that no user knows, and by the versions that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.standards.positions import Side, decode_position
from mauve.standards.version_sets import EMPTY, FULL, LOWEST, VersionSet
from mauve.standards.versions import after, parse_version, spell, spelling_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from mauve.standards.versions import Key, Version


def exactly(version: Version) -> VersionSet:
    """Return the set of only *version*, in its own spelling."""
    return VersionSet((spell(version.key, version), spell(after(version), version)))


def single_version(versions: VersionSet) -> Version | None:
    """Return the version that *versions* consist of, None if there may be more."""
    if len(versions.cuts) != 2 or versions.cuts[0] == LOWEST:
        return None
    side, version = decode_position(versions.cuts[0])
    if side is not Side.AT or after(version) != versions.cuts[1]:
        return None
    return version


def without_locals(versions: VersionSet) -> VersionSet:
    """Return *versions* with bounds behind local variants moved to the versions themselves."""
    cuts = tuple([_without_locals(cut) for cut in versions.cuts])
    if cuts == versions.cuts:
        return versions
    found = EMPTY
    for start, end in zip(cuts[::2], (*cuts[1::2], None), strict=False):
        if end is None or start < end:
            found |= VersionSet((start,) if end is None else (start, end))
    return found


def _without_locals(cut: Key) -> Key:
    if cut == LOWEST:
        return cut
    side, version = decode_position(cut)
    if side is not Side.AFTER_LOCALS:
        return cut
    return _spelled(after(version), cut)


def _spelled(position: Key, like: Key) -> Key:
    spelling = spelling_of(like)
    return position if spelling is None else spell(position, parse_version(spelling))


def is_only_locals(versions: VersionSet) -> bool:
    """Return whether *versions* are the local variants of versions, without these themselves."""
    for start, end in versions.intervals():
        if start == LOWEST or end is None:
            return False
        side, version = decode_position(start)
        end_side, end_version = decode_position(end)
        if side is not Side.AFTER or end_side is not Side.AFTER_LOCALS or version != end_version:
            return False
    return True


def simplified(versions: VersionSet, available: Sequence[Version], *, prereleases: bool) -> VersionSet:
    """Return a simpler set with the same members among those *available*; *versions* itself if it has none of them.

    Args:
        versions: the set.
        available: ascending.
        prereleases: whether pre-releases count even if no bound of *versions* is one.
    """
    if versions.is_full:
        return versions
    if len(available) == 1 and available[0] in versions:
        return exactly(available[0])
    if single_version(versions) is not None:
        return versions
    counted: Iterable[Version] = available
    if not prereleases and not _names_prerelease(versions):
        counted = [version for version in available if not version.is_prerelease]
    intervals = list(versions.intervals())
    kept: list[Key] = []
    place, is_inside, is_first = 0, False, True
    end: Key | None = None
    for version in counted:
        while place < len(intervals) and not _is_before_end(version, intervals[place][1]):
            place += 1
        is_member = place < len(intervals) and version.key >= intervals[place][0]
        if is_member:
            if not is_inside:
                kept.append(LOWEST if is_first else intervals[place][0])
            end = intervals[place][1]
        elif is_inside and end is not None:
            kept.append(end)
        is_inside, is_first = is_member, False
    return VersionSet(tuple(kept)) if kept else versions


def narrowed(versions: VersionSet, available: Sequence[Version]) -> VersionSet:
    """Return *versions* with bounded ends moved to the versions among those *available* that it holds.

    The set of all of them is the full set; a set of none stays as it is.
    """
    places = [place for place, version in enumerate(available) if version in versions]
    if not places:
        return versions
    if len(places) == len(available):
        return FULL
    found = EMPTY
    for start, end in versions.intervals():
        inside = [v for v in available if start <= v.key and _is_before_end(v, end)]
        if not inside:
            continue
        low = LOWEST if start == LOWEST else spell(inside[0].key, inside[0])
        found |= VersionSet((low,) if end is None else (low, spell(after(inside[-1]), inside[-1])))
    return found


def narrowed_exclusion(versions: VersionSet, available: Sequence[Version]) -> VersionSet:
    """Return what `narrowed` does for versions that cannot be used: nothing is said of versions that do not exist."""
    if len(available) == 1 and available[0] in versions:
        return exactly(available[0])
    known = narrowed(versions, available)
    if known.is_full or not available:
        return known
    first, last = available[0], available[-1]
    clamped = known & VersionSet((spell(first.key, first), spell(after(last), last)))
    return known if clamped.is_empty else clamped


def _is_before_end(version: Version, end: Key | None) -> bool:
    return end is None or version.key < end


def _names_prerelease(versions: VersionSet) -> bool:
    return any(decode_position(cut)[1].is_prerelease for cut in versions.cuts if cut != LOWEST)


def names_prerelease(versions: VersionSet, asked: Container[Key]) -> bool:
    """Return whether a bound is a pre-release that somebody asked for, not one that stands for `==1.*` or `~=1.0`.

    Args:
        versions: a range of a told fact.
        asked: bounds in requirements of the package; others are versions next to which there are none.
    """
    for start, end in versions.intervals():
        lower = None if start == LOWEST else decode_position(start)[1]
        upper = None if end is None else decode_position(end)[1]
        if lower is not None and upper is not None and _is_prefix(start, lower, upper):
            continue
        if lower is not None and lower.is_prerelease and start in asked:
            return True
        if upper is not None and upper.is_prerelease and end in asked and not _is_compatible_limit(end, upper):
            return True
    return False


def _is_prefix(start: Key, lower: Version, upper: Version) -> bool:
    """Return whether the bounds are those of `==X.*`."""
    if decode_position(start)[0] is not Side.AT:
        return False
    for version in (lower, upper):
        if version.pre or version.post is not None or version.local or version.dev != 0:
            return False
    first, second = lower.release, upper.release
    # Positions forget zeros at the end.
    length = max(len(first), len(second))
    padded = [(*release, *(0,) * (length - len(release))) for release in (first, second)]
    for count in range(length, 0, -1):
        if not any(padded[0][count:]) and not any(padded[1][count:]):
            last = count - 1
            if padded[0][:last] == padded[1][:last] and padded[0][last] + 1 == padded[1][last]:
                return True
    return False


def _is_compatible_limit(end: Key | None, upper: Version) -> bool:
    return (
        end is not None
        and decode_position(end)[0] is Side.AT
        and upper.dev == 0
        and not upper.pre
        and upper.post is None
        and not upper.local
    )


def within_available(versions: VersionSet, available: Sequence[Version]) -> VersionSet:
    """Return the complement of a missing range, *versions*, cut down to what a reader needs of those *available*."""
    if not available:
        return EMPTY
    first, last = available[0], available[-1]
    if first == last:
        return exactly(first)
    from_first, to_last = spell(first.key, first), spell(after(last), last)
    whole = VersionSet((from_first, to_last))
    keys = {version.key for version in available}
    found = EMPTY
    for start, end in versions.intervals():
        segment = VersionSet((start,) if end is None else (start, end))
        if segment.is_disjoint(whole):
            continue
        if whole.is_subset(segment):
            if start == LOWEST:
                segment = VersionSet((LOWEST, to_last))
            else:
                segment = VersionSet((from_first,)) if end is None else whole
        else:
            low = start if start == LOWEST else _without_missing_start(start, keys)
            segment = VersionSet((low,) if end is None else (low, _without_missing_end(end, keys)))
            if len(segment.cuts) == 2 and segment.cuts[0] >= segment.cuts[1]:
                continue
        found |= segment
    return found


def _without_missing_start(start: Key, keys: Container[Key]) -> Key:
    """Return a start without its version, if that belongs to the interval and is none of *keys*."""
    side, version = decode_position(start)
    is_included = side in {Side.AT, Side.BEFORE_PRERELEASES}
    return _spelled(after(version), start) if is_included and version.key not in keys else start


def _without_missing_end(end: Key, keys: Container[Key]) -> Key:
    """Return an end without its version, if that belongs to the interval and is none of *keys*."""
    side, version = decode_position(end)
    is_excluded = side in {Side.AT, Side.BEFORE_PRERELEASES}
    return _spelled(version.key, end) if not is_excluded and version.key not in keys else end
