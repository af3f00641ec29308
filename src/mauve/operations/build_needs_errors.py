"""What is wrong with what the user adds to builds."""

from __future__ import annotations

from mauve.errors import ExitStatus, MauveError
from mauve.standards.names import PackageName


class UnmatchedRuntime(MauveError):
    """An extra build requirement must match what is installed, and nothing of that name is."""

    def __init__(self, name: PackageName) -> None:
        """Name what is required."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"`{self.name}` was declared as an extra build dependency with `match-runtime = true`, but was not found "
            "in the resolution"
        )


class BoundRuntime(MauveError):
    """An extra build requirement must match what is installed, and names versions as well."""

    def __init__(self, requirement: str) -> None:
        """Show the requirement."""
        super().__init__(requirement)
        self.requirement = requirement

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            "Dependencies marked with `match-runtime = true` cannot include version specifiers, but found: "
            f"`{self.requirement}`"
        )


class RuntimeUnknown(MauveError):
    """A build needs to match what is installed before that is known."""

    status = ExitStatus.FAILURE

    def __init__(self, requirement: PackageName, name: PackageName) -> None:
        """Name what is required, and by whom."""
        super().__init__(requirement, name)
        self.requirement = requirement
        self.name = name

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Extra build requirement `{self.requirement}` was declared with `match-runtime = true`, but `{self.name}` "
            "does not declare static metadata, making runtime-matching impossible"
        )
