"""Whether the edges of a package are what its requirements would lead to, for locks that do not keep requirements.

What cannot be told for certain counts as a difference: then the lock is resolved again, and found to be equal.

Specification: docs/lockfile.md "Is it up to date?".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import structs

from mauve.distributions.sources import FromRegistry
from mauve.lock.model import SourceKind, split_git_location
from mauve.lock.requirements import index_location, lock_requirement
from mauve.standards.markers.diagram import FALSE, TRUE, Marker, any_of
from mauve.standards.markers.extras import split_by_extra, with_only_extras, without_extras
from mauve.standards.markers.parse import parse_marker
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mauve.distributions.requirements import SourcedRequirement
    from mauve.lock.model import Lock, LockedDependency, LockedPackage, LockedSource
    from mauve.resolver.manifest import Manifest
    from mauve.resolver.source import DistributionMetadata
    from mauve.standards.names import ExtraName, GroupName, PackageName
    from mauve.standards.requires_python import RequiresPython

    Where: TypeAlias = dict[PackageName, dict[ExtraName | None, Marker]]


class EdgeCheck:
    """Compares edges of one lock with requirements."""

    def __init__(
        self,
        lock: Lock,
        manifest: Manifest,
        root: str,
        bounds: RequiresPython,
        by_name: Mapping[PackageName, Sequence[LockedPackage]],
    ) -> None:
        """Look into *lock*, which is in the folder *root* and supports the Pythons *bounds*."""
        self._root = root
        self._bounds = bounds
        self._by_name = by_name
        supported = [parse_marker(text) for text in lock.supported_markers]
        self._supported = any_of(supported) if supported else TRUE
        self._overrides: dict[PackageName, list[SourcedRequirement]] = {}
        for override in manifest.overrides:
            self._overrides.setdefault(override.name, []).append(override)
        self._excludes = frozenset(manifest.excludes)
        self._scoped = {scoped.package.name for scoped in manifest.scoped_overrides}
        self._scoped |= {scoped.package.name for scoped in manifest.scoped_excludes}
        self._requested = {
            (edge.name, extra) for package in lock.packages for edge in package.edges() for extra in edge.extra
        }

    def mismatch(self, package: LockedPackage, now: DistributionMetadata, *, is_member: bool) -> str | None:
        """Return what of *package* differs from what it declares *now*; None if nothing does."""
        provided, known = set(now.provides_extras), package.optional_dependencies
        spurious = [extra for extra in known if extra not in provided]
        if not provided.issubset(known) or any(
            known[extra] or (package.name, extra) not in self._requested for extra in spurious
        ):
            return "extras"
        groups = {group: now.groups[group] for group in now.groups} if is_member else {}
        if groups.keys() != package.dev_dependencies.keys():
            return "dependency groups"
        if package.name in self._scoped or not self._is_plain_same(package, now):
            return "resolved dependencies"
        for extra in now.provides_extras:
            if (is_member or known[extra] or (package.name, extra) in self._requested) and not self._is_extra_same(
                package, now, extra
            ):
                return "resolved dependencies"
        return None if self._are_groups_same(package, groups) else "resolved dependencies"

    def _is_plain_same(self, package: LockedPackage, now: DistributionMetadata) -> bool:
        wanted = [
            structs.replace(each, marker=with_only_extras(each.marker, frozenset())) for each in now.requires_dist
        ]
        return self._leads_to(package, now, wanted, package.dependencies)

    def _is_extra_same(self, package: LockedPackage, now: DistributionMetadata, extra: ExtraName) -> bool:
        wanted = [structs.replace(each, marker=split_by_extra(each.marker, extra)[1]) for each in now.requires_dist]
        return self._leads_to(package, now, wanted, package.optional_dependencies[extra])

    def _are_groups_same(
        self, package: LockedPackage, groups: Mapping[GroupName, tuple[SourcedRequirement, ...]]
    ) -> bool:
        return all(self._leads_to(package, None, groups[group], package.dev_dependencies[group]) for group in groups)

    def _leads_to(
        self,
        package: LockedPackage,
        now: DistributionMetadata | None,
        requirements: Iterable[SourcedRequirement],
        edges: Sequence[LockedDependency],
    ) -> bool:
        wanted = [each for each in self._flattened(package.name, now, requirements) if each.name not in self._excludes]
        markers: Where = {}
        for requirement in wanted:
            _note(markers, requirement.name, requirement.extras, requirement.marker)
        found: Where = {}
        for edge in edges:
            _note(found, edge.name, edge.extra, self._marker(edge))
        if not self._is_same_everywhere(markers, found):
            return False
        return all(
            self._fits(requirement, target)
            for edge in edges
            for target in self._targets(edge)
            for requirement in wanted
            if requirement.name == edge.name and not requirement.marker.is_disjoint(self._marker(edge))
        )

    def _flattened(
        self, name: PackageName, now: DistributionMetadata | None, requirements: Iterable[SourcedRequirement]
    ) -> list[SourcedRequirement]:
        """Return *requirements* after overrides, those on extras of the package itself taken apart."""
        queue = list(requirements)
        seen: set[tuple[ExtraName, Marker]] = set()
        found: list[SourcedRequirement] = []
        for requirement in queue:  # grows while it is walked
            marker = requirement.marker
            if self._simplified(marker) is FALSE:
                continue
            if requirement.name == name and now is not None:
                for extra in requirement.extras:
                    if (extra, marker) in seen:
                        continue
                    seen.add((extra, marker))
                    for each in now.requires_dist:
                        own = split_by_extra(each.marker, extra)[1]
                        queue.append(structs.replace(each, marker=own & marker))
                continue
            found.extend(self._overrides.get(requirement.name, (requirement,)))
        return found

    def _is_same_everywhere(self, wanted: Where, found: Where) -> bool:
        wanted = {name: extras for name, extras in wanted.items() if self._simplified(extras[None]) is not FALSE}
        if wanted.keys() != found.keys():
            return False
        for name, extras in wanted.items():
            for extra in {*extras, *found[name]}:
                if extra is not None and not self._leads_somewhere(name, extra):
                    if not self._is_known(name, extra):
                        return False
                    continue
                ours, theirs = extras.get(extra, FALSE), found[name].get(extra, FALSE)
                if self._simplified(ours) is not self._simplified(theirs):
                    return False
        return True

    def _leads_somewhere(self, name: PackageName, extra: ExtraName) -> bool:
        return any(package.optional_dependencies.get(extra) for package in self._by_name.get(name, ()))

    def _is_known(self, name: PackageName, extra: ExtraName) -> bool:
        return any(extra in package.optional_dependencies for package in self._by_name.get(name, ()))

    def _simplified(self, marker: Marker) -> Marker:
        return self._bounds.simplify(without_extras(marker)) & self._supported

    def _marker(self, edge: LockedDependency) -> Marker:
        return TRUE if edge.marker is None else parse_marker(edge.marker)

    def _targets(self, edge: LockedDependency) -> list[LockedPackage]:
        return [
            package
            for package in self._by_name.get(edge.name, ())
            if edge.source is None or (package.source == edge.source and package.version == edge.version)
        ]

    def _fits(self, requirement: SourcedRequirement, target: LockedPackage) -> bool:
        source = requirement.source
        if isinstance(source, FromRegistry):
            if target.version is not None and not source.specifiers.contains(parse_version(target.version)):
                return False
            # Without a pin, another requirement may say where it comes from.
            return source.index is None or (
                target.source.kind is SourceKind.REGISTRY and target.source.location == index_location(source.index)
            )
        wanted = lock_requirement(requirement, self._root).source
        return wanted is not None and _place(wanted) == _place(target.source)


def _note(where: Where, name: PackageName, extras: Iterable[ExtraName], marker: Marker) -> None:
    known = where.setdefault(name, {})
    for extra in (None, *extras):
        known[extra] = known.get(extra, FALSE) | marker


def _place(source: LockedSource) -> object:
    if source.kind is SourceKind.GIT:
        git = split_git_location(source.location)
        return (git.url, git.reference, git.subdirectory)
    return source
