"""The dependency tree of a lock as JSON for programs.

A package, each of its extras and each of its groups are nodes of their own, found by an id; an extra depends on its
package, a group does not. `roots` are where to start. Upwards (`--invert`) the dependencies are turned around; which
extras and groups a package has is not.

Specification: docs/project.md "tree".
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from mauve.lock.graph import ROOT, EdgeKind
from mauve.lock.model import SourceKind
from mauve.lock.requirements import absolute_path
from mauve.standards.markers.diagram import TRUE, Marker
from mauve.standards.markers.extras import without_extras
from mauve.standards.markers.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mauve.lock.graph import Edge
    from mauve.lock.model import LockedFile, LockedPackage
    from mauve.lock.tree.dependencies import TreeView
    from mauve.standards.names import ExtraName


class TreeTarget(Struct, frozen=True):
    """What the tree belongs to: the workspace in the folder *root*, or the script at the path *script* in it."""

    root: str
    script: str | None = None


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
    return json.dumps(document.finish(), indent=2, ensure_ascii=False)


def _reached(view: TreeView) -> tuple[list[int], list[Edge]]:
    """Return the nodes and edges within the depth; edges of the root downwards are not among them."""
    nodes: dict[int, None] = {}
    edges: dict[int, Edge] = {}
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
        self._nodes: dict[str, dict[str, Any]] = {}
        self._dependencies: dict[str, set[tuple[str, str | None]]] = {}
        self._related: dict[tuple[str, str], dict[str, str]] = {}

    # --- nodes

    def _node(self, key: str, head: dict[str, Any]) -> str:
        if key not in self._nodes:
            self._nodes[key] = head
            self._dependencies[key] = set()
        return key

    def package(self, package: LockedPackage, extra: str = "", group: str = "") -> str:
        """Return the id of *package*, or of one of its extras or groups; each of them is added to the document."""
        source = self._source(package)
        label = f"[{extra}]" if extra else f":{group}" if group else ""
        version = "" if package.version is None else f"=={package.version}"
        key = f"{package.name}{label}{version}@{source[0]}"
        if key in self._nodes:
            return key
        head: dict[str, Any] = {"name": package.name}
        if package.version is not None:
            head["version"] = package.version
        head["source"] = source[1]
        head["kind"] = {"extra": extra} if extra else {"group": group} if group else "package"
        self._node(key, head)
        if not extra and not group:
            newer = self._latest.get(id(package))
            if newer is not None:
                head["latest_version"] = newer
            wheels = [self._wheel(package, wheel) for wheel in package.wheels]
            if wheels:
                head["wheels"] = wheels
        return key

    def _extra(self, package: LockedPackage, extra: str) -> str:
        own, key = self.package(package), self.package(package, extra=extra)
        self._related.setdefault((own, "optional_dependencies"), {})[extra] = key
        self._depend(key, own, None)
        return key

    def _group(self, package: LockedPackage, group: str) -> str:
        own, key = self.package(package), self.package(package, group=group)
        self._related.setdefault((own, "dependency_groups"), {})[group] = key
        return key

    def _owner(self) -> str:
        """Return the id of the workspace or the script."""
        script = self._target.script
        if script is not None:
            return self._node(f"script+{script}", {"kind": "script", "path": script})
        return self._node(f"workspace+{self._target.root}", {"kind": "workspace", "path": self._target.root})

    def _owner_group(self, group: str) -> str:
        own = self._owner()
        key = self._node(f"{own}:{group}", {"kind": {"group": group}, "path": self._target.root})
        self._related.setdefault((own, "dependency_groups"), {})[group] = key
        return key

    def _source(self, package: LockedPackage) -> tuple[str, dict[str, Any]]:
        """Return the end of the id, and the table."""
        source, root = package.source, self._target.root
        match source.kind:
            case SourceKind.REGISTRY:
                if source.is_registry_path:
                    path = _absolute(source.location, root)
                    return f"registry+{path}", {"registry": {"path": path}}
                return f"registry+{source.location}", {"registry": {"url": source.location}}
            case SourceKind.GIT:
                return f"git+{source.location}", {"git": source.location}
            case SourceKind.URL:
                subdirectory = None if source.subdirectory is None else _absolute(source.subdirectory, root)
                return f"direct+{source.location}", {"url": source.location, "subdirectory": subdirectory}
            case _:
                path = _absolute(source.location, root)
                return f"{source.kind.value}+{path}", {source.kind.value: path}

    def _wheel(self, package: LockedPackage, file: LockedFile) -> dict[str, Any]:
        wheel: dict[str, Any] = {}
        if file.kind == "url":
            wheel["url"] = file.location
        elif file.kind == "path":
            wheel["path"] = _absolute(file.location, absolute_path(package.source.location, self._target.root))
        wheel.update(_facts(file.hash, file.size))
        if file.upload_time is not None:
            wheel["upload_time"] = file.upload_time
        wheel["filename"] = file.filename
        if file.zstd is not None:
            wheel["zstd"] = _facts(file.zstd.hash, file.zstd.size)
        return wheel

    # --- edges

    def _depend(self, source: str, target: str, marker: str | None) -> None:
        if self._view.request.invert:
            source, target = target, source
        self._dependencies[source].add((target, marker))

    def _asked(self, package: LockedPackage, edge: Edge) -> list[str]:
        """Return the ids of what *edge* asks for: its extras, which bring the package along, or the package."""
        if not edge.extras:
            return [self.package(package)]
        return [self._extra(package, extra) for extra in edge.extras]

    def _marker(self, edge: Edge) -> str | None:
        return render(self._view.requires_python.simplify(without_extras(edge.marker)))

    def add_edge(self, edge: Edge) -> None:
        """Add an edge between packages."""
        package = self._view.package(edge.source)
        match edge.kind:
            case EdgeKind.PLAIN:
                source = self.package(package)
            case EdgeKind.EXTRA:
                source = self._extra(package, edge.label)
            case EdgeKind.GROUP:
                source = self._group(package, edge.label)
        marker = self._marker(edge)
        for target in self._asked(self._view.package(edge.target), edge):
            self._depend(source, target, marker)

    def add_root_edges(self, reached: list[Edge]) -> None:
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
        if not self._view.request.groups.only:
            yield self.package(package)
            yield from self._existing([self._key(package, f"[{extra}]") for extra in package.optional_dependencies])
        groups = self._view.groups_of(package.dev_dependencies, package.default_groups)
        yield from self._existing([self._key(package, f":{group}") for group in groups])

    def _key(self, package: LockedPackage, label: str) -> str:
        version = "" if package.version is None else f"=={package.version}"
        return f"{package.name}{label}{version}@{self._source(package)[0]}"

    def _existing(self, keys: list[str]) -> list[str]:
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
                yield from self._existing([f"{own}:{group}" for group in groups])

    def finish(self) -> dict[str, Any]:
        """Return the document."""
        root, script = self._target.root, self._target.script
        own = self._owner()
        document: dict[str, Any] = {"schema": {"version": "preview"}, "workspace_root": root}
        document["workspace" if script is None else "script"] = {"path": script or root, "id": own}
        document["roots"] = [{"id": key} for key in sorted(set(self._roots()))]
        document["inverted"] = self._view.request.invert
        members = [] if script is not None else list(self._members())
        if members:
            document["members"] = members
        document["resolution"] = {key: self._finished(key) for key in sorted(self._nodes)}
        return document

    def _members(self) -> Iterator[dict[str, str]]:
        for package in self._view.lookup.members():
            key = self._key(package, "")
            if key in self._nodes and package.source.is_local:
                path = _absolute(package.source.location, self._target.root)
                yield {"name": package.name, "path": path, "id": key}

    def _finished(self, key: str) -> dict[str, Any]:
        """Return the node with its dependencies in their place."""
        head = dict(self._nodes[key])
        tail: dict[str, Any] = {name: head.pop(name) for name in ("latest_version", "wheels") if name in head}
        head["dependencies"] = [
            {"id": target} if marker is None else {"id": target, "marker": marker}
            for target, marker in sorted(self._dependencies[key], key=lambda pair: (pair[0], pair[1] or ""))
        ]
        for name in ("optional_dependencies", "dependency_groups"):
            related = self._related.get((key, name))
            if related:
                head[name] = [{"name": label, "id": related[label]} for label in sorted(related)]
        return {**head, **tail}


def _absolute(location: str, root: str) -> str:
    """Return the path *location* below *root*, with slashes."""
    return absolute_path(location, root).replace(os.sep, "/")


def _facts(digest: str | None, size: int | None) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if digest is not None:
        algorithm, _, value = digest.partition(":")
        facts["hashes"] = {algorithm: value}
    if size is not None:
        facts["size"] = size
    return facts
