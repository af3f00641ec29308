"""Markers as a lockfile writes them: relative to its requires-python, to its forks, and to who requires.

Specification: docs/lockfile.md "Edges", docs/markers.md "requires-python", "Extras and conflicts".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.standards.markers.canonical import canonical_form
from mauve.standards.markers.diagram import FALSE, TRUE, Marker, any_of, restrict
from mauve.standards.markers.extras import without_extras
from mauve.standards.markers.render import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mauve.standards.requires_python import RequiresPython


def fork_texts(markers: Iterable[Marker], requires_python: RequiresPython) -> tuple[str, ...]:
    """Return the texts of fork *markers*: without encoded conflicts, unless only these tell the forks apart."""
    forks = list(markers)
    # Forks of one environment may differ where no platform is possible.
    environments = list(
        dict.fromkeys(canonical_form(requires_python.simplify(without_extras(marker))) for marker in forks)
    )
    if not are_disjoint(environments):
        environments = [requires_python.simplify(marker) for marker in forks]
    return tuple([text for text in map(render, environments) if text is not None])


def simplified_texts(markers: Iterable[Marker], requires_python: RequiresPython) -> tuple[str, ...]:
    """Return the texts of *markers* without what *requires_python* implies."""
    return tuple([render(requires_python.simplify(marker)) or "" for marker in markers])


def are_disjoint(markers: Sequence[Marker]) -> bool:
    """Return whether no two of *markers* overlap."""
    return all(first.is_disjoint(second) for place, first in enumerate(markers) for second in markers[:place])


class EdgeMarkers:
    """Makes the markers of one lock's edges relative.

    `known` is where the lock applies at all: the or of its supported environments.
    """

    __slots__ = ("_parents", "_requires_python", "_results", "known")

    def __init__(self, requires_python: RequiresPython, supported: Sequence[Marker]) -> None:
        """Take the supported environments of the project; none = all."""
        self._requires_python = requires_python
        self._parents: dict[Marker, Marker] = {}
        self._results: dict[tuple[Marker, Marker], Marker] = {}
        self.known = any_of([requires_python.simplify(marker) for marker in supported]) if supported else TRUE

    def relative(self, edge: Marker, parent: Marker) -> Marker:
        """Return the marker of an *edge* given that its *parent* (under which marker it is reached) is installed."""
        key = (edge, parent)
        known = self._results.get(key)
        if known is None:
            known = self._results[key] = self._relative(edge, parent)
        return known

    def _relative(self, edge: Marker, parent: Marker) -> Marker:
        simplify = self._requires_python.simplify
        reached = self._parents.get(parent)
        if reached is None:
            reached = self._parents[parent] = canonical_form(simplify(without_extras(parent)))
        return restrict(canonical_form(simplify(edge)), reached)

    def written(self, relative: Marker) -> Marker:
        """Return a relative marker as it is written, given where the lock applies."""
        return relative if relative is FALSE else restrict(canonical_form(relative & self.known), self.known)
