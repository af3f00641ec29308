"""Sync an environment with a `requirements.txt` or `pylock.toml` file."""

from __future__ import annotations

from typing import Final

from mauve.cli.session import Session
from mauve.config.arguments.build import HookArgs
from mauve.config.arguments.cache import RefreshArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.installer import InstallerArgs
from mauve.config.arguments.pip import (
    CHANGED_ENVIRONMENT_CONFLICTS,
    CHANGED_ENVIRONMENT_OVERRIDES,
    ChangedEnvironmentArgs,
    TrustArgs,
)
from mauve.config.arguments.pip_install import PIP_PLAN_CONFLICTS, PipPlanArgs, PipSourceArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import CutoffArgs, ResolverArgs, SourcesArgs
from mauve.config.declare import ArgumentGroup, arguments, flag, value
from mauve.config.declare import command as declare_command
from mauve.config.environment import Variables
from mauve.errors import ExitStatus

_PythonArgs = python_request("into which packages should be installed", "The Python interpreter")

_UNSUPPORTED: Final = {
    "ask": ("--ask", "uv never asks for confirmation"),
    "python_executable": (
        "--python-executable",
        "to install into a separate Python environment, try setting `VIRTUAL_ENV` instead",
    ),
    "user": ("--user", "use a virtual environment instead"),
    "client_cert": ("--client-cert", "uv doesn't support dedicated client certificates"),
    "config": ("--config", "uv does not use a configuration file"),
    "pip_args": ("--pip-args", "try passing arguments to uv directly"),
}


class SyncArgs(PipSourceArgs, title="Options"):
    """What `pip sync` makes an environment equal to."""

    files: tuple[str, ...] = arguments("SRC_FILE", required=True, help="Include the packages listed in the given files")
    allow_empty_requirements: bool | None = flag(
        "--allow-empty-requirements",
        help="Allow sync of empty requirements, which will clear the environment of all packages",
    )
    no_allow_empty_requirements: bool | None = flag("--no-allow-empty-requirements")


class ForeignArgs(ArgumentGroup, title="Options"):
    """Options of pip-sync that mean nothing here."""

    ask: bool | None = flag("-a", "--ask", hidden=True)
    python_executable: str | None = value("--python-executable", hidden=True)
    user: bool | None = flag("--user", hidden=True)
    client_cert: str | None = value("--client-cert", hidden=True)
    config: str | None = value("--config", hidden=True)
    pip_args: str | None = value("--pip-args", hidden=True)


class PipSyncResolverArgs(SourcesArgs, CutoffArgs, title="Resolver options"):
    """From when on files are treated as not yet uploaded, and whether sources count."""


def sync(
    chosen: SyncArgs,
    foreign: ForeignArgs,
    plan: PipPlanArgs,
    located: ChangedEnvironmentArgs,
    certificates: TrustArgs,
    index: IndexArgs,
    resolver: PipSyncResolverArgs,
    build: HookArgs,
    installer: InstallerArgs,
    refresh: RefreshArgs,
    python: PythonRequestArgs,
    shared: GlobalArgs,
) -> int:
    """Make the environment hold exactly what is listed, and say what changed."""
    session = Session.start(shared, refresh, python)
    from msgspec import structs

    from mauve.cli.pip import open_pip
    from mauve.cli.pip_installation import read_pip_settings, report_installation
    from mauve.operations.pip_install import pip_install
    from mauve.operations.requirement_sources import SourceWords, check_extras, read_sources
    from mauve.operations.target_environment import Purpose

    for field, (option, way_out) in _UNSUPPORTED.items():
        if getattr(foreign, field):
            from mauve.cli.pip_errors import UnsupportedPipOption

            raise UnsupportedPipOption("pip-sync", option, way_out)
    is_data = plan.output_format == "json"
    with open_pip(session, certificates, is_data=is_data) as pip:
        files = pip.files
        words = SourceWords(
            files=chosen.files,
            constraints=chosen.constraints,
            build_constraints=chosen.build_constraints,
            groups=files.joined(chosen.group, lambda table: table.group),
        )
        options = ResolverArgs({field: getattr(resolver, field) for field in resolver.specs}, Variables({}))
        settings = read_pip_settings(pip, index, options, build, plan, refresh, installer)
        extras = files.joined(chosen.extra, lambda table: table.extra)
        all_extras = files.said(chosen.all_extras, lambda table: table.all_extras)
        check_extras(words, is_asked=bool(extras) or all_extras)
        asked = read_sources(words, pip.services, session.printer.warning)
        allows_nothing = False if chosen.no_allow_empty_requirements else chosen.allow_empty_requirements
        if asked.is_empty and not files.said(allows_nothing, lambda table: table.allow_empty_requirements):
            hint = "use `--allow-empty-requirements` to clear the environment"
            session.printer.note(f"No requirements found (hint: {hint})")
            return ExitStatus.SUCCESS
        target = pip.find_environment(pip.choose_environment(python.python, located), Purpose.INSTALL)
        if asked.lockfiles:
            session.warn_of_preview("pylock", "The `--pylock` option")
        request = structs.replace(
            settings.request(asked, plan, extras, all_extras=all_extras), exact=True, no_deps=True
        )
        outcome = pip_install(request, target, pip.services, pip.reporter)
        return report_installation(pip, request, outcome, plan)


command = declare_command(
    "pip sync",
    "Sync an environment with a `requirements.txt` or `pylock.toml` file",
    SyncArgs,
    ForeignArgs,
    PipPlanArgs,
    ChangedEnvironmentArgs,
    TrustArgs,
    IndexArgs,
    PipSyncResolverArgs,
    HookArgs,
    InstallerArgs,
    RefreshArgs,
    _PythonArgs,
    GlobalArgs,
    conflicts=(*CHANGED_ENVIRONMENT_CONFLICTS, *PIP_PLAN_CONFLICTS, ("all_extras", "extra")),
    overrides=(
        *CHANGED_ENVIRONMENT_OVERRIDES,
        ("allow_empty_requirements", "no_allow_empty_requirements"),
    ),
)(sync)
