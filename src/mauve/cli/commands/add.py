"""Add dependencies to the project."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.build import BuildArgs
from mauve.config.arguments.cache import RefreshArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.installer import InstallerArgs
from mauve.config.arguments.lockfile import EnvironmentArgs, LockedArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import ResolverArgs
from mauve.config.arguments.selection import OMISSION_CONFLICTS, OmissionArgs
from mauve.config.declare import ArgumentGroup, arguments, flag, value, values
from mauve.config.declare import command as declare_command
from mauve.config.environment import EnvVar
from mauve.errors import ExitStatus

_PythonArgs = python_request("for resolving and syncing")


class AddArgs(ArgumentGroup, title="Options"):
    """Options of `add`."""

    packages: tuple[str, ...] = arguments(
        "PACKAGES", help="The packages to add, as PEP 508 requirements (e.g., `ruff==0.5.0`)"
    )
    requirements: tuple[str, ...] = values(
        "-r", "--requirements", aliases=("--requirement",), help="Add the packages listed in the given files"
    )
    constraints: tuple[str, ...] = values(
        "-c",
        "--constraints",
        env=EnvVar.CONSTRAINT,
        whole=True,
        hide_env=True,
        aliases=("--constraint",),
        help="Constrain versions using the given requirements files [env: `UV_CONSTRAINT`=]",
    )
    marker: str | None = value("-m", "--marker", help="Apply this marker to all added packages")
    dev: bool | None = flag("--dev", env=EnvVar.DEV, help="Add the requirements to the development dependency group")
    optional: str | None = value(
        "--optional",
        help="Add the requirements to the package's optional dependencies for the specified extra",
    )
    group: str | None = value("--group", help="Add the requirements to the specified dependency group")
    editable: bool | None = flag("--editable", off="--no-editable", help="Add the requirements as editable")
    raw: bool | None = flag("--raw", aliases=("--raw-sources",), help="Add a dependency as provided")
    bounds: str | None = value(
        "--bounds",
        choices=("lower", "major", "minor", "exact"),
        help="The kind of version specifier to use when adding dependencies",
    )
    rev: str | None = value("--rev", help="Commit to use when adding a dependency from Git")
    tag: str | None = value("--tag", help="Tag to use when adding a dependency from Git")
    branch: str | None = value("--branch", help="Branch to use when adding a dependency from Git")
    lfs: bool | None = flag("--lfs", help="Whether to use Git LFS when adding a dependency from Git")
    package: str | None = value("--package", help="Add the dependency to a specific package in the workspace")
    script: str | None = value(
        "--script",
        help="Add the dependency to the specified Python script, rather than to a project",
    )
    workspace: bool | None = flag("--workspace", help="Add the dependency as a workspace member")
    no_workspace: bool | None = flag("--no-workspace", help="Don't add the dependency as a workspace member")
    no_editable_package: tuple[str, ...] = values(
        "--no-editable-package", hidden=True, help="Install the specified editable packages as non-editable"
    )
    extra: tuple[str, ...] = values("--extra", help="Extras to enable for the dependency")


def add(
    chosen: AddArgs,
    omitted: OmissionArgs,
    locked: LockedArgs,
    environment: EnvironmentArgs,
    index: IndexArgs,
    resolver: ResolverArgs,
    build: BuildArgs,
    installer: InstallerArgs,
    refresh: RefreshArgs,
    python: PythonRequestArgs,
    shared: GlobalArgs,
) -> int:
    """Add the dependencies, lock, synchronise; everything is as before if a step fails."""
    session = Session.start(shared, refresh, python)
    from mauve.cli.additions import addition_request, check_words, selection_after
    from mauve.cli.listed import Listed
    from mauve.cli.selections import check_that_something_is_installed

    check_that_something_is_installed(locked, environment, omitted)
    check_words(chosen, index, session.printer.warning)
    listed = Listed(chosen.packages, chosen.requirements, chosen.constraints, session)
    resolving = (index, resolver, build, refresh)
    if chosen.script is not None:
        from mauve.cli.reporting import Reporter
        from mauve.cli.scripts import ScriptFollower, find_or_imagine, open_script, warn_of_useless_options
        from mauve.cli.selections import read_mode
        from mauve.operations.script_edit import add_to_script

        warn_of_useless_options(session, locked, environment)
        script = find_or_imagine(session, chosen.script, python, no_config=bool(shared.no_config))
        requested, constraints = listed.read()
        with open_script(script, session, resolving, installer, python, shared, read_mode(locked)) as opened:
            reporter = Reporter(session)
            following = ScriptFollower(opened, reporter, constraints)
            addition = addition_request(chosen, requested, index, opened.session, locks=not locked.frozen)
            add_to_script(addition, script, following.lock, following.name_of, reporter)
        return ExitStatus.SUCCESS
    from mauve.cli.editing import dependency_table, edited_project
    from mauve.operations.add import add_dependencies, check_table

    selection = selection_after(chosen, omitted)
    if environment.no_sync or locked.frozen:
        environment.active = bool(environment.active)  # no environment is meant, so none is worth a warning
    followers = (locked, environment, installer)
    with edited_project(
        session, resolving, followers, python, shared, chosen.package, selection, keeps_extraneous=True
    ) as follower:
        table = dependency_table(dev=bool(chosen.dev), group=chosen.group, optional=chosen.optional)
        check_table(table, follower.workspace)
        follower.interpreter()
        requested, constraints = listed.read()
        follower.constrain(constraints)
        add_dependencies(
            addition_request(chosen, requested, index, session, locks=not locked.frozen),
            follower.lock,
            follower.synchronise,
            follower.name_of,
            follower.reporter,
        )
    return ExitStatus.SUCCESS


command = declare_command(
    "add",
    "Add dependencies to the project",
    AddArgs,
    OmissionArgs,
    LockedArgs,
    EnvironmentArgs,
    IndexArgs,
    ResolverArgs,
    BuildArgs,
    InstallerArgs,
    RefreshArgs,
    _PythonArgs,
    GlobalArgs,
    conflicts=(
        ("dev", "optional", "group"),
        ("frozen", "locked"),
        *OMISSION_CONFLICTS,
        *((field, reason) for field in OmissionArgs.specs for reason in ("frozen", "no_sync")),
        ("upgrade", "locked"),
        ("upgrade", "frozen"),
        ("frozen", "no_sources"),
        *(("raw", field) for field in ("editable", "!editable", "rev", "tag", "branch")),
        ("tag", "branch", "rev"),
        ("script", "dev"),
        ("script", "optional"),
        ("script", "group"),
        ("script", "package"),
        ("script", "workspace"),
        ("package", "isolated"),
    ),
    needs=("packages", "requirements"),
    positional_usage="<PACKAGES|--requirements <REQUIREMENTS>>",
)(add)
