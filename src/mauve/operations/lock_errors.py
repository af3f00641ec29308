"""What can be wrong with a lockfile when a project is locked."""

from __future__ import annotations

from mauve.errors import ExitStatus, MauveError


class MissingLock(MauveError):
    """There is no lockfile, and none may be made."""

    status = ExitStatus.FAILURE

    def __init__(self, name: str, option: str) -> None:
        """Name the file and the option that forbids to make it."""
        super().__init__(name, option)
        self.name = name
        self.option = option

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Unable to find lockfile at `{self.name}`, but `{self.option}` was provided. To create a lockfile, run "
            "`uv lock` or `uv sync` without the flag."
        )


class OutdatedLock(MauveError):
    """The lockfile would change, and must not."""

    status = ExitStatus.FAILURE

    def __init__(self, name: str, option: str) -> None:
        """Name the file and the option."""
        super().__init__(name, option)
        self.name = name
        self.option = option

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"The lockfile at `{self.name}` needs to be updated, but `{self.option}` was provided."

    def hints(self) -> tuple[str, ...]:
        """Return the command that updates it."""
        return ("To update the lockfile, run `uv lock`.",)


class MissingMember(OutdatedLock):
    """A frozen lockfile does not know a member."""

    def __init__(self, name: str, option: str, member: str) -> None:
        """Name the file, the option and the member."""
        super().__init__(name, option)
        self.member = member

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"{super().__str__().rstrip('.')}: Missing workspace member `{self.member}`."


class NonCanonicalLock(OutdatedLock):
    """The lockfile must not change, and is formatted otherwise than it would be written."""

    def __init__(self, name: str, line: int, option: str) -> None:
        """Name the file, its first line that is wrong, and the option."""
        super().__init__(name, option)
        self.line = line

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"The lockfile at `{self.name}` has non-canonical formatting at line {self.line}, but `{self.option}` was "
            "provided."
        )

    def hints(self) -> tuple[str, ...]:
        """Return the command that formats it."""
        return ("To regenerate the lockfile, run `uv lock --refresh --preview-features lockfile-format-check`.",)


class MetadataUnavailable(MauveError):
    """What a locked package declares today is not known; the cause says why."""

    def __init__(self, display: str, failure: MauveError | None = None) -> None:
        """Name the package as the lock has it; *failure* is what else would have been told."""
        super().__init__(display)
        self.display = display
        self.failure = failure

    def hints(self) -> tuple[str, ...]:
        """Return what the failure suggests."""
        return () if self.failure is None else self.failure.hints()

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to generate package metadata for `{self.display}`"


class UnknownGroup(MauveError):
    """A group was named that nobody declares."""

    def __init__(self, group: str, *, is_alone: bool) -> None:
        """Name the group, and tell whether there is one project only."""
        super().__init__(group, is_alone)
        self.group = group
        self.is_alone = is_alone

    def __str__(self) -> str:
        """Return the message in uv's words."""
        whose = "the project's" if self.is_alone else "any project's"
        return f"Group `{self.group}` is not defined in {whose} `dependency-groups` table"
