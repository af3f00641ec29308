"""The ways of `run`: a script with inline metadata, inside a project, and without one; each perhaps with additions."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from mauve.cli.projects import OpenProject, open_project, read_resolution_settings
from mauve.cli.reporting import Reporter
from mauve.cli.selections import read_mode, read_selection
from mauve.cli.verdicts import remember
from mauve.config.arguments.selection import OmissionArgs
from mauve.config.environment import Variables
from mauve.config.settings.installation import installation_settings
from mauve.operations.context import Services
from mauve.operations.project import check_groups
from mauve.operations.run import available_commands, plan_execution
from mauve.operations.run_target import TargetKind
from mauve.operations.sync import SyncRequest, prepare_environment, sync_into
from mauve.operations.version_files import wanted_python
from mauve.project.workspace import MissingPyProject, UnmanagedProject
from mauve.python.discovery import EnvironmentPreference
from mauve.python.environment import Change, EnsuredEnvironment, Environment
from mauve.python.request import DefaultRequest
from mauve.standards.names import normalise
from mauve.standards.script import OPENING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mauve.cli.commands.run import RunArgs
    from mauve.cli.session import Session
    from mauve.config.arguments.build import BuildArgs
    from mauve.config.arguments.cache import RefreshArgs
    from mauve.config.arguments.everywhere import GlobalArgs
    from mauve.config.arguments.index import IndexArgs
    from mauve.config.arguments.installer import InstallerArgs
    from mauve.config.arguments.lockfile import EnvironmentArgs, LockedArgs
    from mauve.config.arguments.python import PythonRequestArgs
    from mauve.config.arguments.resolver import ResolverArgs
    from mauve.config.arguments.selection import EditableArgs, SelectionArgs
    from mauve.config.settings.installation import InstallationSettings
    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.operations.overlay import Overlay
    from mauve.operations.run import Execution
    from mauve.operations.run_target import RunTarget
    from mauve.project.script import Script
    from mauve.project.workspace import Workspace

_REPEATABLE = (TargetKind.COMMAND, TargetKind.SCRIPT, TargetKind.MODULE)


class Runs:
    """Prepares one command; what it opens is closed by `close`, before the command takes over.

    Attributes:
        variables: for the command, those of `.env` files included.
        platform: what is installed is for this one, not for the running one.
        shows_changes: whether it is told what is resolved and installed, as by `sync`.
    """

    def __init__(
        self,
        session: Session,
        target: RunTarget,
        chosen: RunArgs,
        selected: tuple[SelectionArgs, EditableArgs],
        locked: LockedArgs,
        environment_args: EnvironmentArgs,
        groups: tuple[IndexArgs, ResolverArgs, BuildArgs, InstallerArgs, RefreshArgs],
        python: PythonRequestArgs,
        shared: GlobalArgs,
        variables: dict[str, str],
    ) -> None:
        """Keep everything that was typed."""
        self.session = session
        self.target = target
        self.chosen = chosen
        self.selected = selected
        self.locked = locked
        self.environment_args = environment_args
        self.index, self.resolver, self.build, self.installer, self.refresh = groups
        self.python = python
        self.shared = shared
        self.variables = variables
        self.platform: str | None = None
        self.shows_changes = session.printer.verbose > 0 or bool(chosen.show_resolution)
        self.reporter = Reporter(session, shows_lock=self.shows_changes)
        self._stack = ExitStack()
        self._leftovers: list[str] = []

    def leave(self, path: str) -> None:
        """Have the file or folder at *path* removed after the command."""
        self._leftovers.append(path)

    def close(self) -> None:
        """End the network."""
        self._stack.close()

    def prepare(self) -> Execution | None:
        """Return the command in its environment, which is brought up to date; None if there is no command.

        Raises:
            MauveError: an environment cannot be had.
        """
        try:
            script = self._script()
            if script is not None:
                return self._of_script(script)
            if self.chosen.no_project:
                return self._without_project("alongside `--no-project`")
            try:
                return self._of_project()
            except (MissingPyProject, UnmanagedProject):
                if self.chosen.package:
                    raise
            return self._without_project("outside of a project")
        except BaseException:
            from mauve.filesystem.removal import remove

            for folder in self._leftovers:
                remove(folder)
            raise

    # --- scripts

    def _script(self) -> Script | None:
        """Return the script that is to be run, if it has inline metadata."""
        target = self.target
        if target.kind is TargetKind.STDIN:
            if OPENING not in target.text:
                return None
            from mauve.project.script import STANDARD_INPUT, parse_script

            return parse_script(target.text, STANDARD_INPUT, STANDARD_INPUT)
        if target.script is None:
            return None
        path = os.path.normpath(os.path.join(self.session.directory, target.script))
        try:
            with open(path, "rb") as file:
                if OPENING.encode() not in file.read():
                    return None
        except OSError:
            return None
        from mauve.filesystem.text import read_text
        from mauve.project.script import parse_script

        return parse_script(read_text(path, target.script), path, target.address or target.script)

    def _of_script(self, script: Script) -> Execution | None:
        from mauve.cli.scripts import open_script
        from mauve.operations.script import run_environment

        opened = self._stack.enter_context(
            open_script(
                script,
                self.session,
                (self.index, self.resolver, self.build, self.refresh),
                self.installer,
                self.python,
                self.shared,
                read_mode(self.locked),
                active=False if self.environment_args.active is None else self.environment_args.active,
                keeps_extraneous=not self.chosen.exact,
                purpose="script",
                platform=self.platform,
            )
        )
        synced = run_environment(script, opened.request, opened.services, self.reporter)
        if self.shows_changes:
            self.reporter.changes(synced.install)
        self._warn_of_useless_options()
        environment = synced.environment.environment
        overlay = self._overlay(
            environment, opened.request.settings, opened.request.installation, opened.services, script.workspace
        )
        return self._plan(environment, overlay)

    def _warn_of_useless_options(self) -> None:
        """Name the options that have no meaning for a script with inline metadata."""
        warn = self.session.printer.warning
        selected = self.selected[0]
        if next(_extra_options(selected), None) is not None:
            warn("Extras are not supported for Python scripts with inline metadata")
        for option in _group_options(selected):
            warn(f"`{option}` is not supported for Python scripts with inline metadata")
        for option, given in (
            ("--all-packages", self.chosen.all_packages),
            ("--package", self.chosen.package),
            ("--no-sync", self.environment_args.no_sync),
            ("--isolated", self.chosen.isolated),
        ):
            if given:
                warn(f"`{option}` is a no-op for Python scripts with inline metadata, which always run in isolation")

    # --- projects

    def _of_project(self) -> Execution | None:
        chosen, session, reporter = self.chosen, self.session, self.reporter
        mode, option = read_mode(self.locked, dry_run=bool(self.chosen.isolated))
        resolving = (self.index, self.resolver, self.build, self.refresh)
        project = self._stack.enter_context(open_project(session, *resolving, installer=self.installer))
        packages = (chosen.package,) if chosen.package else ()
        if chosen.package:
            from mauve.standards.names import package_name

            project.workspace.member(package_name(chosen.package))
        request = SyncRequest(
            lock=project.lock_wish((mode, option), self.python, self.shared, active=self.environment_args.active),
            selection=read_selection(*self.selected, OmissionArgs({}, Variables({})), packages),
            installation=installation_settings(self.installer, session.files),
            keeps_extraneous=not chosen.exact,
            keep_incompatible=bool(self.environment_args.no_sync),
            all_packages=bool(chosen.all_packages),
            platform=self.platform,
        )
        check_groups(project.workspace, request.selection.roots)
        if chosen.isolated:
            environment = self._isolated(project, request)
        elif self.environment_args.no_sync:
            environment = prepare_environment(project.workspace, request, project.services, reporter).environment
        else:
            ensured = prepare_environment(project.workspace, request, project.services, reporter)
            outcome = sync_into(ensured, project.workspace, request, project.services, reporter)
            environment = outcome.environment.environment
            if self.shows_changes:
                reporter.changes(outcome.install)
            if outcome.install.plan.is_noop and self._is_repeatable:
                execution = plan_execution(self.target, environment.interpreter, environment, self.variables, _tool())
                remember(
                    session,
                    reporter,
                    project,
                    request.lock,
                    outcome.lock,
                    environment.interpreter,
                    environment,
                    execution,
                    self.target.script or "",
                )
        overlay = self._overlay(
            environment, project.settings, request.installation, project.services, project.workspace
        )
        return self._plan(environment, overlay)

    @property
    def _is_repeatable(self) -> bool:
        """Return whether a next run of the same words may do without looking at the project."""
        chosen = self.chosen
        additions = chosen.with_ or chosen.with_editable or chosen.with_requirements
        return self.target.kind in _REPEATABLE and not chosen.env_file and not additions

    def _isolated(self, project: OpenProject, request: SyncRequest) -> Environment:
        """Return a new environment for the project, which is removed after the command."""
        from mauve.operations.overlay import temporary_environment
        from mauve.operations.sync import isolated_python

        interpreter = isolated_python(project.workspace, request, project.services, self.reporter)
        environment = temporary_environment(interpreter, project.services)
        self._leftovers.append(environment.root)
        if not self.environment_args.no_sync:
            ensured = EnsuredEnvironment(environment, Change.CREATED)
            outcome = sync_into(ensured, project.workspace, request, project.services, self.reporter)
            if self.shows_changes:
                self.reporter.changes(outcome.install)
        return environment

    # --- neither

    def _without_project(self, circumstance: str) -> Execution | None:
        """Return the command with the interpreter that is asked for, or the nearest environment's."""
        session, chosen = self.session, self.chosen
        for option in self._project_options():
            session.printer.warning(f"`{option}` has no effect when used {circumstance}")
        services = Services(session.settings, session.directory, session.variables.mapping)
        self._stack.callback(services.close)
        wanted = wanted_python(
            self.python.python,
            session.project_directory,
            services,
            session.printer.warning,
            no_config=bool(self.shared.no_config),
        )
        preference = EnvironmentPreference.ONLY_SYSTEM if chosen.isolated else EnvironmentPreference.ANY
        found = services.discovery.find(wanted or DefaultRequest(), preference).interpreter
        if chosen.isolated:
            from mauve.operations.overlay import temporary_environment

            environment = temporary_environment(found, services)
            self._leftovers.append(environment.root)
        else:
            environment = Environment(found.prefix, found)
        overlay = None
        if chosen.with_ or chosen.with_editable or chosen.with_requirements:
            settings = read_resolution_settings(
                session, services, self.index, self.resolver, self.build, self.refresh, self.installer
            )
            installation = installation_settings(self.installer, session.files)
            overlay = self._overlay(environment, settings, installation, services)
        return self._plan(environment, overlay)

    def _project_options(self) -> Iterator[str]:
        """Yield the options that only have a meaning for a project."""
        selected = self.selected[0]
        yield from _extra_options(selected)
        yield from _group_options(selected)
        if self.locked.locked:
            yield self.locked.spelling("locked")
        if self.locked.frozen:
            yield "--frozen"
        if self.environment_args.no_sync:
            yield "--no-sync"

    # --- the command

    def _overlay(
        self,
        base: Environment,
        settings: ResolutionSettings,
        installation: InstallationSettings,
        services: Services,
        workspace: Workspace | None = None,
    ) -> Overlay | None:
        """Return the environments of the additions that are asked for, None if *base* has them.

        What *workspace* says about builds goes for their builds too.
        """
        chosen = self.chosen
        if not (chosen.with_ or chosen.with_editable or chosen.with_requirements):
            return None
        from mauve.operations.build_needs import NO_NEEDS, declared_needs
        from mauve.operations.builds import SourceBuilds
        from mauve.operations.overlay import AdditionRequest, overlay_environment

        needs = NO_NEEDS if workspace is None else declared_needs(workspace, settings)
        builds = SourceBuilds(services, settings, lambda: base.interpreter, self.reporter, needs)
        additions = AdditionRequest(
            packages=chosen.with_, editable=chosen.with_editable, files=chosen.with_requirements
        )
        overlay = overlay_environment(additions, base, settings, installation, services, builds, self.reporter)
        if overlay is not None:
            self._leftovers.append(overlay.ephemeral.root)
            if self.shows_changes and overlay.install is not None:
                self.reporter.changes(overlay.install)
        return overlay

    def _plan(self, environment: Environment, overlay: Overlay | None) -> Execution | None:
        interpreter = environment.interpreter
        own = environment if interpreter.is_virtual else None
        if self.target.kind is TargetKind.NOTHING:
            _nothing(self.session, own)
            from mauve.filesystem.removal import remove

            for folder in self._leftovers:
                remove(folder)
            return None
        execution = plan_execution(self.target, interpreter, own, self.variables, _tool(), overlay)
        if not self._leftovers:
            return execution
        from msgspec import structs

        return structs.replace(execution, leftovers=tuple(self._leftovers))


def _extra_options(selected: SelectionArgs) -> Iterator[str]:
    """Yield the options about extras, as uv spells what it was given."""
    if selected.all_extras:
        yield "--all-extras"
    yield from _spelled("--extra", selected.extra)
    yield from _spelled("--no-extra", selected.no_extra)


def _group_options(selected: SelectionArgs) -> Iterator[str]:
    """Yield the options about dependency groups, as uv spells what it was given."""
    if selected.all_groups:
        yield "--all-groups"
    if selected.no_default_groups:
        yield "--no-default-groups"
    if selected.no_dev is False:
        yield "--dev"
    if selected.no_dev:
        yield "--no-dev"
    if selected.only_dev:
        yield "--only-dev"
    yield from _spelled("--group", selected.group)
    yield from _spelled("--only-group", selected.only_group)
    yield from _spelled("--no-group", selected.no_group)


def _spelled(option: str, names: Sequence[str]) -> Iterator[str]:
    """Yield *option* if there are *names*; with the name if there is one."""
    if len(names) == 1:
        yield f"{option} {normalise(names[0])}"
    elif names:
        yield option


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
