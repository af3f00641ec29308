"""The structural order of markers, by which lockfiles sort edges and requirements.

True comes before false, false before a version, a version before a string, then `in`, contains, list and extra. Two
nodes of one variable are compared edge by edge: first where the edge ends, then where it leads.

Specification: docs/markers.md "Sorting".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from mauve.standards.markers.diagram import FALSE, TRUE
from mauve.standards.markers.variables import PLATFORM_RELEASE_VERSION, PYTHON_FULL_VERSION, Kind

if TYPE_CHECKING:
    from mauve.standards.markers.diagram import Marker

StructuralKey: TypeAlias = tuple[object, ...]

_UNBOUNDED: Final = (1,)
_keys: dict[Marker, StructuralKey] = {TRUE: (0,), FALSE: (1,)}


def sort_key(marker: Marker) -> StructuralKey:
    """Return a key that orders markers by structure; made once for each marker."""
    key = _keys.get(marker)
    if key is None:
        variable = marker.variable
        # In diagrams the version of a kernel is asked for before that of Python, in this order behind it.
        rank = (PYTHON_FULL_VERSION.rank[0], variable.name) if variable is PLATFORM_RELEASE_VERSION else variable.rank
        head = (int(variable.kind), rank)
        children = map(sort_key, marker.children)
        if variable.kind in {Kind.VERSION, Kind.STRING}:
            # A bounded edge ends before an unbounded one. (0, cut) < (1,) whatever the cut is.
            ends = [*((0, cut) for cut in marker.cuts), _UNBOUNDED]
            key = (*head, *zip(ends, children, strict=True))
        else:
            key = (*head, *reversed(tuple(children)))
        _keys[marker] = key
    return key
