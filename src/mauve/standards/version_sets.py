"""Sets of versions as sorted cuts on the line of `mauve.standards.versions`.

A set is the tuple of positions at which membership flips, starting outside: `(a, b)` holds every
position p with a <= p < b, an odd number of cuts reaches to infinity, and a first cut of `LOWEST`
reaches down from minus infinity. So the complement adds or removes one cut, membership is one
bisection, and equal sets have equal tuples: equality and hashing are exact.

Sets are built from specifiers by `mauve.standards.specifiers`; nothing here reads text.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.standards.versions import after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.standards.versions import Key, Version

LOWEST: Final = 0
"""The position below every version."""


class VersionSet(Struct, frozen=True, cache_hash=True, gc=False):
    """An immutable set of versions; `&`, `|`, `~` and `-` are the set operations.

    Attributes:
        cuts: strictly ascending positions where membership flips; whoever makes a set vouches for the order.
    """

    cuts: tuple[Key, ...]

    def __repr__(self) -> str:
        """Show the cuts."""
        return f"VersionSet({self.cuts!r})"

    def __contains__(self, version: Version) -> bool:
        """Return whether *version* is a member, by one bisection."""
        return bisect_right(self.cuts, version.key) & 1 == 1

    def contains_key(self, key: Key) -> bool:
        """Return whether the version at *key* is a member."""
        return bisect_right(self.cuts, key) & 1 == 1

    def __invert__(self) -> VersionSet:
        """Return the complement."""
        cuts = self.cuts
        return VersionSet(cuts[1:] if cuts and cuts[0] == LOWEST else (LOWEST, *cuts))

    def __and__(self, other: VersionSet) -> VersionSet:
        """Return the intersection, by one merge of the cuts."""
        ours, theirs = self.cuts, other.cuts
        if ours in (_FULL_CUTS, theirs):
            return other
        if theirs == _FULL_CUTS:
            return self
        if not ours or not theirs:
            return EMPTY
        return VersionSet(_merge(ours, theirs, both=True))

    def __or__(self, other: VersionSet) -> VersionSet:
        """Return the union, by one merge of the cuts."""
        ours, theirs = self.cuts, other.cuts
        if not ours or ours == theirs:
            return other
        if not theirs:
            return self
        return VersionSet(_merge(ours, theirs, both=False))

    def __sub__(self, other: VersionSet) -> VersionSet:
        """Return the members that are not in *other*."""
        return self & ~other

    @property
    def is_empty(self) -> bool:
        """Return whether no position is a member."""
        return not self.cuts

    @property
    def is_full(self) -> bool:
        """Return whether every position is a member."""
        return self.cuts == _FULL_CUTS

    def is_subset(self, other: VersionSet) -> bool:
        """Return whether every member is in *other*."""
        ours, theirs = self.cuts, other.cuts
        if len(ours) % 2 and not len(theirs) % 2:
            return False
        for index in range(0, len(ours), 2):
            place = bisect_right(theirs, ours[index])
            if not place & 1:
                return False
            if index + 1 < len(ours):
                if place < len(theirs) and theirs[place] < ours[index + 1]:
                    return False
            elif place < len(theirs):
                return False
        return True

    def is_disjoint(self, other: VersionSet) -> bool:
        """Return whether no position is in both."""
        ours, theirs = self.cuts, other.cuts
        if len(ours) > len(theirs):
            ours, theirs = theirs, ours
        for index in range(0, len(ours), 2):
            place = bisect_right(theirs, ours[index])
            if place & 1:
                return False
            if place < len(theirs) and (index + 1 == len(ours) or theirs[place] < ours[index + 1]):
                return False
        return True

    def overlap(self, other: VersionSet) -> int:
        """Return 1 if every member is in *other*, -1 if none is, 0 if some are. No member is in every set."""
        ours, theirs = self.cuts, other.cuts
        if not ours:
            return 1
        place = bisect_right(theirs, ours[0])
        if place == len(theirs) or (not len(ours) & 1 and ours[-1] <= theirs[place]):
            # From the first member to the last one, *other* goes on as it begins.
            return 1 if place & 1 else -1
        if place & 1:
            return 1 if self.is_subset(other) else 0
        return -1 if self.is_disjoint(other) else 0

    def intervals(self) -> Iterator[tuple[Key, Key | None]]:
        """Yield each maximal interval as its first position and the first one behind it (None = unbounded)."""
        cuts = self.cuts
        for index in range(0, len(cuts), 2):
            yield cuts[index], cuts[index + 1] if index + 1 < len(cuts) else None


def _merge(ours: tuple[Key, ...], theirs: tuple[Key, ...], *, both: bool) -> tuple[Key, ...]:
    """Return the cuts where membership in both (or in either) flips."""
    merged: list[Key] = []
    i = j = 0
    count_ours, count_theirs = len(ours), len(theirs)
    in_ours = in_theirs = inside = False
    while i < count_ours or j < count_theirs:
        if j >= count_theirs or (i < count_ours and ours[i] <= theirs[j]):
            cut = ours[i]
            in_ours = not in_ours
            i += 1
            if j < count_theirs and theirs[j] == cut:
                in_theirs = not in_theirs
                # Equal cuts may be spelled differently; messages show the later one where an interval starts.
                if in_ours:
                    cut = theirs[j]
                j += 1
        else:
            cut = theirs[j]
            in_theirs = not in_theirs
            j += 1
        now = (in_ours and in_theirs) if both else (in_ours or in_theirs)
        if now is not inside:
            inside = now
            merged.append(cut)
    return tuple(merged)


_FULL_CUTS: Final = (LOWEST,)
EMPTY: Final = VersionSet(())
FULL: Final = VersionSet(_FULL_CUTS)


def singleton(version: Version) -> VersionSet:
    """Return the set of exactly *version*, without its local variants."""
    return VersionSet((version.key, after(version)))


def between(start: Key, end: Key | None) -> VersionSet:
    """Return the interval from *start* to *end* (excluded; None = unbounded); empty if they cross."""
    if end is None:
        return VersionSet((start,))
    return VersionSet((start, end)) if start < end else EMPTY
