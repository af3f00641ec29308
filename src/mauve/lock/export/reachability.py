"""Where each package of a graph is needed: the or of all ways that lead to it.

Extras decide about ways too: what `p[x]` requires is needed where somebody asks for `x`, and edges of a lock with
conflicts ask in their markers which extras, groups and projects are active. Here such questions are answered by the
graph: every node learns where each item is active on the ways to it, and the answer takes the question's place, so
that no result asks for an extra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from mauve.distributions.conflicts import ConflictItem
from mauve.lock.graph import ROOT, EdgeKind
from mauve.standards.markers.diagram import FALSE, TRUE, Marker
from mauve.standards.markers.extras import extra_names, with_extras
from mauve.standards.names import ExtraName, GroupName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.lock.graph import Edge, LockGraph
    from mauve.standards.names import PackageName

Active: TypeAlias = "dict[str, Marker]"
"""Where items are active, by encoded name."""


def reachability(graph: LockGraph, active: Mapping[ConflictItem, Marker], *, has_conflicts: bool) -> list[Marker]:
    """Return by node where it is needed; *active* are the items that are active from the start.

    Args:
        graph: of what is reached.
        active: where the projects, extras and groups of the start are active.
        has_conflicts: whether markers of edges may ask for items.
    """
    start = {item.encoded: marker for item, marker in active.items()}
    if has_conflicts or any(extra_names(edge.marker) for edges in graph.outgoing for edge in edges):
        return _Tracker(graph, start).run()
    return _plain(graph, start)


def _plain(graph: LockGraph, active: Active) -> list[Marker]:
    """Return the same where no marker asks for an item: each extra of a package is a place of its own."""
    reached: dict[tuple[int, str], Marker] = {(ROOT, ""): TRUE}
    queue: list[tuple[int, str]] = [(ROOT, "")]
    for node, package in enumerate(graph.packages):
        if package is not None:
            for extra in package.optional_dependencies:
                where = active.get(ConflictItem(package.name, extra=extra).encoded)
                if where is not None:
                    reached[node, extra] = where
                    queue.append((node, extra))
    by_label: dict[tuple[int, str], list[Edge]] = {}
    for node, edges in enumerate(graph.outgoing):
        for edge in edges:
            by_label.setdefault((node, edge.label if edge.kind is EdgeKind.EXTRA else ""), []).append(edge)
    while queue:
        place = queue.pop()
        where = reached[place]
        for edge in by_label.get(place, ()):
            through = where & edge.marker
            for asked in ("", *(edge.extras or ())):
                known = reached.get((edge.target, asked), FALSE)
                together = known | through
                if together is not known:
                    reached[edge.target, asked] = together
                    queue.append((edge.target, asked))
    return [reached.get((node, ""), FALSE) for node in range(len(graph))]


class _Tracker:
    """Carries along where each item is active. A node without ways to it knows what is active from the start."""

    def __init__(self, graph: LockGraph, start: Active) -> None:
        self._graph = graph
        self._start = start
        self._reached: list[Marker | None] = [None] * len(graph)
        self._active: list[Active | None] = [None] * len(graph)
        self._queue: list[int] = []

    def run(self) -> list[Marker]:
        """Return by node where it is needed."""
        graph = self._graph
        for node in range(len(graph)):
            if not graph.incoming[node]:
                self._reached[node] = TRUE
                self._queue.append(node)
        while self._queue:
            node = self._queue.pop()
            own = self._active[node]
            reached = self._resolve(self._reached[node] or FALSE, self._name(node), self._start if own is None else own)
            self._reached[node] = reached
            # The way in which the items of several ways meet depends on the order, which is uv's.
            for edge in reversed(graph.outgoing[node]):
                self._pass_on(edge, reached)
        return [marker or FALSE for marker in self._reached]

    def _name(self, node: int) -> PackageName | None:
        package = self._graph.packages[node]
        return None if package is None else package.name

    def _resolve(self, marker: Marker, scope: PackageName | None, active: Active) -> Marker:
        """Return *marker* with its questions answered; a plain extra is one of *scope*."""
        for name in sorted(extra_names(marker)):
            where = active.get(name)
            if where is None and scope is not None:
                where = active.get(ConflictItem(scope, extra=ExtraName(name)).encoded)
            with_it, without_it = with_extras(marker, {name: True}), with_extras(marker, {name: False})
            marker = without_it if where is None else (where & with_it) | (~where & without_it)
        return marker

    def _pass_on(self, edge: Edge, reached: Marker) -> None:
        source, target = self._graph.packages[edge.source], self._graph.packages[edge.target]
        own = self._active[edge.source]
        active = dict(self._start if own is None else own)
        if target is not None:
            project = ConflictItem(target.name).encoded
            if target.source.is_tree and project not in active:
                active[project] = reached
            for extra in edge.extras or ():
                active[ConflictItem(target.name, extra=extra).encoded] = reached
        where = edge.marker
        scope = None if source is None else source.name
        if edge.kind is EdgeKind.EXTRA and source is not None:
            item = ConflictItem(source.name, extra=ExtraName(edge.label)).encoded
            belongs = active.setdefault(item, FALSE)
            where = self._resolve(where, scope, active) & belongs
        else:
            if edge.kind is EdgeKind.GROUP and source is not None:
                active[ConflictItem(source.name, group=GroupName(edge.label)).encoded] = reached
            where = self._resolve(where, scope, active)
        active = {name: marker & where for name, marker in active.items()}
        through = reached & where
        known = self._active[edge.target]
        changed = known is None
        if known is None:
            self._active[edge.target] = active
        else:
            for name, marker in active.items():
                before = known.get(name, FALSE)
                known[name] = before | marker
                changed |= known[name] is not before
        before_target = self._reached[edge.target]
        together = through if before_target is None else before_target | through
        if changed or together is not before_target:
            self._reached[edge.target] = together
            self._queue.append(edge.target)
