"""What of a lock is shown as a tree: every project with all its extras and the selected groups, and what they need.

Specification: docs/project.md "tree".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.lock.graph import ROOT, Edge, EdgeKind, GraphBuilder
from mauve.lock.selection import GroupsSelection
from mauve.standards.markers.diagram import TRUE, Marker
from mauve.standards.markers.environment import MarkerEnvironment, evaluate
from mauve.standards.markers.extras import conflict_knowledge
from mauve.standards.names import ExtraName, GroupName, PackageName
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.lock.graph import LockGraph
    from mauve.lock.lookup import LockLookup
    from mauve.lock.model import DefaultGroups, LockedPackage


class TreeRequest(Struct, frozen=True, kw_only=True):
    """What the tree shows.

    Attributes:
        environment: edges count if their marker holds here; None = all count.
        packages: shown instead of the projects.
        depth: of the deepest package below a root.
        invert: below each package are those who require it.
    """

    groups: GroupsSelection = GroupsSelection()
    environment: MarkerEnvironment | None = None
    prune: frozenset[PackageName] = frozenset()
    packages: frozenset[PackageName] = frozenset()
    depth: int = 255
    invert: bool = False


class TreeView:
    """A graph as it is walked for a tree.

    Attributes:
        graph: from those who require to what they require, whichever way it is walked.
        roots: nodes to start from; `ROOT` stands for all that it leads to.
        known: what declared conflicts say about extras and groups.
    """

    def __init__(self, lookup: LockLookup, request: TreeRequest) -> None:
        """Build the part of the lock that *request* shows."""
        self.lookup = lookup
        self.request = request
        requires_python = RequiresPython.from_specifiers(parse_specifiers(lookup.lock.requires_python))
        self.requires_python = requires_python or RequiresPython()
        self.graph = self._build()
        self.known = conflict_knowledge([item.encoded for item in each.items] for each in lookup.lock.conflicts.sets)
        self._kept = self._reachable() if request.packages else None
        self.roots = sorted(self._roots(), key=self.graph.ranks.__getitem__)

    # --- walking

    def package(self, node: int) -> LockedPackage:
        """Return the package of a *node* that is not the root."""
        package = self.graph.packages[node]
        if package is None:
            raise IndexError(node)
        return package

    def ways(self, node: int) -> list[Edge]:
        """Return the edges that lead on from *node*, in uv's order: the one that was found last comes first."""
        edges = self.graph.incoming[node] if self.request.invert else self.graph.outgoing[node]
        kept = self._kept
        return [edge for edge in reversed(edges) if kept is None or self.end(edge) in kept]

    def end(self, edge: Edge) -> int:
        """Return where *edge* leads."""
        return edge.source if self.request.invert else edge.target

    def groups_of(self, groups: Iterable[GroupName], defaults: DefaultGroups) -> list[GroupName]:
        """Return those of *groups* that are shown."""
        return [group for group in groups if self.request.groups.selects(group, defaults)]

    def expanded_extras(self, node: int, edge: Edge | None) -> frozenset[ExtraName]:
        """Return the extras that decide what is below *node*, reached by *edge*.

        Downwards they are those that the edge asks for, all for a project; upwards, the one without which the edge
        would not be there.
        """
        if self.request.invert:
            is_optional = edge is not None and edge.kind is EdgeKind.EXTRA
            return frozenset((ExtraName(edge.label),)) if edge is not None and is_optional else frozenset()
        own = self.package(node).optional_dependencies
        if edge is None or edge.extras is None:
            return frozenset(own)
        return frozenset([extra for extra in edge.extras if extra in own])

    def leads_on(self, edge: Edge, extras: frozenset[ExtraName], marker: Marker) -> Marker | None:
        """Return the marker behind *edge*, taken from a node with *extras* under *marker*; None if it ends there."""
        if not self.request.invert:
            return None if edge.kind is EdgeKind.EXTRA and edge.label not in extras else TRUE
        if extras and (edge.extras is None or not extras.issubset(edge.extras)):
            return None
        together = marker & edge.marker
        return None if together.is_false else together

    # --- building

    def _build(self) -> LockGraph:
        lookup, request = self.lookup, self.request
        complexify = self.requires_python.complexify
        builder = GraphBuilder(
            lookup,
            request.prune,
            marker=lambda text: complexify(lookup.edge_marker(text)),
            counts=_holds_in(request.environment),
        )
        for member in lookup.members():
            if builder.is_pruned(member.name):
                continue
            node = builder.node(member)
            builder.graph.add(Edge(ROOT, node, EdgeKind.PLAIN, "", None, TRUE))
            if not request.groups.only:
                builder.visit(member, member.optional_dependencies)
            for group in self.groups_of(member.dev_dependencies, member.default_groups):
                for dependency in member.dev_dependencies[group]:
                    builder.follow(node, dependency, EdgeKind.GROUP, group)
        manifest = lookup.lock.manifest
        for requirement in manifest.requirements:
            for package, marker in lookup.required(requirement):
                builder.link(ROOT, package, marker, requirement.extras)
        for group in self.groups_of(manifest.dependency_groups, manifest.default_groups):
            for requirement in manifest.dependency_groups[group]:
                for package, marker in lookup.required(requirement):
                    builder.link(ROOT, package, marker, requirement.extras, EdgeKind.GROUP, group)
        return builder.finish()

    def _named(self) -> list[int]:
        """Return the nodes of the packages that were asked for."""
        wanted = self.request.packages
        return [
            node for node, package in enumerate(self.graph.packages) if package is not None and package.name in wanted
        ]

    def _reachable(self) -> frozenset[int]:
        self._kept = None
        stack = self._named()
        reached = set(stack)
        while stack:
            for edge in self.ways(stack.pop()):
                end = self.end(edge)
                if end not in reached:
                    reached.add(end)
                    stack.append(end)
        return frozenset(reached)

    def _roots(self) -> list[int]:
        if self.request.packages:
            return self._named()
        if not self.request.invert:
            return [ROOT]
        return self._ends()

    def _ends(self) -> list[int]:
        """Return the packages that require no others; of those that only require each other, the first one."""
        outgoing = self.graph.outgoing
        ends: list[int] = []
        for group in _strong_components(self.graph):
            packages = group - {ROOT}
            if packages and all(edge.target in group for node in group for edge in outgoing[node]):
                ends.append(min(packages, key=self.graph.ranks.__getitem__))
        return ends


def _holds_in(environment: MarkerEnvironment | None) -> Callable[[Marker], bool] | None:
    if environment is None:
        return None
    known: dict[Marker, bool] = {}

    def holds(marker: Marker) -> bool:
        answer = known.get(marker)
        if answer is None:
            answer = known[marker] = evaluate(marker, environment)
        return answer

    return holds


def _strong_components(graph: LockGraph) -> list[set[int]]:
    """Return the sets of nodes that lead to each other (Kosaraju); a node outside of cycles is a set of its own."""
    finished: list[int] = []
    seen: set[int] = set()
    for start in range(len(graph)):
        stack = [(start, False)]
        while stack:
            node, is_left = stack.pop()
            if is_left:
                finished.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack += [(edge.target, False) for edge in graph.outgoing[node]]
    components: list[set[int]] = []
    taken: set[int] = set()
    for start in reversed(finished):
        if start in taken:
            continue
        component: set[int] = set()
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node not in taken:
                taken.add(node)
                component.add(node)
                waiting += [edge.source for edge in graph.incoming[node]]
        components.append(component)
    return components
