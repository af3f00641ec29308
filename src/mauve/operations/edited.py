"""What `add`, `remove` and `version` share: a project that is edited, then locked and synchronised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.filesystem.atomic import replace_document
from mauve.project.pyproject import parse_pyproject
from mauve.project.workspace import Workspace, discover_workspace, workspace_of

if TYPE_CHECKING:
    from mauve.project.pyproject import PyProject
    from mauve.standards.names import PackageName


def edited_pyproject(workspace: Workspace) -> PyProject:
    """Return the file that is edited: that of the current project, or of a root without `[project]`."""
    member = workspace.current_member
    return workspace.pyproject if member is None else member.pyproject


def read_text(path: str) -> str:
    """Return the text of the file with its line ends and byte order mark."""
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def write_pyproject(path: str, text: str, workspace: Workspace) -> Workspace:
    """Write *text* and return the workspace as it is with it.

    Raises:
        MauveError: the workspace cannot be used any more.
    """
    pyproject = parse_pyproject(text.removeprefix("\ufeff"), path)
    replace_document(path, text)
    edited = workspace_of(pyproject)
    if workspace.current is not None and edited.current != workspace.current:
        return edited.select(workspace.current)
    return edited


def open_project(directory: str, package: PackageName | None, *, needs_project: bool = False) -> Workspace:
    """Return the workspace of *directory* with *package* as its current project.

    Raises:
        MissingProjectTable: a project is needed and there is none.
        MauveError: the workspace cannot be used, or does not have the package.
    """
    workspace = discover_workspace(directory).select(package)
    if needs_project and workspace.current is None:
        from mauve.project.workspace_errors import MissingProjectTable

        raise MissingProjectTable(workspace.pyproject.path)
    return workspace
