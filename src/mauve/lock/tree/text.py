"""The dependency tree of a lock as lines for people.

Specification: docs/project.md "tree".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.lock.graph import ROOT, EdgeKind
from mauve.lock.tree.drawing import draw_tree
from mauve.standards.markers.canonical import canonical_form
from mauve.standards.markers.diagram import Marker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mauve.lock.graph import Edge
    from mauve.lock.tree.dependencies import TreeView
    from mauve.standards.names import ExtraName


class TreeStyle(Struct, frozen=True):
    """How parts of a line are shown."""

    latest: Callable[[str], str] = str
    size: Callable[[str], str] = str
    footer: Callable[[str], str] = str


class _Step(Struct, frozen=True):
    """A package, the edge that leads to it, and the marker behind that."""

    node: int
    edge: Edge | None
    marker: Marker


class _Identity(Struct, frozen=True):
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
    walk = _Walk(view, latest, size, style)
    lines = draw_tree(walk, walk.roots(), view.request.depth, repeats=repeats, footer=style.footer)
    return "".join([f"{line}\n" for line in lines])


class _Walk:
    """The lock as it is walked, for `mauve.lock.tree.drawing`."""

    def __init__(
        self, view: TreeView, latest: Mapping[int, str], size: Callable[[int], str] | None, style: TreeStyle
    ) -> None:
        self._view = view
        self._latest = latest
        self._size = size
        self._style = style

    def roots(self) -> list[_Step]:
        view = self._view
        found: list[_Step] = []
        for root in view.roots:
            if root == ROOT:
                found += [_Step(view.end(edge), edge, view.known) for edge in view.ways(ROOT)]
            else:
                found.append(_Step(root, None, view.known))
        return found

    def identity(self, step: _Step) -> _Identity:
        view = self._view
        extras = view.expanded_extras(step.node, step.edge)
        return _Identity(step.node, extras, canonical_form(step.marker) if view.request.invert else None)

    def note(self, step: _Step) -> str:
        newer = self._latest.get(id(self._view.package(step.node)))
        return "" if newer is None else self._style.latest(f"(latest: v{newer})")

    def below(self, step: _Step) -> list[_Step]:
        """Return the ways that lead on from *step*, by kind, label and package."""
        view = self._view
        if view.request.invert and step.edge is not None and step.edge.kind is EdgeKind.GROUP:
            # A group of a project is not part of the project where others require that.
            return []
        extras = view.expanded_extras(step.node, step.edge)
        found: list[tuple[Edge, Marker]] = []
        for way in view.ways(step.node):
            if view.end(way) == ROOT:
                continue
            where = view.leads_on(way, extras, step.marker)
            if where is not None:
                found.append((way, where))
        ranks = view.graph.ranks
        found.sort(key=lambda pair: (pair[0].kind, pair[0].label, ranks[view.end(pair[0])]))
        return [_Step(view.end(way), way, where) for way, where in found]

    def label(self, step: _Step) -> str:
        package, edge = self._view.package(step.node), step.edge
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
