"""Fetching the metadata of many versions at once, for packages of which many versions are tried.

A package whose versions are rejected one by one would cost a round trip each. So when five, ten, twenty, and then
every twenty more of its versions were tried, the metadata of as many of those that would come next is asked for
(docs/resolution.md). This changes when something is asked, never what is chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.resolver.judgements import Usable
from mauve.standards.version_sets import LOWEST, between
from mauve.standards.versions import after

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mauve.resolver.candidates import Candidate, CandidateSelector
    from mauve.resolver.environments import ForkEnvironment
    from mauve.resolver.judgements import ListingTable
    from mauve.standards.names import PackageName
    from mauve.standards.version_sets import VersionSet
    from mauve.standards.versions import Version

_FIRST: Final = (5, 10, 20)
_EVERY: Final = 20
_MOST: Final = 50


class TriedVersions:
    """How many versions of each package were tried."""

    def __init__(self) -> None:
        """Start with none."""
        self._tried: dict[PackageName, set[Version]] = {}

    def note(self, name: PackageName, version: Version) -> int:
        """Note that *version* of *name* is tried; return how many versions should be asked for now, mostly none."""
        tried = self._tried.setdefault(name, set())
        if version in tried:
            return 0
        tried.add(version)
        count = len(tried)
        if count in _FIRST or (count > _FIRST[-1] and count % _EVERY == 0):
            return min(count, _MOST)
        return 0


def next_candidates(
    selector: CandidateSelector,
    candidate: Candidate,
    ranges: Iterable[VersionSet],
    tables: tuple[ListingTable, ...],
    environment: ForkEnvironment,
) -> Iterator[Candidate]:
    """Yield the candidates that would be tried after *candidate*.

    First those in the first of *ranges*, its own, in order of preference; then those in the next one that lie beyond,
    since what rejects it may well widen its range.
    """
    name = candidate.table.listing.name
    highest_first = selector.prefers_highest(name, environment)
    seen = candidate
    for remaining in ranges:
        while True:
            key = seen.version.key
            beyond = between(LOWEST, key) if highest_first else between(after(seen.version), None)
            found = selector.choose_without_preference(name, remaining & beyond, tables, environment)
            if found is None:
                break
            seen = found
            if isinstance(found.judgement, Usable):
                yield found
