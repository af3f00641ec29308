"""Why sources are not built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.errors import ExitStatus, MauveError

if TYPE_CHECKING:
    from mauve.standards.names import PackageName


class BuildsDisabled(MauveError):
    """A source would have to be built, and may not be."""

    status = ExitStatus.FAILURE

    def __init__(self, shown: str) -> None:
        """Name the source."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Building source distributions for `{self.shown}` is disabled"


class BuildAttempted(MauveError):
    """What is to be installed would have to be built, and may not be."""

    status = ExitStatus.FAILURE

    def __init__(self, name: PackageName) -> None:
        """Name the package."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Building source distributions is disabled, but attempted to build `{self.name}`"


class NothingToInstall(MauveError):
    """No file of a distribution can be installed by the interpreter."""

    def __init__(self, display: str) -> None:
        """Name the distribution."""
        super().__init__(display)
        self.display = display

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Distribution `{self.display}` can't be installed because it doesn't have a source distribution or wheel "
            "for the current platform"
        )


class UnsatisfiableBuild(MauveError):
    """What a build needs cannot be resolved; the cause says why."""

    status = ExitStatus.FAILURE

    def __init__(self, requirements: tuple[str, ...], failure: MauveError) -> None:
        """Name what was resolved."""
        super().__init__(requirements, failure)
        self.requirements = requirements
        self.failure = failure

    def __str__(self) -> str:
        """Return the headline in uv's words."""
        return f"No solution found when resolving: {', '.join(f'`{one}`' for one in self.requirements)}"

    def hints(self) -> tuple[str, ...]:
        """Return what the user may do."""
        return self.failure.hints()


class UnreachableRequirements(UnsatisfiableBuild):
    """The same, where the cause is the network or the system."""

    status = ExitStatus.ERROR
