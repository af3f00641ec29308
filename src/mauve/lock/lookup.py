"""Entries of a lock by what refers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.standards.markers.diagram import FALSE, TRUE, Marker, any_of
from mauve.standards.markers.extras import without_extras
from mauve.standards.markers.parse import parse_marker

if TYPE_CHECKING:
    from mauve.lock.model import Lock, LockedDependency, LockedPackage, LockedRequirement
    from mauve.standards.names import PackageName


def locked_members(lock: Lock) -> tuple[PackageName, ...]:
    """Return the members of the workspace that *lock* is for."""
    known = lock.manifest.members
    return known or tuple([package.name for package in lock.packages if package.source.is_root])


class LockLookup:
    """The packages of one lock by name, and the targets of its edges."""

    __slots__ = ("_by_name", "_environments", "_markers", "lock")

    def __init__(self, lock: Lock) -> None:
        """Index *lock*."""
        self.lock = lock
        self._markers: dict[str, Marker] = {}
        self._environments: Marker | None = None
        self._by_name: dict[PackageName, list[LockedPackage]] = {}
        for package in lock.packages:
            self._by_name.setdefault(package.name, []).append(package)

    def named(self, name: PackageName) -> list[LockedPackage]:
        """Return the packages called *name*, in the order of the lock."""
        return self._by_name.get(name, [])

    def target(self, edge: LockedDependency) -> LockedPackage:
        """Return the package that *edge* leads to; the lock was checked, so there is one."""
        packages = self._by_name[edge.name]
        if edge.source is None or len(packages) == 1:
            return packages[0]
        return next(each for each in packages if each.version == edge.version and each.source == edge.source)

    def marker(self, text: str | None) -> Marker:
        """Return the marker of *text*; None = always."""
        if text is None:
            return TRUE
        known = self._markers.get(text)
        if known is None:
            known = self._markers[text] = parse_marker(text)
        return known

    def edge_marker(self, text: str | None) -> Marker:
        """Return the marker of an edge as *text* says it, where the lock applies at all (`tool.uv.environments`)."""
        environments = self._environments
        if environments is None:
            supported = self.lock.supported_markers
            environments = any_of([self.marker(each) for each in supported]) if supported else TRUE
            self._environments = environments
        return self.marker(text) & environments

    def forks(self, package: LockedPackage) -> Marker:
        """Return where the forks of *package* apply, whatever extras are active."""
        if not package.resolution_markers:
            return TRUE
        return any_of([without_extras(self.marker(text)) for text in package.resolution_markers])

    def required(self, requirement: LockedRequirement) -> list[tuple[LockedPackage, Marker]]:
        """Return the packages that *requirement*, which has no edges, can mean; and where it means each."""
        marker = self.marker(requirement.marker)
        found = [(package, self.forks(package) & marker) for package in self.named(requirement.name)]
        return [(package, where) for package, where in found if where is not FALSE]

    def root(self) -> LockedPackage | None:
        """Return the project in the folder of the lock."""
        return next((package for package in self.lock.packages if package.source.is_root), None)

    def members(self) -> list[LockedPackage]:
        """Return the projects of the workspace, in the order of the lock."""
        names = frozenset(locked_members(self.lock))
        return [package for package in self.lock.packages if package.name in names]
