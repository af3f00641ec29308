"""From the solutions of all forks to one graph, with the conditions under which each node and edge is needed.

Specification: docs/resolution.md "From forks to one graph".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.distributions.conflicts import ConflictItem
from mauve.distributions.sources import Source
from mauve.resolver.direct import direct_key, source_text
from mauve.resolver.graph import Edge, ResolutionGraph, ResolutionWarning, ResolvedPackage
from mauve.resolver.judgements import Usable
from mauve.resolver.lower_bounds import unbounded_anywhere
from mauve.resolver.packages import Kind
from mauve.resolver.registry import registry_source
from mauve.resolver.source import DistributionMetadata
from mauve.solver.incompatibility import DependsOn
from mauve.standards.markers.canonical import canonical_form
from mauve.standards.markers.diagram import FALSE, TRUE, Marker, any_of
from mauve.standards.markers.extras import (
    assume_conflict_item,
    conflict_knowledge,
    imbibe,
    with_only_extras,
    without_extras,
)
from mauve.standards.names import ExtraName, GroupName, PackageName
from mauve.standards.versions import Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mauve.distributions.conflicts import Conflicts
    from mauve.resolver.listings import Listings
    from mauve.resolver.manifest import Manifest
    from mauve.resolver.packages import Package
    from mauve.resolver.state import ForkState


class _Node(Struct, frozen=True, cache_hash=True):
    """A package of the result, one of its extras, or one of its groups; *origin* tells equal versions apart."""

    name: PackageName
    version: Version
    origin: tuple[str, ...]
    extra: ExtraName | None = None
    group: GroupName | None = None


_Pair = tuple["_Node | None", _Node]
"""An edge; None is the root."""


class Solution:
    """One solved fork: what was selected, and what of it requires what.

    Attributes:
        marker: of the fork, conflict items included.
        edges: proxies are gone; markers are those of the requirements.
    """

    __slots__ = ("edges", "marker", "nodes", "state")

    def __init__(self, state: ForkState) -> None:
        """Read the decisions of *state*."""
        self.state = state
        self.marker = state.environment.universal_marker()
        self.nodes: list[_Node] = []
        self.edges: list[tuple[_Pair, Marker]] = []
        solver = state.solver
        decided = dict(solver.solution.decisions())
        for package, version in decided.items():
            if package.kind is Kind.PACKAGE and package.marker is TRUE:
                self.nodes.append(self._node(package.name, version, package.extra, package.group))
        for package, version in decided.items():
            if package.kind is not Kind.PACKAGE and package.kind is not Kind.ROOT:
                continue
            for incompatibility in solver.incompatibilities[package]:
                cause = incompatibility.cause
                if (
                    isinstance(cause, DependsOn)
                    and cause.parent is package
                    and version in cause.parent_versions
                    and cause.child in decided
                    and decided[cause.child] in cause.child_versions
                ):
                    self._add_edges(package, version, cause.child, decided[cause.child])

    def _node(
        self, name: PackageName, version: Version, extra: ExtraName | None = None, group: GroupName | None = None
    ) -> _Node:
        direct = self.state.direct.get(name)
        if direct is not None:
            origin = direct_key(direct)
        else:
            origin = (self.state.candidates[name, version.key].table.listing.index.url,)
        return _Node(name, version, origin, extra, group)

    def _add_edges(self, package: Package, version: Version, child: Package, child_version: Version) -> None:
        if child.kind is Kind.PYTHON:
            return
        parent = None
        if package.kind is Kind.PACKAGE:
            if package.group is None and child.name == package.name and child.kind in {Kind.PACKAGE, Kind.MARKER}:
                return
            parent = self._node(package.name, version, package.extra, package.group)
        if child.kind is Kind.EXTRA:
            self.edges.append(((parent, self._node(child.name, child_version, child.extra)), child.marker))
        group = child.group if child.kind is Kind.GROUP else None
        self.edges.append(((parent, self._node(child.name, child_version, None, group)), child.marker))


def merge_solutions(solutions: Sequence[Solution], manifest: Manifest, listings: Listings) -> ResolutionGraph:
    """Return the graph of all *solutions*, which are in the order in which they were found."""
    nodes = dict.fromkeys(node for solution in solutions for node in solution.nodes)
    edges = _merged_edges(solutions)
    markers = [solution.marker for solution in solutions]
    fork_markers = tuple(markers) if len(markers) > 1 or markers[0] is not TRUE else ()
    reached = _reachability(edges, any_of(fork_markers) if fork_markers else TRUE)
    knowledge = conflict_knowledge([[item.encoded for item in group.items] for group in manifest.conflicts.sets])
    if knowledge is not TRUE:
        reached = {node: _informed(marker, knowledge) for node, marker in reached.items()}
        edges = {pair: _informed(marker, knowledge) for pair, marker in edges.items()}
        _simplify_conflicts(edges, manifest.conflicts)
    kept = [node for node in nodes if reached.get(node, FALSE) is not FALSE]
    return _graph(kept, edges, reached, solutions, fork_markers, manifest, listings)


def _merged_edges(solutions: Sequence[Solution]) -> dict[_Pair, Marker]:
    merged: dict[_Pair, Marker] = {}
    for solution in solutions:
        fork = solution.marker
        for pair, own in solution.edges:
            marker = own & fork
            known = merged.get(pair)
            merged[pair] = marker if known is None else known | marker
    return merged


def _reachability(edges: dict[_Pair, Marker], roots: Marker) -> dict[_Node, Marker]:
    """Return for each node the or, over all ways to it, of the and of the edges on the way."""
    children: dict[_Node | None, list[tuple[_Node, Marker]]] = {}
    for (parent, child), marker in edges.items():
        children.setdefault(parent, []).append((child, marker))
    reached: dict[_Node, Marker] = {}
    queue: list[tuple[_Node | None, Marker]] = [(None, roots)]
    while queue:
        parent, _ = queue.pop()
        marker = roots if parent is None else reached[parent]
        for child, edge in children.get(parent, ()):
            known = reached.get(child, FALSE)
            united = known | (edge & marker)
            if united is not known or child not in reached:
                reached[child] = united
                queue.append((child, united))
    return reached


# --- conflicts


def _informed(marker: Marker, knowledge: Marker) -> Marker:
    """Return *marker* freed from what *knowledge* about conflicts says anyway; without extras if it needs none."""
    plain = without_extras(marker)
    if plain is not FALSE:
        own, free = marker & knowledge, plain & knowledge
        # Forks were cut out of environments, some of which cannot be; these do not count.
        if own is free or canonical_form(own) is canonical_form(free):
            return plain
    return imbibe(marker, knowledge)


def _simplify_conflicts(edges: dict[_Pair, Marker], conflicts: Conflicts) -> None:
    """Take out of each edge's marker which conflict items are active, where every way to the parent activates them."""
    activated = _activated_items(edges)
    rivals: dict[ConflictItem, set[ConflictItem]] = {}
    for group in conflicts.sets:
        for item in group.items:
            rivals.setdefault(item, set()).update(other for other in group.items if other != item)
    names: dict[_Node | None, dict[PackageName, int]] = {}
    for parent, child in edges:
        counts = names.setdefault(parent, {})
        counts[child.name] = counts.get(child.name, 0) + 1
    for (parent, child), edge in edges.items():
        if names[parent][child.name] > 1:
            # Several edges to one name cannot be told apart by what is active above them.
            continue
        ways = activated.get(parent)
        if not ways:
            continue
        if all(with_only_extras(edge, frozenset([item.encoded for item in way])) is TRUE for way in ways):
            for way in ways:
                edge = _assumed(edge, way, rivals)  # noqa: PLW2901 - step by step
            edges[parent, child] = edge
        else:
            simplified = {_assumed(edge, way, rivals) for way in ways}
            if len(simplified) == 1:
                edges[parent, child] = simplified.pop()


def _assumed(marker: Marker, way: Iterable[ConflictItem], rivals: dict[ConflictItem, set[ConflictItem]]) -> Marker:
    """Return *marker* where the items of *way* are known to be active, and what conflicts with them not to be."""
    inferences = {(item, True) for item in way} | {(rival, False) for item in way for rival in rivals.get(item, ())}
    for item, active in sorted(inferences, key=lambda inference: (inference[0].sort_key, inference[1])):
        # Of two that contradict each other the first one wins, as in uv.
        marker = assume_conflict_item(marker, item.encoded, active=active)
    return marker


def _activated_items(edges: dict[_Pair, Marker]) -> dict[_Node | None, list[frozenset[ConflictItem]]]:
    """Return for each node the sets of extras and groups that are active on the different ways to it."""
    children: dict[_Node | None, list[_Node]] = {}
    for parent, child in edges:
        children.setdefault(parent, []).append(child)
    activated: dict[_Node | None, list[frozenset[ConflictItem]]] = {None: [frozenset()]}
    queue: list[_Node | None] = [None]
    while queue:
        parent = queue.pop()
        ways = tuple(activated[parent])
        for child in reversed(children.get(parent, ())):
            own = (
                ()
                if child.extra is None and child.group is None
                else (ConflictItem(child.name, child.extra, child.group),)
            )
            known = activated.setdefault(child, [])
            count = len(known)
            for way in ways:
                added = way.union(own)
                if added not in known:
                    known.append(added)
            if len(known) > count:
                queue.append(child)
    return activated


# --- the result


def _graph(
    nodes: Sequence[_Node],
    edges: dict[_Pair, Marker],
    reached: dict[_Node, Marker],
    solutions: Sequence[Solution],
    fork_markers: tuple[Marker, ...],
    manifest: Manifest,
    listings: Listings,
) -> ResolutionGraph:
    groups: dict[_Node, list[_Node]] = {}
    forks: dict[_Node, list[Marker]] = {}
    states: dict[_Node, ForkState] = {}
    kept = set(nodes)
    for solution in solutions:
        for node in solution.nodes:
            base = _Node(node.name, node.version, node.origin)
            markers = forks.setdefault(base, [])
            if solution.marker not in markers:
                markers.append(solution.marker)
            states.setdefault(base, solution.state)
    for node in nodes:
        groups.setdefault(_Node(node.name, node.version, node.origin), []).append(node)
    packages: list[ResolvedPackage] = []
    places: dict[_Node, int] = {}
    warnings: list[ResolutionWarning] = []
    for base, members in groups.items():
        places[base] = len(packages)
        # Who asks for an extra asks for the package as well.
        marker = reached[base] if base in kept else any_of([reached[node] for node in members])
        package = _resolved(base, states[base], marker, tuple(forks[base]) if fork_markers else (), listings)
        packages.append(package)
        warnings.extend(_warnings(package, members))
    found: list[Edge] = []
    members_of_root = {member.name for member in manifest.members}
    for (parent, child), marker in edges.items():
        # A requirement taken over before a split may be false on this side of it; uv keeps such edges.
        if child not in kept:
            continue
        child_place = places[_Node(child.name, child.version, child.origin)]
        if parent is None:
            if child.name not in members_of_root:
                found.append(Edge(-1, child_place, marker, None, None, child.extra, child.group, TRUE))
        elif parent in kept:
            place = places[_Node(parent.name, parent.version, parent.origin)]
            found.append(
                Edge(place, child_place, marker, parent.extra, parent.group, child.extra, child.group, reached[parent])
            )
    warnings.extend(map(ResolutionWarning, unbounded_anywhere(packages, found, manifest)))
    return ResolutionGraph(
        packages=tuple(packages),
        edges=tuple(found),
        requires_python=manifest.requires_python,
        fork_markers=fork_markers,
        warnings=tuple(sorted(warnings, key=lambda warning: warning.text)),
    )


def _resolved(
    node: _Node, state: ForkState, marker: Marker, fork_markers: tuple[Marker, ...], listings: Listings
) -> ResolvedPackage:
    direct = state.direct.get(node.name)
    if direct is not None:
        distribution = listings.direct(node.name, direct)
        return ResolvedPackage(
            name=node.name,
            version=node.version,
            source=distribution.source,
            metadata=distribution.metadata,
            marker=marker,
            fork_markers=fork_markers,
            sdist=distribution.sdist,
            wheels=() if distribution.wheel is None else (distribution.wheel,),
        )
    candidate = state.candidates[node.name, node.version.key]
    judgement = candidate.judgement
    metadata = listings.metadata(candidate, judgement) if isinstance(judgement, Usable) else judgement.reason
    if not isinstance(judgement, Usable) or not isinstance(metadata, DistributionMetadata):
        raise TypeError(f"{node.name} {node.version} was selected without metadata")
    source: Source = registry_source(candidate.table.listing.index)
    files = judgement.files()
    return ResolvedPackage(
        name=node.name,
        version=node.version,
        source=source,
        metadata=metadata,
        marker=marker,
        fork_markers=fork_markers,
        sdist=files.sdist,
        wheels=files.wheels,
        yanked=judgement.artifact.file.yanked,
    )


def _warnings(package: ResolvedPackage, members: Sequence[_Node]) -> list[ResolutionWarning]:
    found: list[ResolutionWarning] = []
    if package.yanked is not None:
        reason = f' (reason: "{package.yanked}")' if package.yanked else ""
        found.append(ResolutionWarning(f"`{package.name}=={package.version}` is yanked{reason}"))
    for node in members:
        if node.extra is not None and node.extra not in package.metadata.provides_extras:
            place = source_text(package.source)
            shown = f"{package.name}=={package.version}" if place is None else f"{package.name} @ {place}"
            found.append(ResolutionWarning(f"The package `{shown}` does not have an extra named `{node.extra}`"))
    return found
