"""Apply `[tool.uv.sources]` and index pins: what a project wrote becomes what the resolver is asked for.

The entry of the project itself wins over the workspace root's, name by name. Only first-party trees are
lowered this way; requirements of published packages never are.

Specification: docs/resolution.md "Inputs", docs/project.md.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar, Final

from msgspec import Struct, structs

from mauve.distributions.conflicts import ConflictItem
from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.sources import (
    FromDirectory,
    FromGit,
    FromPath,
    FromRegistry,
    FromUrl,
    RequirementSource,
)
from mauve.errors import ExitStatus, MauveError
from mauve.project.pyproject import PyProject, read_pyproject
from mauve.project.references import ARCHIVE_ENDINGS, local_path, local_source, read_reference, wants_large_files
from mauve.project.sources import GitEntry, IndexEntry, PathEntry, SourceEntry, UrlEntry, WorkspaceEntry
from mauve.standards.markers.diagram import Marker, any_of
from mauve.standards.names import ExtraName, GroupName, PackageName
from mauve.standards.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mauve.distributions.index import Index
    from mauve.distributions.index_table import IndexTable
    from mauve.project.workspace import Workspace, WorkspaceMember
    from mauve.standards.groups import FlatGroup

_ENDINGS: Final = (
    "`.whl`, `.tar.gz`, `.zip`, `.tar.bz2`, `.tar.lz`, `.tar.lzma`, `.tar.xz`, `.tar.zst`, `.tar`, `.tbz`, `.tgz`, "
    "`.tlz`, or `.txz`"
)
_KINDS: Final[dict[type, str]] = {IndexEntry: "registry", PathEntry: "path", GitEntry: "Git", UrlEntry: "URL"}


class FailedProject(MauveError):
    """The metadata of a first-party project cannot be had; the cause says why."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, name: str, root: str) -> None:
        """Name the project and its folder."""
        super().__init__(name, root)
        self.name = name
        self.root = root

    def __str__(self) -> str:
        """Return the message."""
        from urllib.request import pathname2url

        return f"Failed to build `{self.name} @ file://{pathname2url(self.root)}`"


class FailedEntry(MauveError):
    """One requirement cannot be lowered; the cause says why."""

    def __init__(self, name: PackageName, group: GroupName | None = None) -> None:
        """Name the package, and the group in which it is required."""
        super().__init__(name, group)
        self.name = name
        self.group = group

    def __str__(self) -> str:
        """Return the message."""
        where = "" if self.group is None else f" in group `{self.group}`"
        return f"Failed to parse entry{where}: `{self.name}`"


class SourcePolicy(Struct, frozen=True):
    """`--no-sources` and `--no-sources-package`: whose entries are passed over."""

    ignore_all: bool = False
    ignored: frozenset[PackageName] = frozenset()

    def applies_to(self, name: PackageName) -> bool:
        """Return whether the entries of *name* count."""
        return not self.ignore_all and name not in self.ignored


class Checkout(Struct, frozen=True):
    """A commit of a repository on disk: the trees in there are known elsewhere by the repository.

    Attributes:
        root: of the checkout, absolute.
        source: the repository with the commit; its subdirectory does not count.
    """

    root: str
    source: FromGit

    def relocate(self, source: RequirementSource) -> RequirementSource:
        """Return *source* as a part of the repository, if it is a tree in there."""
        if not isinstance(source, FromDirectory):
            return source
        subdirectory = os.path.relpath(source.path, self.root).replace(os.sep, "/")
        if subdirectory.startswith(".."):
            return source
        return structs.replace(self.source, subdirectory=None if subdirectory == "." else subdirectory)

    def relocate_requirement(self, requirement: SourcedRequirement) -> SourcedRequirement:
        """Return *requirement* with its source relocated."""
        return structs.replace(requirement, source=self.relocate(requirement.source))


class Lowering(Struct, frozen=True, kw_only=True):
    """All that is needed to lower the requirements of one project.

    Attributes:
        pyproject: of the project whose requirements are lowered; its own entries come first.
        workspace: that the project belongs to.
        checkout: the repository that the project was found in, if it was.
        typed_indexes: of the command line and the environment; their names win over those in files.
        configured_names: names of indexes in other settings files, for a hint.
        variables: of the environment, for URLs.
    """

    pyproject: PyProject
    workspace: Workspace
    policy: SourcePolicy = SourcePolicy()
    typed_indexes: tuple[Index, ...] = ()
    configured_names: frozenset[str] = frozenset()
    checkout: Checkout | None = None
    variables: Mapping[str, str] = {}

    @property
    def project_name(self) -> PackageName | None:
        """Return the name of the project."""
        return None if self.pyproject.project is None else self.pyproject.project.name

    def lower(
        self, requirement: Requirement, *, extra: ExtraName | None = None, group: GroupName | None = None
    ) -> list[SourcedRequirement]:
        """Return *requirement* once for each source that applies to it, and once for what they leave over.

        Raises:
            FailedEntry: a source cannot be used.
        """
        try:
            return list(self._lower(requirement, extra, group))
        except MauveError as error:
            raise FailedEntry(requirement.name, group) from error

    def _lower(
        self, requirement: Requirement, extra: ExtraName | None, group: GroupName | None
    ) -> Iterator[SourcedRequirement]:
        name = requirement.name
        entries, folder = self._entries(name)
        if entries is not None:
            entries = tuple([entry for entry in entries if _applies(entry, extra, group)])
        if name in self.workspace.members and name != self.project_name:
            _check_member_entries(name, entries)
        if entries is None:
            yield self._plain(requirement)
            return
        for entry in entries:
            marker = requirement.marker & entry.scope.marker
            if not marker.is_false:
                yield _sourced(requirement, self._source(requirement, entry, folder), marker)
        rest = requirement.marker & ~any_of([entry.scope.marker for entry in entries])
        if not rest.is_false:
            yield structs.replace(self._plain(requirement), marker=rest)

    def _plain(self, requirement: Requirement) -> SourcedRequirement:
        plain = plain_requirement(requirement, self.pyproject.root, self.variables)
        return plain if self.checkout is None else self.checkout.relocate_requirement(plain)

    def _entries(self, name: PackageName) -> tuple[tuple[SourceEntry, ...] | None, str]:
        """Return the entries for *name* and the folder to which their paths are relative."""
        if self.policy.applies_to(name):
            for pyproject in (self.pyproject, self.workspace.pyproject):
                entries = pyproject.uv.sources.get(name)
                if entries is not None:
                    return entries, pyproject.root
        return None, self.pyproject.root

    def _source(self, requirement: Requirement, entry: SourceEntry, folder: str) -> RequirementSource:
        source = self._written_source(requirement, entry, folder)
        return source if self.checkout is None else self.checkout.relocate(source)

    def _written_source(self, requirement: Requirement, entry: SourceEntry, folder: str) -> RequirementSource:
        match entry:
            case IndexEntry(index, scope):
                conflict = None
                if self.project_name is not None and (scope.extra is not None or scope.group is not None):
                    conflict = ConflictItem(self.project_name, scope.extra, scope.group)
                return FromRegistry(requirement.specifiers, self._index_url(requirement.name, index), conflict)
            case WorkspaceEntry(is_member, editable):
                return self._member_source(requirement.name, editable=editable, is_member=is_member)
            case PathEntry():
                return _path_source(entry, folder)
            case GitEntry():
                lfs = wants_large_files(self.variables) if entry.lfs is None else entry.lfs
                return FromGit(url=entry.url, reference=entry.reference, subdirectory=entry.subdirectory, lfs=lfs)
            case UrlEntry(url, subdirectory):
                _check_archive_url(url)
                return FromUrl(url.partition("#")[0], subdirectory, url)

    def _index_url(self, name: PackageName, index: str) -> str:
        for typed in self.typed_indexes:
            if typed.name == index:
                return typed.url
        for pyproject in (self.pyproject, self.workspace.pyproject):
            for table in pyproject.uv.indexes:
                if table.name == index:
                    return index_url(table, pyproject.root)
        hint = None
        if index in self.configured_names:
            hint = (
                f"Index `{index}` was found in a project-level `uv.toml`, but indexes referenced via "
                "`tool.uv.sources` must be defined in the project's `pyproject.toml`"
            )
        from mauve.project.lowering_errors import UnusableSource

        raise UnusableSource(f"Package `{name}` references an undeclared index: `{index}`", hint)

    def _member_source(self, name: PackageName, *, editable: bool | None, is_member: bool) -> FromDirectory:
        if not is_member:
            from mauve.project.lowering_errors import UnusableSource

            raise UnusableSource(
                f"`{name}` is included as a workspace member, but does not use `workspace = true` in `tool.uv.sources`"
            )
        member = self.workspace.members.get(name)
        if member is None:
            from mauve.project.lowering_errors import UnusableSource

            raise UnusableSource(
                f"`{name}` references a workspace in `tool.uv.sources` (e.g., `{name} = {{ workspace = true }}`), but "
                "is not a workspace member"
            )
        return member_source(self.workspace, member, editable=editable)


def member_source(workspace: Workspace, member: WorkspaceMember, *, editable: bool | None = None) -> FromDirectory:
    """Return how *member* is required: in place unless *editable* says no, or virtual if it is not a package."""
    given = os.path.relpath(member.root, workspace.root).replace(os.sep, "/")
    if editable is None:
        # What one project says about a member holds for those that say nothing.
        editable = workspace.required.get(member.name)
    if editable is False:
        return FromDirectory(member.root, given, editable=False, virtual=False)
    if workspace.is_package(member):
        return FromDirectory(member.root, given, editable=True, virtual=False)
    return FromDirectory(member.root, given, editable=False, virtual=True)


def plain_requirement(
    requirement: Requirement, folder: str, variables: Mapping[str, str] | None = None
) -> SourcedRequirement:
    """Return *requirement* as it stands: from the indexes that are searched, or from its own URL."""
    if requirement.url is None:
        return _sourced(requirement, FromRegistry(requirement.specifiers), requirement.marker)
    return _sourced(requirement, read_reference(requirement.url, folder, variables), requirement.marker)


def index_url(table: IndexTable, folder: str) -> str:
    """Return the URL of a declared index; a path is relative to *folder*."""
    from mauve.distributions.index_urls import is_web_address, one_spelling

    text = table.url
    if is_web_address(text):
        return one_spelling(text)
    if "://" in text or text.startswith("file:"):
        return text
    from urllib.request import pathname2url

    return "file://" + pathname2url(os.path.normpath(os.path.join(folder, os.path.expanduser(text))))


def check_scopes(pyproject: PyProject, groups: Mapping[GroupName, FlatGroup]) -> None:
    """Refuse entries for an extra or group of *pyproject* that does not require the package.

    Raises:
        IncompleteSource: there is one.
    """
    project = pyproject.project
    for name, entries in pyproject.uv.sources.items():
        for entry in entries:
            extra, group = entry.scope.extra, entry.scope.group
            if extra is not None:
                texts = None if project is None else project.optional_dependencies.get(extra)
                if texts is None or name not in _names(texts):
                    from mauve.project.lowering_errors import IncompleteSource

                    raise IncompleteSource(name, "extra", extra, exists=texts is not None)
            if group is not None:
                required = groups.get(group)
                if required is None or all(each.name != name for each in required.requirements):
                    from mauve.project.lowering_errors import IncompleteSource

                    raise IncompleteSource(name, "group", group, exists=required is not None)


def _names(texts: Iterable[str]) -> set[PackageName]:
    from mauve.standards.requirements import parse_requirement

    return {parse_requirement(text).name for text in texts}


def _applies(entry: SourceEntry, extra: ExtraName | None, group: GroupName | None) -> bool:
    scope = entry.scope
    return (scope.extra is None or scope.extra == extra) and (scope.group is None or scope.group == group)


def _check_member_entries(name: PackageName, entries: tuple[SourceEntry, ...] | None) -> None:
    """Refuse what would take a member from elsewhere."""
    if entries is None:
        from mauve.project.lowering_errors import UnusableSource

        raise UnusableSource(
            f"`{name}` is included as a workspace member, but is missing an entry in `tool.uv.sources` "
            f"(e.g., `{name} = {{ workspace = true }}`)"
        )
    for entry in entries:
        kind = _KINDS.get(type(entry))
        if kind is not None:
            from mauve.project.lowering_errors import UnusableSource

            raise UnusableSource(
                f"`{name}` is included as a workspace member, but references a {kind} in `tool.uv.sources`. Workspace "
                f"members must be declared as workspace sources (e.g., `{name} = {{ workspace = true }}`)."
            )


def _path_source(entry: PathEntry, folder: str) -> FromDirectory | FromPath:
    path = os.path.normpath(os.path.join(folder, os.path.expanduser(local_path(entry.path))))
    source = local_source(path, entry.path)
    if isinstance(source, FromPath):
        if not path.endswith(ARCHIVE_ENDINGS):
            from mauve.project.lowering_errors import UnusableSource

            raise UnusableSource(f"Expected path (`{entry.path}`) to end in a supported file extension: {_ENDINGS}")
        if entry.editable or entry.package:
            from urllib.request import pathname2url

            key = "editable" if entry.editable else "package"
            url = f"file://{pathname2url(path)}"
            from mauve.project.lowering_errors import UnusableSource

            raise UnusableSource(f"Source with `{key} = true` must refer to a local directory, not a file: {url}")
        return source
    if entry.editable:
        return FromDirectory(path, entry.path, editable=True, virtual=False)
    is_package = entry.package if entry.package is not None else _is_package_tree(path)
    return FromDirectory(path, entry.path, editable=False, virtual=not is_package)


def _check_archive_url(url: str) -> None:
    path = url.partition("#")[0].partition("?")[0]
    if not path.endswith(ARCHIVE_ENDINGS):
        from mauve.project.lowering_errors import UnusableSource

        raise UnusableSource(f"Expected direct URL (`{url}`) to end in a supported file extension: {_ENDINGS}")


def _is_package_tree(path: str) -> bool:
    """Return whether the tree at *path* is built: yes unless it says no itself."""
    try:
        return read_pyproject(os.path.join(path, "pyproject.toml")).is_package(needs_build_system=False)
    except (FileNotFoundError, NotADirectoryError, MauveError):
        return True  # whoever builds it reports what is wrong


def _sourced(requirement: Requirement, source: RequirementSource, marker: Marker) -> SourcedRequirement:
    return SourcedRequirement(requirement.name, source, marker, requirement.extras)
