"""Update the project's environment."""

from __future__ import annotations

from typing import Final

from mauve.cli.session import Session
from mauve.config.arguments.build import BuildArgs
from mauve.config.arguments.cache import RefreshArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.installer import InstallerArgs
from mauve.config.arguments.lockfile import LockedArgs
from mauve.config.arguments.platform import PlatformArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import ResolverArgs
from mauve.config.arguments.selection import (
    OMISSION_CONFLICTS,
    SELECTION_CONFLICTS,
    EditableArgs,
    OmissionArgs,
    SelectionArgs,
)
from mauve.config.declare import ArgumentGroup, flag, value, values
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus

_PythonArgs = python_request("for the project environment")
_NOT_FOR_SCRIPTS: Final = (
    "all_packages",
    "package",
    "extra",
    "all_extras",
    "no_extra",
    "no_dev",
    "!no_dev",
    "only_dev",
    "group",
    "no_group",
    "no_default_groups",
    "only_group",
    "all_groups",
    "no_install_project",
    "no_install_workspace",
    "no_install_local",
)


class SyncArgs(ArgumentGroup, title="Options"):
    """Options of `sync`."""

    output_format: str | None = value(
        "--output-format",
        choices=("text", "json"),
        help="Select the output format [default: text]",
    )
    inexact: bool | None = flag(
        "--inexact", off="--exact", help="Do not remove extraneous packages present in the environment"
    )
    dry_run: bool | None = flag(
        "--dry-run",
        help="Perform a dry run, without writing the lockfile or modifying the project environment",
    )
    all_packages: bool | None = flag("--all-packages", help="Sync all packages in the workspace")
    active: bool | None = flag(
        "--active", off="--no-active", help="Sync dependencies to the active virtual environment"
    )
    package: tuple[str, ...] = values("--package", help="Sync for specific packages in the workspace")
    script: str | None = value(
        "--script",
        help="Sync the environment for a Python script, rather than the current project",
    )
    check: bool | None = flag(
        "--check", off="--no-check", help="Check if the Python environment is synchronized with the project"
    )


def sync(
    chosen: SyncArgs,
    selected: SelectionArgs,
    editable: EditableArgs,
    omitted: OmissionArgs,
    locked: LockedArgs,
    platform: PlatformArgs,
    index: IndexArgs,
    resolver: ResolverArgs,
    build: BuildArgs,
    installer: InstallerArgs,
    refresh: RefreshArgs,
    python: PythonRequestArgs,
    shared: GlobalArgs,
) -> int:
    """Sync the project around the working directory and say what changed."""
    session = Session.start(shared, refresh, python)
    from mauve.cli.projects import open_project
    from mauve.cli.reporting import Reporter, installation_changes, planned_changes
    from mauve.cli.selections import check_script_options, read_mode, read_selection
    from mauve.cli.verdicts import remember, remember_installation
    from mauve.config.settings.installation import installation_settings
    from mauve.operations.lock import LockMode
    from mauve.operations.sync import SyncRequest, check_dry_run, sync_project
    from mauve.standards.names import package_name

    is_data = chosen.output_format == "json"
    reporter = Reporter(session, is_data=is_data)
    dry_run = bool(chosen.dry_run or chosen.check)
    mode, option = read_mode(locked, dry_run=dry_run)
    if chosen.script is not None:
        from mauve.cli.scripts import find_script, open_script
        from mauve.operations.script import sync_script_environment

        check_script_options(omitted, "--script")
        script = find_script(session, chosen.script)
        groups = (index, resolver, build, refresh)
        with open_script(
            script,
            session,
            groups,
            installer,
            python,
            shared,
            (mode, option),
            active=chosen.active,
            keeps_extraneous=bool(chosen.inexact),
            dry_run=dry_run,
            platform=platform.python_platform,
        ) as opened:
            synced = sync_script_environment(script, opened.request, opened.services, reporter)
            if is_data:
                from mauve.cli.sync_report import lock_report, render_script_report

                plan = synced.install.plan
                changes = planned_changes(plan) if dry_run else installation_changes(synced.install)
                frozen = mode is LockMode.FROZEN
                lock = None if synced.lock is None else lock_report(script.lock_path, synced.lock, frozen=frozen)
                report = render_script_report(script.path, synced.environment, changes, lock, dry_run=dry_run)
                session.printer.data(report, important=True)
            if not dry_run:
                reporter.changes(synced.install)
            else:
                reporter.planned(synced.install, synced.number)
                check_dry_run(synced.install, synced.lock, checks_environment=bool(chosen.check))
        return ExitStatus.SUCCESS
    resolving, frozen = (index, resolver, build, refresh), mode is LockMode.FROZEN
    with open_project(session, *resolving, installer=installer, frozen=frozen) as project:
        if chosen.package and mode is not LockMode.FROZEN:
            from mauve.operations.export import check_packages

            check_packages(project.workspace, tuple(map(package_name, chosen.package)), frozen=False)
        selection = read_selection(selected, editable, omitted, chosen.package)
        project.exempt_members(selection.install)
        request = SyncRequest(
            lock=project.lock_wish((mode, option), python, shared, active=chosen.active),
            selection=selection,
            installation=installation_settings(installer, session.files),
            keeps_extraneous=bool(chosen.inexact),
            dry_run=dry_run,
            all_packages=bool(chosen.all_packages),
            platform=platform.python_platform,
            tells_of_scripts=True,
        )
        outcome = sync_project(project.workspace, request, project.services, reporter)
        if is_data:
            from mauve.cli.sync_report import lock_report, render_project_report

            workspace = project.workspace
            if len(chosen.package) == 1:
                workspace = workspace.select(package_name(chosen.package[0]))
            changes = planned_changes(outcome.install.plan) if dry_run else installation_changes(outcome.install)
            lock = lock_report(workspace.lock_path, outcome.lock, frozen=mode is LockMode.FROZEN)
            report = render_project_report(workspace, outcome, changes, lock, dry_run=dry_run)
            session.printer.data(report, important=True)
        if dry_run:
            reporter.planned(outcome.install, outcome.number)
            check_dry_run(outcome.install, outcome.lock, checks_environment=bool(chosen.check))
        else:
            reporter.changes(outcome.install)
            if outcome.install.plan.is_noop and not is_data and mode in (LockMode.WRITE, LockMode.LOCKED):
                environment = outcome.environment.environment
                remember(session, reporter, project, request.lock, outcome.lock, environment.interpreter, environment)
            elif not is_data and mode in (LockMode.WRITE, LockMode.LOCKED):
                remember_installation(session, reporter, project, request, outcome)
    return ExitStatus.SUCCESS


command = declare_command(
    "sync",
    "Update the project's environment",
    SyncArgs,
    SelectionArgs,
    EditableArgs,
    OmissionArgs,
    LockedArgs,
    PlatformArgs,
    IndexArgs,
    ResolverArgs,
    BuildArgs,
    InstallerArgs,
    RefreshArgs,
    _PythonArgs,
    GlobalArgs,
    conflicts=(
        *(("script", field) for field in _NOT_FOR_SCRIPTS),
        ("script", "!all_extras"),
        *SELECTION_CONFLICTS,
        *OMISSION_CONFLICTS,
        ("frozen", "locked"),
        ("upgrade", "locked"),
        ("upgrade", "frozen"),
        ("frozen", "no_sources"),
        ("all_packages", "package"),
    ),
)(sync)
