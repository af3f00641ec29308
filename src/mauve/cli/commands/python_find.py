"""Search for a Python installation."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.downloads import DownloadsArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import argument, flag, value
from mauve.config.declare import command as declare_command
from mauve.config.environment import EnvVar
from mauve.errors import ExitStatus, MauveError

if TYPE_CHECKING:
    from mauve.operations.context import Services
    from mauve.python.interpreter import Interpreter


class FindArgs(DownloadsArgs, title="Options"):
    """Options of `python find`."""

    request: str | None = argument("REQUEST", help="The Python request")
    no_project: bool | None = flag(
        "--no-project",
        env=EnvVar.NO_PROJECT,
        help="Avoid discovering a project or workspace",
    )
    system: bool | None = flag(
        "--system", off="--no-system", env=EnvVar.SYSTEM_PYTHON, help="Only find system Python interpreters"
    )
    script: str | None = value(
        "--script", help="Find the environment for a Python script, rather than the current project"
    )
    show_version: bool | None = flag(
        "--show-version", help="Show the Python version that would be used instead of the path to the interpreter"
    )
    resolve_links: bool | None = flag("--resolve-links", help="Resolve symlinks in the output path")


def find_installation(chosen: FindArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Print the path of the interpreter that would be used, or its version."""
    session = Session.start(shared, cache, python)
    from mauve.operations.context import Services

    services = Services(session.settings, session.directory, session.variables.mapping)
    if chosen.script is not None:
        try:
            found = _of_script(chosen.script, session, services, shared, cache, python)
        except _NoInterpreter as error:
            from mauve.terminal.diagnostics import render_error

            session.printer.error(render_error(error.reason, session.printer.style))
            return ExitStatus.FAILURE
    else:
        found = _of_place(chosen, session, services, shared)
    session.printer.data(f"{_shown(found, chosen)}\n")
    return ExitStatus.SUCCESS


class _NoInterpreter(Exception):
    """There is none for the script; *reason* says why."""

    def __init__(self, reason: MauveError) -> None:
        super().__init__(reason)
        self.reason = reason


def _of_place(chosen: FindArgs, session: Session, services: Services, shared: GlobalArgs) -> Interpreter:
    from mauve.operations.python_find import find_python
    from mauve.python.discovery import EnvironmentPreference
    from mauve.terminal.diagnostics import render_causes

    printer = session.printer
    services.project_directory = session.project_directory
    found = find_python(
        chosen.request,
        session.project_directory,
        services,
        EnvironmentPreference.ONLY_SYSTEM if chosen.system else EnvironmentPreference.ANY,
        printer.warning,
        lambda error: printer.warning(render_causes(error, printer.style)),
        no_project=bool(chosen.no_project),
        no_config=bool(shared.no_config),
    )
    if found.mismatch is not None:
        printer.warning(found.mismatch)
    return found.interpreter


def _of_script(
    shown: str, session: Session, services: Services, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs
) -> Interpreter:
    """Return the interpreter of the environment of the script, or one that would do for it.

    Raises:
        _NoInterpreter: there is none.
        MauveError: the script cannot be read.
    """
    from mauve.cli.reporting import Reporter
    from mauve.cli.scripts import find_script
    from mauve.operations.context import Services
    from mauve.operations.script import find_script_interpreter, script_environment_root, script_python

    script = find_script(session, shown)
    session = session.with_script(script, shared, cache, python)
    services = Services(session.settings, session.directory, session.variables.mapping)
    reporter = Reporter(session, shows_summaries=False)
    try:
        wish = script_python(script, None, services, reporter.warning, no_config=bool(shared.no_config))
        root = script_environment_root(script, services, reporter, active=False)
        return find_script_interpreter(root, wish, services, reporter)
    except MauveError as error:
        raise _NoInterpreter(error) from error


def _shown(found: Interpreter, chosen: FindArgs) -> str:
    if chosen.show_version:
        return found.markers.python_full_version
    if chosen.resolve_links:
        return os.path.realpath(found.executable)
    # `..` behind a link is not the folder above the link.
    return os.sep.join([part for part in found.executable.split(os.sep) if part != "."])


command = declare_command(
    "python find",
    "Search for a Python installation",
    FindArgs,
    GlobalArgs,
    CacheArgs,
    PythonArgs,
    conflicts=(
        ("script", "request"),
        ("script", "system"),
        ("script", "!system"),
        ("script", "no_project"),
        ("!system", "system"),
    ),
)(find_installation)
