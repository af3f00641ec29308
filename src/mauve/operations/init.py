"""Create a project or a script."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from mauve.enumerations import Enum
from mauve.errors import MauveError
from mauve.filesystem.atomic import replace_document
from mauve.operations.edited import read_text
from mauve.operations.rollback import restored_on_failure
from mauve.project.edit import ProjectEditor
from mauve.project.init import (
    Author,
    BuildBackend,
    NewProject,
    ProjectKind,
    project_files,
    project_name,
    script_text,
    write_files,
)
from mauve.project.pyproject import shown_path
from mauve.project.workspace import (
    FILE_NAME,
    MissingPyProject,
    UnmanagedProject,
    Workspace,
    discover_workspace,
    is_excluded,
    is_included,
)
from mauve.standards.names import PackageName

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.project.pyproject import PyProject

DEFAULT_DESCRIPTION = "Add your description here"


class AuthorSource(Enum):
    """Where `authors` comes from."""

    AUTO = "auto"
    GIT = "git"
    NONE = "none"


class PythonChoice(Struct, frozen=True):
    """What is written about Python: `requires-python`, and the content of `.python-version` (without line end)."""

    requires_python: str
    pin: str | None = None


class ChoosePython(Protocol):
    """Finds the Python of a new project."""

    def __call__(self, folder: str, workspace: Workspace | None, *, pins: bool) -> PythonChoice:
        """Return the choice for a project in *folder*; with *pins* what is to be pinned there, if anything.

        Raises:
            MauveError: no interpreter is found.
        """
        ...


class Repository(Protocol):
    """The version control system, where it is installed."""

    def is_inside(self, folder: str) -> bool:
        """Return whether *folder* (which exists) belongs to a repository."""
        ...

    def create(self, folder: str) -> bool:
        """Make *folder* a repository; return whether that was possible."""
        ...

    def author(self, folder: str) -> Author | None:
        """Return the configured author, None if there is none."""
        ...


class ExistingProject(MauveError):
    """There is a project already."""

    def __init__(self, root: str) -> None:
        """Name the folder."""
        super().__init__(root)
        self.root = root

    def __str__(self) -> str:
        """Return the message."""
        return f"Cannot initialize a project in `{self.root}` because `{FILE_NAME}` already exists"


class FailedDiscovery(MauveError):
    """What lies above the new project is no workspace and no project; the cause says why."""

    def __str__(self) -> str:
        """Return the headline."""
        return "Failed to discover parent workspace; use `uv init --no-workspace` to ignore"


class InitRequest(Struct, frozen=True, kw_only=True):
    """What is to be created.

    Attributes:
        directory: the working directory.
        path: as typed; None for the working directory.
        description: None for the default one; empty for none.
        is_package: None for what fits the kind.
        uses_git: None to create a repository where there is none.
        author_source: None for what fits the kind.
    """

    directory: str
    path: str | None = None
    name: PackageName | None = None
    kind: ProjectKind = ProjectKind.APPLICATION
    is_package: bool | None = None
    is_bare: bool = False
    backend: BuildBackend | None = None
    description: str | None = None
    has_readme: bool = True
    pins_python: bool = True
    uses_git: bool | None = None
    author_source: AuthorSource | None = None
    joins_workspace: bool = True


class Membership(Enum):
    """What became of the workspace above the new project."""

    ADDED = "added"
    ALREADY = "already"
    EXCLUDED = "excluded"


class InitOutcome(Struct, frozen=True):
    """What was created.

    Attributes:
        root: folder of the project, as joined from what was typed.
        is_current: it is the working directory.
        workspace: root of the workspace above, if there is one.
    """

    name: PackageName
    root: str
    is_current: bool
    membership: Membership | None = None
    workspace: str | None = None

    def lines(self) -> tuple[str, ...]:
        """Return the lines that tell about it."""
        name, workspace = self.name, self.workspace
        done = f"Initialized project `{name}`" + ("" if self.is_current else f" at `{self.root}`")
        match self.membership:
            case Membership.ADDED:
                return (f"Adding `{name}` as member of workspace `{workspace}`", done)
            case Membership.ALREADY:
                return (f"Project `{name}` is already a member of workspace `{workspace}`", done)
            case Membership.EXCLUDED:
                return (f"Project `{name}` is excluded by workspace `{workspace}`", done)
            case None:
                return (done,)


def init_project(request: InitRequest, choose_python: ChoosePython, repository: Repository) -> InitOutcome:
    """Create the project; a workspace above that takes it in is edited, and restored if anything fails.

    Raises:
        ExistingProject: there is one already.
        MauveError: the name is no name, the workspace is broken, or no Python is found.
    """
    is_current = request.path is None
    root = request.directory if request.path is None else os.path.join(request.directory, request.path)
    if os.path.exists(os.path.join(root, FILE_NAME)):
        raise ExistingProject(root)
    folder = os.path.normpath(root)
    name = request.name or project_name(folder, is_current=is_current)
    workspace = _find_workspace(os.path.dirname(folder)) if request.joins_workspace else None
    python = choose_python(folder, workspace, pins=request.pins_python)
    os.makedirs(folder, exist_ok=True)
    creates_repository = _creates_repository(request, folder, repository)
    project = _decide(request, name, python, folder, repository)
    if creates_repository and repository.create(folder):
        project = _with_gitignore(project)
    outcome = InitOutcome(name, root, is_current)
    if workspace is None:
        write_files(folder, project_files(project))
        return outcome
    root_file = workspace.pyproject.path
    with restored_on_failure(root_file, os.path.join(folder, FILE_NAME)):
        write_files(folder, project_files(project))
        membership = _join(workspace.pyproject, folder)
    return InitOutcome(name, root, is_current, membership, workspace.root)


def _find_workspace(folder: str) -> Workspace | None:
    try:
        workspace = discover_workspace(folder)
    except (MissingPyProject, UnmanagedProject):
        return None
    except MauveError as error:
        raise FailedDiscovery from error
    root = workspace.pyproject
    if root.project is None and root.uv.workspace is None:
        # `[dependency-groups]` and the like make a root, but not one that others can join.
        from mauve.project.workspace_errors import MissingProjectTable

        raise FailedDiscovery from MissingProjectTable(root.path)
    return workspace


def _creates_repository(request: InitRequest, folder: str, repository: Repository) -> bool:
    if request.uses_git is False or (request.uses_git is None and request.is_bare):
        return False
    return not repository.is_inside(folder)


def _decide(
    request: InitRequest,
    name: PackageName,
    python: PythonChoice,
    folder: str,
    repository: Repository,
) -> NewProject:
    is_package = request.is_package
    if is_package is None:
        is_package = request.kind is ProjectKind.LIBRARY or not request.is_bare or request.backend is not None
    source = request.author_source or (AuthorSource.AUTO if is_package else AuthorSource.NONE)
    description = request.description
    if description is None and not request.is_bare:
        description = DEFAULT_DESCRIPTION
    return NewProject(
        name=name,
        requires_python=python.requires_python,
        kind=request.kind,
        is_package=is_package,
        is_bare=request.is_bare,
        backend=request.backend or BuildBackend.UV,
        description=description or None,
        has_readme=request.has_readme,
        author=None if source is AuthorSource.NONE else repository.author(folder),
        pin=python.pin,
    )


def _with_gitignore(project: NewProject) -> NewProject:
    from msgspec import structs

    return structs.replace(project, has_gitignore=True)


def _join(root: PyProject, folder: str) -> Membership:
    """Make *folder* a member of the workspace of *root*, unless it is one or is kept out."""
    path = os.path.relpath(folder, root.root).replace(os.sep, "/")
    workspace = root.uv.workspace
    if workspace is not None and is_excluded(workspace, path):
        return Membership.EXCLUDED
    if workspace is not None and is_included(workspace, path):
        return Membership.ALREADY
    editor = ProjectEditor(read_text(root.path), shown_path(root.path))
    editor.add_workspace_member(path)
    replace_document(root.path, editor.text)
    return Membership.ADDED


class ScriptOutcome(Struct, frozen=True):
    """A script that was created or given a block; *shebang* is set if it runs something that passes over the block."""

    shown_path: str
    shebang: str | None = None


def init_script(request: InitRequest, requires_python: Callable[[str], str]) -> ScriptOutcome:
    """Create the script at `request.path`, or give the one that is there a block of inline metadata.

    *requires_python* is asked what a script in a folder requires.

    Raises:
        AlreadyScript: it has such a block.
        MauveError: no Python is found.
    """
    shown = request.path or ""
    path = os.path.abspath(os.path.join(request.directory, shown))
    existing = read_text(path) if os.path.isfile(path) else None
    script_text(existing, shown, "", is_bare=request.is_bare)
    text = script_text(existing, shown, requires_python(os.path.dirname(path)), is_bare=request.is_bare)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    replace_document(path, text)
    shebang = None
    if existing is not None and existing.startswith("#!"):
        line = existing.partition("\n")[0].strip()
        shebang = None if "uv run" in line else line
    return ScriptOutcome(shown, shebang)
