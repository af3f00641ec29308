"""Remove dependencies from the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.cli.session import Session
from mauve.config.arguments.build import BuildArgs
from mauve.config.arguments.cache import RefreshArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.installer import InstallerArgs
from mauve.config.arguments.lockfile import EnvironmentArgs, LockedArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import ResolverArgs
from mauve.config.declare import ArgumentGroup, UsageError, arguments, flag, value
from mauve.config.declare import command as declare_command
from mauve.config.environment import EnvVar
from mauve.errors import ExitStatus

if TYPE_CHECKING:
    from mauve.standards.names import PackageName

_PythonArgs = python_request("for resolving and syncing")


class RemoveArgs(ArgumentGroup, title="Options"):
    """Options of `remove`."""

    packages: tuple[str, ...] = arguments(
        "PACKAGES", required=True, help="The names of the dependencies to remove (e.g., `ruff`)"
    )
    dev: bool | None = flag("--dev", env=EnvVar.DEV, help="Remove the packages from the development dependency group")
    optional: str | None = value(
        "--optional",
        help="Remove the packages from the project's optional dependencies for the specified extra",
    )
    group: str | None = value("--group", help="Remove the packages from the specified dependency group")
    package: str | None = value("--package", help="Remove the dependencies from a specific package in the workspace")
    script: str | None = value(
        "--script",
        help="Remove the dependency from the specified Python script, rather than from a project",
    )


def remove(
    chosen: RemoveArgs,
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
    """Remove the dependencies, lock, synchronise; everything is as before if a step fails."""
    session = Session.start(shared, refresh, python)
    from mauve.cli.selections import check_that_something_is_installed
    from mauve.standards.names import package_name

    check_that_something_is_installed(locked, environment)
    names = tuple(map(_name, chosen.packages))
    resolving = (index, resolver, build, refresh)
    if chosen.script is not None:
        from mauve.cli.reporting import Reporter
        from mauve.cli.scripts import ScriptFollower, find_script, open_script, warn_of_useless_options
        from mauve.cli.selections import read_mode
        from mauve.operations.script_edit import remove_from_script

        warn_of_useless_options(session, locked, environment)
        script = find_script(session, chosen.script)
        with open_script(script, session, resolving, installer, python, shared, read_mode(locked)) as opened:
            following = ScriptFollower(opened, Reporter(session))
            if not remove_from_script(names, script, None if locked.frozen else following.lock) and not locked.frozen:
                session.printer.note(f"Updated `{session.printer.style.cyan(chosen.script)}`")
        return ExitStatus.SUCCESS
    from mauve.cli.editing import dependency_table, edited_project
    from mauve.lock.selection import Selection
    from mauve.operations.remove import RemoveRequest, remove_dependencies

    followers = (locked, environment, installer)
    with edited_project(
        session, resolving, followers, python, shared, chosen.package, Selection(), keeps_extraneous=False
    ) as follower:
        remove_dependencies(
            RemoveRequest(
                directory=session.project_directory,
                names=names,
                table=dependency_table(dev=bool(chosen.dev), group=chosen.group, optional=chosen.optional),
                package=None if chosen.package is None else package_name(chosen.package),
                locks=not locked.frozen,
            ),
            follower.lock,
            follower.synchronise,
        )
    return ExitStatus.SUCCESS


def _name(text: str) -> PackageName:
    """Return the name in *text*, which may be a whole requirement.

    Raises:
        UsageError: it is none.
    """
    from mauve.standards.names import InvalidName, package_name
    from mauve.standards.requirements import InvalidRequirement, parse_requirement

    try:
        return package_name(text)
    except InvalidName:
        try:
            return parse_requirement(text).name
        except InvalidRequirement as error:
            label = RemoveArgs.specs["packages"].label
            raise UsageError(f"invalid value '{text}' for '{label}': {error}", show_usage=False) from error


command = declare_command(
    "remove",
    "Remove dependencies from the project",
    RemoveArgs,
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
        ("upgrade", "locked"),
        ("upgrade", "frozen"),
        ("frozen", "no_sources"),
        ("script", "dev"),
        ("script", "optional"),
        ("script", "group"),
        ("package", "isolated"),
    ),
)(remove)
