"""The dependency tree of a lock as JSON for programs.

A package, each of its extras and each of its groups are nodes of their own, found by an id; an extra depends on its
package, a group does not. `roots` are where to start. Upwards (`--invert`) the dependencies are turned around; which
extras and groups a package has is not.

Specification: docs/project.md "tree".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, Struct, UnsetType, json

from mauve.lock.graph import ROOT, EdgeKind
from mauve.lock.nodes import Edge, NodeWriter, OwnerNode, PackageNode, Part
from mauve.standards.markers.diagram import TRUE, Marker
from mauve.standards.markers.extras import without_extras
from mauve.standards.markers.render import render
from mauve.standards.names import ExtraName, GroupName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mauve.lock.graph import Edge as GraphEdge
    from mauve.lock.model import LockedPackage
    from mauve.lock.tree.dependencies import TreeView


class TreeTarget(Struct, frozen=True):
    """What the tree belongs to: the workspace in the folder *root*, or the script at the path *script* in it."""

    root: str
    script: str | None = None


class TreeSchema(Struct):
    """The version of the format."""

    version: str = "preview"


class OwnerReference(Struct):
    """The workspace or the script."""

    path: str
    id: str


class NodeReference(Struct):
    """Where to start."""

    id: str


class MemberReference(Struct):
    """A member of the workspace."""

    name: str
    path: str
    id: str


class TreeDocument(Struct, kw_only=True):
    """What `tree --format json` prints."""

    schema: TreeSchema
    workspace_root: str
    script: OwnerReference | UnsetType = UNSET
    workspace: OwnerReference | UnsetType = UNSET
    roots: list[NodeReference]
    inverted: bool
    members: list[MemberReference] | UnsetType = UNSET
    resolution: dict[str, PackageNode | OwnerNode]


class _State(Struct, frozen=True):
    """What decides about the ways that lead on from a node."""

    node: int
    extras: frozenset[ExtraName]
    marker: Marker
    by_group: bool


def render_tree_json(view: TreeView, target: TreeTarget, *, latest: Mapping[int, str]) -> str:
    """Return the text of the document, without a line end; *latest* are newer versions by identity of the package."""
    document = _Document(view, target, latest)
    nodes, edges = _reached(view)
    for node in nodes:
        document.package(view.package(node))
    for edge in edges:
        if ROOT not in (edge.source, edge.target):
            document.add_edge(edge)
    document.add_root_edges(edges)
    return json.format(json.encode(document.finish()), indent=2).decode()


def _reached(view: TreeView) -> tuple[list[int], list[GraphEdge]]:
    """Return the nodes and edges within the depth; edges of the root downwards are not among them."""
    nodes: dict[int, None] = {}
    edges: dict[int, GraphEdge] = {}
    distances: dict[_State, int] = {}
    queue: list[_State] = []

    def arrive(state: _State, distance: int) -> None:
        nodes.setdefault(state.node)
        if state not in distances:
            distances[state] = distance
            queue.append(state)

    invert = view.request.invert
    for root in view.roots:
        if root == ROOT:
            for edge in view.ways(ROOT):
                end = view.end(edge)
                arrive(_State(end, view.expanded_extras(end, edge), TRUE, by_group=False), 0)
        else:
            marker = view.known if invert else TRUE
            arrive(_State(root, view.expanded_extras(root, None), marker, by_group=False), 0)
    for state in queue:
        distance = distances[state]
        if distance >= view.request.depth or (invert and state.by_group):
            continue
        for edge in view.ways(state.node):
            where = view.leads_on(edge, state.extras, state.marker)
            if where is None:
                continue
            edges[id(edge)] = edge
            end = view.end(edge)
            if end != ROOT:
                by_group = invert and edge.kind is EdgeKind.GROUP
                arrive(_State(end, view.expanded_extras(end, edge), where, by_group), distance + 1)
    return list(nodes), list(edges.values())


class _Document:
    """Collects nodes by id."""

    def __init__(self, view: TreeView, target: TreeTarget, latest: Mapping[int, str]) -> None:
        self._view = view
        self._target = target
        self._latest = latest
        self._writer = NodeWriter(target.root)
        self._nodes: dict[str, PackageNode | OwnerNode] = {}
        self._dependencies: dict[str, set[tuple[str, str | None]]] = {}
        self._extras: dict[str, dict[str, str]] = {}
        self._groups: dict[str, dict[str, str]] = {}

    # --- nodes

    def _add(self, key: str, node: PackageNode | OwnerNode) -> str:
        self._nodes[key] = node
        self._dependencies[key] = set()
        return key

    def package(self, package: LockedPackage) -> str:
        """Return the id of *package*, which is added to the document."""
        key = self._writer.identifier(package)
        if key not in self._nodes:
            node = self._writer.package(package, [], sdist=False)
            newer = self._latest.get(id(package))
            if newer is not None:
                node.latest_version = newer
            self._add(key, node)
        return key

    def _extra(self, package: LockedPackage, extra: ExtraName) -> str:
        own, key = self.package(package), self._writer.identifier(package, extra=extra)
        if key not in self._nodes:
            self._add(key, self._writer.part(package, {"extra": extra}, []))
            self._extras.setdefault(own, {})[extra] = key
            self._depend(key, own, None)
        return key

    def _group(self, package: LockedPackage, group: GroupName) -> str:
        own, key = self.package(package), self._writer.identifier(package, group=group)
        if key not in self._nodes:
            self._add(key, self._writer.part(package, {"group": group}, []))
            self._groups.setdefault(own, {})[group] = key
        return key

    def _owner(self) -> str:
        """Return the id of the workspace or the script."""
        script = self._target.script
        kind, path = ("workspace", self._target.root) if script is None else ("script", script)
        key = f"{kind}+{path}"
        return key if key in self._nodes else self._add(key, OwnerNode(kind=kind, path=path, dependencies=[]))

    def _owner_group(self, group: str) -> str:
        own = self._owner()
        key = f"{own}:{group}"
        if key not in self._nodes:
            self._add(key, OwnerNode(kind={"group": group}, path=self._target.root, dependencies=[]))
            self._groups.setdefault(own, {})[group] = key
        return key

    # --- edges

    def _depend(self, source: str, target: str, marker: str | None) -> None:
        if self._view.request.invert:
            source, target = target, source
        self._dependencies[source].add((target, marker))

    def _asked(self, package: LockedPackage, edge: GraphEdge) -> list[str]:
        """Return the ids of what *edge* asks for: its extras, which bring the package along, or the package."""
        if not edge.extras:
            return [self.package(package)]
        return [self._extra(package, extra) for extra in edge.extras]

    def _marker(self, edge: GraphEdge) -> str | None:
        return render(self._view.requires_python.simplify(without_extras(edge.marker)))

    def add_edge(self, edge: GraphEdge) -> None:
        """Add an edge between packages."""
        package = self._view.package(edge.source)
        match edge.kind:
            case EdgeKind.PLAIN:
                source = self.package(package)
            case EdgeKind.EXTRA:
                source = self._extra(package, ExtraName(edge.label))
            case EdgeKind.GROUP:
                source = self._group(package, GroupName(edge.label))
        marker = self._marker(edge)
        for target in self._asked(self._view.package(edge.target), edge):
            self._depend(source, target, marker)

    def add_root_edges(self, reached: list[GraphEdge]) -> None:
        """Add what the workspace or the script itself requires."""
        view = self._view
        edges = view.ways(ROOT)
        if view.request.invert:
            edges = [edge for edge in reached if edge.source == ROOT]
        own = self._owner()
        for edge in edges:
            if self._target.script is None and edge.kind is not EdgeKind.GROUP:
                continue
            source = own if edge.kind is not EdgeKind.GROUP else self._owner_group(edge.label)
            marker = self._marker(edge)
            for target in self._asked(view.package(edge.target), edge):
                self._depend(source, target, marker)

    # --- the whole

    def _package_roots(self, package: LockedPackage) -> Iterator[str]:
        writer = self._writer
        if not self._view.request.groups.only:
            yield self.package(package)
            yield from self._known([writer.identifier(package, extra=each) for each in package.optional_dependencies])
        groups = self._view.groups_of(package.dev_dependencies, package.default_groups)
        yield from self._known([writer.identifier(package, group=group) for group in groups])

    def _known(self, keys: list[str]) -> list[str]:
        return [key for key in keys if key in self._nodes]

    def _roots(self) -> Iterator[str]:
        view = self._view
        manifest = view.lookup.lock.manifest
        for root in view.roots:
            if root != ROOT:
                package = view.package(root)
                if view.request.invert:
                    yield self.package(package)
                else:
                    yield from self._package_roots(package)
            elif self._target.script is not None:
                yield self._owner()
            else:
                for edge in view.ways(ROOT):
                    if edge.kind is EdgeKind.PLAIN:
                        yield from self._package_roots(view.package(edge.target))
                own = self._owner()
                groups = view.groups_of(manifest.dependency_groups, manifest.default_groups)
                yield from self._known([f"{own}:{group}" for group in groups])

    def finish(self) -> TreeDocument:
        """Return the document."""
        root, script = self._target.root, self._target.script
        owner = OwnerReference(script or root, self._owner())
        roots = [NodeReference(key) for key in sorted(set(self._roots()))]
        document = TreeDocument(
            schema=TreeSchema(),
            workspace_root=root,
            roots=roots,
            inverted=self._view.request.invert,
            resolution={key: self._finished(key) for key in sorted(self._nodes)},
        )
        if script is not None:
            document.script = owner
            return document
        document.workspace = owner
        members = list(self._members())
        if members:
            document.members = members
        return document

    def _members(self) -> Iterator[MemberReference]:
        for package in self._view.lookup.members():
            key = self._writer.identifier(package)
            if key in self._nodes and package.source.is_local:
                yield MemberReference(package.name, self._writer.absolute(package.source.location), key)

    def _finished(self, key: str) -> PackageNode | OwnerNode:
        """Return the node with its dependencies, extras and groups."""
        node = self._nodes[key]
        node.dependencies = [
            Edge(target, UNSET if marker is None else marker)
            for target, marker in sorted(self._dependencies[key], key=lambda pair: (pair[0], pair[1] or ""))
        ]
        extras, groups = self._extras.get(key, {}), self._groups.get(key, {})
        if extras and isinstance(node, PackageNode):
            node.optional_dependencies = [Part(name, extras[name]) for name in sorted(extras)]
        if groups:
            node.dependency_groups = [Part(name, groups[name]) for name in sorted(groups)]
        return node
