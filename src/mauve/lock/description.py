"""A lock as the machine-readable graph that `workspace metadata` prints: nodes with identifiers, edges between them.

Every package is a node, so is every extra and every dependency group that has edges, and the workspace or the script
itself. Paths are absolute. Pure: what is installed is added by the caller.

Specification: docs/project.md "Metadata of a workspace".
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from mauve.lock.lookup import LockLookup
from mauve.lock.nodes import Edge, Kind, NodeWriter, OwnerNode, PackageNode, Part
from mauve.standards.markers.diagram import FALSE, TRUE, Marker, any_of
from mauve.standards.markers.extras import without_extras
from mauve.standards.markers.render import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.distributions.conflicts import ConflictItem
    from mauve.lock.model import Lock, LockedDependency, LockedPackage, LockedRequirement, LockedSource
    from mauve.standards.names import ExtraName, PackageName

_Place: TypeAlias = "tuple[tuple[PackageName, str | None, LockedSource], ExtraName | None]"
"""A package, or an extra of it."""


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
        self._nodes = NodeWriter(root)
        self._lookup = LockLookup(lock)
        self._reached = self._find_reached()

    # --- identifiers

    def identifier(self, package: LockedPackage) -> str:
        """Return the identifier of *package*."""
        return self._nodes.identifier(package)

    def member_identifier(self, name: PackageName) -> str | None:
        """Return the identifier of the member *name*, None if the lock lacks it."""
        packages = self._lookup.named(name)
        return self.identifier(packages[0]) if packages else None

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
                    found[self._nodes.identifier(package, extra=extra)] = self._nodes.part(
                        package, {"extra": extra}, own
                    )
            for group, edges in package.dev_dependencies.items():
                if edges:
                    found[self._nodes.identifier(package, group=group)] = self._nodes.part(
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

    def _package(self, package: LockedPackage) -> PackageNode:
        reached = self._reached.get((package.identity, None), FALSE)
        node = self._nodes.package(package, self._edges(package.dependencies, reached))
        extras = [
            Part(extra, self._nodes.identifier(package, extra=extra))
            for extra, edges in package.optional_dependencies.items()
            if edges
        ]
        groups = [
            Part(group, self._nodes.identifier(package, group=group))
            for group, edges in package.dev_dependencies.items()
            if edges
        ]
        if extras:
            node.optional_dependencies = extras
        if groups:
            node.dependency_groups = groups
        return node

    # --- edges

    def _edges(self, edges: Iterable[LockedDependency], reached: Marker) -> list[Edge]:
        """Return *edges* with their own markers and that under which their node is *reached*."""
        found: list[Edge] = []
        for edge in edges:
            marker = reached if edge.marker is None else self._lookup.marker(edge.marker) & reached
            found += self._edges_to(self._lookup.target(edge), edge.extra, render(marker))
        return found

    def _edges_to(self, target: LockedPackage, extras: tuple[ExtraName, ...], marker: str | None) -> list[Edge]:
        nodes = [self._nodes.identifier(target, extra=extra) for extra in extras] or [self._nodes.identifier(target)]
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
                there = marker if edge.marker is None else self._lookup.marker(edge.marker) & marker
                reach(self._lookup.target(edge), edge.extra, without_extras(there))

        for package in self._lookup.members():
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

    def _candidates(self, requirement: LockedRequirement) -> list[tuple[LockedPackage, Marker]]:
        """Return the packages that a requirement without edges may mean, each with its marker: one for each fork."""
        packages = self._lookup.named(requirement.name)
        asked = TRUE if requirement.marker is None else self._lookup.marker(requirement.marker)
        if len(packages) == 1:
            return [(packages[0], asked)]
        forks = [
            asked & any_of([self._lookup.marker(text) for text in package.resolution_markers]) for package in packages
        ]
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
        packages = self._lookup.named(item.package)
        if packages:
            node.id = self._nodes.identifier(packages[0], extra=item.extra, group=item.group)
        return node
