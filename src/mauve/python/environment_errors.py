"""Why the environment of a project cannot be used."""

from __future__ import annotations

from mauve.errors import MauveError


class InvalidProjectEnvironment(MauveError):
    """The place of the project's environment is taken by something that must not be replaced."""

    def __init__(self, root: str, reason: str) -> None:
        """Name the directory; *reason* completes a sentence that begins with `because`."""
        super().__init__(root, reason)
        self.root = root
        self.reason = reason

    def __str__(self) -> str:
        """Return the message."""
        return f"Project virtual environment directory `{self.root}` cannot be used because {self.reason}"


class EmptyRedirect(MauveError):
    """The file that should name the environment is empty."""

    def __init__(self, shown: str) -> None:
        """Name the file as it is shown."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message."""
        return f"Virtual environment redirect file at `{self.shown}` is empty"
