"""What can be wrong with a lockfile, in the words of the command line."""

from __future__ import annotations

from mauve.errors import ExitStatus, MauveError
from mauve.lock.model import SCHEMA_VERSION


class InvalidLock(MauveError):
    """The lockfile cannot be read; the cause says why."""

    status = ExitStatus.ERROR

    def __init__(self, name: str) -> None:
        """Name the file, as the user calls it."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return uv's headline."""
        return f"Failed to parse `{self.name}`"


class UnsupportedLockVersion(MauveError):
    """The lockfile was written by a tool with another format."""

    status = ExitStatus.ERROR

    def __init__(self, name: str, version: int, *, readable: bool) -> None:
        """Name the file and its version; *readable* = nothing but the version is wrong."""
        super().__init__(name, version)
        self.name = name
        self.version = version
        self.readable = readable

    def __str__(self) -> str:
        """Return uv's message."""
        start = f"The lockfile at `{self.name}`" if self.readable else f"Failed to parse `{self.name}`, which"
        return (
            f"{start} uses an unsupported schema version (v{self.version}, but only v{SCHEMA_VERSION} is supported). "
            f"Downgrade to a compatible uv version, or remove the `{self.name}` prior to running `uv lock` or "
            "`uv sync`."
        )


class InconsistentLock(MauveError):
    """The text is well-formed and contradicts itself."""

    def __init__(self, message: str) -> None:
        """Store the sentence."""
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        """Return the sentence."""
        return self.message


class MissingHash(MauveError):
    """An index demands digests of one algorithm (`hash-algorithm`), and a file has none.

    Attributes:
        index: its location, without credentials.
        algorithm: the one that is demanded.
        filename: of the file.
    """

    def __init__(self, index: str, algorithm: str, filename: str) -> None:
        """Name the three."""
        super().__init__(index, algorithm, filename)
        self.index = index
        self.algorithm = algorithm
        self.filename = filename

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"The index `{self.index}` requires `{self.algorithm}` hashes, but `{self.filename}` does not provide one"
        )
