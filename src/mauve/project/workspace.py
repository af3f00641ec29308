"""Find the workspace that a folder belongs to, and its members.

The nearest `pyproject.toml` upwards is the current project. A `[tool.uv.workspace]` of its own makes it a
root; else the nearest `pyproject.toml` above decides whether it takes the project in. Relative patterns are
expanded below the root; every member is read once.

Specification: docs/project.md "Discovery".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.errors import MauveError
from mauve.project.pyproject import Project, PyProject, WorkspacePatterns, read_pyproject
from mauve.project.sources import WorkspaceEntry
from mauve.standards.names import PackageName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mauve.project.sources import SourceEntry

FILE_NAME: Final = "pyproject.toml"
LOCK_NAME: Final = "uv.lock"


class MissingPyProject(MauveError):
    """There is no project where one is needed."""

    def __str__(self) -> str:
        """Return the message."""
        return f"No `{FILE_NAME}` found in current directory or any parent directory"


class UnmanagedProject(MauveError):
    """The project is not to be touched (`tool.uv.managed = false`)."""

    def __init__(self, root: str) -> None:
        """Name the folder."""
        super().__init__(root)
        self.root = root

    def __str__(self) -> str:
        """Return the message."""
        return f"The project is marked as unmanaged: {self.root}"


class WorkspaceMember(Struct, frozen=True):
    """A project of a workspace; `root` is its folder."""

    root: str
    pyproject: PyProject
    project: Project

    @property
    def name(self) -> PackageName:
        """Return the name of the project."""
        return self.project.name


class Workspace(Struct, frozen=True, kw_only=True):
    """A root with its members. A project without `[tool.uv.workspace]` is a workspace of one.

    Attributes:
        root: folder of the root, absolute.
        pyproject: of the root.
        members: sorted by name; the root is one of them if it has `[project]`.
        required: names that some `{ workspace = true }` asks for, with the `editable` that was written.
        current: the project in whose folder the command runs; None in a root without `[project]`.
    """

    root: str
    pyproject: PyProject
    members: dict[PackageName, WorkspaceMember]
    required: dict[PackageName, bool | None]
    current: PackageName | None = None

    @property
    def lock_path(self) -> str:
        """Return the path of `uv.lock`."""
        return os.path.join(self.root, LOCK_NAME)

    @property
    def current_member(self) -> WorkspaceMember | None:
        """Return the project in whose folder the command runs."""
        return None if self.current is None else self.members[self.current]

    @property
    def is_virtual(self) -> bool:
        """Return whether the root has no `[project]`."""
        return self.pyproject.project is None

    def is_package(self, member: WorkspaceMember) -> bool:
        """Return whether *member* is built and installed; what other members require is, unless it says no."""
        return member.pyproject.is_package(needs_build_system=member.name not in self.required)

    def member(self, name: PackageName) -> WorkspaceMember:
        """Return the member called *name*.

        Raises:
            UnknownMember: there is none.
        """
        found = self.members.get(name)
        if found is None:
            from mauve.project.workspace_errors import UnknownMember

            raise UnknownMember(name, self.root)
        return found

    def select(self, name: PackageName | None) -> Workspace:
        """Return this workspace with *name* as the current project (`--package`); unchanged for None."""
        if name is None:
            return self
        return Workspace(
            root=self.root,
            pyproject=self.pyproject,
            members=self.members,
            required=self.required,
            current=self.member(name).name,
        )


def find_pyproject(directory: str) -> str | None:
    """Return the path of the nearest `pyproject.toml` in *directory* or above it."""
    for folder in _upwards(os.path.abspath(directory)):
        path = os.path.join(folder, FILE_NAME)
        if os.path.isfile(path):
            return path
    return None


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def discover_workspace(directory: str) -> Workspace:
    """Return the workspace of the project that *directory* is in.

    Raises:
        MissingPyProject: there is no project.
        UnmanagedProject: it does not want to be managed.
        MauveError: a file of the workspace cannot be used.
    """
    path = find_pyproject(directory)
    if path is None:
        raise MissingPyProject
    pyproject = read_pyproject(path)
    return workspace_of(pyproject)


def discover_frozen(directory: str) -> tuple[Workspace, bool]:
    """Return what a lock that must not change is read for, and whether there is a project at all.

    Members that are not there are left out, since the lock knows them; without any project the nearest folder with a
    lockfile takes the place of the root.

    Raises:
        MauveError: as `discover_workspace`.
    """
    from mauve.project.workspace_errors import MissingMemberFile

    try:
        return discover_workspace(directory), True
    except MissingPyProject:
        for folder in _upwards(os.path.abspath(directory)):
            if os.path.isfile(os.path.join(folder, LOCK_NAME)):
                nothing = PyProject(path=os.path.join(folder, FILE_NAME), text="")
                return Workspace(root=folder, pyproject=nothing, members={}, required={}), False
        raise
    except MissingMemberFile:
        path = find_pyproject(directory)
        if path is None:
            raise
        return workspace_of(read_pyproject(path), finds_members=False), True


def workspace_of(
    pyproject: PyProject, overlay: Mapping[str, PyProject] | None = None, *, finds_members: bool = True
) -> Workspace:
    """Return the workspace that the project of *pyproject* belongs to.

    Args:
        pyproject: of the current project, perhaps edited and not yet written.
        overlay: further edited files by path, used in place of what is on disk.
        finds_members: otherwise only the root and the current project are members.

    Raises:
        MauveError: as `discover_workspace`.
    """
    known = {**(overlay or {}), pyproject.path: pyproject}
    if pyproject.project is not None and not pyproject.uv.managed:
        raise UnmanagedProject(pyproject.root)
    current = None if pyproject.project is None else pyproject.project.name
    root = pyproject
    if pyproject.uv.workspace is None and pyproject.project is not None:
        root = _find_root(pyproject, known) or pyproject
    members = _collect_members(root, pyproject, known, finds_members=finds_members)
    if current is not None and members[current].root != pyproject.root:
        from mauve.project.workspace_errors import DuplicateMember

        raise DuplicateMember(current, members[current].root, pyproject.root)
    return Workspace(
        root=root.root,
        pyproject=root,
        members=members,
        required=_collect_required(root, members),
        current=current,
    )


def home_of(member: WorkspaceMember, workspace: Workspace) -> Workspace:
    """Return the workspace that *member* of *workspace* finds itself in, whose rules hold for its requirements.

    That is another one where a project stands between it and the root, or where it is not below the root.
    """
    if member.root == workspace.root:
        return workspace
    for folder in _upwards(os.path.dirname(member.root)):
        if folder == workspace.root:
            return workspace
        if os.path.isfile(os.path.join(folder, FILE_NAME)):
            break
    return workspace_of(member.pyproject)


def _read(path: str, known: Mapping[str, PyProject]) -> PyProject:
    found = known.get(path)
    return read_pyproject(path) if found is None else found


def _find_root(pyproject: PyProject, known: Mapping[str, PyProject]) -> PyProject | None:
    """Return the file above that takes the project in. Only the nearest one is asked."""
    above = find_pyproject(os.path.dirname(pyproject.root))
    if above is None or os.path.dirname(pyproject.root) == pyproject.root:
        return None
    candidate = _read(above, known)
    workspace = candidate.uv.workspace
    if workspace is None:
        return None
    path = os.path.relpath(pyproject.root, candidate.root).replace(os.sep, "/")
    if is_excluded(workspace, path) or not is_included(workspace, path):
        return None
    return candidate


def is_included(workspace: WorkspacePatterns, path: str) -> bool:
    """Return whether a pattern in `members` names the folder *path* (relative to the root, with `/`)."""
    from mauve.project.globs import matches_glob

    return any(matches_glob(pattern, path) for pattern in workspace.members)


def is_excluded(workspace: WorkspacePatterns, path: str) -> bool:
    """Return whether a pattern in `exclude` names the folder *path* (relative to the root, with `/`)."""
    from mauve.project.globs import matches_glob_loosely

    return any(matches_glob_loosely(pattern, path) for pattern in workspace.exclude)


def _collect_members(
    root: PyProject, current: PyProject, known: Mapping[str, PyProject], *, finds_members: bool
) -> dict[PackageName, WorkspaceMember]:
    members: dict[PackageName, WorkspaceMember] = {}
    seen: set[str] = set()

    def take(pyproject: PyProject, project: Project) -> None:
        earlier = members.get(project.name)
        if earlier is not None:
            from mauve.project.workspace_errors import DuplicateMember

            raise DuplicateMember(project.name, earlier.root, pyproject.root)
        seen.add(pyproject.root)
        members[project.name] = WorkspaceMember(pyproject.root, pyproject, project)

    if root.project is not None:
        take(root, root.project)
    if current.project is not None and current.root != root.root:
        take(current, current.project)
    seen.add(root.root)
    workspace = root.uv.workspace
    if workspace is not None and finds_members:
        for pattern in workspace.members:
            from mauve.project.globs import find_folders

            for folder in find_folders(root.root, pattern):
                if folder in seen:
                    continue
                seen.add(folder)
                pyproject = _read_member(root, workspace, folder, pattern, known)
                if pyproject is None:
                    continue
                if pyproject.project is None:
                    from mauve.project.workspace_errors import MissingProjectTable

                    raise MissingProjectTable(pyproject.path)
                take(pyproject, pyproject.project)
    for member in members.values():
        if member.root != root.root and member.pyproject.uv.workspace is not None:
            from mauve.project.workspace_errors import NestedWorkspace

            raise NestedWorkspace(member.root)
    return dict(sorted(members.items()))


def _read_member(
    root: PyProject, workspace: WorkspacePatterns, folder: str, pattern: str, known: Mapping[str, PyProject]
) -> PyProject | None:
    """Return the project in *folder*; None if it is left out of the workspace."""
    if is_excluded(workspace, os.path.relpath(folder, root.root).replace(os.sep, "/")):
        return None
    try:
        pyproject = _read(os.path.join(folder, FILE_NAME), known)
    except FileNotFoundError:
        if os.path.basename(folder).startswith(".") or _has_only_ignored_files(folder):
            return None
        from mauve.project.workspace_errors import MissingMemberFile

        raise MissingMemberFile(folder, pattern) from None
    return pyproject if pyproject.uv.managed else None


def _has_only_ignored_files(folder: str) -> bool:
    from mauve.project.ignored import has_only_ignored_files

    return has_only_ignored_files(folder)


def _collect_required(root: PyProject, members: dict[PackageName, WorkspaceMember]) -> dict[PackageName, bool | None]:
    """Return the members that source entries ask for; an entry of a project for itself does not count."""
    required: dict[PackageName, bool | None] = {}
    tables: list[tuple[PackageName | None, dict[PackageName, tuple[SourceEntry, ...]]]] = [
        (None if root.project is None else root.project.name, root.uv.sources)
    ]
    tables += [(name, member.pyproject.uv.sources) for name, member in members.items() if member.root != root.root]
    for owner, sources in tables:
        for name, entries in sources.items():
            for entry in entries:
                if name == owner or not isinstance(entry, WorkspaceEntry):
                    continue
                earlier = required.get(name)
                if earlier is not None and entry.editable is not None and earlier != entry.editable:
                    from mauve.project.workspace_errors import ContradictoryEditable

                    raise ContradictoryEditable(name)
                required[name] = entry.editable if earlier is None else earlier
    return required
