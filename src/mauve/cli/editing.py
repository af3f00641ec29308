"""How commands that edit a project lock and synchronise it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.cli.selections import read_mode
from mauve.config.settings.installation import installation_settings
from mauve.distributions.sources import FromRegistry
from mauve.operations.builds import SourceBuilds
from mauve.operations.project import LockWish, lock_workspace, locking_interpreter
from mauve.operations.sync import SyncRequest, install_locked, prepare_environment
from mauve.project.edit import Development, GroupTable, OptionalTable, Production
from mauve.project.manifest import build_constraints
from mauve.standards.names import extra_name, group_name

if TYPE_CHECKING:
    from mauve.cli.projects import OpenProject
    from mauve.cli.reporting import Reporter
    from mauve.cli.session import Session
    from mauve.config.arguments.installer import InstallerArgs
    from mauve.config.arguments.lockfile import EnvironmentArgs, LockedArgs
    from mauve.distributions.sources import RequirementSource
    from mauve.lock.model import Lock
    from mauve.lock.selection import Selection
    from mauve.operations.project import LockedWorkspace
    from mauve.project.edit import DependencyTable
    from mauve.project.workspace import Workspace
    from mauve.python.environment import EnsuredEnvironment
    from mauve.python.interpreter import Interpreter
    from mauve.standards.names import PackageName


class Follower:
    """Locks and synchronises one edited workspace, as `mauve.operations.edited` asks for it.

    The environment is made before the first lock, so that what is printed comes in uv's order. Only the first of
    several locks is reported.
    """

    def __init__(self, request: SyncRequest, project: OpenProject, reporter: Reporter, *, syncs: bool) -> None:
        """Follow with *request*; *syncs* if the environment is to follow too."""
        self._request = request
        self._workspace = project.workspace
        self._services = project.services
        self._reporter = reporter
        self._syncs = syncs
        self._ensured: EnsuredEnvironment | None = None
        self._interpreter: Interpreter | None = None
        self._locked: LockedWorkspace | None = None

    def lock(self, workspace: Workspace) -> Lock:
        """Return the lock of *workspace*, written unless the mode forbids it."""
        self._prepare(workspace)
        self._locked = lock_workspace(workspace, self._request.lock, self._services, self._reporter, self._interpreter)
        self._reporter.shows_resolution = False
        return self._locked.outcome.lock

    def name_of(self, source: RequirementSource) -> PackageName:
        """Return the name of the package at *source*, which only looking there tells."""
        if isinstance(source, FromRegistry):
            raise TypeError(source)
        self._prepare(self._workspace)
        interpreter = self._interpreter or locking_interpreter(
            self._workspace, self._request.lock, self._services, self._reporter
        )
        self._interpreter = interpreter
        builds = SourceBuilds(
            self._services,
            self._request.lock.settings,
            lambda: interpreter,
            self._reporter,
            build_constraints(self._workspace),
        )
        return builds.direct.name_of(source)

    def _prepare(self, workspace: Workspace) -> None:
        """Make the environment if it is to follow, and know its interpreter."""
        if self._syncs and self._ensured is None:
            self._ensured = prepare_environment(workspace, self._request, self._services, self._reporter)
            self._interpreter = self._ensured.environment.interpreter

    def sync(self, workspace: Workspace, lock: Lock) -> None:
        """Install what *lock* selects and print what changed."""
        if self._ensured is None or self._locked is None or self._locked.outcome.lock is not lock:
            raise RuntimeError("a workspace is synchronised with the lock that was made for it")
        done = install_locked(workspace, self._request, self._ensured, self._locked, self._services, self._reporter)
        self._reporter.changes(done.install)


def follow_request(
    session: Session,
    project: OpenProject,
    locked: LockedArgs,
    environment: EnvironmentArgs,
    installer: InstallerArgs,
    python: str | None,
    *,
    no_config: bool,
    selection: Selection,
) -> SyncRequest:
    """Return how a project is locked and synchronised after an edit."""
    mode, option = read_mode(locked)
    return SyncRequest(
        lock=LockWish(
            mode=mode,
            option=option,
            settings=project.settings,
            python=python,
            active=environment.active,
            no_config=no_config,
        ),
        selection=selection,
        installation=installation_settings(installer, session.files),
    )


def dependency_table(*, dev: bool, group: str | None, optional: str | None) -> DependencyTable:
    """Return the table that the options name; without any the project's own dependencies."""
    if group is not None:
        return GroupTable(group_name(group))
    if optional is not None:
        return OptionalTable(extra_name(optional))
    return Development() if dev else Production()
