"""What commands on a script with inline metadata share: the script, its settings, its services."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import structs

from mauve.cli.projects import read_resolution_settings
from mauve.config.settings.installation import InstallationSettings, installation_settings
from mauve.distributions.sources import FromRegistry
from mauve.operations.build_needs import declared_needs
from mauve.operations.builds import SourceBuilds
from mauve.operations.context import Services
from mauve.operations.initial_python import InitialPython
from mauve.operations.lock import LockMode
from mauve.operations.script import (
    ScriptRequest,
    find_interpreter_of,
    has_lockfile,
    lock_script,
    script_or_empty,
)
from mauve.project.script import read_script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.cli.reporting import Reporter
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
    from mauve.project.script import Script
    from mauve.python.interpreter import Interpreter
    from mauve.standards.names import PackageName


class OpenScript:
    """A script with the services of this run.

    Attributes:
        request: how it is locked and its environment kept.
    """

    __slots__ = ("request", "script", "services", "session")

    def __init__(self, script: Script, session: Session, services: Services, request: ScriptRequest) -> None:
        """Store the parts."""
        self.script = script
        self.session = session
        self.services = services
        self.request = request


def find_script(session: Session, shown: str) -> Script:
    """Return the script that the user calls *shown*, which must have a block.

    Raises:
        MauveError: it cannot be read.
    """
    return read_script(script_path(session, shown), shown)


def find_or_imagine(session: Session, shown: str, python: PythonRequestArgs, *, no_config: bool = False) -> Script:
    """Return the script that the user calls *shown*; without a block it requires nothing.

    Raises:
        MauveError: it cannot be read, or there is no Python for it.
    """
    services = Services(session.settings, session.directory, session.variables.mapping)
    choose = InitialPython(services, python.python, session.printer.warning, no_config=no_config)
    path = script_path(session, shown)
    return script_or_empty(path, shown, lambda: choose.of_script(os.path.dirname(path)))


def script_path(session: Session, shown: str) -> str:
    """Return the absolute path of the script that the user calls *shown*."""
    return os.path.normpath(os.path.join(session.directory, shown))


@contextmanager
def open_script(
    script: Script,
    session: Session,
    groups: tuple[IndexArgs, ResolverArgs, BuildArgs, RefreshArgs],
    installer: InstallerArgs | None,
    python: PythonRequestArgs,
    shared: GlobalArgs,
    mode: tuple[LockMode, str],
    *,
    active: bool | None = None,
    keeps_extraneous: bool = False,
    dry_run: bool = False,
    purpose: str = "",
    platform: str | None = None,
) -> Iterator[OpenScript]:
    """Merge the settings of *script*; its network ends with the block.

    Raises:
        MauveError: a setting cannot be used.
    """
    index, resolver, build, refresh = groups
    session = session.with_script(script, shared, refresh, python)
    services = Services(session.settings, session.directory, session.variables.mapping)
    settings = read_resolution_settings(session, services, index, resolver, build, refresh, installer)
    installation = InstallationSettings() if installer is None else installation_settings(installer, session.files)
    request = ScriptRequest(
        mode=mode[0],
        option=mode[1],
        settings=settings,
        installation=installation,
        python=python.python,
        active=active,
        no_config=bool(shared.no_config),
        keeps_extraneous=keeps_extraneous,
        dry_run=dry_run,
        purpose=purpose,
        platform=platform,
    )
    try:
        yield OpenScript(script, session, services, request)
    finally:
        services.close()


class ScriptFollower:
    """Locks an edited script, as `mauve.operations.script_edit` asks for it; only the first lock is reported."""

    def __init__(
        self, opened: OpenScript, reporter: Reporter, constraints: tuple[SourcedRequirement, ...] = ()
    ) -> None:
        """Follow with the request of *opened*; *constraints* apply to what is resolved, and are not kept."""
        settings = structs.replace(opened.request.settings, constraints=constraints)
        self._request = structs.replace(opened.request, settings=settings)
        self._opened = opened
        self._reporter = reporter
        self._interpreter: Interpreter | None = None

    def lock(self, script: Script) -> Lock:
        """Return the lock of *script*, in memory if it has no lockfile."""
        opened, request = self._opened, self._request
        if not has_lockfile(script) and request.mode is LockMode.WRITE:
            request = structs.replace(request, mode=LockMode.DRY_RUN)
        locked = lock_script(script, request, opened.services, self._reporter, self._interpreter)
        self._interpreter = locked.interpreter
        self._reporter.shows_resolution = False
        return locked.outcome.lock

    def name_of(self, source: RequirementSource) -> PackageName:
        """Return the name of the package at *source*, which only looking there tells."""
        if isinstance(source, FromRegistry):
            raise TypeError(source)
        opened, request = self._opened, self._request
        if self._interpreter is None:
            inactive = structs.replace(request, active=False)
            self._interpreter = find_interpreter_of(opened.script, inactive, opened.services, self._reporter)
        interpreter = self._interpreter
        builds = SourceBuilds(
            opened.services,
            request.settings,
            lambda: interpreter,
            self._reporter,
            declared_needs(opened.script.workspace, request.settings),
        )
        return builds.direct.name_of(source)


def warn_of_useless_options(session: Session, locked: LockedArgs, environment: EnvironmentArgs) -> None:
    """Name the options that have no meaning when a script is edited."""
    for option, given in (
        ("--frozen", locked.frozen),
        ("--locked", locked.locked),
        ("--no-sync", environment.no_sync),
    ):
        if given:
            session.printer.warning(
                f"`{option}` is a no-op for Python scripts with inline metadata, which always run in isolation"
            )
