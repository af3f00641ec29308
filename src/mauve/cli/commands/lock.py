"""Update the project's lockfile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.cli.session import Session
from mauve.config.arguments.build import BuildArgs
from mauve.config.arguments.cache import RefreshArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.installer import LinkArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import ResolverArgs
from mauve.config.declare import ArgumentGroup, flag, value
from mauve.config.declare import command as declare_command
from mauve.config.environment import EnvVar
from mauve.errors import ExitStatus

_PythonArgs = python_request("during resolution")
_UNCHECKED: Final = (
    "The lockfile at `uv.lock` was only checked for validity, not whether it is up-to-date, because `{}` was provided; "
    "use `--check` instead"
)
_MODES: Final = ("check", "check_exists", "locked", "frozen")

if TYPE_CHECKING:
    from mauve.config.declare import Parsed
    from mauve.config.environment import Variables
    from mauve.operations.lock import LockMode


class LockArgs(ArgumentGroup, title="Options"):
    """Options of `lock`."""

    check: bool | None = flag("--check", help="Check if the lockfile is up-to-date")
    locked: bool | None = flag("--locked", env=EnvVar.LOCKED, off="--no-locked", hidden=True)
    check_exists: bool | None = flag(
        "--check-exists",
        env=EnvVar.FROZEN,
        help="Assert that a `uv.lock` exists without checking if it is up-to-date",
    )
    frozen: bool | None = flag("--frozen", off="--no-frozen", hidden=True)
    dry_run: bool | None = flag("--dry-run", help="Perform a dry run, without writing the lockfile")
    script: str | None = value("--script", help="Lock the specified Python script, rather than the current project")

    def __init__(self, parsed: Parsed, variables: Variables) -> None:
        """Let what was typed win over a variable that says the contrary."""
        super().__init__(parsed, variables)
        self._prefer_typed(("check", "locked"), "check_exists")
        self._prefer_typed(("check_exists", "frozen"), "locked")


def lock(
    chosen: LockArgs,
    index: IndexArgs,
    resolver: ResolverArgs,
    build: BuildArgs,
    link: LinkArgs,
    refresh: RefreshArgs,
    python: PythonRequestArgs,
    shared: GlobalArgs,
) -> int:
    """Lock the project around the working directory and say what changed."""
    del link
    session = Session.start(shared, refresh, python)
    from mauve.cli.projects import open_project
    from mauve.cli.reporting import Reporter, lock_changes
    from mauve.cli.verdicts import remember
    from mauve.operations.lock import LockMode, read_frozen, workspace_target
    from mauve.operations.project import lock_workspace

    reporter = Reporter(session)
    mode, option = _read_mode(chosen)
    if chosen.script is not None:
        from msgspec import structs

        from mauve.cli.scripts import find_or_imagine, open_script
        from mauve.operations.script import lock_script

        script = find_or_imagine(session, chosen.script, python)
        groups = (index, resolver, build, refresh)
        with open_script(script, session, groups, None, python, shared, (mode, option), active=False) as opened:
            request = structs.replace(opened.request, rechecks=True)
            outcome = lock_script(script, request, opened.services, reporter).outcome
            if mode is LockMode.FROZEN:
                reporter.warning(_UNCHECKED.format(option))
            lock_changes(outcome, reporter, dry_run=mode is LockMode.DRY_RUN)
        return ExitStatus.SUCCESS
    with open_project(session, index, resolver, build, refresh) as project:
        if mode is LockMode.FROZEN:
            read_frozen(workspace_target(project.workspace), option, project.services)
            reporter.warning(_UNCHECKED.format(option))
            return ExitStatus.SUCCESS
        wish = project.lock_wish((mode, option), python, shared, active=False, rechecks=True)
        locked = lock_workspace(project.workspace, wish, project.services, reporter)
        lock_changes(locked.outcome, reporter, dry_run=mode is LockMode.DRY_RUN)
        if mode in (LockMode.WRITE, LockMode.LOCKED):
            remember(session, reporter, project, wish, locked.outcome, locked.interpreter)
    return ExitStatus.SUCCESS


def _read_mode(chosen: LockArgs) -> tuple[LockMode, str]:
    """Return what may happen to the lockfile, and how that was said; the command line wins over variables."""
    from mauve.operations.lock import LockMode

    said = [field for field in _MODES if getattr(chosen, field)]
    said.sort(key=lambda field: not chosen.is_typed(field))
    if not said:
        return (LockMode.DRY_RUN if chosen.dry_run else LockMode.WRITE), ""
    field = said[0]
    return (LockMode.LOCKED if field in ("check", "locked") else LockMode.FROZEN), chosen.spelling(field)


command = declare_command(
    "lock",
    "Update the project's lockfile",
    LockArgs,
    IndexArgs,
    ResolverArgs,
    BuildArgs,
    LinkArgs,
    RefreshArgs,
    _PythonArgs,
    GlobalArgs,
    conflicts=tuple(
        [
            (stronger, weaker)
            for stronger, weakers in (
                ("check", ("check_exists", "frozen", "dry_run")),
                ("check_exists", ("locked", "dry_run")),
                ("frozen", ("check_exists", "locked", "dry_run")),
                ("locked", ("dry_run",)),
                ("upgrade", ("check", "locked")),
            )
            for weaker in weakers
        ]
    ),
)(lock)
