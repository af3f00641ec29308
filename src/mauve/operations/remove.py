"""Remove dependencies from a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError
from mauve.operations.edited import edited_pyproject, open_project, read_text, write_pyproject
from mauve.operations.rollback import restored_on_failure
from mauve.project.edit import (
    DependencyTable,
    Development,
    GroupTable,
    OptionalTable,
    Production,
    ProjectEditor,
    ScriptDependencies,
)
from mauve.project.pyproject import shown_path
from mauve.standards.names import PackageName

if TYPE_CHECKING:
    from mauve.lock.model import Lock
    from mauve.operations.ports import LockWorkspace, SyncWorkspace


class MissingDependency(MauveError):
    """The project does not require the package where it was looked for."""

    def __init__(self, name: PackageName, table: DependencyTable, others: tuple[DependencyTable, ...]) -> None:
        """Name the package, where it was looked for, and where it is required."""
        super().__init__(name, table, others)
        self.name = name
        self.table = table
        self.others = others

    def __str__(self) -> str:
        """Return the message."""
        return f"The dependency `{self.name}` could not be found in {_where(self.table)}"

    def hints(self) -> tuple[str, ...]:
        """Return one hint for each table that has the package."""
        return tuple([_hint(self.name, table) for table in self.others])


def _where(table: DependencyTable) -> str:
    match table:
        case Production() | ScriptDependencies():
            return "`project.dependencies`"
        case OptionalTable(extra):
            return f"`project.optional-dependencies.{extra}`"
        case GroupTable(group):
            return f"`dependency-groups.{group}`"
        case Development():
            return "`tool.uv.dev-dependencies` or `tool.uv.dependency-groups.dev`"


def _hint(name: PackageName, table: DependencyTable) -> str:
    match table:
        case Production() | ScriptDependencies():
            return f"`{name}` is a production dependency"
        case OptionalTable(extra):
            return f"`{name}` is an optional dependency (try: `uv remove {name} --optional {extra}`)"
        case GroupTable(group):
            return f"`{name}` is in the `{group}` group (try: `uv remove {name} --group {group}`)"
        case Development():
            return f"`{name}` is a development dependency (try: `uv remove {name} --dev`)"


class RemoveRequest(Struct, frozen=True, kw_only=True):
    """What is to be removed, and from where.

    Attributes:
        locks: the project is locked and synchronised afterwards (not with `--frozen`).
    """

    directory: str
    names: tuple[PackageName, ...]
    table: DependencyTable = Production()
    package: PackageName | None = None
    locks: bool = True


class RemoveOutcome(Struct, frozen=True):
    """What is left: the new text of `pyproject.toml`, and its lock unless none was asked for."""

    path: str
    text: str
    lock: Lock | None = None


def remove_dependencies(request: RemoveRequest, lock: LockWorkspace, sync: SyncWorkspace | None) -> RemoveOutcome:
    """Remove the dependencies; `pyproject.toml` and `uv.lock` are as before if anything fails.

    Args:
        request: what to remove.
        lock: called after the edit.
        sync: called after it; None for `--no-sync`.

    Raises:
        MissingDependency: a package is not required there.
        MauveError: the project, locking or installing is at fault.
    """
    workspace = open_project(request.directory, request.package)
    path = edited_pyproject(workspace).path
    editor = ProjectEditor(read_text(path), shown_path(path))
    for name in request.names:
        if not editor.remove_dependency(request.table, name):
            raise MissingDependency(name, request.table, tuple(editor.tables_with(name)))
    with restored_on_failure(path, workspace.lock_path):
        edited = write_pyproject(path, editor.text, workspace)
        locked = None
        if request.locks:
            locked = lock(edited)
            if sync is not None:
                sync(edited, locked)
    return RemoveOutcome(path, editor.text, locked)
