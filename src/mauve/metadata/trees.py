"""The metadata of source trees that are not members of the workspace: of local folders and of repositories.

What pyproject.toml declares is taken as it is, with the sources it names applied by the rules of its own workspace;
only what it leaves to the backend is built.

Specification: docs/resolution.md "Inputs", PEP 621.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from msgspec import structs

from mauve.build.failures import BuildFailed, NoBuildsAtAll
from mauve.build.source_tree import UnreadablePyProject
from mauve.distributions.sources import without_spelling
from mauve.errors import MauveError
from mauve.metadata.records import UnexpectedName, sourced_requirement
from mauve.project.lowering import Checkout, FailedProject, Lowering, SourcePolicy, plain_requirement
from mauve.project.pyproject import InvalidPyProject, read_pyproject
from mauve.project.sources import InvalidSourcesTable
from mauve.project.workspace import UnmanagedProject, Workspace, WorkspaceMember, workspace_of
from mauve.resolver.source import DistributionMetadata
from mauve.standards.toml import InvalidToml, parse_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mauve.build.source_tree import SourceTree
    from mauve.distributions.index import Index
    from mauve.distributions.requirements import SourcedRequirement
    from mauve.project.pyproject import PyProject
    from mauve.standards.metadata import CoreMetadata
    from mauve.standards.names import PackageName
    from mauve.standards.requirements import Requirement


class TreeBuilder(Protocol):
    """Runs build backends for metadata. Called in the resolver's thread; may take seconds."""

    def tree_metadata(self, tree: SourceTree) -> CoreMetadata:
        """Return the metadata that the backend of *tree* tells.

        Raises:
            MauveError: it cannot be built.
        """
        ...


class TreeReader:
    """Reads source trees under the settings of one run."""

    def __init__(
        self,
        builder: TreeBuilder,
        *,
        policy: SourcePolicy,
        typed_indexes: tuple[Index, ...] = (),
        configured_names: frozenset[str] = frozenset(),
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """Have dynamic metadata built by *builder*; the rest is as for `Lowering`."""
        self._builder = builder
        self._policy = policy
        self._typed_indexes = typed_indexes
        self._configured_names = configured_names
        self._variables = variables or {}

    def read(
        self, tree: SourceTree, checkout: Checkout | None = None, *, needs_version: bool = True
    ) -> DistributionMetadata:
        """Return the metadata of *tree*; in a *checkout*, trees beside it are parts of the repository, too.

        Without *needs_version* a version that only a build knows is `0`.

        Raises:
            BuildFailed: it has none, or is another package; the cause says why.
        """
        try:
            metadata = self._read(tree, checkout, needs_version=needs_version)
            if tree.name is not None and metadata.name != tree.name:
                raise UnexpectedName(metadata.name, tree.name)
        except (BuildFailed, NoBuildsAtAll):
            raise
        except FailedProject as error:
            raise BuildFailed(tree) from error.__cause__
        except MauveError as error:
            raise BuildFailed(tree) from error
        return metadata

    def _read(self, tree: SourceTree, checkout: Checkout | None, *, needs_version: bool) -> DistributionMetadata:
        from mauve.project.groups import flatten_groups
        from mauve.project.manifest import member_metadata

        pyproject = _read_pyproject(tree.root)
        if pyproject is None or pyproject.project is None:
            metadata = published_metadata(self._builder.tree_metadata(tree))
            if checkout is None:
                return metadata
            requires_dist = tuple(map(checkout.relocate_requirement, metadata.requires_dist))
            return structs.replace(metadata, requires_dist=requires_dist)
        lowering = self._lowering(pyproject, checkout)

        def build(root: str, name: PackageName, *, is_editable: bool) -> CoreMetadata:
            del root, name, is_editable
            return self._builder.tree_metadata(tree)

        metadata = member_metadata(lowering, flatten_groups(pyproject), build, needs_version=needs_version)
        groups = {group: _without_spelling(metadata.groups[group]) for group in metadata.groups}
        return structs.replace(metadata, requires_dist=_without_spelling(metadata.requires_dist), groups=groups)

    def lower_build_requirements(
        self, tree: SourceTree, requirements: Iterable[Requirement]
    ) -> tuple[SourcedRequirement, ...]:
        """Return *requirements* of the build of *tree* with the sources that its pyproject.toml names.

        Raises:
            MauveError: a source cannot be used.
        """
        pyproject = _read_pyproject(tree.declaring)
        if pyproject is None or pyproject.project is None:
            return tuple([plain_requirement(requirement, tree.declaring) for requirement in requirements])
        lowering = self._lowering(pyproject, None)
        return tuple([lowered for requirement in requirements for lowered in lowering.lower(requirement)])

    def lower_group(self, pyproject: PyProject, requirements: Iterable[Requirement]) -> tuple[SourcedRequirement, ...]:
        """Return the *requirements* of a group of *pyproject* with the sources that it names.

        Raises:
            MauveError: a source cannot be used.
        """
        if pyproject.project is None and not pyproject.uv.sources:
            return tuple([plain_requirement(requirement, pyproject.root) for requirement in requirements])
        lowering = self._lowering(pyproject, None)
        return tuple([lowered for requirement in requirements for lowered in lowering.lower(requirement)])

    def _lowering(self, pyproject: PyProject, checkout: Checkout | None) -> Lowering:
        return Lowering(
            pyproject=pyproject,
            workspace=_workspace(pyproject),
            policy=self._policy,
            typed_indexes=self._typed_indexes,
            configured_names=self._configured_names,
            checkout=checkout,
            variables=self._variables,
        )


def _without_spelling(requirements: tuple[SourcedRequirement, ...]) -> tuple[SourcedRequirement, ...]:
    return tuple([structs.replace(each, source=without_spelling(each.source)) for each in requirements])


def published_metadata(metadata: CoreMetadata) -> DistributionMetadata:
    """Return *metadata* in the resolver's terms; no sources are applied."""
    return DistributionMetadata(
        name=metadata.name,
        version=metadata.version,
        requires_dist=tuple([sourced_requirement(text) for text in metadata.requires_dist]),
        requires_python=metadata.requires_python,
        provides_extras=metadata.provides_extra,
    )


def _read_pyproject(root: str) -> PyProject | None:
    try:
        return read_pyproject(os.path.join(root, "pyproject.toml"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except InvalidPyProject as error:
        cause = error.__cause__
        if isinstance(cause, InvalidSourcesTable):
            raise
        if not _is_toml(error.path):
            broken = UnreadablePyProject()
            broken.__cause__ = cause
            cause = broken
        from mauve.project.lowering_errors import UnreadableMetadata

        raise UnreadableMetadata from cause


def _is_toml(path: str) -> bool:
    """Return whether the file is TOML at all; then only its shape is wrong."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            parse_toml(file.read())
    except InvalidToml:
        return False
    return True


def _workspace(pyproject: PyProject) -> Workspace:
    """Return the workspace around *pyproject*; one that does not want to be managed stands for itself."""
    try:
        return workspace_of(pyproject)
    except UnmanagedProject:
        project = pyproject.project
        if project is None:
            raise
        member = WorkspaceMember(pyproject.root, pyproject, project)
        return Workspace(
            root=pyproject.root,
            pyproject=pyproject,
            members={project.name: member},
            required={},
            current=project.name,
        )
