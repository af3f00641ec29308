"""From the requirements of a distribution to the packages and ranges that the solver needs.

Overrides and exclusions are applied, extras are flattened, what cannot apply in the fork is dropped, and
constraints are added. Whether the rest splits the fork is decided in `mauve.resolver.forks`.

Specification: docs/resolution.md "Filtering requirements", PEP 508 (extras).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, TypeVar

from mauve.distributions.conflicts import ConflictItem
from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.sources import EditableSource, FromDirectory, FromRegistry
from mauve.resolver.availability import UnsatisfiableRequirement
from mauve.resolver.direct import as_direct
from mauve.resolver.packages import Kind, real_package, required_package
from mauve.standards.markers.diagram import FALSE, TRUE, extra_marker
from mauve.standards.markers.extras import extra_names, split_by_extra, with_only_extras
from mauve.standards.specifiers import Operator, Specifiers
from mauve.standards.version_sets import FULL
from mauve.standards.versions import after, after_locals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mauve.resolver.environments import ForkEnvironment
    from mauve.resolver.manifest import Manifest, Member, ScopedExclude, ScopedOverride
    from mauve.resolver.packages import Package
    from mauve.resolver.source import DirectSource, DistributionMetadata
    from mauve.standards.markers.diagram import Marker
    from mauve.standards.names import ExtraName, GroupName, PackageName
    from mauve.standards.version_sets import VersionSet
    from mauve.standards.versions import Version

    Scoped = TypeVar("Scoped", ScopedOverride, ScopedExclude)

Conditioned = tuple["SourcedRequirement", "Marker"]
"""A requirement and when it applies, extras resolved."""

_NO_EXTRAS: Final[frozenset[str]] = frozenset()
_EQUAL: Final = frozenset({Operator.EQUAL, Operator.EXACT_EQUAL})


class Dependency:
    """One thing a version needs.

    Attributes:
        versions: the range of `package` that is allowed.
        parent: the name of the version that needs it, unless that is the root, an extra or a group.
        direct: where it must come from, if not from an index.
        pin: the URL of the index it must come from.
        is_single: the range is one version (with its local variants).
    """

    __slots__ = ("direct", "is_single", "package", "parent", "pin", "versions")

    def __init__(
        self,
        package: Package,
        versions: VersionSet,
        *,
        is_single: bool = False,
        parent: PackageName | None = None,
        direct: DirectSource | None = None,
        pin: str | None = None,
    ) -> None:
        """Store the parts."""
        self.package = package
        self.versions = versions
        self.is_single = is_single
        self.parent = parent
        self.direct = direct
        self.pin = pin

    @property
    def item(self) -> ConflictItem:
        """Return what of a declared conflict this would activate."""
        package = self.package
        return ConflictItem(package.name, package.extra, package.group)

    @property
    def has_upper_bound(self) -> bool:
        """Return whether the range ends."""
        return len(self.versions.cuts) % 2 == 0


class Needs:
    """What one version needs.

    Attributes:
        dependencies: as declared.
    """

    __slots__ = ("_by_name", "dependencies")

    def __init__(self, dependencies: list[Dependency]) -> None:
        """Store what is needed."""
        self.dependencies = dependencies
        self._by_name: list[tuple[list[Dependency], Marker | None]] | None = None

    @property
    def by_name(self) -> list[tuple[list[Dependency], Marker | None]]:
        """Return the dependencies on each name, sorted by name, with their marker if they all have the same."""
        if self._by_name is None:
            named: dict[PackageName, list[Dependency]] = {}
            for dependency in self.dependencies:
                named.setdefault(dependency.package.name, []).append(dependency)
            self._by_name = []
            for name in sorted(named):
                group = named[name]
                marker = group[0].package.marker
                is_one = all(dependency.package.marker is marker for dependency in group)
                self._by_name.append((group, marker if is_one else None))
        return self._by_name

    def within(self, environment: ForkEnvironment) -> list[Dependency]:
        """Return what is needed in *environment*, one that nothing splits, in the order in which it was declared."""
        overlaps = environment.overlaps
        return [dependency for dependency in self.dependencies if overlaps(dependency.package.marker)]


class _Declared:
    """The requirements of one distribution after overrides, split by extra when asked for.

    Attributes:
        metadata: kept, as it is known by its identity.
        asks_itself: a requirement is on extras of the distribution, one of its own or one of overrides for it alone.
    """

    __slots__ = ("_by_extra", "_naming", "asks_itself", "metadata", "requirements")

    def __init__(
        self, metadata: DistributionMetadata, requirements: list[SourcedRequirement], own: list[SourcedRequirement]
    ) -> None:
        self.metadata = metadata
        self.requirements = requirements
        name = metadata.name
        self.asks_itself = any(each.extras and each.name == name for each in own)
        self._by_extra: dict[str | None, list[Conditioned]] = {}
        self._naming: dict[str, list[SourcedRequirement]] | None = None

    def of(self, extra: str | None) -> list[Conditioned]:
        """Return what applies without extras (None), or only because of *extra*."""
        known = self._by_extra.get(extra)
        if known is None:
            found = _unconditional(self.requirements) if extra is None else self._because_of(extra)
            known = self._by_extra[extra] = list(found)
        return known

    def _because_of(self, extra: str) -> Iterator[Conditioned]:
        if self._naming is None:
            self._naming = {}
            for requirement in self.requirements:
                for name in extra_names(requirement.marker):
                    self._naming.setdefault(name, []).append(requirement)
        for requirement in self._naming.get(extra, ()):
            marker = split_by_extra(requirement.marker, extra)[1]
            if marker is not FALSE:
                yield requirement, marker


def _unconditional(requirements: Iterable[SourcedRequirement]) -> Iterator[Conditioned]:
    """Yield the requirements that apply without any extra."""
    for requirement in requirements:
        marker = requirement.marker
        if marker is not TRUE:
            known = _without_extras.get(marker)
            if known is None:
                known = _without_extras[marker] = with_only_extras(marker, _NO_EXTRAS)
            marker = known
        if marker is not FALSE:
            yield requirement, marker


_without_extras: dict[Marker, Marker] = {}
"""Markers with every extra inactive; packages write the same few conditions for their extras."""


class RequirementReader:
    """Reads requirements under the overrides, exclusions and constraints of one manifest."""

    def __init__(self, manifest: Manifest) -> None:
        """Index the lists of *manifest* by name."""
        self._constraints = _by_name(_plain_constraint(each) for each in manifest.constraints if not _is_empty(each))
        self._overrides = _by_name(manifest.overrides)
        self._scoped_overrides = manifest.scoped_overrides
        self._excludes = frozenset(manifest.excludes)
        self._scoped_excludes = manifest.scoped_excludes
        self._changes_requirements = bool(
            self._overrides or self._scoped_overrides or self._excludes or self._scoped_excludes
        )
        self._conflict_items = frozenset(item for group in manifest.conflicts.sets for item in group.items)
        self._declared: dict[tuple[int, bool], _Declared] = {}
        self._groups: dict[tuple[int, GroupName], _Declared] = {}
        self._singles: dict[Specifiers, bool] = {}
        self._needs: dict[tuple[PackageName | None, tuple[int, ...]], tuple[list[Conditioned], Needs]] = {}
        """What requirements were turned into; as they are known by identity, they are kept, too."""

    # --- filtering

    def requirements(
        self,
        metadata: DistributionMetadata,
        extra: ExtraName | None,
        group: GroupName | None,
        environment: ForkEnvironment,
        python: Marker,
    ) -> list[Conditioned]:
        """Return what *metadata* requires (for its *extra*, or of its *group*) in a fork.

        Args:
            metadata: of the parent.
            extra: ask for what only this extra adds.
            group: ask for this dependency group instead.
            environment: of the fork.
            python: the Pythons of the fork.
        """
        if group is not None:
            return self.applicable(self._declared_group(metadata, group).of(None), environment, python)
        declared = self._declared_by(metadata, is_partial=extra is None)
        found = self._active(declared, extra, environment, python)
        if not declared.asks_itself:
            return found
        return self._flattened(declared, metadata.name, found, environment, python)

    def applicable(
        self, requirements: Iterable[Conditioned], environment: ForkEnvironment, python: Marker
    ) -> list[Conditioned]:
        """Return those of *requirements* that can apply in a fork, each followed by its constraints."""
        found: list[Conditioned] = []
        constraints = self._constraints
        for entry in requirements:
            requirement, marker = entry
            if marker is not TRUE and (python.is_disjoint(marker) or not environment.overlaps(marker)):
                continue
            found.append(entry)
            if requirement.name in constraints:
                found.extend(_constrained(constraints[requirement.name], marker, environment, python))
        return found

    def root_requirements(
        self, requirements: Sequence[SourcedRequirement], environment: ForkEnvironment, python: Marker
    ) -> list[Conditioned]:
        """Return those of the root's own *requirements* that can apply in a fork."""
        effective = self._overridden(requirements, None, None)
        return self.applicable(_unconditional(effective), environment, python)

    def _active(
        self,
        declared: _Declared,
        extra: ExtraName | None,
        environment: ForkEnvironment,
        python: Marker,
    ) -> list[Conditioned]:
        found = declared.of(extra)
        excluded = environment.excluded
        if extra is not None and excluded:
            # Like uv, this goes by the name of what is required: who is asked for an extra that is out, by another
            # extra, gets it without its own extras; and an extra `x` does not require `b` where `b[x]` is out.
            found = [entry for entry in found if not environment.leaves_out(ConflictItem(entry[0].name, extra))]
        return self.applicable(found, environment, python)

    def _flattened(
        self,
        declared: _Declared,
        name: PackageName,
        requirements: list[Conditioned],
        environment: ForkEnvironment,
        python: Marker,
    ) -> list[Conditioned]:
        """Replace requirements on extras of the package itself by what those extras require."""
        found = list(requirements)
        seen: set[tuple[ExtraName, Marker]] = set()
        queue = deque(
            (extra, marker) for requirement, marker in found if requirement.name == name for extra in requirement.extras
        )
        while queue:
            pair = queue.popleft()
            if pair in seen:
                continue
            seen.add(pair)
            extra, outer = pair
            for requirement, marker in self._active(declared, extra, environment, python):
                both = marker & outer
                if both is FALSE:
                    continue
                found.append((requirement, both))
                if requirement.name == name:
                    queue.extend((inner, both) for inner in requirement.extras)
        # What the package demands of its own version stays, without the extras.
        flattened = [
            (requirement, marker) for requirement, marker in found if requirement.name != name or not requirement.extras
        ]
        for requirement, marker in found:
            if requirement.name == name and not _is_empty(requirement):
                from msgspec.structs import replace

                flattened.append((replace(requirement, extras=()), marker))
        return flattened

    # --- overriding

    def _declared_by(self, metadata: DistributionMetadata, *, is_partial: bool) -> _Declared:
        """Return what *metadata* requires; it *is_partial* if nothing is asked that is required for extras only."""
        # Overrides and exclusions are for names, whatever these are required for.
        is_partial = is_partial and metadata.complete is not None and not self._changes_requirements
        key = (id(metadata), is_partial)
        known = self._declared.get(key)
        if known is None:
            requirements = metadata.requires_dist if is_partial else metadata.all_requirements()
            effective = self._overridden(requirements, metadata.name, metadata.version)
            scopes = _applying(self._scoped_overrides, metadata.name, metadata.version)
            own = [*requirements, *(each for scope in scopes for each in scope.dependencies)]
            known = self._declared[key] = _Declared(metadata, effective, own)
        return known

    def _declared_group(self, metadata: DistributionMetadata, group: GroupName) -> _Declared:
        key = (id(metadata), group)
        known = self._groups.get(key)
        if known is None:
            effective = self._overridden(metadata.groups.get(group, ()), metadata.name, metadata.version)
            known = self._groups[key] = _Declared(metadata, effective, [])
        return known

    def _overridden(
        self, requirements: Sequence[SourcedRequirement], parent: PackageName | None, version: Version | None
    ) -> list[SourcedRequirement]:
        overrides, excludes = self._overrides, self._excludes
        scoped: dict[PackageName, list[SourcedRequirement]] = {}
        if parent is not None and (self._scoped_overrides or self._scoped_excludes):
            scoped = _by_name(
                each for scope in _applying(self._scoped_overrides, parent, version) for each in scope.dependencies
            )
            dropped = [scope.dependencies for scope in _applying(self._scoped_excludes, parent, version)]
            excludes = excludes.union(*dropped)
        if not overrides and not excludes and not scoped:
            return list(requirements)
        effective: list[SourcedRequirement] = []
        for requirement in requirements:
            name = requirement.name
            if name in excludes:
                continue
            replacements = scoped.get(name) or overrides.get(name)
            if replacements is None:
                effective.append(requirement)
            else:
                effective.extend(_replaced(requirement, replacements))
        declared = {requirement.name for requirement in requirements}
        for name, added in scoped.items():
            if name not in declared and name not in excludes:
                effective.extend(added)
        return effective

    # --- converting

    def dependencies(self, requirements: list[Conditioned], parent: Package) -> Needs:
        """Return what the solver needs for *requirements* of *parent*. Most forks ask for the same.

        Raises:
            Unsatisfiable: a requirement allows no version at all.
        """
        is_normal = parent.kind is Kind.PACKAGE and parent.extra is None and parent.group is None
        parent_name = parent.name if is_normal else None
        key = (parent_name, tuple(map(id, requirements)))
        known = self._needs.get(key)
        if known is None:
            known = self._needs[key] = requirements, Needs(self._needed(requirements, parent_name))
        return known[1]

    def _needed(self, requirements: list[Conditioned], parent_name: PackageName | None) -> list[Dependency]:
        found: list[Dependency] = []
        for requirement, marker in requirements:
            name, source = requirement.name, requirement.source
            direct = as_direct(source)
            versions, pin, is_single = FULL, None, False
            if isinstance(source, FromRegistry):
                versions, pin = source.specifiers.version_set(), source.index
                if versions.is_empty:
                    raise Unsatisfiable(UnsatisfiableRequirement(name, str(source.specifiers)))
                is_single = self._is_single(versions, source)
            for package in self._packages(requirement, marker):
                owner = parent_name if package.kind in {Kind.PACKAGE, Kind.MARKER} else None
                found.append(Dependency(package, versions, is_single=is_single, parent=owner, direct=direct, pin=pin))
        return found

    def _packages(self, requirement: SourcedRequirement, marker: Marker) -> Iterator[Package]:
        """Yield the packages that *requirement* depends on: one per extra or group, or the name itself."""
        name = requirement.name
        items = self._conflict_items
        if requirement.extras:
            # A fork without any of the conflicting extras must still reach the name.
            if items and any(ConflictItem(name, extra) in items for extra in requirement.extras):
                yield required_package(name, marker=marker)
            for extra in requirement.extras:
                yield required_package(name, extra=extra, marker=marker)
        elif requirement.groups:
            if items and any(ConflictItem(name, group=group) in items for group in requirement.groups):
                yield required_package(name, marker=marker)
            for group in requirement.groups:
                yield required_package(name, group=group, marker=marker)
        else:
            yield required_package(name, marker=marker)

    def _is_single(self, versions: VersionSet, source: FromRegistry) -> bool:
        specifiers = source.specifiers
        known = self._singles.get(specifiers)
        if known is None:
            cuts = versions.cuts
            # Like uv, `>=1,<=1` is not taken for `==1`.
            known = self._singles[specifiers] = len(cuts) == 2 and any(
                clause.operator in _EQUAL
                and clause.version.key == cuts[0]
                and cuts[1] in {after(clause.version), after_locals(clause.version)}
                for clause in specifiers.specifiers
            )
        return known


class Unsatisfiable(Exception):
    """A requirement allows no version; caught where the version that has it is tried."""

    def __init__(self, requirement: UnsatisfiableRequirement) -> None:
        """Name the *requirement*."""
        super().__init__(requirement)
        self.requirement = requirement


def proxied(package: Package, exact: VersionSet) -> list[Dependency]:
    """Return what a proxy stands for, all at one version."""
    name, extra, group, marker = package.name, package.extra, package.group, package.marker
    markers = (TRUE,) if marker is TRUE else (TRUE, marker)
    if package.kind is Kind.MARKER:
        packages = [real_package(name, marker=one) for one in markers]
    elif package.kind is Kind.GROUP:
        packages = [real_package(name, group=group, marker=one) for one in markers]
    else:
        packages = [real_package(name, extra=each, marker=one) for one in markers for each in (None, extra)]
    return [Dependency(one, exact, is_single=True) for one in packages]


def _applying(scopes: Iterable[Scoped], parent: PackageName, version: Version | None) -> list[Scoped]:
    """Return those of *scopes* that are for this *version* of *parent*; if there are none, those for all versions."""
    named = [scope for scope in scopes if scope.package.name == parent]
    exact = [scope for scope in named if scope.package.version == version]
    return exact or [scope for scope in named if scope.package.version is None]


def _by_name(requirements: Iterable[SourcedRequirement]) -> dict[PackageName, list[SourcedRequirement]]:
    found: dict[PackageName, list[SourcedRequirement]] = {}
    for requirement in requirements:
        found.setdefault(requirement.name, []).append(requirement)
    return found


def _plain_constraint(constraint: SourcedRequirement) -> SourcedRequirement:
    """Return *constraint* for a name alone: constraints limit versions, and never ask for anything."""
    if not constraint.extras:
        return constraint
    from msgspec.structs import replace

    return replace(constraint, extras=())


def _is_empty(requirement: SourcedRequirement) -> bool:
    source = requirement.source
    return isinstance(source, FromRegistry) and source.specifiers.is_empty and source.index is None


def _replaced(
    requirement: SourcedRequirement, replacements: Iterable[SourcedRequirement]
) -> Iterator[SourcedRequirement]:
    """Yield *replacements* for *requirement*, optional for the same extra as it is."""
    marker = requirement.marker
    owner = next((name for name in sorted(extra_names(marker)) if marker.implies(extra_marker(name))), None)
    if owner is None:
        yield from replacements
        return
    from msgspec.structs import replace

    for replacement in replacements:
        yield replace(replacement, marker=replacement.marker & extra_marker(owner))


def _constrained(
    constraints: Iterable[SourcedRequirement], marker: Marker, environment: ForkEnvironment, python: Marker
) -> Iterator[Conditioned]:
    """Yield the *constraints* that apply to a requirement under *marker*."""
    for constraint in constraints:
        own = with_only_extras(constraint.marker, _NO_EXTRAS)
        both = own & marker
        if both is FALSE:
            continue
        if own is not TRUE and python.is_disjoint(both):
            continue
        if environment.overlaps(own):
            yield constraint, both


def root_requirements(manifest: Manifest) -> tuple[SourcedRequirement, ...]:
    """Return what the root depends on: every member with all its extras and groups, then direct requirements."""
    requirements: list[SourcedRequirement] = []
    for member in manifest.members:
        requirements.extend(_member_requirements(member))
    requirements.extend(manifest.requirements)
    for group in manifest.groups.values():
        requirements.extend(group)
    return tuple(requirements)


def _member_requirements(member: Member) -> list[SourcedRequirement]:
    metadata = member.metadata
    path = getattr(member.source, "path", "")
    source = FromDirectory(path, path, editable=isinstance(member.source, EditableSource))
    extras, groups = tuple(sorted(metadata.provides_extras)), tuple(sorted(metadata.groups))
    found = [SourcedRequirement(member.name, source, TRUE, extras)]
    if groups:
        found.append(SourcedRequirement(member.name, source, TRUE, (), groups))
    return found
