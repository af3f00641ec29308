"""Whether the entries of a lock still say what the manifest and the source trees declare.

Packages of indexes and of git commits cannot change, so only their presence is checked; source trees and direct
archives can, so what they declared is compared with what they declare.

Specification: docs/lockfile.md "Is it up to date?".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.lock.manifest import lock_default_groups, lock_manifest, lock_members
from mauve.lock.meaning import constrains_nothing, meaning
from mauve.lock.model import LockedManifest, LockedMetadata, LockedPackage, LockedRequirement, SourceKind
from mauve.lock.requirements import absolute_path, index_location, lock_requirements, lock_source
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.lock.edges import EdgeCheck
    from mauve.lock.model import Lock, LockedDependency, LockedScope, LockedScopedOverride
    from mauve.resolver.manifest import Manifest, Member
    from mauve.resolver.source import DistributionMetadata
    from mauve.standards.names import GroupName, PackageName
    from mauve.standards.requires_python import RequiresPython

_EXTRAS_REVISION = 1
"""From here on locks record the extras that a package provides, and empty groups."""
_NO_METADATA_REVISION = 4
"""From here on what source trees declare may be missing."""
_GROUPS_REVISION = 5
"""From here on locks record default groups and the Python bounds of groups."""
_NO_METADATA = LockedMetadata()


class ContentCheck:
    """One comparison of a lock with a manifest; `mismatch` says what differs first."""

    def __init__(
        self,
        lock: Lock,
        manifest: Manifest,
        root: str,
        requires_python: RequiresPython,
        declared: Callable[[LockedPackage], DistributionMetadata | None],
        indexes: frozenset[str] | None,
        *,
        needs_metadata: bool = True,
    ) -> None:
        """Take the arguments of `freshness.judge`."""
        self.lock = lock
        self.manifest = manifest
        self.root = root
        self.bounds = requires_python
        self.declared = declared
        self.indexes = None if indexes is None else set(map(index_location, indexes))
        self.by_name: dict[PackageName, list[LockedPackage]] = {}
        for package in lock.packages:
            self.by_name.setdefault(package.name, []).append(package)
        self.edges: EdgeCheck | None = None
        if not needs_metadata and lock.revision >= _NO_METADATA_REVISION:
            from mauve.lock.edges import EdgeCheck

            self.edges = EdgeCheck(lock, manifest, root, requires_python, self.by_name)

    def mismatch(self) -> str | None:
        """Return what differs, in words that follow "due to"; None if nothing does."""
        return self._manifest_mismatch() or self._packages_mismatch()

    # --- the manifest

    def _manifest_mismatch(self) -> str | None:
        old, manifest = self.lock.manifest, self.manifest
        if set(old.members) != set(lock_members(manifest)):
            return "mismatched members"
        for member in manifest.members:
            mismatch = self._source_mismatch(member)
            if mismatch is not None:
                return mismatch
        new = lock_manifest(manifest, self.root)
        return self._groups_mismatch() if old == new else self._inputs_mismatch(new)

    def _source_mismatch(self, member: Member) -> str | None:
        packages = self.by_name.get(member.name, [])
        wanted = lock_source(member.source, self.root)
        for kind in (SourceKind.VIRTUAL, SourceKind.EDITABLE):
            expected = wanted.kind is kind
            if len(packages) != 1 or expected is not (packages[0].source.kind is kind):
                return f"mismatched source: `{member.name}` ({'' if expected else 'un'}expected: `{kind.value}`)"
        return None

    def _inputs_mismatch(self, new: LockedManifest) -> str | None:
        old = self.lock.manifest
        same = self._same
        if not same(old.requirements, new.requirements):
            return "mismatched requirements"
        if not same(*map(self._constraining, (old.constraints, self._relevant(new.constraints, old.constraints)))):
            return "mismatched constraints"
        if not same(old.overrides, self._relevant(new.overrides, old.overrides)) or not self._same_overrides(new):
            return "mismatched overrides"
        if not self._same_excludes(new):
            return "mismatched excludes"
        if set(map(self._exactly, old.build_constraints)) != set(map(self._exactly, new.build_constraints)):
            return "mismatched build constraints"
        mismatch = self._groups_mismatch()
        if mismatch is not None:
            return mismatch
        if not self._same_groups(old.dependency_groups, new.dependency_groups):
            return "mismatched dependency groups"
        if old.dependency_metadata != new.dependency_metadata:
            return "mismatched static metadata"
        return None

    def _groups_mismatch(self) -> str | None:
        """Return what differs in default groups and the Python bounds of groups, where the lock knows them."""
        if self.lock.revision < _GROUPS_REVISION:
            return None
        old, manifest = self.lock.manifest, self.manifest
        found = {name: packages[0] for name, packages in self.by_name.items()}
        members = [(member, found[member.name]) for member in manifest.members if member.name in found]
        if any(lock_default_groups(member.default_groups) != package.default_groups for member, package in members):
            return "mismatched member default groups"
        if lock_default_groups(manifest.default_groups) != old.default_groups:
            return "mismatched workspace default groups"
        if any(member.group_requires_python != package.group_requires_python for member, package in members):
            return "mismatched group metadata"
        if manifest.group_requires_python != old.group_requires_python:
            return "mismatched workspace group metadata"
        return None

    # --- packages

    def _packages_mismatch(self) -> str | None:
        manifest = self.manifest
        queue = [self.by_name[member.name][0] for member in manifest.members]
        for requirement in (*manifest.requirements, *(each for group in manifest.groups.values() for each in group)):
            queue.extend(self.by_name.get(requirement.name, ()))
        members = {member.name: member for member in manifest.members}
        if self.indexes is not None:
            for package in self.lock.packages:
                self._allow_pinned_indexes(package)
        seen = set(map(id, queue))
        for package in queue:  # grows while it is walked
            mismatch = self._package_mismatch(package, members.get(package.name))
            if mismatch is not None:
                return mismatch
            for edge in package.edges():
                for target in self._targets(edge):
                    if id(target) not in seen:
                        seen.add(id(target))
                        queue.append(target)
        return None

    def _targets(self, edge: LockedDependency) -> list[LockedPackage]:
        packages = self.by_name[edge.name]
        if edge.source is None:
            return packages
        return [package for package in packages if package.version == edge.version and package.source == edge.source]

    def _allow_pinned_indexes(self, package: LockedPackage) -> None:
        metadata = package.metadata
        if metadata is None or self.indexes is None:
            return
        for requirements in (metadata.requires_dist, *metadata.requires_dev.values()):
            self.indexes.update(requirement.index for requirement in requirements if requirement.index is not None)

    def _package_mismatch(self, package: LockedPackage, member: Member | None) -> str | None:
        source = package.source
        if source.kind is SourceKind.REGISTRY:
            return self._index_mismatch(package)
        if source.kind is SourceKind.GIT:
            return None
        now = member.metadata if member is not None else self.declared(package)
        return None if now is None else self._metadata_mismatch(package, now, is_member=member is not None)

    def _index_mismatch(self, package: LockedPackage) -> str | None:
        if self.indexes is None:
            return None
        source = package.source
        kind, location = "remote", source.location
        if source.is_registry_path:
            kind, location = "local", absolute_path(source.location, self.root)
        if location in self.indexes:
            return None
        return f"missing {kind} index: `{package.name}` `{package.version}` from `{source.location}`"

    def _metadata_mismatch(self, package: LockedPackage, now: DistributionMetadata, *, is_member: bool) -> str | None:
        name, version = package.name, package.version
        if package.source.is_tree:
            if now.dynamic_version and version is not None:
                return f"mismatched dynamic: `{name}` (expected: static, found: dynamic)"
            if not now.dynamic_version and version is None:
                return f"mismatched dynamic: `{name}` (expected: dynamic, found: static)"
        if version is not None and version != str(now.version) and parse_version(version) != now.version:
            return f"mismatched version: `{name}` (expected: `{version}`, found: `{now.version}`)"
        shown = name if version is None else f"{name}=={version}"
        if self.edges is not None and package.metadata is None and package.source.is_local:
            what = self.edges.mismatch(package, now, is_member=is_member)
            return None if what is None else f"mismatched {what} for: `{shown}`"
        metadata = package.metadata or _NO_METADATA
        with_extras = self.lock.revision >= _EXTRAS_REVISION
        if with_extras and set(metadata.provides_extras) != set(now.provides_extras):
            return f"mismatched extras for: `{shown}`"
        requires_dist = lock_requirements(now.requires_dist, self.root)
        if metadata.requires_dist != requires_dist and not self._same(metadata.requires_dist, requires_dist):
            return f"mismatched requirements for: `{shown}`"
        groups = {group: lock_requirements(now.groups[group], self.root) for group in now.groups}
        if not self._same_groups(metadata.requires_dev, groups):
            return f"mismatched dependency groups for: `{shown}`"
        return None

    # --- requirements

    def _same(self, ours: Iterable[LockedRequirement], theirs: Iterable[LockedRequirement]) -> bool:
        """Return whether both ask for the same, where the lock's Python range applies."""
        if ours == theirs:
            return True
        bounds, root = self.bounds, self.root
        return meaning(ours, bounds, root) == meaning(theirs, bounds, root)

    def _constraining(self, constraints: Iterable[LockedRequirement]) -> list[LockedRequirement]:
        return [constraint for constraint in constraints if not constrains_nothing(constraint)]

    def _relevant(
        self, new: Iterable[LockedRequirement], old: Iterable[LockedRequirement]
    ) -> tuple[LockedRequirement, ...]:
        """Return those of *new* that speak of a package of the lock, or of one that the lock was told of."""
        told = {requirement.name for requirement in old}
        return tuple([each for each in new if each.name in self.by_name or each.name in told])

    def _same_overrides(self, new: LockedManifest) -> bool:
        ours, theirs = self._by_scope(self.lock.manifest.scoped_overrides), self._by_scope(new.scoped_overrides)
        return ours.keys() == {scope for scope in theirs if scope.name in self.by_name or scope in ours} and all(
            self._same(ours[scope], theirs[scope]) for scope in ours
        )

    def _same_excludes(self, new: LockedManifest) -> bool:
        old = self.lock.manifest
        ours = {(scoped.package, name) for scoped in old.scoped_excludes for name in scoped.dependencies}
        theirs = {(scoped.package, name) for scoped in new.scoped_excludes for name in scoped.dependencies}
        added = {pair for pair in theirs - ours if pair[0].name in self.by_name}
        names = {name for name in set(new.excludes).difference(old.excludes) if name in self.by_name}
        return not (added or names or ours - theirs or set(old.excludes).difference(new.excludes))

    def _by_scope(self, overrides: Iterable[LockedScopedOverride]) -> dict[LockedScope, tuple[LockedRequirement, ...]]:
        found: dict[LockedScope, tuple[LockedRequirement, ...]] = {}
        for override in overrides:
            found[override.package] = (*found.get(override.package, ()), *override.dependencies)
        return found

    def _exactly(self, requirement: LockedRequirement) -> tuple[object, ...]:
        clauses = frozenset(parse_specifiers(requirement.specifier or "").specifiers)
        ((subject, demands),) = meaning((requirement,), self.bounds, self.root).items()
        return (clauses, subject, requirement.hashes, *demands.items())

    def _same_groups(
        self,
        ours: dict[GroupName, tuple[LockedRequirement, ...]],
        theirs: dict[GroupName, tuple[LockedRequirement, ...]],
    ) -> bool:
        if ours == theirs:
            return True
        if self.lock.revision < _EXTRAS_REVISION:
            ours = {group: requirements for group, requirements in ours.items() if requirements}
            theirs = {group: requirements for group, requirements in theirs.items() if requirements}
        return ours.keys() == theirs.keys() and all(self._same(ours[group], theirs[group]) for group in ours)
