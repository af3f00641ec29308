"""Entries of a lock by what refers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.lock.model import SourceKind
from mauve.standards.markers.diagram import FALSE, TRUE, Marker, any_of
from mauve.standards.markers.extras import without_extras
from mauve.standards.markers.parse import parse_marker

if TYPE_CHECKING:
    from mauve.lock.model import Lock, LockedDependency, LockedPackage, LockedRequirement
    from mauve.standards.names import PackageName


class LockLookup:
    """The packages of one lock by name, and the targets of its edges."""

    __slots__ = ("_by_name", "_markers", "lock")

    def __init__(self, lock: Lock) -> None:
        """Index *lock*."""
        self.lock = lock
        self._markers: dict[str, Marker] = {}
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
        for package in self.lock.packages:
            if package.source.kind in (SourceKind.EDITABLE, SourceKind.VIRTUAL) and package.source.location == ".":
                return package
        return None

    def members(self) -> list[LockedPackage]:
        """Return the projects of the workspace, in the order of the lock."""
        names = frozenset(self.lock.manifest.members)
        if names:
            return [package for package in self.lock.packages if package.name in names]
        root = self.root()
        return [] if root is None else [root]
