"""The dependency tree of a lock as lines for people.

Specification: docs/project.md "tree".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.lock.graph import ROOT, EdgeKind
from mauve.standards.markers.diagram import Marker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mauve.lock.graph import Edge
    from mauve.lock.model import LockedPackage
    from mauve.lock.tree.dependencies import TreeView
    from mauve.standards.names import ExtraName


class TreeStyle(Struct, frozen=True):
    """How parts of a line are shown."""

    latest: Callable[[str], str] = str
    size: Callable[[str], str] = str
    footer: Callable[[str], str] = str


class _Visit(Struct, frozen=True):
    """What decides about the lines below a package."""

    node: int
    extras: frozenset[ExtraName]
    marker: Marker | None


def render_tree(
    view: TreeView,
    *,
    latest: Mapping[int, str],
    size: Callable[[int], str] | None = None,
    repeats: bool = False,
    style: TreeStyle = TreeStyle(),  # noqa: B008 - a value
) -> str:
    """Return the lines of the tree.

    Args:
        view: what is shown.
        latest: newer versions, by identity of the package.
        size: bytes as text; None = sizes are not shown.
        repeats: what was shown is shown again, unless it is a cycle.
        style: of the parts.
    """
    lines = _Writer(view, latest, size, style, repeats=repeats).lines()
    if any("*" in line for line in lines):
        reason = "is a cycle and cannot be shown" if repeats else "already displayed"
        lines.append(style.footer(f"(*) Package tree {reason}"))
    return "".join([f"{line}\n" for line in lines])


class _Writer:
    """Walks depth first."""

    def __init__(
        self,
        view: TreeView,
        latest: Mapping[int, str],
        size: Callable[[int], str] | None,
        style: TreeStyle,
        *,
        repeats: bool,
    ) -> None:
        self._view = view
        self._latest = latest
        self._size = size
        self._style = style
        self._repeats = repeats
        self._visited: dict[_Visit, bool] = {}
        self._path: list[_Visit] = []
        self._lines: list[str] = []

    def lines(self) -> list[str]:
        view = self._view
        for root in view.roots:
            if root == ROOT:
                for edge in view.ways(ROOT):
                    self._visit(view.end(edge), edge, view.known, "", "")
            else:
                self._visit(root, None, view.known, "", "")
        return self._lines

    def _visit(self, node: int, edge: Edge | None, marker: Marker, first: str, rest: str) -> None:
        """Write *node*, reached by *edge*, and what is below; *first* and *rest* begin the lines."""
        view = self._view
        package = view.package(node)
        extras = view.expanded_extras(node, edge)
        visit = _Visit(node, extras, marker if view.request.invert else None)
        line = first + self._line(package, edge)
        if visit in self._path:
            self._lines.append(f"{line} (*)")
            return
        if not self._repeats and visit in self._visited:
            self._lines.append(f"{line} (*)" if self._visited[visit] else line)
            return
        newer = self._latest.get(id(package))
        self._lines.append(line if newer is None else f"{line} {self._style.latest(f'(latest: v{newer})')}")
        if len(self._path) == view.request.depth:
            return
        below = self._below(node, edge, extras, marker)
        self._visited[visit] = bool(below)
        self._path.append(visit)
        for place, (way, where) in enumerate(below):
            last = place == len(below) - 1
            stem, branch = ("└── ", "    ") if last else ("├── ", "│   ")
            self._visit(view.end(way), way, where, rest + stem, rest + branch)
        self._path.pop()

    def _below(
        self, node: int, edge: Edge | None, extras: frozenset[ExtraName], marker: Marker
    ) -> list[tuple[Edge, Marker]]:
        """Return the ways that lead on from *node*, by kind, label and package."""
        view = self._view
        if view.request.invert and edge is not None and edge.kind is EdgeKind.GROUP:
            # A group of a project is not part of the project where others require that.
            return []
        found: list[tuple[Edge, Marker]] = []
        for way in view.ways(node):
            if view.end(way) == ROOT:
                continue
            where = view.leads_on(way, extras, marker)
            if where is not None:
                found.append((way, where))
        ranks = view.graph.ranks
        found.sort(key=lambda pair: (pair[0].kind, pair[0].label, ranks[view.end(pair[0])]))
        return found

    def _line(self, package: LockedPackage, edge: Edge | None) -> str:
        line: str = package.name
        if edge is not None and edge.extras:
            line += f"[{', '.join(edge.extras)}]"
        if package.version is not None:
            line += f" v{package.version}"
        if edge is not None and edge.kind is not EdgeKind.PLAIN:
            line += f" ({'extra' if edge.kind is EdgeKind.EXTRA else 'group'}: {edge.label})"
        if self._size is not None:
            size = next((wheel.size for wheel in package.wheels if wheel.size is not None), None)
            if size is not None:
                line += f" {self._style.size(f'({self._size(size)})')}"
        return line
