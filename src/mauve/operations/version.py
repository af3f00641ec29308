"""Read or change the version of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from mauve.errors import MauveError
from mauve.operations.edited import edited_pyproject, open_project, read_text, write_pyproject
from mauve.operations.rollback import restored_on_failure
from mauve.project.bump import Bump, Component, bump_version
from mauve.project.edit import ProjectEditor
from mauve.project.pyproject import InvalidPyProject, parse_pyproject, read_pyproject, shown_path
from mauve.project.workspace import MissingPyProject, find_pyproject
from mauve.standards.names import PackageName
from mauve.standards.versions import InvalidVersion, Version, parse_version

if TYPE_CHECKING:
    from mauve.operations.ports import LockWorkspace, SyncWorkspace


class ReportVersion(Protocol):
    """Is told what happens to a version, before it happens."""

    def __call__(self, outcome: VersionOutcome) -> None:
        """Show *outcome*."""
        ...


class DynamicVersion(MauveError):
    """The version of the project is computed by its build backend."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message."""
        return f"We cannot get or set dynamic project versions in: {self.path}"


class NoProjectToVersion(MissingPyProject):
    """There is no project; the version of this program may have been meant."""

    def hints(self) -> tuple[str, ...]:
        """Return where that version is."""
        return ("If you meant to view uv's version, use `uv self version` instead",)


class NoVersion(MauveError):
    """What is to be set is not a version."""

    def __init__(self, text: str, reason: str) -> None:
        """Name the *text* and the *reason*."""
        super().__init__(text, reason)
        self.text = text
        self.reason = reason

    def __str__(self) -> str:
        """Return the reason, or what the text is instead."""
        if self.text in frozenset(Component):
            return f"Invalid version `{self.text}`, did you mean to pass `--bump {self.text}`?"
        return self.reason


class NoLockedVersion(MauveError):
    """The lockfile does not know the version of the project."""

    def __init__(self, name: PackageName) -> None:
        """Name the project."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to find the {self.name}'s version in the frozen lockfile"


class UnreadableResult(MauveError):
    """The file would not be read again with the new version; the cause says why."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to parse `{shown_path(self.path)}`"


class VersionRequest(Struct, frozen=True, kw_only=True):
    """What is asked about the version.

    Attributes:
        value: the version to set, as it was written; None to keep or bump.
        is_dry: nothing is written.
        locks: the project is locked and synchronised afterwards (not with `--frozen`).
    """

    directory: str
    package: PackageName | None = None
    value: str | None = None
    bumps: tuple[Bump, ...] = ()
    is_dry: bool = False
    locks: bool = True


class VersionOutcome(Struct, frozen=True):
    """The version of a project; *new* is None if nothing was to change."""

    name: PackageName
    old: Version
    new: Version | None = None


def check_for_project(directory: str, package: PackageName | None, *, is_named: bool = False) -> None:
    """Look for the project of *directory*, before anything of its workspace is read.

    Who named the directory (*is_named*) did not mean the version of the program.

    Raises:
        MissingPyProject: there is no project.
        MissingProjectTable: no *package* is named, and the nearest file is not that of a project.
        MauveError: the file cannot be read.
    """
    path = find_pyproject(directory)
    if path is None:
        raise MissingPyProject if is_named else NoProjectToVersion
    if package is None and read_pyproject(path).project is None:
        from mauve.project.workspace_errors import MissingProjectTable

        raise MissingProjectTable(path)


def locked_version(request: VersionRequest, read_lock: LockWorkspace) -> VersionOutcome:
    """Return the version of the project that its lockfile, which *read_lock* gives as it is, has.

    Raises:
        NoLockedVersion: it has none.
        MauveError: there is no project, or no lockfile.
    """
    workspace = open_project(request.directory, request.package, needs_project=True)
    project = edited_pyproject(workspace).project
    if project is None:
        raise MissingPyProject
    for package in read_lock(workspace).packages:
        if package.name == project.name and package.version is not None:
            return VersionOutcome(project.name, _version_of(package.version))
    raise NoLockedVersion(project.name)


def _version_of(text: str) -> Version:
    try:
        return parse_version(text)
    except InvalidVersion as error:
        raise NoVersion(text, error.reason) from None


def _check_readable(text: str, path: str) -> None:
    """Raise `UnreadableResult` if a bump went beyond the largest number that a version may have."""
    try:
        parse_pyproject(text.removeprefix("\ufeff"), path)
    except InvalidPyProject as error:
        raise UnreadableResult(path) from error.__cause__


def change_version(
    request: VersionRequest, lock: LockWorkspace, sync: SyncWorkspace | None, report: ReportVersion | None = None
) -> VersionOutcome:
    """Return the version of the project, changed as asked; the files are as before if anything fails.

    Args:
        request: what to change.
        lock: called when something changed.
        sync: called after it; None for `--no-sync`.
        report: told the outcome before locking starts.

    Raises:
        DynamicVersion: there is none in the file.
        NoVersion: what is to be set is none.
        MauveError: the project, the bump, locking or installing is at fault.
    """
    workspace = open_project(request.directory, request.package, needs_project=True)
    pyproject = edited_pyproject(workspace)
    project = pyproject.project
    if project is None or project.version is None:
        raise DynamicVersion(shown_path(pyproject.path))
    new = None if request.value is None else _version_of(request.value)
    if request.bumps:
        new = bump_version(project.version, request.bumps)
    outcome = VersionOutcome(project.name, project.version, new)
    if report is not None:
        report(outcome)
    if new is None or request.is_dry:
        return outcome
    editor = ProjectEditor(read_text(pyproject.path), shown_path(pyproject.path))
    editor.set_version(new.text)
    if request.bumps:
        _check_readable(editor.text, pyproject.path)
    with restored_on_failure(pyproject.path, workspace.lock_path):
        edited = write_pyproject(pyproject.path, editor.text, workspace)
        if request.locks:
            locked = lock(edited)
            if sync is not None:
                sync(edited, locked)
    return outcome
