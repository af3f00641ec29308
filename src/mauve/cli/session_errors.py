"""Why a command cannot start."""

from __future__ import annotations

import os

from mauve.errors import MauveError


def _shown(path: str) -> str:
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


class MissingDirectory(MauveError):
    """The directory of `--directory` cannot be entered."""

    def __init__(self, path: str, reason: str) -> None:
        """Name the directory, and say why in the words of the system."""
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return self.reason


class InvalidProjectDirectory(MauveError):
    """The directory of `--project` is not there, or is no directory."""

    def __init__(self, path: str, *, exists: bool) -> None:
        """Name the directory as the user did."""
        super().__init__(path, exists)
        self.path = path
        self.exists = exists

    def __str__(self) -> str:
        """Return the message in uv's words."""
        if self.exists:
            return f"Project path `{self.path}` is not a directory"
        return f"Project directory `{self.path}` does not exist"


class ProjectInCache(MauveError):
    """Whatever is written to the project would be lost with the cache."""

    def __init__(self, project: str, cache: str) -> None:
        """Name both folders."""
        super().__init__(project, cache)
        self.project = project
        self.cache = cache

    def __str__(self) -> str:
        """Return the message in uv's words."""
        project, cache = _shown(self.project), _shown(self.cache)
        return f"The project directory `{project}` is inside the cache directory `{cache}`"


class UnsupportedVersion(MauveError):
    """`required-version` is not met."""

    def __init__(self, required: str, running: str) -> None:
        """Name both versions."""
        super().__init__(required, running)
        self.required = required
        self.running = running

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Required uv version `{self.required}` does not match the running version `{self.running}`. "
            "Update `uv` by running `uv self update`."
        )
