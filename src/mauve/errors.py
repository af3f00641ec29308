"""The root of the errors that are meant for the user, and the exit codes."""

from __future__ import annotations

from typing import ClassVar

from mauve.enumerations import IntEnum


class ExitStatus(IntEnum):
    """What the process returns; `run` may return the child's own code instead."""

    SUCCESS = 0
    FAILURE = 1
    """The request was understood and cannot be fulfilled (no solution, an outdated lockfile, a failed build)."""
    ERROR = 2
    """Bad usage, malformed input, or an unexpected failure of the system."""


class MauveError(Exception):
    """An error that is shown without a stack trace.

    Subclasses take typed fields, return one line from `__str__` (no full stop, names in backticks, no hint), and
    are raised `from` their cause; the chain of causes is printed below the message.
    """

    status: ClassVar[ExitStatus] = ExitStatus.ERROR

    def hints(self) -> tuple[str, ...]:
        """Return what the user may do about it, without a prefix; empty if nothing is known."""
        return ()
