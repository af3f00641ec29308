"""Extras in markers: activating them, removing them, and what declared conflicts say about them.

A requirement's `extra == 'x'` is a boolean variable like any other. Declared conflicts use the same variables, with
names that encode an extra of a package, a group of it, or the project itself (`ConflictItem.encoded`); here they are
plain strings.

Specification: docs/markers.md "Extras and conflicts".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.standards.markers.diagram import FALSE, TRUE, any_of, extra_marker, reduced_node
from mauve.standards.markers.variables import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mauve.standards.markers.diagram import Marker

_names: dict[Marker, frozenset[str]] = {TRUE: frozenset(), FALSE: frozenset()}
_without: dict[Marker, Marker] = {TRUE: TRUE, FALSE: FALSE}
_only: dict[Marker, Marker] = {TRUE: TRUE, FALSE: FALSE}


def extra_names(marker: Marker) -> frozenset[str]:
    """Return the names of all extras that *marker* depends on."""
    names = _names.get(marker)
    if names is None:
        own = {marker.variable.literal} if marker.variable.kind is Kind.EXTRA else ()
        names = _names[marker] = frozenset(own).union(*map(extra_names, marker.children))
    return names


def with_extras(marker: Marker, states: Mapping[str, bool]) -> Marker:
    """Return *marker* where each extra of *states* is active (True) or not."""
    names = extra_names(marker)
    if names.isdisjoint(states):
        return marker
    if marker.variable.kind is Kind.EXTRA and marker.variable.literal in states:
        return with_extras(marker.children[states[marker.variable.literal]], states)
    children = [with_extras(child, states) for child in marker.children]
    return reduced_node(marker.variable, marker.cuts, children)


def with_only_extras(marker: Marker, active: frozenset[str]) -> Marker:
    """Return *marker* where the extras *active* are active and no other is."""
    names = extra_names(marker)
    return with_extras(marker, {name: name in active for name in names}) if names else marker


def split_by_extra(marker: Marker, extra: str) -> tuple[Marker, Marker]:
    """Return when a requirement applies without any extra, and when only because of *extra*.

    `sys_platform == 'linux' or extra == 'x'` applies on Linux, and with `x` everywhere else.
    """
    production = with_only_extras(marker, frozenset())
    return production, with_only_extras(marker, frozenset((extra,))) & ~production


def without_extras(marker: Marker) -> Marker:
    """Return where *marker* holds for some choice of extras (its PEP 508 part)."""
    if not extra_names(marker):
        return marker
    result = _without.get(marker)
    if result is None:
        children = [without_extras(child) for child in marker.children]
        if marker.variable.kind is Kind.EXTRA:
            result = any_of(children)
        else:
            result = reduced_node(marker.variable, marker.cuts, children)
        _without[marker] = result
    return result


def only_extras(marker: Marker) -> Marker:
    """Return for which extras *marker* holds in some environment (its conflict part)."""
    result = _only.get(marker)
    if result is None:
        if marker.variable.kind is Kind.EXTRA:
            result = reduced_node(marker.variable, marker.cuts, [only_extras(child) for child in marker.children])
        else:
            result = any_of([only_extras(child) for child in marker.children])
        _only[marker] = result
    return result


def conflict_knowledge(sets: Iterable[Sequence[str]]) -> Marker:
    """Return what is known about extras when of each set of encoded names at most one can be active."""
    known = TRUE
    for names in sets:
        for index, first in enumerate(names):
            for second in names[:index]:
                known &= ~(extra_marker(first) & extra_marker(second))
    return known


def imbibe(marker: Marker, knowledge: Marker) -> Marker:
    """Return *marker* freed from what *knowledge* says anyway: it also holds where *knowledge* is broken."""
    return ~knowledge | marker


def assume_conflict_item(marker: Marker, name: str, *, active: bool) -> Marker:
    """Return *marker* where the conflict item of the encoded *name* is known to be active, or not to be."""
    return with_extras(marker, {name: active})
