"""Run a command or script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.cli.session import Session
from mauve.config.arguments.build import BuildArgs
from mauve.config.arguments.cache import RefreshArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.installer import InstallerArgs
from mauve.config.arguments.lockfile import EnvironmentArgs, LockedArgs
from mauve.config.arguments.platform import PlatformArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import ResolverArgs
from mauve.config.arguments.selection import SELECTION_CONFLICTS, EditableArgs, SelectionArgs
from mauve.config.declare import ArgumentGroup, arguments, flag, value, values
from mauve.config.declare import command as declare_command
from mauve.config.environment import EnvVar
from mauve.errors import ExitStatus

if TYPE_CHECKING:
    from mauve.operations.run_target import RunTarget

_PythonArgs = python_request("for the run environment")


class RunArgs(ArgumentGroup, title="Options"):
    """Options of `run`."""

    module: bool | None = flag("-m", "--module", help="Run a Python module")
    exact: bool | None = flag("--exact", off="--inexact", help="Perform an exact sync, removing extraneous packages")
    env_file: tuple[str, ...] = values(
        "--env-file",
        env=EnvVar.ENV_FILE,
        help="Load environment variables from a `.env` file",
    )
    no_env_file: bool | None = flag(
        "--no-env-file",
        env=EnvVar.NO_ENV_FILE,
        help="Avoid reading environment variables from a `.env` file",
    )
    with_: tuple[str, ...] = values("-w", "--with", help="Run with the given packages installed")
    with_editable: tuple[str, ...] = values(
        "--with-editable",
        help="Run with the given packages installed in editable mode",
    )
    with_requirements: tuple[str, ...] = values(
        "--with-requirements",
        help="Run with the packages listed in the given files",
    )
    isolated: bool | None = flag(
        "--isolated",
        env=EnvVar.ISOLATED,
        help="Run the command in an isolated virtual environment",
    )
    script: bool | None = flag("-s", "--script", help="Run the given path as a Python script")
    gui_script: bool | None = flag("--gui-script", help="Run the given path as a Python GUI script")
    all_packages: bool | None = flag("--all-packages", help="Run the command with all workspace members installed")
    package: str | None = value("--package", help="Run the command in a specific package in the workspace")
    no_project: bool | None = flag(
        "--no-project",
        env=EnvVar.NO_PROJECT,
        help="Avoid discovering the project or workspace",
    )
    max_recursion_depth: str | None = value(
        "--max-recursion-depth", env=EnvVar.RUN_MAX_RECURSION_DEPTH, hidden=True, help="How often `run` may run `run`"
    )
    show_resolution: bool | None = flag(
        "--show-resolution", env=EnvVar.SHOW_RESOLUTION, hidden=True, help="Show what is resolved and installed"
    )
    command: tuple[str, ...] = arguments("COMMAND", trailing=True)


def run(
    chosen: RunArgs,
    selected: SelectionArgs,
    editable: EditableArgs,
    locked: LockedArgs,
    environment_args: EnvironmentArgs,
    platform: PlatformArgs,
    index: IndexArgs,
    resolver: ResolverArgs,
    build: BuildArgs,
    installer: InstallerArgs,
    refresh: RefreshArgs,
    python: PythonRequestArgs,
    shared: GlobalArgs,
) -> int:
    """Bring the environment of the script or project up to date, then become the command."""
    from mauve.operations.run_target import folder_of_script

    def find_project() -> str | None:
        """Return where the project of a script is looked for: beside it."""
        if chosen.module:
            return None
        return folder_of_script(chosen.command, script=bool(chosen.script), gui_script=bool(chosen.gui_script))

    session = Session.start(shared, refresh, python, find_project=find_project)
    from mauve.cli.errors import InputConflict
    from mauve.cli.nesting import count_nesting
    from mauve.cli.runs import Runs
    from mauve.operations.environment_files import read_environment_files
    from mauve.operations.run import execute

    depth = count_nesting(session.variables, chosen.max_recursion_depth)
    if chosen.module and chosen.command[:1] == ("-",):
        raise InputConflict("Cannot run a Python module from stdin")
    if "-" in chosen.with_requirements and chosen.command[:1] == ("-",):
        raise InputConflict("Cannot read both requirements file and script from stdin")
    variables = dict(session.variables.mapping)
    if not chosen.no_env_file and chosen.env_file:
        files = tuple(part for text in chosen.env_file for part in text.split())
        added, warnings = read_environment_files(files, variables)
        variables.update(added)
        for warning in warnings:
            session.printer.warning(warning)
    variables["UV_RUN_RECURSION_DEPTH"] = str(depth + 1)
    target = _target(chosen, session)
    runs = Runs(
        session,
        target,
        chosen,
        (selected, editable),
        locked,
        environment_args,
        (index, resolver, build, installer, refresh),
        python,
        shared,
        variables,
    )
    runs.platform = platform.python_platform
    if target.address:
        runs.leave(target.words[0])
    try:
        execution = runs.prepare()
    finally:
        runs.close()
    return ExitStatus.ERROR if execution is None else execute(execution)


def _target(chosen: RunArgs, session: Session) -> RunTarget:
    """Return what is to be run; a script that is at an address is fetched.

    Raises:
        MauveError: it cannot be fetched, or a file of requirements is none.
    """
    from mauve.operations.run_target import is_remote, read_target

    if chosen.with_requirements:
        from mauve.operations.overlay import check_kinds

        check_kinds(chosen.with_requirements)
    words = chosen.command
    if not words or not is_remote(words[0]):
        return read_target(
            words, module=bool(chosen.module), script=bool(chosen.script), gui_script=bool(chosen.gui_script)
        )
    from msgspec import structs

    from mauve.operations.context import Services
    from mauve.operations.remote import download_script

    path = download_script(words[0], Services(session.settings, session.directory, session.variables.mapping))
    read = read_target(
        (path, *words[1:]), module=False, script=not chosen.gui_script, gui_script=bool(chosen.gui_script)
    )
    return structs.replace(read, address=words[0])


command = declare_command(
    "run",
    "Run a command or script",
    RunArgs,
    SelectionArgs,
    EditableArgs,
    LockedArgs,
    EnvironmentArgs,
    PlatformArgs,
    IndexArgs,
    ResolverArgs,
    BuildArgs,
    InstallerArgs,
    RefreshArgs,
    _PythonArgs,
    GlobalArgs,
    conflicts=(
        *SELECTION_CONFLICTS,
        ("frozen", "locked"),
        ("upgrade", "locked"),
        ("upgrade", "frozen"),
        ("frozen", "no_sources"),
        ("all_packages", "package"),
        ("package", "no_project"),
        ("module", "script", "gui_script"),
    ),
)(run)
