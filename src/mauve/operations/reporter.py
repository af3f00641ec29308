"""What operations tell while they work; `cli` prints it, tests collect it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from mauve.operations.install_reporter import InstallationReporter
from mauve.python.environment import Change
from mauve.python.reporter import EnvironmentReporter

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from mauve.resolver.reporter import ResolverReporter


class EnvironmentEvents(EnvironmentReporter, Protocol):
    """What happens to environments, and warnings about them."""

    def warning(self, message: str) -> None:
        """Something deserves attention."""
        ...


class LockEvents(Protocol):
    """What happens while a project is locked."""

    def resolving(self) -> AbstractContextManager[ResolverReporter]:
        """Show progress within the block."""
        ...

    def note(self, message: str) -> None:
        """Tell why something is done."""
        ...

    def warning(self, message: str) -> None:
        """Something deserves attention."""
        ...

    def debug(self, message: str) -> None:
        """Explain a step."""
        ...

    def resolved(self, number: int, seconds: float) -> None:
        """The lock is known: so many packages."""
        ...

    def building(self, display: str) -> None:
        """A source is being built."""
        ...

    def built(self, display: str) -> None:
        """It is built."""
        ...

    def updating(self, display: str) -> None:
        """A repository is asked for the reference that *display* ends with."""
        ...

    def updated(self, display: str) -> None:
        """The commit that *display* ends with was fetched."""
        ...


class SyncEvents(LockEvents, EnvironmentEvents, InstallationReporter, Protocol):
    """What happens while an environment is brought up to date, and what would in a dry run."""

    def would_have_environment(self, change: Change, root: str) -> None:
        """The environment at *root* would be used, created or replaced."""
        ...

    def script_environment(self, change: Change, root: str, *, dry_run: bool) -> None:
        """The environment of a script at *root* is used, created or replaced, or in a dry run would be."""
        ...

    def would_have_lock(self, shown: str, *, exists: bool, changed: bool) -> None:
        """The lockfile called *shown* would be kept, updated or created."""
        ...
