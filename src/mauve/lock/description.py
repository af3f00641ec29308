"""A lock as the machine-readable graph that `workspace metadata` prints: nodes with identifiers, edges between them.

Every package is a node, so is every extra and every dependency group that has edges, and the workspace or the script
itself. Paths are absolute. Pure: what is installed is added by the caller.

Specification: docs/project.md "Metadata of a workspace".
"""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from mauve.lock.model import SourceKind
from mauve.lock.selection import locked_members
from mauve.standards.markers.diagram import FALSE, TRUE, Marker, any_of
from mauve.standards.markers.extras import without_extras
from mauve.standards.markers.parse import parse_marker
from mauve.standards.markers.render import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.distributions.conflicts import ConflictItem
    from mauve.lock.model import Lock, LockedDependency, LockedFile, LockedPackage, LockedRequirement, LockedSource
    from mauve.standards.names import ExtraName, GroupName, PackageName

Kind: TypeAlias = str | dict[str, str]
"""`package`, `workspace`, `script`, or `{"extra": NAME}`, `{"group": NAME}`."""

_DIRECT: Final = "direct"
_Place: TypeAlias = "tuple[tuple[PackageName, str | None, LockedSource], ExtraName | None]"
"""A package, or an extra of it."""


class Edge(Struct, omit_defaults=True):
    """A dependency on the node `id`, if `marker` holds."""

    id: str
    marker: str | UnsetType = UNSET


class Part(Struct):
    """An extra or group of a node, which is a node of its own."""

    name: str
    id: str


class FileNode(Struct):
    """A source distribution or a wheel."""

    url: str | UnsetType = UNSET
    path: str | UnsetType = UNSET
    hashes: dict[str, str] | UnsetType = UNSET
    size: int | UnsetType = UNSET
    upload_time: str | UnsetType = UNSET
    filename: str | UnsetType = UNSET


class PackageNode(Struct, kw_only=True):
    """A package, or an extra or a group of one."""

    name: str
    version: str | UnsetType = UNSET
    source: dict[str, object]
    kind: Kind
    dependencies: list[Edge]
    optional_dependencies: list[Part] | UnsetType = UNSET
    dependency_groups: list[Part] | UnsetType = UNSET
    sdist: FileNode | UnsetType = UNSET
    wheels: list[FileNode] | UnsetType = UNSET


class OwnerNode(Struct, kw_only=True):
    """A workspace or a script, or a group of a workspace whose root is no project."""

    kind: Kind
    path: str
    dependencies: list[Edge]
    dependency_groups: list[Part] | UnsetType = UNSET


class ConflictNode(Struct):
    """An item of a conflict set; `id` is its node."""

    package: str
    kind: Kind
    id: str | UnsetType = UNSET


class LockDescription:
    """Describes one lock, whose file is, or would be, in the folder *root*."""

    def __init__(self, lock: Lock, root: str) -> None:
        """Index the packages by name."""
        self._lock = lock
        self._root = root
        self._by_name: dict[PackageName, list[LockedPackage]] = {}
        for package in lock.packages:
            self._by_name.setdefault(package.name, []).append(package)
        self._reached = self._find_reached()

    # --- identifiers

    def absolute(self, path: str) -> str:
        """Return *path*, relative to the folder of the lock, as an absolute one."""
        return os.path.normpath(os.path.join(self._root, path))

    def identifier(self, package: LockedPackage, extra: ExtraName | None = None, group: GroupName | None = None) -> str:
        """Return the identifier of a package, or of an extra or a group of it."""
        part = f"[{extra}]" if extra is not None else f":{group}" if group is not None else ""
        version = "" if package.version is None else f"=={package.version}"
        return f"{package.name}{part}{version}@{self._source_identifier(package.source)}"

    def member_identifier(self, name: PackageName) -> str | None:
        """Return the identifier of the member *name*, None if the lock lacks it."""
        packages = self._by_name.get(name)
        return self.identifier(packages[0]) if packages else None

    def _source_identifier(self, source: LockedSource) -> str:
        kind = _DIRECT if source.kind is SourceKind.URL else source.kind.value
        is_path = source.is_local or source.is_registry_path
        return f"{kind}+{self.absolute(source.location) if is_path else source.location}"

    # --- nodes

    def nodes(self, owner: str, kind: str) -> dict[str, PackageNode | OwnerNode]:
        """Return all nodes by identifier, sorted; *owner* is the path of the workspace or script, *kind* what it is."""
        found: dict[str, PackageNode | OwnerNode] = {}
        for package in self._lock.packages:
            found[self.identifier(package)] = self._package(package)
            for extra, edges in package.optional_dependencies.items():
                if edges:
                    reached = self._reached.get((package.identity, extra), FALSE)
                    own = [Edge(self.identifier(package)), *self._edges(edges, reached)]
                    found[self.identifier(package, extra=extra)] = self._part(package, {"extra": extra}, own)
            for group, edges in package.dev_dependencies.items():
                if edges:
                    found[self.identifier(package, group=group)] = self._part(
                        package, {"group": group}, self._edges(edges, TRUE)
                    )
        manifest = self._lock.manifest
        identifier = f"{kind}+{owner}"
        node = OwnerNode(kind=kind, path=owner, dependencies=self._required(manifest.requirements))
        if manifest.dependency_groups:
            node.dependency_groups = [Part(group, f"{identifier}:{group}") for group in manifest.dependency_groups]
        found[identifier] = node
        for group, requirements in manifest.dependency_groups.items():
            found[f"{identifier}:{group}"] = OwnerNode(
                kind={"group": group}, path=owner, dependencies=self._required(requirements)
            )
        return dict(sorted(found.items()))

    def _part(self, package: LockedPackage, kind: Kind, edges: list[Edge]) -> PackageNode:
        node = PackageNode(name=package.name, source=self._source(package.source), kind=kind, dependencies=edges)
        if package.version is not None:
            node.version = package.version
        return node

    def _package(self, package: LockedPackage) -> PackageNode:
        node = self._part(
            package, "package", self._edges(package.dependencies, self._reached.get((package.identity, None), FALSE))
        )
        extras = [
            Part(extra, self.identifier(package, extra=extra))
            for extra, edges in package.optional_dependencies.items()
            if edges
        ]
        groups = [
            Part(group, self.identifier(package, group=group))
            for group, edges in package.dev_dependencies.items()
            if edges
        ]
        if extras:
            node.optional_dependencies = extras
        if groups:
            node.dependency_groups = groups
        if package.sdist is not None:
            node.sdist = self._file(package.sdist)
        if package.wheels:
            node.wheels = [self._wheel(file) for file in package.wheels]
        return node

    def _wheel(self, file: LockedFile) -> FileNode:
        node = self._file(file)
        node.filename = file.filename
        return node

    def _file(self, file: LockedFile) -> FileNode:
        node = FileNode()
        if file.kind == "url":
            node.url = file.location
        elif file.kind == "path":
            node.path = self.absolute(file.location)
        if file.hash is not None:
            algorithm, _, digest = file.hash.partition(":")
            node.hashes = {algorithm: digest}
        if file.size is not None:
            node.size = file.size
        if file.upload_time is not None:
            node.upload_time = file.upload_time
        return node

    def _source(self, source: LockedSource) -> dict[str, object]:
        if source.kind is SourceKind.REGISTRY:
            where: dict[str, object]
            where = {"path": self.absolute(source.location)} if source.is_registry_path else {"url": source.location}
            return {"registry": where}
        if source.kind is SourceKind.URL:
            # uv, too, gives the path inside of the archive as if it were one beside the lock.
            inside = None if source.subdirectory is None else self.absolute(source.subdirectory)
            return {"url": source.location, "subdirectory": inside}
        return {source.kind.value: self.absolute(source.location) if source.is_local else source.location}

    # --- edges

    def _edges(self, edges: Iterable[LockedDependency], reached: Marker) -> list[Edge]:
        """Return *edges* with their own markers and that under which their node is *reached*."""
        found: list[Edge] = []
        for edge in edges:
            marker = reached if edge.marker is None else parse_marker(edge.marker) & reached
            found += self._edges_to(self._target(edge), edge.extra, render(marker))
        return found

    def _target(self, edge: LockedDependency) -> LockedPackage:
        packages = self._by_name[edge.name]
        if edge.source is None or len(packages) == 1:
            return packages[0]
        return next(each for each in packages if each.version == edge.version and each.source == edge.source)

    def _edges_to(self, target: LockedPackage, extras: tuple[ExtraName, ...], marker: str | None) -> list[Edge]:
        nodes = [self.identifier(target, extra=extra) for extra in extras] or [self.identifier(target)]
        return [Edge(node, marker if marker is not None else UNSET) for node in nodes]

    def _find_reached(self) -> dict[_Place, Marker]:
        """Return under which markers each package, and each extra of it, is reached from what is locked for itself."""
        reached: dict[_Place, Marker] = {}
        queue: deque[_Place] = deque()
        packages = {package.identity: package for package in self._lock.packages}

        def reach(target: LockedPackage, extras: Iterable[ExtraName | None], marker: Marker) -> None:
            for extra in (None, *extras):
                place = (target.identity, extra)
                known = reached.get(place, FALSE)
                joined = known | marker
                if joined is not known:
                    reached[place] = joined
                    queue.append(place)

        def follow(edges: Iterable[LockedDependency], marker: Marker) -> None:
            for edge in edges:
                there = marker if edge.marker is None else parse_marker(edge.marker) & marker
                reach(self._target(edge), edge.extra, without_extras(there))

        for package in self._first_parties():
            reach(package, package.optional_dependencies, TRUE)
            for edges in package.dev_dependencies.values():
                follow(edges, TRUE)
        manifest = self._lock.manifest
        for requirements in (manifest.requirements, *manifest.dependency_groups.values()):
            for requirement in requirements:
                for package, there in self._candidates(requirement):
                    reach(package, requirement.extras, there)
        while queue:
            identity, extra = queue.popleft()
            package = packages[identity]
            edges = package.dependencies if extra is None else package.optional_dependencies.get(extra, ())
            follow(edges, reached[identity, extra])
        return reached

    def _first_parties(self) -> list[LockedPackage]:
        """Return the members of the workspace."""
        return [package for name in locked_members(self._lock) for package in self._by_name.get(name, ())[:1]]

    def _candidates(self, requirement: LockedRequirement) -> list[tuple[LockedPackage, Marker]]:
        """Return the packages that a requirement without edges may mean, each with its marker: one for each fork."""
        packages = self._by_name.get(requirement.name, ())
        asked = TRUE if requirement.marker is None else parse_marker(requirement.marker)
        if len(packages) == 1:
            return [(packages[0], asked)]
        forks = [asked & any_of([parse_marker(text) for text in package.resolution_markers]) for package in packages]
        return [(package, fork) for package, fork in zip(packages, forks, strict=True) if fork is not FALSE]

    def _required(self, requirements: Iterable[LockedRequirement]) -> list[Edge]:
        return [
            edge
            for requirement in requirements
            for package, marker in self._candidates(requirement)
            for edge in self._edges_to(package, requirement.extras, render(marker))
        ]

    # --- conflicts

    def conflicts(self) -> list[dict[str, list[ConflictNode]]]:
        """Return the conflict sets."""
        return [{"items": [self._conflict(item) for item in conflict.items]} for conflict in self._lock.conflicts.sets]

    def _conflict(self, item: ConflictItem) -> ConflictNode:
        kind: Kind = "Project"
        if item.extra is not None:
            kind = {"Extra": item.extra}
        elif item.group is not None:
            kind = {"Group": item.group}
        node = ConflictNode(package=item.package, kind=kind)
        packages = self._by_name.get(item.package)
        if packages:
            node.id = self.identifier(packages[0], extra=item.extra, group=item.group)
        return node
