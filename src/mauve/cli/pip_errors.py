"""Why a `pip` command does not begin."""

from __future__ import annotations

from mauve.errors import MauveError


class UnreadableCertificate(MauveError):
    """The file of `--cert` cannot be read; the cause says why."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to read certificate file `{self.path}`"


class InvalidCertificate(MauveError):
    """What `--cert` names has no certificates; the text says why."""


class UnsupportedPipOption(MauveError):
    """An option of another program that means nothing here."""

    def __init__(self, program: str, option: str, way_out: str) -> None:
        """Name the program that has the option, and say what to do instead."""
        super().__init__(program, option, way_out)
        self.program = program
        self.option = option
        self.way_out = way_out

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"{self.program}'s `{self.option}` is unsupported ({self.way_out})"
