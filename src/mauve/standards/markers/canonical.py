"""One marker for all that agree wherever the platform is possible.

`os_name == 'nt'` and `sys_platform == 'linux'` exclude each other, so a diagram may say anything about both together.
What a marker means (its text, its place in a sorted list, the Pythons it needs) is asked of its canonical form.

Specification: docs/markers.md "What cannot happen".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.standards.markers.diagram import FALSE, POSSIBLE, TRUE, common_cells, plain_and, plain_or, reduced_node
from mauve.standards.markers.variables import PLATFORM_SYSTEM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mauve.standards.markers.diagram import Marker
    from mauve.standards.markers.variables import Cut

_canonical: dict[tuple[Marker, Marker], Marker] = {}
_some_children: dict[Marker, Marker] = {}


def canonical_form(marker: Marker) -> Marker:
    """Return the marker that stands for all markers that agree with *marker* wherever the platform is possible."""
    if PLATFORM_SYSTEM.rank < marker.rank:
        # Only `os_name`, `sys_platform` and `platform_system` exclude each other.
        return marker
    return _canonical_under(marker, POSSIBLE)


def _canonical_under(value: Marker, assumption: Marker) -> Marker:
    """Return *value* with every cell that contradicts *assumption* replaced by the first cell that does not.

    Like `diagram.restrict`, but a later cell also takes the result of the first if the two agree wherever *assumption*
    holds.
    """
    if assumption is TRUE or not value.children:
        return value
    if assumption is FALSE:
        return FALSE
    if value is assumption:
        return TRUE
    if value is ~assumption:
        return FALSE
    key = (value, assumption)
    known = _canonical.get(key)
    if known is None:
        known = _canonical[key] = _canonical_node(value, assumption)
    return known


def _canonical_node(value: Marker, assumption: Marker) -> Marker:
    cuts: Sequence[Cut]
    if value.variable is assumption.variable:
        cuts, cells = common_cells(value, assumption)
    elif assumption.rank < value.rank:
        return _canonical_under(value, _some_child(assumption))
    else:
        cuts, cells = value.cuts, [(child, assumption) for child in value.children]
    first: Marker | None = None
    results: list[Marker | None] = []
    for child, known in cells:
        if known is FALSE:
            results.append(None)
        elif first is None:
            first = _canonical_under(child, known)
            results.append(first)
        elif plain_and(first, known) is plain_and(child, known):
            results.append(first)
        else:
            results.append(_canonical_under(child, known))
    if first is None:
        return FALSE
    return reduced_node(value.variable, cuts, [first if result is None else result for result in results])


def _some_child(assumption: Marker) -> Marker:
    """Return what is known when the value of *assumption*'s variable does not matter."""
    known = _some_children.get(assumption)
    if known is None:
        known = FALSE
        for child in assumption.children:
            known = plain_or(known, child)
        _some_children[assumption] = known
    return known
