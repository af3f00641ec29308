"""What is wrong with a file of settings."""

from __future__ import annotations

from mauve.errors import MauveError


class InvalidSettings(MauveError):
    """A settings file that cannot be used."""

    def __init__(self, shown_path: str) -> None:
        """Name the file as messages show it."""
        super().__init__(shown_path)
        self.shown_path = shown_path

    def __str__(self) -> str:
        """Return the headline; the report is the cause."""
        return f"Failed to parse: {self.shown_path}"


class ProjectOnlyField(MauveError):
    """A key of a project in a `uv.toml`."""

    def __init__(self, shown_path: str, field: str) -> None:
        """Name the file and the key."""
        super().__init__(shown_path, field)
        self.shown_path = shown_path
        self.field = field

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Failed to parse `{self.shown_path}`. The `{self.field}` field is not allowed in a `uv.toml` file. "
            f"`{self.field}` is only applicable in the context of a project, and should be placed in a "
            "`pyproject.toml` file instead."
        )


class MissingSettingsFile(MauveError):
    """The file of `--config-file` is not there."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"failed to open file `{self.path}`: No such file or directory (os error 2)"
