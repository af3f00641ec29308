"""Errors of the command line that the parser does not see."""

from __future__ import annotations

from mauve.errors import MauveError


class ContradictingOptions(MauveError):
    """Two options, of which at least one came from the environment or a file, exclude each other."""

    def __init__(self, first: str, second: str) -> None:
        """Name both."""
        super().__init__(first, second)
        self.first = first
        self.second = second

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"the argument {_quoted(self.first)} cannot be used with {_quoted(self.second)}"


def _quoted(option: str) -> str:
    """Return *option* between backticks; the name of a variable is followed by what it is."""
    return f"`{option}` (environment variable)" if option.startswith("UV_") else f"`{option}`"


class NotSupported(MauveError):
    """An option that uv has and this version does not."""

    def __init__(self, option: str) -> None:
        """Name the option."""
        super().__init__(option)
        self.option = option

    def __str__(self) -> str:
        """Return the message."""
        return f"`{self.option}` is not supported yet"


class ProjectOptionOfInit(MauveError):
    """`init` was told where the project is that it should create."""

    def __init__(self, *, has_path: bool) -> None:
        """Say whether a path was given too."""
        super().__init__(has_path)
        self.has_path = has_path

    def __str__(self) -> str:
        """Return the message in uv's words."""
        way_out = "`--directory`" if self.has_path else "`--directory` or a positional path"
        return f"The `--project` option cannot be used in `uv init`. Use {way_out} instead."


class InputConflict(MauveError):
    """Standard input is asked for what it cannot be, or for two things at once; the text says which."""


class NoSelfUpdate(MauveError):
    """The program was asked to update itself, which the package manager does that installed it."""

    def __init__(self, *, offline: bool) -> None:
        """Tell whether the network may not be used."""
        super().__init__(offline)
        self.offline = offline

    def __str__(self) -> str:
        """Return the message."""
        if self.offline:
            return "Self-update is not possible because network connectivity is disabled (i.e., with `--offline`)"
        return (
            "Self-update is only available for uv binaries installed via the standalone installation scripts.\n\n"
            "If you installed uv with pip, brew, or another package manager, update uv with `pip install --upgrade`, "
            "`brew upgrade`, or similar."
        )
