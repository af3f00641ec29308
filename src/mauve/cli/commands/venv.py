"""Create a virtual environment."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from mauve.cli.session import Session
from mauve.config.arguments.cache import RefreshArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import CutoffArgs
from mauve.config.declare import ArgumentGroup, argument, flag, value
from mauve.config.declare import command as declare_command
from mauve.config.environment import EnvVar
from mauve.errors import ExitStatus

if TYPE_CHECKING:
    from mauve.errors import MauveError

_PythonArgs = python_request("for the virtual environment")


class VenvArgs(ArgumentGroup, title="Options"):
    """Options of `venv`."""

    path: str | None = argument("PATH", help="The path to the virtual environment to create")
    no_project: bool | None = flag(
        "--no-project",
        aliases=("--no-workspace",),
        env=EnvVar.NO_PROJECT,
        help="Avoid discovering a project or workspace",
    )
    seed: bool | None = flag(
        "--seed",
        env=EnvVar.VENV_SEED,
        help=("Install seed packages (one or more of: `pip`, `setuptools`, and `wheel`) into the virtual environment"),
    )
    clear: bool | None = flag(
        "-c",
        "--clear",
        off="--no-clear",
        env=EnvVar.VENV_CLEAR,
        help="Remove any existing files or directories at the target path",
    )
    no_seed: bool | None = flag("--no-seed", hidden=True, help="Accepted for the sake of `virtualenv`")
    no_pip: bool | None = flag("--no-pip", hidden=True, help="Accepted for the sake of `virtualenv`")
    no_setuptools: bool | None = flag("--no-setuptools", hidden=True, help="Accepted for the sake of `virtualenv`")
    no_wheel: bool | None = flag("--no-wheel", hidden=True, help="Accepted for the sake of `virtualenv`")
    system: bool | None = flag("--system", off="--no-system", hidden=True, help="Without an effect")
    force: bool | None = flag("--force", help="Allow `--clear` to remove a non-virtual environment directory")
    allow_existing: bool | None = flag(
        "--allow-existing",
        help="Preserve any existing files or directories at the target path",
    )
    prompt: str | None = value("--prompt", help="Provide an alternative prompt prefix for the virtual environment.")
    system_site_packages: bool | None = flag(
        "--system-site-packages",
        help="Give the virtual environment access to the system site packages directory",
    )
    relocatable: bool | None = flag(
        "--relocatable",
        env=EnvVar.VENV_RELOCATABLE,
        off="--no-relocatable",
        help="Make the virtual environment relocatable",
    )
    link_mode: str | None = value(
        "--link-mode",
        env=EnvVar.LINK_MODE,
        choices=("clone", "copy", "hardlink", "symlink"),
        help="The method to use when installing packages from the global cache",
    )


def create(
    chosen: VenvArgs,
    index: IndexArgs,
    cutoff: CutoffArgs,
    refresh: RefreshArgs,
    python: PythonRequestArgs,
    shared: GlobalArgs,
) -> int:
    """Find the interpreter, make the environment, say how to activate it."""
    session = Session.start(shared, refresh, python)
    from mauve.cli.reporting import Reporter
    from mauve.cli.verdicts import remember_environment
    from mauve.operations.context import Services
    from mauve.operations.python_find import find_python
    from mauve.operations.venv import VenvRequest, activation_command, create_venv, seed_venv
    from mauve.python.discovery import EnvironmentPreference
    from mauve.python.target import OnExisting

    _warn_of_virtualenv_options(session, chosen)
    services = Services(session.settings, session.directory, session.variables.mapping)
    reporter = Reporter(session, shows_summaries=False)
    services.project_directory = session.project_directory
    place = find_python(
        python.python,
        session.project_directory,
        services,
        EnvironmentPreference.ONLY_SYSTEM,
        reporter.warning,
        lambda error: reporter.warning(_of_broken_project(error)),
        no_project=bool(chosen.no_project),
        no_config=bool(shared.no_config),
    )
    workspace = place.workspace
    if workspace is not None:
        from mauve.project.groups import check_default_groups

        check_default_groups(workspace.pyproject)
    if chosen.path is None and workspace is not None and workspace.root == session.project_directory:
        path = os.path.join(workspace.root, session.variables.text(EnvVar.PROJECT_ENVIRONMENT) or ".venv")
    else:
        path = os.path.join(session.directory, chosen.path or ".venv")
    path = os.path.abspath(path)
    shown = services.discovery.shown(path)
    prompt = chosen.prompt
    if prompt == "." or (prompt is None and chosen.path is None):
        prompt = os.path.basename(session.directory)
    reporter.using(place.interpreter)
    if place.mismatch is not None:
        reporter.warning(place.mismatch)
    reporter.creating(path, contents="with seed packages" if chosen.seed else "")
    policy = OnExisting.FAIL
    if chosen.allow_existing and not chosen.is_typed("clear"):
        policy = OnExisting.ALLOW
    elif chosen.clear:
        policy = OnExisting.REMOVE_ANYTHING if chosen.force else OnExisting.REMOVE
    request = VenvRequest(
        path=path,
        shown=shown,
        on_existing=policy,
        prompt=prompt,
        system_site_packages=bool(chosen.system_site_packages),
        relocatable=bool(chosen.relocatable),
        seed=bool(chosen.seed),
    )
    said_before = len(session.printer.lines)
    environment = create_venv(
        request,
        place.interpreter,
        services,
        lambda: _confirm(f"A virtual environment already exists at `{shown}`. Do you want to replace it?"),
    )
    if chosen.seed:
        from mauve.cli.projects import read_resolution_settings
        from mauve.config.arguments.build import BuildArgs
        from mauve.config.arguments.resolver import ResolverArgs
        from mauve.config.environment import Variables

        cutoffs = {"exclude_newer": cutoff.exclude_newer, "exclude_newer_package": cutoff.exclude_newer_package}
        nothing = Variables({})
        settings = read_resolution_settings(
            session, services, index, ResolverArgs(cutoffs, nothing), BuildArgs({}, nothing), refresh
        )
        try:
            installed = seed_venv(environment, settings, chosen.link_mode, services, reporter)
        finally:
            services.close()
        reporter.changes(installed)
    line = activation_command(environment.scripts, session.variables.text("SHELL"), services.discovery.shown)
    if line is not None:
        session.printer.note(f"Activate with: {session.printer.style.green(line)}")
    if policy in (OnExisting.FAIL, OnExisting.REMOVE):
        remember_environment(session, services, place, request, environment, said_before)
    return ExitStatus.SUCCESS


def _of_broken_project(error: MauveError) -> str:
    """Return the warning about a project that does not keep anyone from making an environment."""
    text = str(error.__cause__ or error)
    rows = "\n".join(f"  {line}" for line in text.split("\n"))
    return f"Failed to parse `pyproject.toml` during environment creation:\n{rows}\n"


def _warn_of_virtualenv_options(session: Session, chosen: VenvArgs) -> None:
    """Say of options that other programs have that they do nothing here."""
    warn = session.printer.warning
    if chosen.no_seed:
        warn("virtualenv's `--no-seed` has no effect (uv omits seed packages by default)")
    for name, given in (("pip", chosen.no_pip), ("setuptools", chosen.no_setuptools), ("wheel", chosen.no_wheel)):
        if given:
            warn(f"virtualenv's `--no-{name}` has no effect (uv omits `{name}` by default)")
    if chosen.system is not None:
        option, meant = ("--system", "--no-managed-python") if chosen.system else ("--no-system", "--managed-python")
        warn(
            f"The `{option}` flag has no effect, `uv venv` always ignores virtual environments when finding a Python "
            f"interpreter; did you mean `{meant}`?"
        )


def _confirm(question: str) -> bool:
    """Ask on a terminal; yes is the default. Without a terminal the answer is no."""
    if not (sys.stderr.isatty() and sys.stdin.isatty()):
        return False
    sys.stderr.write(f"{question} [y/n] > ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("", "y", "yes")


command = declare_command(
    "venv",
    "Create a virtual environment",
    VenvArgs,
    IndexArgs,
    CutoffArgs,
    RefreshArgs,
    _PythonArgs,
    GlobalArgs,
    overrides=(("clear", "allow_existing"),),
    conflicts=(("!clear", "allow_existing"),),
)(create)
