"""Bring the environment of a project up to date with its lock."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from mauve.distributions.errors import DistributionError
from mauve.distributions.resolution import Resolution
from mauve.distributions.sources import VirtualSource
from mauve.errors import ExitStatus, MauveError
from mauve.lock.selection import Selection, select_resolution
from mauve.operations.install import InstallOutcome, InstallRequest, install_resolution
from mauve.operations.lock import LockMode, LockOutcome, read_frozen, workspace_target
from mauve.operations.project import (
    LockedWorkspace,
    LockWish,
    check_groups,
    has_requirements,
    lock_workspace,
    select_projects,
    selected_groups,
)
from mauve.operations.pythons import project_environment_root, project_python
from mauve.project.python_bounds import python_bounds
from mauve.python.discovery import EnvironmentPreference
from mauve.python.environment import EnsuredEnvironment, check_requires_python, ensure_environment
from mauve.python.request import DefaultRequest
from mauve.python.virtualenv import EnvironmentOptions

if TYPE_CHECKING:
    from mauve.config.settings.installation import InstallationSettings
    from mauve.lock.model import Lock
    from mauve.operations.context import Services
    from mauve.operations.reporter import SyncEvents
    from mauve.project.workspace import Workspace
    from mauve.python.interpreter import Interpreter


class OutdatedEnvironment(MauveError):
    """`sync --check` found something to do."""

    status = ExitStatus.FAILURE

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "The environment is outdated; run `uv sync` to update the environment"


class SyncRequest(Struct, frozen=True, kw_only=True):
    """What of a project is to be installed, and how.

    Attributes:
        selection: extras, groups and members; `roots` are filled in from the workspace if empty.
        keeps_extraneous: `--inexact`.
        keep_incompatible: an environment that does not fit is used (`--no-sync`).
        all_packages: every member is a root.
        writes_metadata: what is installed records by whom and from where.
        platform: what is installed is for this one, not for the running one (`--python-platform`).
        tells_of_scripts: projects that are not packages are told to have no scripts.
    """

    lock: LockWish
    selection: Selection
    installation: InstallationSettings
    keeps_extraneous: bool = False
    dry_run: bool = False
    keep_incompatible: bool = False
    all_packages: bool = False
    writes_metadata: bool = True
    platform: str | None = None
    tells_of_scripts: bool = False


class SyncOutcome(Struct, frozen=True, kw_only=True):
    """What was done.

    Attributes:
        environment: as it is now, or in a dry run would be.
        number: of distributions that the environment holds for the project.
    """

    environment: EnsuredEnvironment
    lock: LockOutcome
    install: InstallOutcome
    number: int


def prepare_environment(
    workspace: Workspace, request: SyncRequest, services: Services, events: SyncEvents
) -> EnsuredEnvironment:
    """Return the environment of *workspace*, made or replaced if it must be.

    Raises:
        MauveError: no interpreter fits, or the place is taken.
    """
    root = project_environment_root(workspace, services, events, active=request.lock.active)
    if has_requirements(workspace) and not os.path.exists(root):
        services.expect_network()
    python = project_python(
        workspace,
        python_bounds(workspace, selected_groups(workspace, request.selection.groups)),
        request.lock.python,
        services,
        events.warning,
        no_config=request.lock.no_config,
    )
    return ensure_environment(
        root,
        python,
        services.discovery,
        events,
        options=EnvironmentOptions(prompt=environment_prompt(workspace)),
        keep_incompatible=request.keep_incompatible,
        dry_run=request.dry_run,
    )


def isolated_python(workspace: Workspace, request: SyncRequest, services: Services, events: SyncEvents) -> Interpreter:
    """Return the interpreter for an environment that *workspace* has for one command only.

    Raises:
        MauveError: none fits.
    """
    wish = project_python(
        workspace,
        python_bounds(workspace, selected_groups(workspace, request.selection.groups)),
        request.lock.python,
        services,
        events.warning,
        no_config=request.lock.no_config,
    )
    found = services.discovery.find(wish.request or DefaultRequest(), EnvironmentPreference.ONLY_SYSTEM).interpreter
    check_requires_python(found, wish)
    return found


def sync_into(
    ensured: EnsuredEnvironment, workspace: Workspace, request: SyncRequest, services: Services, events: SyncEvents
) -> SyncOutcome:
    """Lock *workspace* as asked, then install the selection into an environment that is there.

    Raises:
        MauveError: of locking, of the selection, or of installing.
    """
    locked = lock_workspace(workspace, request.lock, services, events, ensured.environment.interpreter)
    return install_locked(workspace, request, ensured, locked, services, events)


def environment_prompt(workspace: Workspace) -> str:
    """Return the name of the root project, or of its folder."""
    project = workspace.pyproject.project
    return os.path.basename(workspace.root) if project is None else project.name


def sync_project(workspace: Workspace, request: SyncRequest, services: Services, events: SyncEvents) -> SyncOutcome:
    """Lock *workspace* as asked, then make its environment equal to the selection.

    Raises:
        MauveError: of locking, of the selection, or of installing.
    """
    frozen = None
    if request.lock.mode is LockMode.FROZEN:
        # A lock that cannot be used ends this before there is an environment.
        frozen = read_frozen(workspace_target(workspace), request.lock.option, services)
    check_groups(workspace, request.selection.roots)
    ensured = prepare_environment(workspace, request, services, events)
    if request.dry_run:
        events.would_have_environment(ensured.change, ensured.environment.root)
    wish = structs.replace(request.lock, postpones=request.dry_run)
    locked = lock_workspace(workspace, wish, services, events, ensured.environment.interpreter, frozen)
    if request.dry_run and request.lock.mode not in (LockMode.FROZEN, LockMode.LOCKED):
        shown = services.discovery.shown(workspace.lock_path)
        events.would_have_lock(shown, exists=locked.outcome.previous is not None, changed=locked.outcome.changed)
    if request.tells_of_scripts:
        _tell_of_scripts(workspace, request, locked.outcome.lock, events)
    return install_locked(workspace, request, ensured, locked, services, events)


def _tell_of_scripts(workspace: Workspace, request: SyncRequest, lock: Lock, events: SyncEvents) -> None:
    """Warn of selected projects whose scripts are not installed, since they are no packages."""
    without = {
        name
        for name, member in workspace.members.items()
        if member.project.has_scripts and not workspace.is_package(member)
    }
    if not without:
        return
    frozen = lock if request.lock.mode is LockMode.FROZEN else None
    chosen = select_projects(workspace, request.selection, all_packages=request.all_packages, lock=frozen)
    for name in sorted(without.intersection(chosen.roots)):
        events.warning(
            f"Skipping installation of entry points (`project.scripts`) for package `{name}` because this project is "
            "not packaged; to install entry points, set `tool.uv.package = true` or define a `build-system`"
        )


def install_locked(
    workspace: Workspace,
    request: SyncRequest,
    ensured: EnsuredEnvironment,
    locked: LockedWorkspace,
    services: Services,
    events: SyncEvents,
) -> SyncOutcome:
    """Make the environment hold what the selection needs of the lock."""
    environment = ensured.environment
    if request.platform is not None:
        from mauve.python.foreign import environment_on

        environment = environment_on(environment, request.platform, services.environment)
    interpreter = environment.interpreter
    lock = locked.outcome.lock
    selection = complete_selection(workspace, request, lock if request.lock.mode is LockMode.FROZEN else None)
    resolution = select_resolution(lock, workspace.root, interpreter.markers, interpreter.tags, selection)
    resolution = Resolution(tuple([item for item in resolution if not isinstance(item.source, VirtualSource)]))
    settings = request.lock.settings
    services.network(settings.indexes, keyring=settings.keyring)
    locked.builds.match_runtime(resolution)
    locked.builds.expect(lock, interpreter.markers)
    wanted = InstallRequest(
        resolution=resolution,
        settings=request.installation,
        refresh=settings.refresh,
        keeps_extraneous=request.keeps_extraneous,
        dry_run=request.dry_run,
        writes_metadata=request.writes_metadata,
    )
    try:
        installed = install_resolution(wanted, environment, services, locked.builds, events)
    except DistributionError as error:
        if error.name is not None:
            from mauve.lock.inclusion import describe_inclusion

            error.inclusion = describe_inclusion(lock, selection.roots, interpreter.markers, error.name)
        raise
    return SyncOutcome(environment=ensured, lock=locked.outcome, install=installed, number=len(resolution))


def complete_selection(workspace: Workspace, request: SyncRequest, lock: Lock | None = None) -> Selection:
    """Return the selection with the projects that are meant; *lock* is given if it is used as it is."""
    chosen = select_projects(workspace, request.selection, all_packages=request.all_packages, lock=lock)
    return structs.replace(chosen, build=request.lock.settings.options.build)


def check_dry_run(install: InstallOutcome, lock: LockOutcome | None, *, checks_environment: bool) -> None:
    """Raise what a dry run ends with, after its plan was told.

    Like in uv, an environment or a lockfile that would have to be made is no reason for `--check` to fail.

    Raises:
        OutdatedEnvironment: the environment is checked, and something would be installed or removed.
        OutdatedLock: the lockfile may not change, and would.
    """
    if checks_environment and not install.plan.is_noop:
        raise OutdatedEnvironment
    if lock is not None and lock.refusal is not None:
        raise lock.refusal


__all__ = ["LockMode", "SyncOutcome", "SyncRequest", "sync_project"]
