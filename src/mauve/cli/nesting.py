"""How often `run` was called by `run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.config.declare import UsageError
from mauve.config.environment import EnvVar
from mauve.errors import MauveError

if TYPE_CHECKING:
    from mauve.config.environment import Variables

_MOST: Final = 100


class RecursionTooDeep(MauveError):
    """`run` was called by `run` more often than makes sense."""

    def __init__(self, depth: int, limit: int) -> None:
        """Say how often, and what is allowed."""
        super().__init__(depth, limit)
        self.depth = depth
        self.limit = limit

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"`uv run` was recursively invoked {self.depth} times which exceeds the limit of {self.limit}"

    def hints(self) -> tuple[str, ...]:
        """Return the usual reason."""
        return (
            "If you are running a script with `uv run` in the shebang, you may need to include the `--script` flag",
        )


def count_nesting(variables: Variables, limit: str | None) -> int:
    """Return how many calls of `run` are around this one; *limit* is what the user allows.

    Raises:
        RecursionTooDeep: these are too many.
        MauveError: a number is no number.
    """
    most = _MOST
    if limit is not None:
        if not limit.isdecimal():
            label = "--max-recursion-depth <MAX_RECURSION_DEPTH>"
            message = f"invalid value '{limit}' for '{label}': invalid digit found in string"
            raise UsageError(message, show_usage=False)
        most = int(limit)
    depth = variables.number(EnvVar.RUN_RECURSION_DEPTH) or 0
    if depth > most:
        raise RecursionTooDeep(depth, most)
    return depth
