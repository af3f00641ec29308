"""The manifest and the options of a resolution as a lockfile records them.

Written into new locks, and compared with what an old lock recorded.

Specification: docs/lockfile.md "options", "manifest".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.distributions.sources import FromRegistry, FromUrl
from mauve.lock.model import (
    UNUSED_TIMESTAMP,
    DefaultGroups,
    LockedCutoff,
    LockedManifest,
    LockedOptions,
    LockedScope,
    LockedScopedExclude,
    LockedScopedOverride,
    LockedStaticMetadata,
)
from mauve.lock.requirements import lock_requirement, lock_requirements, requirement_key
from mauve.resolver.manifest import ForkStrategy, PrereleaseMode, ResolutionMode
from mauve.standards.requirements import Requirement, requirement_text
from mauve.standards.specifiers import NO_SPECIFIERS

if TYPE_CHECKING:
    from mauve.distributions.requirements import SourcedRequirement
    from mauve.resolver.manifest import (
        Manifest,
        PackageScope,
        ResolverOptions,
        ScopedExclude,
        ScopedOverride,
        StaticMetadata,
    )
    from mauve.standards.cutoffs import Cutoff
    from mauve.standards.names import GroupName, PackageName

_DEV: Final = ("dev",)


def lock_default_groups(groups: tuple[GroupName, ...] | str | None) -> DefaultGroups:
    """Return declared default *groups* as recorded: not at all if they are the usual ones."""
    if groups is None or groups == _DEV:
        return None
    return groups if isinstance(groups, tuple) else "all"


def lock_options(options: ResolverOptions) -> LockedOptions:
    """Return the recorded form of *options*: only what is not the default."""
    cutoffs = options.exclude_newer
    return LockedOptions(
        resolution_mode=None if options.resolution is ResolutionMode.HIGHEST else options.resolution.value,
        prerelease_mode=None if options.prerelease is PrereleaseMode.IF_NECESSARY else options.prerelease.value,
        fork_strategy=None if options.fork_strategy is ForkStrategy.REQUIRES_PYTHON else options.fork_strategy.value,
        exclude_newer=None if cutoffs.everything is None else lock_cutoff(cutoffs.everything),
        minimum_libc_version={libc.name: str(libc) for libc in options.minimum_libc},
        prerelease_package={
            name: options.prerelease_packages[name].value for name in sorted(options.prerelease_packages)
        },
        exclude_newer_package={name: _package_cutoff(cutoffs.packages[name]) for name in sorted(cutoffs.packages)},
    )


def lock_cutoff(cutoff: Cutoff) -> LockedCutoff:
    """Return the recorded form of *cutoff*; of a relative one only the span counts."""
    if cutoff.span is None:
        return LockedCutoff(cutoff.text)
    return LockedCutoff(UNUSED_TIMESTAMP, cutoff.span)


def _package_cutoff(cutoff: Cutoff | None) -> LockedCutoff | None:
    return None if cutoff is None else lock_cutoff(cutoff)


def lock_members(manifest: Manifest) -> tuple[PackageName, ...]:
    """Return the names of all members, none if the workspace is one project at its root."""
    members = manifest.members
    if len(members) == 1 and members[0].is_root:
        return ()
    return tuple(sorted(member.name for member in members))


def lock_manifest(manifest: Manifest, root: str) -> LockedManifest:
    """Return the recorded form of *manifest* for a lockfile in the folder *root*."""
    return LockedManifest(
        members=lock_members(manifest),
        default_groups=lock_default_groups(manifest.default_groups),
        requirements=lock_requirements(manifest.requirements, root),
        constraints=lock_requirements(manifest.constraints, root),
        scoped_overrides=tuple(
            # What is told of one package is in the order of the user, as in uv.
            LockedScopedOverride(
                _scope(override.package), tuple([lock_requirement(each, root) for each in override.dependencies])
            )
            for override in sorted(dict.fromkeys(manifest.scoped_overrides), key=_override_key)
        ),
        overrides=lock_requirements(manifest.overrides, root),
        scoped_excludes=tuple(
            LockedScopedExclude(_scope(exclude.package), exclude.dependencies)
            for exclude in sorted(dict.fromkeys(manifest.scoped_excludes), key=_exclude_key)
        ),
        excludes=tuple(sorted(set(manifest.excludes))),
        build_constraints=lock_requirements(manifest.build_constraints, root),
        dependency_groups={group: lock_requirements(manifest.groups[group], root) for group in sorted(manifest.groups)},
        group_requires_python=dict(sorted(manifest.group_requires_python.items())),
        dependency_metadata=tuple(
            _static_metadata(entry) for entry in sorted(manifest.dependency_metadata, key=_static_key)
        ),
    )


def _scope(scope: PackageScope) -> LockedScope:
    return LockedScope(scope.name, None if scope.version is None else str(scope.version))


def _scope_key(scope: PackageScope | StaticMetadata) -> tuple[object, ...]:
    return (scope.name, () if scope.version is None else (scope.version.key,))


def _override_key(override: ScopedOverride) -> tuple[object, ...]:
    return (*_scope_key(override.package), [requirement_key(each, "") for each in override.dependencies])


def _exclude_key(exclude: ScopedExclude) -> tuple[object, ...]:
    return (*_scope_key(exclude.package), exclude.dependencies)


def _static_key(entry: StaticMetadata) -> tuple[object, ...]:
    return (*_scope_key(entry), tuple([requirement_key(each, "") for each in entry.metadata.requires_dist]))


def _static_metadata(entry: StaticMetadata) -> LockedStaticMetadata:
    metadata = entry.metadata
    return LockedStaticMetadata(
        name=entry.name,
        version=None if entry.version is None else str(entry.version),
        requires_dist=tuple(_requirement_text(requirement) for requirement in metadata.requires_dist),
        requires_python=metadata.requires_python,
        provides_extras=metadata.provides_extras,
    )


def _requirement_text(requirement: SourcedRequirement) -> str:
    source = requirement.source
    return requirement_text(
        Requirement(
            requirement.name,
            requirement.extras,
            source.specifiers if isinstance(source, FromRegistry) else NO_SPECIFIERS,
            source.url if isinstance(source, FromUrl) else None,
            requirement.marker,
        )
    )
