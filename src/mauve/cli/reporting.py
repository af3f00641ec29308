"""What operations tell, printed as it happens: summary lines, notes, warnings, progress."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mauve.python.variables import python_variables
from mauve.terminal.counts import duration, packages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mauve.cli.session import Session
    from mauve.distributions.sources import Source
    from mauve.installer.plan import InstallPlan
    from mauve.operations.install import InstallOutcome
    from mauve.operations.lock import LockOutcome
    from mauve.operations.pip_uninstall import Removals
    from mauve.python.environment import Change as EnvironmentChange
    from mauve.python.environment import Environment
    from mauve.python.interpreter import Interpreter
    from mauve.resolver.reporter import ResolverReporter
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Version
    from mauve.terminal.changes import Change
    from mauve.terminal.progress import Display, Installation, Spinner, Transfers


class Reporter:
    """Implements the reporting protocols of `mauve.operations.reporter` for one session.

    Attributes:
        shows_lock: whether `Resolved …` and `Checked …` are printed (`run` keeps them to itself).
        shows_resolution: whether `Resolved …` is printed; off after the first of several locks.
        summaries: lines that a run without changes would print again, `@TIME@` in place of a duration.
        only_summaries: whether nothing else was printed.
        retold: lines that a run which makes and fills the same environment would print: once it is there, before and
            after it is filled.
    """

    def __init__(
        self, session: Session, *, shows_lock: bool = True, shows_summaries: bool = True, is_data: bool = False
    ) -> None:
        """Print through the session's printer; with *is_data* a report is printed in the end, so some lines are not."""
        self._is_data = is_data
        self._shows_summaries = shows_summaries
        self._printer = session.printer
        self._warn_of_preview = session.warn_of_preview
        self._style = session.printer.style
        self._directory = session.directory
        self._variables = session.variables.mapping
        self._enabled = session.show_progress
        self.shows_lock = shows_lock
        self.shows_resolution = True
        self.summaries: list[str] = []
        self.only_summaries = True
        self.retold: tuple[list[str], list[str], list[str]] = ([], [], [])
        self._stage = 0
        self._transfers: _Transfers | None = None
        self._installation: Installation | None = None
        self._display: Display | None = None

    # --- everyone

    def note(self, message: str) -> None:
        """Print *message* as it is."""
        self.only_summaries = False
        self._printer.note(message)

    def warning(self, message: str) -> None:
        """Print a warning."""
        self.only_summaries = False
        self._printer.warning(message)

    def warn_of_index_cutoff(self) -> None:
        """Print that cut-offs of indexes may change, unless they were asked for."""
        self.only_summaries = False
        self._warn_of_preview("index-exclude-newer", "Setting `exclude-newer` on configured indexes")

    def debug(self, message: str) -> None:
        """Print a line for `-v`."""
        self._printer.debug(message)

    def summary(self, verb: str, number: int | None, tail: str) -> None:
        """Print a summary line with *number* packages, or without a number."""
        self.only_summaries = False
        if self._shows_summaries:
            self._printer.note(self._style.summary(verb, "" if number is None else packages(number), tail))

    def _unchanged(self, verb: str, number: int, seconds: float) -> None:
        """Print a summary line of a run that changes nothing, and keep it for a verdict."""
        count = packages(number) if number else ""
        self._say(self._style.summary(verb, count, "in @TIME@"), duration(seconds))

    def _say(self, template: str, time: str = "") -> None:
        if self._printer.quiet == 0:
            self.summaries.append(template)
        self._retell(template, time)

    def _retell(self, template: str, time: str = "") -> None:
        if self._printer.quiet == 0:
            self.retold[self._stage].append(template)
        self._printer.note(template.replace("@TIME@", time))

    def member_added(self, path: str) -> None:
        """Tell that a folder became a member of the workspace."""
        self._printer.note(f"Added `{self._style.cyan(path)}` to workspace members")

    # --- environments

    def using(self, interpreter: Interpreter) -> None:
        """Tell which interpreter was chosen."""
        if python_variables(self._variables).is_managed(interpreter):
            self._say(f"Using {interpreter.description}")
            return
        shown = self._shown(interpreter.executable)
        self._say(f"Using {interpreter.description} interpreter at: {self._style.cyan(shown)}")

    def using_environment(self, environment: Environment, cache_root: str) -> None:
        """Tell which environment a command works on, unless everybody expects it or nobody knows it."""
        root = os.path.abspath(environment.root)
        if root == os.path.join(self._directory, ".venv") or root.startswith(os.path.join(cache_root, "")):
            return
        version = environment.interpreter.markers.python_full_version
        self._say(f"Using Python {version} environment at: {self._style.cyan(self._shown(root))}")

    def dangling(self, link: str, target: str) -> None:
        """Warn of an environment whose interpreter is gone."""
        self.only_summaries = False
        self._printer.warning(
            "Ignoring existing virtual environment linked to non-existent Python interpreter: "
            f"`{self._shown(link)}` -> `{target}`"
        )

    def incompatible(self, root: str, reason: str) -> None:
        """Warn of an environment that is used though it does not fit."""
        self.only_summaries = False
        self._printer.warning(f"Using incompatible environment (`{self._shown(root)}`) due to `--no-sync` ({reason})")

    def removed(self, root: str) -> None:
        """Tell that an environment is gone."""
        self.only_summaries = False
        self._printer.note(f"Removed virtual environment at: {self._style.cyan(self._shown(root))}")

    def creating(self, root: str, contents: str = "") -> None:
        """Tell that an environment is being made, and with which *contents*."""
        self.only_summaries = False
        words = f" {contents}" if contents else ""
        self._retell(f"Creating virtual environment{words} at: {self._style.cyan(self._shown(root))}")
        self._stage = 1

    # --- locking

    @contextmanager
    def resolving(self) -> Iterator[ResolverReporter]:
        """Show a spinner with the package that is being looked at."""
        from mauve.terminal.progress import Spinner, watch

        spinner = Spinner(self._style, "Resolving dependencies...")
        with watch(self._printer, spinner, enabled=self._enabled):
            yield _Resolving(self, spinner, is_verbose=self._printer.verbose > 0)

    def resolved(self, number: int, seconds: float) -> None:
        """Print how many packages the lock has."""
        if self.shows_lock and self.shows_resolution:
            self._unchanged("Resolved", number, seconds)

    def building(self, display: str) -> None:
        """Tell that a source is being built."""
        self.only_summaries = False
        self._printer.note(f"   {self._style.literal('Building')} {display}")

    def built(self, display: str) -> None:
        """Tell that a source is built."""
        self.only_summaries = False
        self._printer.note(f"      {self._style.heading('Built')} {display}")

    def updating(self, display: str) -> None:
        """Tell that a repository is asked for a reference."""
        self.only_summaries = False
        self._printer.note(f"   {self._style.literal('Updating')} {display}")

    def updated(self, display: str) -> None:
        """Tell that a commit was fetched."""
        self.only_summaries = False
        self._printer.note(f"    {self._style.heading('Updated')} {display}")

    # --- installing

    def preparing(self, total: int) -> _Transfers:
        """Show bars for downloads."""
        from mauve.terminal.progress import Transfers, watch

        picture = Transfers(self._style, total)
        self._display = watch(self._printer, picture, enabled=self._enabled).__enter__()
        self._transfers = _Transfers(picture)
        return self._transfers

    def prepared(self, number: int, seconds: float, *, isolated: bool = True) -> None:
        """Print how many distributions were made ready."""
        self.stop()
        if self.shows_lock:
            self.summary("Prepared", number, f"{'' if isolated else 'without build isolation '}in {duration(seconds)}")

    def uninstalled_all(self, number: int, seconds: float) -> None:
        """Print how many distributions were removed."""
        self.summary("Uninstalled", number, f"in {duration(seconds)}")

    def installing(self, total: int) -> None:
        """Show a bar."""
        from mauve.terminal.progress import Installation, watch

        self._installation = Installation(total)
        self._display = watch(self._printer, self._installation, enabled=self._enabled).__enter__()

    def installed_one(self, name: str) -> None:
        """Advance the bar."""
        if self._installation is not None:
            self._installation.advanced(name)

    def installed_all(self, number: int, seconds: float) -> None:
        """Print how many were installed."""
        self.stop()
        self._stage = 2
        self.only_summaries = False
        if self._shows_summaries:
            self._retell(self._style.summary("Installed", packages(number), "in @TIME@"), duration(seconds))

    def compiled(self, number: int, seconds: float) -> None:
        """Print how many files were compiled, which every run does."""
        self.only_summaries = False
        files = f"{number} file{'' if number == 1 else 's'}"
        self._printer.note(self._style.summary("Bytecode compiled", files, f"in {duration(seconds)}"))

    def checked(self, number: int, seconds: float) -> None:
        """Print that everything is fine."""
        if self.shows_lock:
            self._unchanged("Checked", number, seconds)

    def stop(self) -> None:
        """Take any progress display off the terminal."""
        if self._display is not None:
            self._display.__exit__(None, None, None)
            self._display = None

    # --- changes

    def changes(self, outcome: InstallOutcome) -> None:
        """Print a line for each distribution that was removed, added or replaced."""
        from mauve.terminal.changes import change_lines

        for line in change_lines(installation_changes(outcome), self._style):
            self._retell(line)

    def removed_all(self, removals: Removals, seconds: float, *, dry_run: bool) -> None:
        """Print what was removed on request, or in a dry run would be."""
        from mauve.terminal.changes import change_lines

        number = len(removals.distributions)
        if dry_run:
            self.summary("Would uninstall", number, "")
        else:
            self.uninstalled_all(number, seconds)
        gone = zip(removals.distributions, removals.origins, strict=True)
        changes = _exchanged([(item.name, str(item.version), _origin(origin)) for item, origin in gone], [])
        for line in change_lines(changes, self._style):
            self._printer.note(line)

    def would_have_environment(self, change: EnvironmentChange, root: str) -> None:
        """Print what a dry run would do about the environment."""
        if self._is_data:
            return
        shown = self._style.cyan(self._shown(root))
        self._printer.note(f"Would {change.value} project environment at: {shown}")

    def script_environment(self, change: EnvironmentChange, root: str, *, dry_run: bool) -> None:
        """Print which environment a script has, or in a dry run would have."""
        progress = {"use": "Using", "create": "Creating", "replace": "Updating"}
        words = f"Would {change.value}" if dry_run else progress[change.value]
        self.only_summaries = False
        if self._is_data or not self._shows_summaries:
            return
        self._printer.note(f"{words} script environment at: {self._style.cyan(self._shown(root))}")

    def would_have_lock(self, shown: str, *, exists: bool, changed: bool) -> None:
        """Print what a dry run would do about the lockfile."""
        if self._is_data:
            return
        path = self._style.cyan(shown)
        if not changed:
            self._printer.note(f"Found up-to-date lockfile at: {path}")
        else:
            self._printer.note(f"Would {'update' if exists else 'create'} lockfile at: {path}")

    def planned(self, outcome: InstallOutcome, number: int) -> None:
        """Print what a dry run would do to packages."""
        from mauve.terminal.changes import change_lines

        plan = outcome.plan
        if plan.is_noop:
            self.summary("Checked", number or None, f"in {duration(outcome.planning)}")
            self._printer.note("Would make no changes")
            return
        if plan.remote:
            self.summary("Would download", len(plan.remote), "")
        removals = (*plan.extraneous, *plan.reinstalls)
        if removals:
            self.summary("Would uninstall", len(removals), "")
        additions = len(plan.remote) + len(plan.cached)
        if additions:
            self.summary("Would install", additions, "")
        for line in change_lines(planned_changes(plan), self._style):
            self._printer.note(line)

    def lock_change(self, verb: str, rest: str) -> None:
        """Print one change of the lockfile."""
        paint = {"Add": self._style.green, "Upd": self._style.heading, "Rem": self._style.red}[verb[:3]]
        self._printer.note(f"{paint(verb)} {rest}")

    def _shown(self, path: str) -> str:
        relative = os.path.relpath(path, self._directory)
        return path if relative.startswith("..") else relative


class _Resolving:
    """Passes the resolver's steps to a spinner and to `-v`."""

    def __init__(self, reporter: Reporter, spinner: Spinner, *, is_verbose: bool) -> None:
        self._reporter = reporter
        self._spinner = spinner
        self.is_verbose = is_verbose

    def selected(self, name: PackageName, version: Version) -> None:
        self._spinner.tell(f"{name}=={version}")

    def debug(self, message: str) -> None:
        self._reporter.debug(message)

    def warning(self, message: str) -> None:
        self._reporter.warning(message)

    def used_index_cutoff(self) -> None:
        self._reporter.warn_of_index_cutoff()

    def finished(self) -> None:
        self._spinner.tell("Resolving dependencies...")


class _Transfers:
    """Passes the progress of downloads to their bars."""

    def __init__(self, picture: Transfers) -> None:
        self._picture = picture

    def started(self, name: PackageName, size: int | None) -> None:
        self._picture.started(name, size)

    def advanced(self, name: PackageName, count: int) -> None:
        self._picture.advanced(name, count)

    def prepared(self, name: PackageName) -> None:
        self._picture.finished(name)


def lock_changes(outcome: LockOutcome, reporter: Reporter, *, dry_run: bool) -> None:
    """Print what a new lock changed in the old one; nothing for a first lock that is written."""
    from mauve.lock.changes import describe_change
    from mauve.lock.changes import lock_changes as compare

    if outcome.previous is None and not dry_run:
        return
    if not outcome.changed:
        if dry_run:
            reporter.note("No lockfile changes detected")
        return
    changes = compare(outcome.previous, outcome.lock)
    for change in changes:
        verb, rest = describe_change(change, dry_run=dry_run)
        reporter.lock_change(verb, rest)
    if dry_run and not changes:
        reporter.note("Lockfile changes detected")


def planned_changes(plan: InstallPlan) -> list[Change]:
    """Return what carrying out *plan* would change."""
    from mauve.terminal.changes import Change, Sign

    removals = (*plan.extraneous, *plan.reinstalls)
    changes = _exchanged(
        [(item.name, str(item.version), _origin(item.direct_url)) for item in removals],
        [(item.name, str(item.version), _origin(item.direct_url)) for item in plan.cached],
    )
    for remote in plan.remote:
        distribution = remote.distribution
        place = _place(distribution.source)
        is_known = distribution.version is not None and (remote.wheel is not None or not place)
        version = str(distribution.version) if is_known else ""
        changes.append(Change(Sign.ADDED, distribution.name, version, place=place))
    return changes


def installation_changes(outcome: InstallOutcome) -> list[Change]:
    """Return what changed; a distribution replaced by the same version from the same place is one change."""
    plan = outcome.plan
    removed = [
        (item.name, str(item.version), _origin(outcome.origins[item.path]))
        for item in (*plan.extraneous, *plan.reinstalls)
    ]
    added = [(wheel.name, str(wheel.version), _origin(wheel.direct_url)) for wheel in outcome.installed]
    return _exchanged(removed, added)


def _exchanged(removed: Sequence[tuple[str, str, str]], added: Sequence[tuple[str, str, str]]) -> list[Change]:
    """Return the changes of what goes and what comes, each with its version and place; the same is replaced."""
    from mauve.terminal.changes import Change, Sign

    changes: list[Change] = []
    gone, come = frozenset(removed), frozenset(added)
    changes += [Change(Sign.REMOVED, *each) for each in removed if each not in come]
    changes += [Change(Sign.REPLACED if each in gone else Sign.ADDED, *each) for each in added]
    return changes


def _origin(direct_url: bytes | None) -> str:
    if direct_url is None:
        return ""
    from mauve.installer.origin import describe_origin
    from mauve.standards.direct_url import parse_direct_url

    return f" (from {describe_origin(parse_direct_url(direct_url))})"


def _place(source: Source) -> str:
    """Return where something comes from whose version may be known only once it is there."""
    from mauve.installer.origin import describe_origin, direct_url_of

    direct_url = direct_url_of(source)
    return "" if direct_url is None else f" @ {describe_origin(direct_url)}"
