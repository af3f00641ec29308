"""Install packages into an environment."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.build import BackendArgs
from mauve.config.arguments.cache import RefreshArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.installer import InstallerArgs
from mauve.config.arguments.pip import (
    CHANGED_ENVIRONMENT_CONFLICTS,
    CHANGED_ENVIRONMENT_OVERRIDES,
    CertificateArgs,
    ChangedEnvironmentArgs,
)
from mauve.config.arguments.pip_install import PIP_PLAN_CONFLICTS, PipListArgs, PipPlanArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import ResolverArgs
from mauve.config.declare import ArgumentGroup, flag
from mauve.config.declare import command as declare_command

_PythonArgs = python_request("into which packages should be installed", "The Python interpreter")


class UserArgs(ArgumentGroup, title="Options"):
    """What pip has and uv has not."""

    user: bool | None = flag("--user")


def install(
    chosen: PipListArgs,
    plan: PipPlanArgs,
    user: UserArgs,
    located: ChangedEnvironmentArgs,
    certificates: CertificateArgs,
    index: IndexArgs,
    resolver: ResolverArgs,
    build: BackendArgs,
    installer: InstallerArgs,
    refresh: RefreshArgs,
    python: PythonRequestArgs,
    shared: GlobalArgs,
) -> int:
    """Install what is asked for, and say what changed."""
    session = Session.start(shared, refresh, python)
    from msgspec import structs

    from mauve.cli.pip import open_pip
    from mauve.cli.pip_installation import read_pip_settings, report_installation
    from mauve.operations.pip_install import pip_install
    from mauve.operations.requirement_sources import SourceWords, check_extras, read_sources
    from mauve.operations.target_environment import Purpose

    if user.user:
        from mauve.cli.pip_errors import UnsupportedPipOption

        raise UnsupportedPipOption("pip", "--user", "use a virtual environment instead")
    is_data = plan.output_format == "json"
    with open_pip(session, certificates, is_data=is_data) as pip:
        files = pip.files
        words = SourceWords(
            packages=chosen.packages,
            editable=chosen.editable,
            files=chosen.requirements,
            constraints=chosen.constraints,
            overrides=chosen.overrides,
            excludes=chosen.excludes,
            build_constraints=chosen.build_constraints,
            groups=files.joined(chosen.group, lambda table: table.group),
        )
        settings = read_pip_settings(pip, index, resolver, build, plan, refresh, installer)
        extras = files.joined(chosen.extra, lambda table: table.extra)
        all_extras = files.said(chosen.all_extras, lambda table: table.all_extras)
        check_extras(words, is_asked=bool(extras) or all_extras)
        asked = read_sources(words, pip.services, session.printer.warning)
        choice = pip.choose_environment(python.python, located)
        target = pip.find_environment(choice, Purpose.INSTALL)
        if asked.lockfiles:
            session.warn_of_preview("pylock", "The `--pylock` option")
        request = structs.replace(
            settings.request(asked, plan, extras, all_extras=all_extras),
            overrides=settings.overrides(),
            excludes=settings.excludes(),
            exact=bool(chosen.exact),
            no_deps=files.said(chosen.no_deps, lambda table: table.no_deps),
        )
        outcome = pip_install(request, target, pip.services, pip.reporter)
        return report_installation(pip, request, outcome, plan)


command = declare_command(
    "pip install",
    "Install packages into an environment",
    PipListArgs,
    PipPlanArgs,
    UserArgs,
    ChangedEnvironmentArgs,
    CertificateArgs,
    IndexArgs,
    ResolverArgs,
    BackendArgs,
    InstallerArgs,
    RefreshArgs,
    _PythonArgs,
    GlobalArgs,
    conflicts=(*CHANGED_ENVIRONMENT_CONFLICTS, *PIP_PLAN_CONFLICTS, ("all_extras", "extra")),
    overrides=CHANGED_ENVIRONMENT_OVERRIDES,
    needs=("packages", "requirements", "editable", "group"),
    positional_usage="<PACKAGE|--requirements <REQUIREMENTS>|--editable <EDITABLE>|--group <GROUP>>",
)(install)
