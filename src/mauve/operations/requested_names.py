"""From what was asked for to requirements with sources: names of what is at a location, and what trees require."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.sources import FromDirectory, FromGit, FromRegistry

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.distributions.sources import RequirementSource
    from mauve.operations.builds import SourceBuilds
    from mauve.operations.requirement_sources import AskedGroup
    from mauve.project.requested import Requested
    from mauve.resolver.source import DirectSource, DistributionMetadata
    from mauve.standards.names import ExtraName, PackageName


def named_requirement(requested: Requested, builds: SourceBuilds) -> SourcedRequirement:
    """Return *requested* as a requirement; a name that only its source knows is looked up there.

    Raises:
        MauveError: the source cannot be had.
    """

    def name_of(source: DirectSource) -> PackageName:
        if isinstance(source, FromGit):
            return builds.direct.read(None, source).metadata.name
        return builds.direct.name_of(source)

    return sourced_requirement(requested, name_of)


def sourced_requirement(requested: Requested, name_of: Callable[[DirectSource], PackageName]) -> SourcedRequirement:
    """Return *requested* as a requirement; *name_of* tells the name of what is at a location."""
    requirement, source = requested.requirement, wanted_source(requested)
    if requirement is not None:
        return SourcedRequirement(
            name=requirement.name,
            source=source or FromRegistry(requirement.specifiers),
            marker=requirement.marker,
            extras=requirement.extras,
            hashes=requested.hashes,
        )
    if source is None or isinstance(source, FromRegistry):
        raise LookupError(requested.text)
    return SourcedRequirement(
        name=name_of(source),
        source=source,
        marker=requested.marker,
        extras=requested.extras,
        hashes=requested.hashes,
    )


def wanted_source(requested: Requested) -> RequirementSource | None:
    """Return the source of *requested*, a tree installed in place if that was said; None for an index."""
    source = requested.source
    if requested.editable and isinstance(source, FromDirectory):
        return FromDirectory(source.path, source.given, editable=True, virtual=False)
    return source


# --- source trees and groups


def tree_requirements(
    path: str, extras: frozenset[ExtraName], builds: SourceBuilds, *, all_extras: bool
) -> tuple[DistributionMetadata, tuple[SourcedRequirement, ...]]:
    """Return the metadata of the source tree that the file at *path* is in, and what it requires with *extras*.

    Raises:
        MauveError: it cannot be read or built.
    """
    from mauve.build.source_tree import SourceTree
    from mauve.filesystem.file_urls import file_url
    from mauve.project.pyproject import read_pyproject
    from mauve.resolver.own_extras import flat_requirements

    root = os.path.dirname(path)
    if os.path.isfile(os.path.join(root, "pyproject.toml")):
        read_pyproject(os.path.join(root, "pyproject.toml"))  # what is wrong with it is told as such
    metadata = builds.direct.trees.read(SourceTree(root=root, shown=file_url(root)), needs_version=False)
    chosen = frozenset(metadata.provides_extras) if all_extras else extras
    return metadata, tuple(flat_requirements(metadata, chosen))


def group_requirements(asked: AskedGroup, builds: SourceBuilds) -> tuple[SourcedRequirement, ...]:
    """Return what the group *asked* for requires, its sources applied.

    Raises:
        MauveError: there is no such file or group.
    """
    from mauve.operations.requirement_sources import MissingGroup, NoGroups, UnreadableGroups
    from mauve.project.groups import flatten_groups
    from mauve.project.pyproject import read_pyproject

    try:
        pyproject = read_pyproject(asked.path)
    except (FileNotFoundError, NotADirectoryError):
        shown = asked.path if asked.shown == "pyproject.toml" else asked.shown
        raise UnreadableGroups(shown) from NoGroups(shown)
    groups = flatten_groups(pyproject)
    if asked.group not in groups:
        raise MissingGroup(asked.group, asked.shown)
    return builds.direct.trees.lower_group(pyproject, groups[asked.group].requirements)
