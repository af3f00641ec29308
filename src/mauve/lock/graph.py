"""The packages of a lock that are reached from some starts, and the edges between them.

A package is one node, however many of its extras are asked for: an edge says which extras it asks for, and which extra
or group of its source it belongs to. Nothing is judged here; who builds the graph decides which edges count.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.enumerations import IntEnum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.lock.lookup import LockLookup
    from mauve.lock.model import LockedDependency, LockedPackage
    from mauve.standards.markers.diagram import Marker
    from mauve.standards.names import ExtraName, PackageName

ROOT: Final = 0
"""The number of the node that stands for the workspace or the script."""


class EdgeKind(IntEnum):
    """What of its source an edge belongs to, in the order of display."""

    PLAIN = 0
    EXTRA = 1
    GROUP = 2


class Edge(Struct, frozen=True, eq=False):
    """A dependency of one node on another.

    Attributes:
        label: the extra or group that the edge belongs to; "" for a plain one.
        extras: that are asked for; None for a project, which nobody asks for.
    """

    source: int
    target: int
    kind: EdgeKind
    label: str
    extras: tuple[ExtraName, ...] | None
    marker: Marker


class LockGraph:
    """Nodes and edges; nodes are numbers.

    Attributes:
        packages: by node; the root has none.
        outgoing, incoming: edges by node, in the order in which they were added.
        ranks: by node, the place of the package in the lock; the root's is the smallest.
    """

    __slots__ = ("_nodes", "incoming", "outgoing", "packages", "ranks")

    def __init__(self) -> None:
        """Start with the root alone."""
        self.packages: list[LockedPackage | None] = [None]
        self.ranks: list[int] = [-1]
        self.outgoing: list[list[Edge]] = [[]]
        self.incoming: list[list[Edge]] = [[]]
        self._nodes: dict[int, int] = {}

    def __len__(self) -> int:
        """Return the number of nodes, the root included."""
        return len(self.packages)

    def node(self, package: LockedPackage, rank: int) -> int:
        """Return the node of *package*, which has the place *rank* in the lock."""
        node = self._nodes.get(rank)
        if node is None:
            node = self._nodes[rank] = len(self.packages)
            self.packages.append(package)
            self.ranks.append(rank)
            self.outgoing.append([])
            self.incoming.append([])
        return node

    def add(self, edge: Edge) -> None:
        """Add *edge*."""
        self.outgoing[edge.source].append(edge)
        self.incoming[edge.target].append(edge)


class GraphBuilder:
    """Follows the edges of a lock breadth first.

    Attributes:
        graph: what was reached so far.
    """

    def __init__(
        self,
        lookup: LockLookup,
        prune: frozenset[PackageName],
        *,
        marker: Callable[[str | None], Marker] | None = None,
        counts: Callable[[Marker], bool] | None = None,
    ) -> None:
        """Leave out the packages *prune*, and edges whose marker does not count.

        Args:
            lookup: the lock.
            prune: names of packages.
            marker: reads the marker of an edge; None = as the lock says, where it applies.
            counts: None = all do.
        """
        self.graph = LockGraph()
        self._lookup = lookup
        self._prune = prune
        self._marker = lookup.edge_marker if marker is None else marker
        self._counts = counts
        self._ranks = {id(package): rank for rank, package in enumerate(lookup.lock.packages)}
        self._seen: set[tuple[int, ExtraName | None]] = set()
        self._queue: deque[tuple[LockedPackage, ExtraName | None]] = deque()

    def is_pruned(self, name: PackageName) -> bool:
        """Return whether *name* is left out."""
        return name in self._prune

    def node(self, package: LockedPackage) -> int:
        """Return the node of *package*."""
        return self.graph.node(package, self._ranks[id(package)])

    def visit(self, package: LockedPackage, extras: Iterable[ExtraName] = ()) -> None:
        """Have the requirements of *package* followed, and those of its *extras*."""
        for extra in (None, *extras):
            key = (self._ranks[id(package)], extra)
            if key not in self._seen:
                self._seen.add(key)
                self._queue.append((package, extra))

    def link(
        self,
        source: int,
        target: LockedPackage,
        marker: Marker,
        extras: tuple[ExtraName, ...] | None,
        kind: EdgeKind = EdgeKind.PLAIN,
        label: str = "",
    ) -> None:
        """Add an edge to *target* and have what it asks for followed, unless it does not count."""
        if not (self._counts is None or self._counts(marker)):
            return
        self.graph.add(Edge(source, self.node(target), kind, label, extras, marker))
        self.visit(target, extras or ())

    def follow(self, source: int, dependency: LockedDependency, kind: EdgeKind, label: str) -> None:
        """Add the edge of *dependency*, as `link` does, unless its target is pruned."""
        if dependency.name in self._prune:
            return
        target, marker = self._lookup.target(dependency), self._marker(dependency.marker)
        self.link(source, target, marker, dependency.extra, kind, label)

    def finish(self) -> LockGraph:
        """Follow everything that is to be followed, and return the graph."""
        while self._queue:
            package, extra = self._queue.popleft()
            node = self.node(package)
            if extra is None:
                for dependency in package.dependencies:
                    self.follow(node, dependency, EdgeKind.PLAIN, "")
            else:
                for dependency in package.optional_dependencies.get(extra, ()):
                    self.follow(node, dependency, EdgeKind.EXTRA, extra)
        return self.graph
