"""Read or update the project's version."""

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
from mauve.config.declare import ArgumentGroup, argument, flag, value, values
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus

_PythonArgs = python_request("for resolving and syncing")


class VersionArgs(ArgumentGroup, title="Options"):
    """Options of `version`."""

    new: str | None = argument("VALUE", help="Set the project version to this value")
    bump: tuple[str, ...] = values(
        "--bump",
        metavar="BUMP[=VALUE]",
        help=(
            "Update the project version using the given semantics [possible values: major, minor, patch, stable, "
            "alpha, beta, rc, post, dev]"
        ),
    )
    dry_run: bool | None = flag("--dry-run", help="Don't write a new version to the `pyproject.toml`")
    short: bool | None = flag("--short", help="Only show the version")
    output_format: str | None = value(
        "--output-format",
        choices=("text", "json"),
        help="The format of the output [default: text]",
    )
    package: str | None = value("--package", help="Update the version of a specific package in the workspace")


def version(
    chosen: VersionArgs,
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
    """Print the version, or change it and follow with lockfile and environment."""
    session = Session.start(shared, refresh, python)
    from mauve.cli.editing import edited_project
    from mauve.cli.selections import check_that_something_is_installed
    from mauve.cli.versions import read_bumps, render_version
    from mauve.lock.selection import Selection
    from mauve.operations.version import VersionRequest, change_version, check_for_project, locked_version
    from mauve.standards.names import package_name

    check_that_something_is_installed(locked, environment)
    asked = VersionRequest(
        directory=session.project_directory,
        package=None if chosen.package is None else package_name(chosen.package),
        value=chosen.new,
        bumps=read_bumps(chosen.bump),
        is_dry=bool(chosen.dry_run),
        locks=not locked.frozen,
    )
    check_for_project(asked.directory, asked.package, is_named=bool(shared.project))
    resolving = (index, resolver, build, refresh)
    followers = (locked, environment, installer)
    with edited_project(
        session, resolving, followers, python, shared, chosen.package, Selection(), keeps_extraneous=True
    ) as follower:
        if locked.frozen and asked.value is None and not asked.bumps:
            outcome = locked_version(asked, follower.locked)
        else:
            outcome = change_version(asked, follower.lock, follower.synchronise)
    as_json = chosen.output_format == "json"
    session.printer.data(
        render_version(outcome, session.printer.out_style, short=bool(chosen.short), as_json=as_json),
        important=as_json,
    )
    return ExitStatus.SUCCESS


command = declare_command(
    "version",
    "Read or update the project's version",
    VersionArgs,
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
        ("frozen", "locked"),
        ("upgrade", "locked"),
        ("upgrade", "frozen"),
        ("new", "bump"),
        ("frozen", "no_sources"),
        ("package", "isolated"),
    ),
)(version)
