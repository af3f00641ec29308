"""Markers relative to a project's requires-python.

A marker stored in a lockfile need not repeat what requires-python says: `simplify` takes the bounds out, `complexify`
puts them back.

Specification: docs/markers.md "requires-python".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from mauve.standards.markers.canonical import canonical_form
from mauve.standards.markers.diagram import FALSE, TRUE, python_full_version_marker, reduced_node
from mauve.standards.markers.variables import PYTHON_FULL_VERSION
from mauve.standards.version_sets import EMPTY, FULL, LOWEST, VersionSet

if TYPE_CHECKING:
    from mauve.standards.markers.diagram import Marker
    from mauve.standards.versions import Key

_simplified: dict[tuple[Marker, VersionSet], Marker] = {}
_held: dict[Marker, VersionSet] = {TRUE: FULL, FALSE: EMPTY}


def _version_cuts(marker: Marker) -> list[Key]:
    return [cut for cut in marker.cuts if not isinstance(cut, str)]


def outer_bounds(versions: VersionSet) -> VersionSet:
    """Return the smallest single interval around *versions*."""
    cuts = versions.cuts
    return versions if not cuts else VersionSet(cuts[:1] if len(cuts) % 2 else (cuts[0], cuts[-1]))


def simplify(marker: Marker, bounds: VersionSet) -> Marker:
    """Return *marker* without what follows from Python being within *bounds* (one interval).

    Law: `complexify(simplify(marker, bounds), bounds)` is `marker & complexify(TRUE, bounds)`.
    """
    if bounds.is_full or bounds.is_empty or PYTHON_FULL_VERSION.rank < marker.rank:
        return marker
    key = (marker, bounds)
    simple = _simplified.get(key)
    if simple is None:
        if marker.variable is PYTHON_FULL_VERSION:
            cuts = _version_cuts(marker)
            first = bisect_right(cuts, bounds.cuts[0])
            last = bisect_left(cuts, bounds.cuts[1]) if len(bounds.cuts) > 1 else len(cuts)
            simple = reduced_node(marker.variable, cuts[first:last], marker.children[first : last + 1])
        else:
            children = [simplify(child, bounds) for child in marker.children]
            simple = reduced_node(marker.variable, marker.cuts, children)
        _simplified[key] = simple
    return simple


def complexify(marker: Marker, bounds: VersionSet) -> Marker:
    """Return *marker* for Pythons within *bounds* only."""
    return marker if bounds.is_full else marker & python_full_version_marker(bounds)


def python_bounds(marker: Marker) -> VersionSet:
    """Return the smallest interval of Python versions outside of which *marker* does not hold.

    Platforms that cannot be do not count. `FULL` if the marker does not constrain Python, `EMPTY` if it never holds.
    """
    return outer_bounds(_python_versions(canonical_form(marker)))


def _python_versions(marker: Marker) -> VersionSet:
    """Return the Python versions for which *marker* holds in some environment."""
    held = _held.get(marker)
    if held is None:
        if PYTHON_FULL_VERSION.rank < marker.rank:
            held = FULL
        elif marker.variable is PYTHON_FULL_VERSION:
            # Every edge but those to false leads to true somewhere.
            states = [False, *(child is not FALSE for child in marker.children)]
            starts = (LOWEST, *_version_cuts(marker))
            held = VersionSet(
                tuple([start for start, (was, now) in zip(starts, pairwise(states), strict=True) if was != now])
            )
        else:
            held = EMPTY
            for child in marker.children:
                held |= _python_versions(child)
        _held[marker] = held
    return held
