"""Assemble the manifest of a resolution from a workspace and the values of the settings.

Specification: docs/resolution.md "Inputs", docs/lockfile.md "[manifest]".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct, structs

from mauve.distributions.index import Index, IndexLocations
from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.sources import DirectorySource, EditableSource, FromRegistry, TreeSource, VirtualSource
from mauve.errors import MauveError
from mauve.project.conflicts import collect_conflicts
from mauve.project.groups import check_default_groups, flatten_groups
from mauve.project.lowering import FailedProject, Lowering, SourcePolicy, check_scopes, index_url, plain_requirement
from mauve.project.pyproject import DEFAULT_GROUPS, PyProject, ScopedRequirements
from mauve.project.workspace import home_of
from mauve.resolver.manifest import (
    Manifest,
    Member,
    PackageScope,
    ResolverOptions,
    ScopedExclude,
    ScopedOverride,
    StaticMetadata,
    told_tree,
)
from mauve.resolver.source import DistributionMetadata
from mauve.standards.markers.diagram import TRUE, Marker, extra_marker
from mauve.standards.names import ExtraName, GroupName
from mauve.standards.requirements import InvalidRequirement, Requirement, parse_requirement
from mauve.standards.requires_python import RequiresPython
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mauve.project.pyproject import BuildConstraint, Project
    from mauve.project.workspace import Workspace, WorkspaceMember
    from mauve.standards.groups import FlatGroup
    from mauve.standards.metadata import CoreMetadata
    from mauve.standards.names import PackageName

_BUILT_FIELDS: Final = frozenset(("version", "dependencies", "optional-dependencies", "requires-python"))
"""Fields whose presence in `project.dynamic` means that only a build knows the metadata."""


_UNKNOWN_VERSION: Final = parse_version("0")


class BuildMetadata(Protocol):
    """Runs the build backend of a source tree for its metadata. Called in the main thread; may take seconds."""

    def __call__(self, root: str, name: PackageName, *, is_editable: bool) -> CoreMetadata:
        """Return the metadata of the tree of *name* in the folder *root*, as it is when installed in place or not.

        Raises:
            MauveError: the build fails; the message is complete.
        """
        ...


class ManifestValues(Struct, frozen=True, kw_only=True):
    """What the settings and the interpreter contribute.

    Attributes:
        requires_python: to lock for (`mauve.project.python_bounds.lock_python`).
        typed_indexes: of the command line and the environment, for pins by name.
        configured_names: names of indexes in `uv.toml` files, for a hint.
        build_metadata: asked for members with dynamic metadata.
        needs_versions: whether it is also asked where only the version is dynamic, which a lock does not have.
        variables: of the environment, for URLs.
    """

    requires_python: RequiresPython
    build_metadata: BuildMetadata
    needs_versions: bool = True
    indexes: IndexLocations = IndexLocations()
    options: ResolverOptions = ResolverOptions()
    dependency_metadata: tuple[StaticMetadata, ...] = ()
    sources: SourcePolicy = SourcePolicy()
    typed_indexes: tuple[Index, ...] = ()
    configured_names: frozenset[str] = frozenset()
    variables: Mapping[str, str] = {}


def assemble_manifest(workspace: Workspace, values: ManifestValues) -> Manifest:
    """Return the inputs of the resolution of *workspace*.

    Raises:
        MauveError: something that was declared cannot be used.
    """
    check_default_groups(*(member.pyproject for member in workspace.members.values()))
    if workspace.is_virtual:
        check_default_groups(workspace.pyproject)
    uv = workspace.pyproject.uv
    root = _lowering(workspace, values, workspace.pyproject)
    groups: dict[GroupName, FlatGroup] = {}
    if workspace.is_virtual:
        groups = flatten_groups(workspace.pyproject)
        check_scopes(workspace.pyproject, groups)
    requires_python = values.requires_python
    return Manifest(
        requires_python=requires_python,
        members=tuple([_member(workspace, member, values) for member in workspace.members.values()]),
        groups={name: _lower_group(root, name, group) for name, group in groups.items()},
        default_groups=uv.default_groups if workspace.is_virtual else None,
        group_requires_python=_bounds_text(groups),
        constraints=_lower_all(root, uv.constraints),
        overrides=_lower_all(root, uv.overrides),
        scoped_overrides=tuple(
            [
                ScopedOverride(PackageScope(entry.name, entry.version), _lower_scoped(root, entry))
                for entry in uv.scoped_overrides
            ]
        ),
        excludes=uv.excludes,
        scoped_excludes=tuple(
            [ScopedExclude(PackageScope(entry.name, entry.version), entry.names) for entry in uv.scoped_excludes]
        ),
        build_constraints=_lower_build_constraints(root, uv.build_constraints),
        dependency_metadata=values.dependency_metadata,
        environments=supported_environments(uv.environments, requires_python),
        required_environments=tuple([requires_python.simplify(marker) for marker in uv.required_environments]),
        conflicts=collect_conflicts(workspace),
        indexes=with_pinned_indexes(values.indexes, workspace),
        options=values.options,
    )


def default_groups(pyproject: PyProject) -> tuple[GroupName, ...]:
    """Return the groups of *pyproject* that are installed unless the user says otherwise, those that exist."""
    declared = pyproject.uv.default_groups
    defined = dict.fromkeys(pyproject.groups)
    if pyproject.uv.dev_dependencies is not None:
        defined[DEFAULT_GROUPS[0]] = None
    if isinstance(declared, str):
        return tuple(defined)
    return tuple([name for name in (DEFAULT_GROUPS if declared is None else declared) if name in defined])


def member_source(workspace: Workspace, member: WorkspaceMember) -> TreeSource:
    """Return how *member* is locked: in place, copied where `editable = false` asks for it, or virtual."""
    if not workspace.is_package(member):
        return VirtualSource(member.root)
    if workspace.required.get(member.name) is False:
        return DirectorySource(member.root)
    return EditableSource(member.root)


def _lowering(workspace: Workspace, values: ManifestValues, pyproject: PyProject) -> Lowering:
    return Lowering(
        pyproject=pyproject,
        workspace=workspace,
        policy=values.sources,
        typed_indexes=values.typed_indexes,
        configured_names=values.configured_names,
        variables=values.variables,
    )


def _member(workspace: Workspace, member: WorkspaceMember, values: ManifestValues) -> Member:
    pyproject = member.pyproject
    groups = flatten_groups(pyproject)
    lowering = _lowering(home_of(member, workspace), values, pyproject)
    source = member_source(workspace, member)
    return Member(
        source=source,
        metadata=told_tree(values.dependency_metadata, member.name)
        or member_metadata(
            lowering,
            groups,
            values.build_metadata,
            is_editable=isinstance(source, EditableSource),
            needs_version=values.needs_versions,
        ),
        is_root=member.root == workspace.root,
        default_groups=pyproject.uv.default_groups,
        group_requires_python=_bounds_text(groups),
    )


def member_metadata(
    lowering: Lowering,
    groups: dict[GroupName, FlatGroup],
    build_metadata: BuildMetadata,
    *,
    is_editable: bool = False,
    needs_version: bool = True,
) -> DistributionMetadata:
    """Return the metadata of the project of *lowering*, lowered; it is built only if it is dynamic.

    Without *needs_version* a version that only a build knows is `0`.

    Raises:
        FailedProject: a requirement cannot be lowered.
        MauveError: the build fails.
    """
    project = lowering.pyproject.project
    if project is None:
        raise ValueError(lowering.pyproject.path)
    declared = static_requirements(project)
    built = None
    dynamic = _BUILT_FIELDS.intersection(project.dynamic)
    version = project.version
    if declared is not None and dynamic == {"version"} and not needs_version:
        version = _UNKNOWN_VERSION
    elif declared is None or dynamic:
        built = build_metadata(lowering.pyproject.root, project.name, is_editable=is_editable)
        try:
            declared = tuple([(parse_requirement(text), None) for text in built.requires_dist])
        except InvalidRequirement as error:
            from mauve.project.lowering_errors import UnreadableMetadata

            unreadable = UnreadableMetadata()
            unreadable.__cause__ = error
            raise FailedProject(project.name, lowering.pyproject.root) from unreadable
        version = built.version
    if version is None:
        raise ValueError(lowering.pyproject.path)
    requires_python = None if project.requires_python is None else str(project.requires_python)
    try:
        check_scopes(lowering.pyproject, groups)
        requires_dist = tuple([each for entry, extra in declared for each in lowering.lower(entry, extra=extra)])
        lowered_groups = {name: _lower_group(lowering, name, group) for name, group in groups.items()}
    except MauveError as error:
        # The headline is the build's, as if the project had been built; the cause is what counts.
        raise FailedProject(project.name, lowering.pyproject.root) from error
    return DistributionMetadata(
        name=project.name,
        version=version,
        requires_dist=requires_dist,
        requires_python=requires_python if built is None else built.requires_python,
        provides_extras=tuple(project.optional_dependencies) if built is None else built.provides_extra,
        groups=lowered_groups,
        dynamic_version="version" in project.dynamic,
    )


def static_requirements(project: Project) -> tuple[tuple[Requirement, ExtraName | None], ...] | None:
    """Return the requirements of *project*, those of extras with the extra in the marker; None if one is malformed.

    What cannot be read is left to the build backend, which may know better.
    """
    declared: list[tuple[Requirement, ExtraName | None]] = []
    try:
        declared += [(parse_requirement(text), None) for text in project.dependencies]
        for extra, texts in project.optional_dependencies.items():
            condition = extra_marker(extra)
            for text in texts:
                requirement = parse_requirement(text)
                marker = condition if requirement.marker is TRUE else requirement.marker & condition
                declared.append((structs.replace(requirement, marker=marker), extra))
    except InvalidRequirement:
        return None
    return tuple(declared)


def _lower_group(lowering: Lowering, name: GroupName, group: FlatGroup) -> tuple[SourcedRequirement, ...]:
    return tuple([each for entry in group.requirements for each in lowering.lower(entry, group=name)])


def build_constraints(workspace: Workspace) -> tuple[SourcedRequirement, ...]:
    """Return what bounds the environments in which the sources that *workspace* needs are built."""
    declared = workspace.pyproject.uv.build_constraints
    return tuple(
        [structs.replace(plain_requirement(each.requirement, workspace.root), hashes=each.hashes) for each in declared]
    )


class InvalidTrustedDigest(MauveError):
    """A digest of a constraint of builds is malformed; the text says why."""


def _check_digests(texts: Iterable[str]) -> None:
    from mauve.standards.hashes import InvalidDigest, parse_digest

    for text in texts:
        try:
            parse_digest(text)
        except InvalidDigest as error:
            raise InvalidTrustedDigest(str(error)) from None


def _lower_build_constraints(
    lowering: Lowering, constraints: Iterable[BuildConstraint]
) -> tuple[SourcedRequirement, ...]:
    lowered: list[SourcedRequirement] = []
    for constraint in constraints:
        if constraint.hashes:
            _check_digests(constraint.hashes)
        sourced = lowering.lower(constraint.requirement)
        lowered += [structs.replace(each, hashes=constraint.hashes) for each in sourced]
    return tuple(lowered)


def _lower_all(lowering: Lowering, requirements: Iterable[Requirement]) -> tuple[SourcedRequirement, ...]:
    return tuple([each for entry in requirements for each in lowering.lower(entry)])


def _lower_scoped(lowering: Lowering, override: ScopedRequirements) -> tuple[SourcedRequirement, ...]:
    lowered = _lower_all(lowering, override.requirements)
    for each in lowered:
        if not isinstance(each.source, FromRegistry):
            from mauve.project.manifest_errors import UnscopableSource

            raise UnscopableSource(override.name, each.name, "a URL or path source")
        if each.source.index is not None:
            from mauve.project.manifest_errors import UnscopableSource

            raise UnscopableSource(override.name, each.name, "an explicit index")
    return lowered


def _bounds_text(groups: dict[GroupName, FlatGroup]) -> dict[GroupName, str]:
    return {
        name: group.requires_python.lock_text() for name, group in groups.items() if not group.requires_python.is_empty
    }


def supported_environments(markers: tuple[Marker, ...], requires_python: RequiresPython) -> tuple[Marker, ...]:
    """Return *markers* without what *requires_python* implies.

    Raises:
        OverlappingEnvironments: two can hold at once.
        ImpossibleEnvironment: one cannot hold.
    """
    if not markers:
        return ()
    from mauve.standards.markers.render import render

    for place, first in enumerate(markers):
        for second in markers[place + 1 :]:
            if not first.is_disjoint(second):
                replacement = render(~first & second) or "true"
                from mauve.project.manifest_errors import OverlappingEnvironments

                raise OverlappingEnvironments(render(first) or "true", render(second) or "true", replacement)
    bounds = requires_python.marker()
    for marker in markers:
        if marker.is_disjoint(bounds):
            from mauve.project.manifest_errors import ImpossibleEnvironment

            raise ImpossibleEnvironment(render(marker) or "true", str(requires_python))
    return tuple([requires_python.simplify(marker) for marker in markers])


def with_pinned_indexes(locations: IndexLocations, workspace: Workspace) -> IndexLocations:
    """Return *locations* with the named indexes that only members declare; those serve pins alone."""
    known = {index.url for index in locations.indexes}
    added: list[Index] = []
    for pyproject in (workspace.pyproject, *(member.pyproject for member in workspace.members.values())):
        for table in pyproject.uv.indexes:
            url = index_url(table, pyproject.root)
            if url in known or table.name is None:
                continue
            from mauve.distributions.index_table import index_of

            known.add(url)
            added.append(structs.replace(index_of(table, url), explicit=True, default=False, is_from_member=True))
    if not added:
        return locations
    ordinary = [index for index in locations.indexes if not index.default]
    defaults = [index for index in locations.indexes if index.default]
    return structs.replace(locations, indexes=(*ordinary, *added, *defaults))
