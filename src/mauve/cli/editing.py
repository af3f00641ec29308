"""How commands that edit a project lock and synchronise it afterwards."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import structs

from mauve.cli.projects import open_project
from mauve.cli.reporting import Reporter
from mauve.cli.selections import read_mode
from mauve.config.settings.installation import installation_settings
from mauve.distributions.sources import FromRegistry
from mauve.operations.build_needs import declared_needs
from mauve.operations.builds import SourceBuilds
from mauve.operations.lock import read_frozen, workspace_target
from mauve.operations.project import check_groups, lock_workspace, locking_interpreter
from mauve.operations.sync import SyncRequest, install_locked, prepare_environment
from mauve.project.edit import Development, GroupTable, OptionalTable, Production
from mauve.standards.names import extra_name, group_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.cli.projects import OpenProject
    from mauve.cli.session import Session
    from mauve.config.arguments.build import BuildArgs
    from mauve.config.arguments.cache import RefreshArgs
    from mauve.config.arguments.everywhere import GlobalArgs
    from mauve.config.arguments.index import IndexArgs
    from mauve.config.arguments.installer import InstallerArgs
    from mauve.config.arguments.lockfile import EnvironmentArgs, LockedArgs
    from mauve.config.arguments.python import PythonRequestArgs
    from mauve.config.arguments.resolver import ResolverArgs
    from mauve.distributions.requirements import SourcedRequirement
    from mauve.distributions.sources import RequirementSource
    from mauve.lock.model import Lock
    from mauve.lock.selection import Selection
    from mauve.operations.ports import SyncWorkspace
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

    Attributes:
        reporter: is told what happens.
        workspace: as it was before the edit.
    """

    def __init__(self, request: SyncRequest, project: OpenProject, reporter: Reporter, *, syncs: bool) -> None:
        """Follow with *request*; *syncs* if the environment is to follow too."""
        self._request = request
        self.workspace = project.workspace
        self._services = project.services
        self.reporter = reporter
        self._syncs = syncs
        self._ensured: EnsuredEnvironment | None = None
        self._interpreter: Interpreter | None = None
        self._locked: LockedWorkspace | None = None

    def constrain(self, constraints: tuple[SourcedRequirement, ...]) -> None:
        """Let *constraints* apply to what is resolved from now on; the lock does not name them."""
        wish = self._request.lock
        settings = structs.replace(wish.settings, constraints=constraints)
        self._request = structs.replace(self._request, lock=structs.replace(wish, settings=settings))

    @property
    def synchronise(self) -> SyncWorkspace | None:
        """What installs the lock afterwards; None if the environment is not to follow."""
        return self.sync if self._syncs else None

    def lock(self, workspace: Workspace) -> Lock:
        """Return the lock of *workspace*, written unless the mode forbids it."""
        self._prepare(workspace)
        self._locked = lock_workspace(workspace, self._request.lock, self._services, self.reporter, self._interpreter)
        self.reporter.shows_resolution = False
        return self._locked.outcome.lock

    def locked(self, workspace: Workspace) -> Lock:
        """Return the lock of *workspace* as it is in the file.

        Raises:
            MauveError: there is none, or it cannot be read.
        """
        return read_frozen(workspace_target(workspace), self._request.lock.option, self._services)

    def interpreter(self) -> Interpreter:
        """Return the interpreter that the project has, or would have.

        Raises:
            MauveError: there is none.
        """
        self._prepare(self.workspace)
        if self._interpreter is None:
            self._interpreter = locking_interpreter(self.workspace, self._request.lock, self._services, self.reporter)
        return self._interpreter

    def name_of(self, source: RequirementSource) -> PackageName:
        """Return the name of the package at *source*, which only looking there tells."""
        if isinstance(source, FromRegistry):
            raise TypeError(source)
        interpreter = self.interpreter()
        builds = SourceBuilds(
            self._services,
            self._request.lock.settings,
            lambda: interpreter,
            self.reporter,
            declared_needs(self.workspace, self._request.lock.settings),
        )
        return builds.direct.name_of(source)

    def _prepare(self, workspace: Workspace) -> None:
        """Make the environment if it is to follow, and know its interpreter."""
        check_groups(workspace, ())
        if self._syncs and self._ensured is None:
            self._ensured = prepare_environment(workspace, self._request, self._services, self.reporter)
            self._interpreter = self._ensured.environment.interpreter

    def sync(self, workspace: Workspace, lock: Lock, renewed: frozenset[PackageName] = frozenset()) -> None:
        """Install what *lock* selects and print what changed; packages of *renewed* are built and installed again."""
        if self._ensured is None or self._locked is None or self._locked.outcome.lock is not lock:
            raise RuntimeError("a workspace is synchronised with the lock that was made for it")
        installation = self._request.installation
        reinstall = structs.replace(installation.reinstall, packages=installation.reinstall.packages | renewed)
        request = structs.replace(self._request, installation=structs.replace(installation, reinstall=reinstall))
        done = install_locked(workspace, request, self._ensured, self._locked, self._services, self.reporter)
        self.reporter.changes(done.install)


@contextmanager
def edited_project(
    session: Session,
    resolving: tuple[IndexArgs, ResolverArgs, BuildArgs, RefreshArgs],
    following: tuple[LockedArgs, EnvironmentArgs, InstallerArgs],
    python: PythonRequestArgs,
    shared: GlobalArgs,
    package: str | None,
    selection: Selection,
    *,
    keeps_extraneous: bool,
) -> Iterator[Follower]:
    """Find the project, keep others from it, and say how lockfile and environment follow an edit.

    What is in the environment and not needed stays there if it *keeps_extraneous* packages.

    Raises:
        MauveError: there is no project, or it cannot be read.
    """
    locked, environment, installer = following
    with (
        open_project(session, *resolving, package, installer=installer) as project,
        project.services.alone_with(project.workspace.root),
    ):
        request = SyncRequest(
            lock=project.lock_wish(read_mode(locked), python, shared, active=environment.active),
            selection=selection,
            installation=installation_settings(installer, session.files),
            keeps_extraneous=keeps_extraneous,
        )
        syncs = not environment.no_sync and not locked.frozen
        yield Follower(request, project, Reporter(session), syncs=syncs)


def dependency_table(*, dev: bool, group: str | None, optional: str | None) -> DependencyTable:
    """Return the table that the options name; without any the project's own dependencies."""
    if group is not None:
        return GroupTable(group_name(group))
    if optional is not None:
        return OptionalTable(extra_name(optional))
    return Development() if dev else Production()
