"""Whether an environment may be made at a path, and how the path is made ready.

Specification: docs/environments.md "Target exists".
"""

from __future__ import annotations

import os

from mauve.enumerations import Enum
from mauve.errors import MauveError


class Occupant(Enum):
    """What is at the path; the value is the word of messages."""

    NOTHING = "nothing"
    EMPTY_DIRECTORY = "empty directory"
    ENVIRONMENT = "virtual environment"
    DIRECTORY = "directory"
    FILE = "file"


class OnExisting(Enum):
    """What shall happen to an environment or directory that is there."""

    FAIL = 1
    ALLOW = 2
    """`--allow-existing`: write over it, packages are kept."""
    REMOVE = 3
    """`--clear`: an environment's contents are removed."""
    REMOVE_ANYTHING = 4
    """`--clear --force`: also those of other directories."""


class EnvironmentCreationFailed(MauveError):
    """No environment was made; the reason is the cause."""

    def __init__(self, path: str) -> None:
        """Name the path."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message."""
        return "Failed to create virtual environment"

    def hints(self) -> tuple[str, ...]:
        """Return what the cause suggests."""
        return self.__cause__.hints() if isinstance(self.__cause__, MauveError) else ()


class TargetExists(MauveError):
    """An environment or a directory is in the way."""

    def __init__(self, shown: str, occupant: Occupant) -> None:
        """Name the path as it is shown."""
        super().__init__(shown, occupant)
        self.shown = shown
        self.occupant = occupant

    def __str__(self) -> str:
        """Return the message."""
        if self.occupant is Occupant.FILE:
            return f"File exists at `{self.shown}`"
        return f"A {self.occupant.value} already exists at: {self.shown}"

    def hints(self) -> tuple[str, ...]:
        """Tell how to replace it."""
        if self.occupant is Occupant.FILE:
            return ()
        return ("Use the `--clear` flag or set `UV_VENV_CLEAR=1` to replace the existing " + self.occupant.value,)


class UnsafeClear(MauveError):
    """`--clear` was given, but the directory is no environment."""

    def __str__(self) -> str:
        """Return the message."""
        return "uv will not clear a directory that is not a virtual environment"

    def hints(self) -> tuple[str, ...]:
        """Tell how to remove it all the same."""
        return ("Use the `--force` flag to remove the existing directory anyway",)


def inspect_target(root: str) -> Occupant:
    """Return what is at *root*."""
    try:
        entries = os.scandir(root)
    except FileNotFoundError:
        return Occupant.NOTHING
    except NotADirectoryError:
        return Occupant.FILE
    with entries:
        if next(entries, None) is None:
            return Occupant.EMPTY_DIRECTORY
    return Occupant.ENVIRONMENT if os.path.exists(os.path.join(root, "pyvenv.cfg")) else Occupant.DIRECTORY


def is_cleared(occupant: Occupant, on_existing: OnExisting, root: str, shown: str) -> bool:
    """Return whether the contents of *root* must be removed before an environment is made there.

    Raises:
        EnvironmentCreationFailed: from `TargetExists` or `UnsafeClear`.
    """
    match occupant, on_existing:
        case ((Occupant.NOTHING | Occupant.EMPTY_DIRECTORY), _):
            return False
        case Occupant.FILE, _:
            raise EnvironmentCreationFailed(root) from TargetExists(shown, occupant)
        case _, OnExisting.ALLOW:
            return False
        case _, OnExisting.FAIL:
            raise EnvironmentCreationFailed(root) from TargetExists(shown, occupant)
        case Occupant.DIRECTORY, OnExisting.REMOVE:
            raise EnvironmentCreationFailed(root) from UnsafeClear()
        case _:
            return True


def clear_target(root: str) -> None:
    """Remove the contents of *root*, but keep the directory: it may be a mount point or somebody's place."""
    from mauve.filesystem.removal import remove_contents

    remove_contents(root)
