"""The two ways of `run`: inside a project, and without one."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from mauve.cli.projects import open_project
from mauve.cli.reporting import Reporter
from mauve.cli.verdicts import remember
from mauve.cli.selections import read_mode, read_selection
from mauve.config.settings.installation import installation_settings
from mauve.operations.context import Services
from mauve.operations.project import LockWish
from mauve.operations.run import available_commands, plan_execution
from mauve.operations.run_target import TargetKind
from mauve.operations.sync import SyncRequest, prepare_environment, sync_project
from mauve.project.workspace import MissingPyProject, UnmanagedProject
from mauve.python.discovery import EnvironmentPreference
from mauve.python.environment import Environment
from mauve.python.request import DefaultRequest

if TYPE_CHECKING:
    from mauve.cli.commands.run import RunArgs
    from mauve.cli.session import Session
    from mauve.config.arguments.build import BuildArgs
    from mauve.config.arguments.cache import RefreshArgs
    from mauve.config.arguments.index import IndexArgs
    from mauve.config.arguments.installer import InstallerArgs
    from mauve.config.arguments.lockfile import EnvironmentArgs, LockedArgs
    from mauve.config.arguments.resolver import ResolverArgs
    from mauve.config.arguments.selection import EditableArgs, OmissionArgs, SelectionArgs
    from mauve.operations.run import Execution
    from mauve.operations.run_target import RunTarget

_REPEATABLE = (TargetKind.COMMAND, TargetKind.SCRIPT, TargetKind.MODULE)


def in_project(
    session: Session,
    target: RunTarget,
    chosen: RunArgs,
    selected: tuple[SelectionArgs, EditableArgs, OmissionArgs],
    locked: LockedArgs,
    environment_args: EnvironmentArgs,
    groups: tuple[IndexArgs, ResolverArgs, BuildArgs, InstallerArgs, RefreshArgs],
    python: str | None,
    variables: dict[str, str],
    *,
    no_config: bool,
) -> Execution | None:
    """Return the command in the project's environment, which is brought up to date; None if there is no command."""
    index, resolver, build, installer, refresh = groups
    reporter = Reporter(session, shows_lock=session.printer.verbose > 0)
    mode, option = read_mode(locked)
    try:
        with open_project(session, index, resolver, build, refresh) as project:
            request = SyncRequest(
                lock=LockWish(
                    mode=mode,
                    option=option,
                    settings=project.settings,
                    python=python,
                    active=environment_args.active,
                    no_config=no_config,
                ),
                selection=read_selection(*selected, chosen.package),
                installation=installation_settings(installer, session.files),
                keeps_extraneous=not chosen.exact,
                keep_incompatible=bool(environment_args.no_sync),
                all_packages=bool(chosen.all_packages),
            )
            if environment_args.no_sync:
                environment = prepare_environment(project.workspace, request, project.services, reporter).environment
            else:
                outcome = sync_project(project.workspace, request, project.services, reporter)
                environment = outcome.environment.environment
                if session.printer.verbose:
                    reporter.changes(outcome.install)
                if outcome.install.plan.is_noop and target.kind in _REPEATABLE and not chosen.env_file:
                    execution = plan_execution(target, environment.interpreter, environment, variables, _tool())
                    remember(
                        session,
                        reporter,
                        project,
                        request.lock,
                        outcome.lock,
                        environment.interpreter,
                        environment,
                        execution,
                        target.script or "",
                    )
    except (MissingPyProject, UnmanagedProject):
        return outside_project(session, target, python, variables)
    return _plan(session, target, environment, variables)


def outside_project(
    session: Session, target: RunTarget, python: str | None, variables: dict[str, str]
) -> Execution | None:
    """Return the command with the interpreter that is asked for, or the nearest environment's."""
    services = Services(session.settings, session.directory, session.variables.mapping)
    request = DefaultRequest() if python is None else services.discovery.parse_request(python)
    found = services.discovery.find(request, EnvironmentPreference.ANY).interpreter
    environment = Environment(found.prefix, found) if found.is_virtual else None
    if environment is None:
        if target.kind is TargetKind.NOTHING:
            _nothing(session, None)
            return None
        return plan_execution(target, found, None, variables, _tool())
    return _plan(session, target, environment, variables)


def _plan(session: Session, target: RunTarget, environment: Environment, variables: dict[str, str]) -> Execution | None:
    if target.kind is TargetKind.NOTHING:
        _nothing(session, environment)
        return None
    return plan_execution(target, environment.interpreter, environment, variables, _tool())


def _nothing(session: Session, environment: Environment | None) -> None:
    """Say what could be run."""
    lines = ["Provide a command or script to invoke with `uv run <command>` or `uv run <script>.py`.", ""]
    if environment is not None:
        commands = available_commands(environment)
        if commands:
            lines += ["The following commands are available in the environment:", ""]
            lines += [f"- {name}" for name in commands]
            lines.append("")
    lines.append("See `uv run --help` for more information.")
    session.printer.data("\n".join(lines) + "\n")


def _tool() -> str:
    return os.path.abspath(sys.argv[0])
