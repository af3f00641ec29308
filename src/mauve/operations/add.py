"""Add dependencies to a project.

The file is edited and written, locked, completed with the bounds of what was chosen, and locked again: the
second time nothing is new but the bounds, so it costs no network.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct, structs

from mauve.distributions.sources import FromDirectory, FromGit, FromPath, FromUrl, GitReference, GitReferenceKind
from mauve.errors import ExitStatus, MauveError
from mauve.filesystem.atomic import replace_document
from mauve.filesystem.file_urls import file_url
from mauve.operations.edited import edited_pyproject, open_project, read_text, write_pyproject
from mauve.operations.rollback import restored_on_failure
from mauve.project.bump import BoundKind, bound_specifiers
from mauve.project.edit import (
    ArrayEdit,
    DependencyTable,
    EditKind,
    GroupTable,
    IndexDeclaration,
    OptionalTable,
    Production,
    ProjectEditor,
    SourceFields,
)
from mauve.project.pyproject import shown_path
from mauve.project.requested import Requested
from mauve.project.workspace import Workspace, is_excluded, is_included
from mauve.standards.markers.diagram import TRUE, Marker
from mauve.standards.names import ExtraName, PackageName
from mauve.standards.requirements import Requirement, render_requirement
from mauve.standards.versions import Version, parse_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mauve.distributions.sources import RequirementSource
    from mauve.lock.model import Lock
    from mauve.operations.ports import LockWorkspace, NameSource, ReportAdd, SyncWorkspace


class AddFailed(MauveError):
    """The new dependencies cannot be locked; the cause says why."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, modules: tuple[str, ...] = ()) -> None:
        """Name the *modules* of the standard library that no index has as a package."""
        super().__init__(modules)
        self.modules = modules

    def __str__(self) -> str:
        """Return the headline."""
        return "Failed to add dependencies"

    def hints(self) -> tuple[str, ...]:
        """Return the way out."""
        advice = (
            "If you want to add the package regardless of the failed resolution, provide the `--frozen` flag to skip "
            "locking and syncing"
        )
        known = [
            f"The module `{module}` is included in the Python standard library and usually should not be added as a "
            "dependency"
            for module in self.modules
        ]
        return (*known, advice)


class NotLocal(MauveError):
    """Something is to be editable that is no folder."""

    def __init__(self, name: PackageName) -> None:
        """Name the package."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message."""
        return (
            f"`{self.name}` did not resolve to a local directory, but the `--editable` flag was provided. Editable "
            "installs are only supported for local directories."
        )


class NoLargeFiles(MauveError):
    """Large files of a repository are asked for, of something else."""

    def __init__(self, name: PackageName) -> None:
        """Name the package."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message."""
        return f"`{self.name}` did not resolve to a Git repository, but a Git extension (`--lfs`) was provided."


class NotGit(MauveError):
    """A reference of a repository was given for something else."""

    def __init__(self, name: PackageName, kind: str, value: str) -> None:
        """Name the package, and the option with its value."""
        super().__init__(name, kind, value)
        self.name = name
        self.kind = kind
        self.value = value

    def __str__(self) -> str:
        """Return the message."""
        return (
            f"`{self.name}` did not resolve to a Git repository, but a Git reference (`--{self.kind} {self.value}`) "
            "was provided."
        )


class UnknownName(MauveError):
    """What package is at a location cannot be found out.

    Attributes:
        reason: why not.
    """

    def __init__(self, reason: MauveError) -> None:
        """Speak for *reason*, which would be a failure and not a wrong argument elsewhere."""
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        """Return the reason."""
        return str(self.reason)

    def hints(self) -> tuple[str, ...]:
        """Return those of the reason."""
        return self.reason.hints()


class MissingTable(MauveError):
    """A root without `[project]` cannot have such dependencies."""

    def __init__(self, kind: str) -> None:
        """Say which kind of dependencies."""
        super().__init__(kind)
        self.kind = kind

    def __str__(self) -> str:
        """Return the message."""
        return (
            f"Project is missing a `[project]` table; add a `[project]` table to use {self.kind} dependencies, or run "
            "`uv add --dev` instead"
        )


class SelfDependency(MauveError):
    """The project would require itself."""

    def __init__(self, name: PackageName) -> None:
        """Name the project."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message."""
        name = self.name
        return (
            f"Requirement name `{name}` matches project name `{name}`, but self-dependencies are not permitted without "
            f"the `--dev` or `--optional` flags. If your project name (`{name}`) is shadowing that of a third-party "
            "dependency, consider renaming the project."
        )


class AddRequest(Struct, frozen=True, kw_only=True):
    """What is to be added, and how it is written.

    Attributes:
        table: where it goes.
        marker: and-ed to every requirement.
        extras: added to every requirement.
        revision: key (`rev`, `tag` or `branch`) and value for a repository.
        raw: requirements are written with their URLs, without bounds and sources.
        bounds: of requirements without specifier; None for the default.
        indexes: of the command line and the environment, to be written; the first one first.
        as_member: a folder becomes a member of the workspace (None: where it can).
        locks: the project is locked and synchronised afterwards (not with `--frozen`).
    """

    directory: str
    requested: tuple[Requested, ...]
    table: DependencyTable = Production()
    package: PackageName | None = None
    marker: Marker = TRUE
    extras: tuple[ExtraName, ...] = ()
    editable: bool | None = None
    revision: tuple[str, str] | None = None
    lfs: bool = False
    raw: bool = False
    bounds: BoundKind | None = None
    indexes: tuple[IndexDeclaration, ...] = ()
    as_member: bool | None = None
    locks: bool = True


class AddOutcome(Struct, frozen=True):
    """What was done: the new text of `pyproject.toml`, folders of new members, and the lock if one was asked for."""

    path: str
    text: str
    new_members: tuple[str, ...] = ()
    lock: Lock | None = None


class AdditionEdit(Struct):
    """One entry that was written, with what it was written for. The place moves when others are inserted."""

    edit: ArrayEdit
    requirement: Requirement
    source: SourceFields | None


def add_dependencies(
    request: AddRequest,
    lock: LockWorkspace,
    sync: SyncWorkspace | None,
    name_source: NameSource,
    report: ReportAdd,
) -> AddOutcome:
    """Add the dependencies; `pyproject.toml` and `uv.lock` are as before if anything fails.

    Args:
        request: what to add.
        lock: called after the edit, and again after bounds were filled in.
        sync: called at the end; None for `--no-sync`.
        name_source: asked for the names of locations that do not say them.
        report: told on the way.

    Raises:
        AddFailed: there is no solution with the new dependencies, or one of them cannot be used.
        MauveError: the project, a requirement, locking or installing is at fault.
    """
    workspace = open_project(request.directory, request.package)
    check_table(request.table, workspace)
    pyproject = edited_pyproject(workspace)
    addition = Addition(request, workspace, name_source)
    edits = addition.apply()
    root_path = workspace.pyproject.path
    with restored_on_failure(pyproject.path, root_path, workspace.lock_path):
        for path in addition.new_members:
            report.member_added(path)
        if addition.root_editor is not addition.editor:
            replace_document(root_path, addition.root_editor.text)
        edited = write_pyproject(pyproject.path, addition.editor.text, workspace)
        locked = None
        if request.locks:
            try:
                locked = lock(edited)
                if not request.raw and fill_bounds(addition.editor, edits, locked, request.bounds, report):
                    edited = write_pyproject(pyproject.path, addition.editor.text, workspace)
                    locked = lock(edited)
                if sync is not None:
                    sync(edited, locked, frozenset(addition.folders))
            except MauveError as error:
                if is_about_addition(error):
                    raise AddFailed(standard_modules(error, edits)) from error
                raise
    return AddOutcome(pyproject.path, addition.editor.text, tuple(addition.new_members), locked)


def is_about_addition(error: MauveError) -> bool:
    """Return whether *error* says that the new dependencies cannot be had, rather than that they may not be."""
    from mauve.operations.lock_errors import MissingLock, OutdatedLock

    return error.status is ExitStatus.FAILURE and not isinstance(error, OutdatedLock | MissingLock)


def standard_modules(error: MauveError, edits: Sequence[AdditionEdit]) -> tuple[str, ...]:
    """Return which of the packages of *edits* no index has, because they are modules of the standard library."""
    from mauve.resolver.errors import NoSolution

    if not isinstance(error, NoSolution):
        return ()
    missing = error.unavailable_packages
    names = [str(each.requirement.name) for each in edits if each.requirement.name in missing]
    return tuple(name for name in names if name.replace("-", "_") in sys.stdlib_module_names)


def check_table(table: DependencyTable, workspace: Workspace) -> None:
    """Raise `MissingTable` if *workspace* has no current project, and *table* needs one."""
    if workspace.current is None and isinstance(table, Production):
        raise MissingTable("production")
    if workspace.current is None and isinstance(table, OptionalTable):
        raise MissingTable("optional")


class Addition:
    """The edits of one `add`. The editors hold the truth; nothing is written here.

    Attributes:
        editor: of the file that gets the dependencies.
        root_editor: of the file that gets indexes and members; the same one for a project of its own.
        new_members: folders that became members of the workspace.
        folders: packages that were given as folders; whoever adds a folder again wants it built again.
    """

    def __init__(
        self, request: AddRequest, workspace: Workspace, name_source: NameSource, text: str | None = None
    ) -> None:
        """Edit the current project of *workspace*, or the *text* of a block that stands for one."""
        self.request = request
        self.workspace = workspace
        self.name_source = name_source
        self.pyproject = edited_pyproject(workspace)
        text = read_text(self.pyproject.path) if text is None else text
        self.editor = ProjectEditor(text, shown_path(self.pyproject.path))
        root = workspace.pyproject
        is_root = self.pyproject.path == root.path
        self.root_editor = self.editor if is_root else ProjectEditor(read_text(root.path), shown_path(root.path))
        self.new_members: list[str] = []
        self.folders: set[PackageName] = set()

    def apply(self) -> list[AdditionEdit]:
        """Edit everything that was asked for."""
        request = self.request
        declarations = () if request.raw else tuple(reversed(request.indexes))
        # An index that goes before others has to be there first: it decides where `[tool.uv.sources]` lands.
        indexes_first = self.root_editor.has_indexes
        if indexes_first:
            self._add_indexes(declarations)
        edits: list[AdditionEdit] = []
        if not request.requested and isinstance(request.table, GroupTable | OptionalTable):
            self.editor.open_list(request.table)
        for requested in request.requested:
            requirement, source = self._resolve(requested)
            edit = self.editor.add_dependency(request.table, requirement, source, raw=request.raw)
            if edit.kind is EditKind.ADDED:
                for earlier in edits:
                    if earlier.edit.path == edit.path and earlier.edit.index >= edit.index:
                        earlier.edit = structs.replace(earlier.edit, index=earlier.edit.index + 1)
            edits.append(AdditionEdit(edit, requirement, source))
        if not indexes_first:
            self._add_indexes(declarations)
        return edits

    def _add_indexes(self, declarations: Sequence[IndexDeclaration]) -> None:
        for declaration in declarations:
            if not declaration.is_there:
                self.editor.add_index(self._located(declaration))

    def _located(self, declaration: IndexDeclaration) -> IndexDeclaration:
        """Return *declaration* as the edited file says it: a path is relative to it, or what is written there."""
        path = declaration.path
        if path is None:
            return declaration
        folder = os.path.dirname(self.pyproject.path)
        for url in self.editor.index_urls:
            if "://" not in url and os.path.normpath(os.path.join(folder, url)) == path:
                return structs.replace(declaration, url=url)
        is_absolute = os.path.isabs(declaration.url) or declaration.url.startswith("file:")
        url = path if is_absolute else os.path.relpath(path, folder).replace(os.sep, "/")
        return structs.replace(declaration, url=url)

    def _resolve(self, requested: Requested) -> tuple[Requirement, SourceFields | None]:
        """Return the requirement to write and the source entry that goes with it."""
        request = self.request
        requirement = requested.requirement
        if requirement is None:
            if requested.source is None:
                raise LookupError(requested.text)
            name = self._find_name(requested.source)
            requirement = Requirement(name, requested.extras, url=requested.text, marker=requested.marker)
        extras = tuple(dict.fromkeys((*requirement.extras, *request.extras)))
        requirement = structs.replace(requirement, extras=extras, marker=requirement.marker & request.marker)
        name = requirement.name
        is_self = self.pyproject.project is not None and name == self.pyproject.project.name
        if is_self and isinstance(request.table, Production):
            raise SelfDependency(name)
        if request.revision is not None and not isinstance(requested.source, FromGit):
            raise NotGit(name, *request.revision)
        if request.lfs and not isinstance(requested.source, FromGit):
            raise NoLargeFiles(name)
        if isinstance(requested.source, FromDirectory):
            self.folders.add(name)
        is_member = name in self.workspace.members or self._becomes_member(requested.source)
        if request.editable and not is_member and not isinstance(requested.source, FromDirectory):
            raise NotLocal(name)
        if request.raw:
            if isinstance(requested.source, FromDirectory | FromPath):
                # A relative path means nothing where requirements are read.
                requirement = structs.replace(requirement, url=file_url(requested.source.path))
            return requirement, None
        if is_member:
            return requirement, self._member_fields(requested)
        return requirement, self._fields(requested)

    def _find_name(self, source: RequirementSource) -> PackageName:
        if isinstance(source, FromGit) and self.request.revision is not None:
            kind, value = self.request.revision
            source = structs.replace(source, reference=GitReference(GitReferenceKind(kind), value))
        try:
            return self.name_source(source)
        except MauveError as error:
            raise UnknownName(error) from error.__cause__

    def _becomes_member(self, source: RequirementSource | None) -> bool:
        """Add the folder of *source* to the workspace if it lies in there, and return whether it is a member now."""
        root = self.workspace.root
        if not isinstance(source, FromDirectory) or self.request.as_member is False:
            return False
        path = os.path.relpath(source.path, root).replace(os.sep, "/")
        if path.startswith("..") or path == ".":
            return False
        patterns = self.workspace.pyproject.uv.workspace
        if patterns is not None and is_excluded(patterns, path):
            return False
        if patterns is None or not is_included(patterns, path):
            self.root_editor.add_workspace_member(path)
            self.new_members.append(path)
        return True

    def _is_editable(self, requested: Requested) -> bool | None:
        return self.request.editable if requested.editable is None else requested.editable

    def _member_fields(self, requested: Requested) -> SourceFields:
        editable = self._is_editable(requested)
        return {"workspace": True} if editable is None else {"workspace": True, "editable": editable}

    def _fields(self, requested: Requested) -> SourceFields | None:
        request, source, editable = self.request, requested.source, self._is_editable(requested)
        fields: dict[str, str | bool] = {}
        match source:
            case FromGit():
                fields["git"] = source.url
                if source.subdirectory is not None:
                    fields["subdirectory"] = source.subdirectory
                key, value = request.revision or ("rev", source.reference.value)
                if value:
                    fields[key] = value
                if request.lfs:
                    fields["lfs"] = True
                return fields
            case FromUrl(url, subdirectory):
                fields["url"] = url
                if subdirectory is not None:
                    fields["subdirectory"] = subdirectory
                return fields
            case FromDirectory() | FromPath():
                is_absolute = os.path.isabs(source.given) or source.given.startswith("file:")
                relative = os.path.relpath(source.path, self.pyproject.root).replace(os.sep, "/")
                fields["path"] = source.path if is_absolute else relative
                if editable is not None:
                    fields["editable"] = editable
                return fields
            case _:
                pinned = request.indexes[0].name if len(request.indexes) == 1 else None
                return None if pinned is None else {"index": pinned}


def fill_bounds(
    editor: ProjectEditor, edits: Sequence[AdditionEdit], lock: Lock, kind: BoundKind | None, report: ReportAdd
) -> bool:
    """Give new registry requirements without specifier the bounds of what was chosen; return whether any got them."""
    changed = False
    for each in edits:
        requirement = each.requirement
        if each.edit.kind is not EditKind.ADDED or (each.source is not None and "index" not in each.source):
            continue
        if requirement.url is not None or not requirement.specifiers.is_empty:
            if kind is not None:
                shown = render_requirement(requirement)
                report.note(f"note: Using explicit requirement `{shown}` over bounds preference `{kind}`")
            continue
        lowest = _lowest_version(lock, requirement.name)
        if lowest is None:
            continue
        written = editor.requirement_at(each.edit)
        bounds = bound_specifiers(lowest, kind or BoundKind.LOWER)
        editor.replace_requirement(each.edit, structs.replace(written, specifiers=bounds))
        changed = True
    return changed


def _lowest_version(lock: Lock, name: PackageName) -> Version | None:
    versions = [
        parse_version(package.version)
        for package in lock.packages
        if package.name == name and package.version is not None
    ]
    return min(versions, default=None)
