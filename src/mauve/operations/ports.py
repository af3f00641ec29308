"""What edits of a project ask of others, as types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from mauve.distributions.sources import RequirementSource
from mauve.project.workspace import Workspace

if TYPE_CHECKING:
    from mauve.lock.model import Lock
    from mauve.standards.names import PackageName


class LockWorkspace(Protocol):
    """Locks a workspace, the way the user's options say. May write `uv.lock`."""

    def __call__(self, workspace: Workspace) -> Lock:
        """Return the lock of *workspace*.

        Raises:
            MauveError: it cannot be locked, or must not be.
        """
        ...


class SyncWorkspace(Protocol):
    """Makes the environment of a workspace equal to its lock, the way the user's options say."""

    def __call__(self, workspace: Workspace, lock: Lock, renewed: frozenset[PackageName] = frozenset()) -> None:
        """Install what *lock* selects for *workspace*; packages of *renewed* are built and installed again.

        Raises:
            MauveError: it cannot be installed.
        """
        ...


class NameSource(Protocol):
    """Finds out what package is at a location; may read, download or build."""

    def __call__(self, source: RequirementSource) -> PackageName:
        """Return the name of the package at *source*.

        Raises:
            MauveError: it cannot be had.
        """
        ...


class ReportAdd(Protocol):
    """Is told what happens while dependencies are added."""

    def member_added(self, path: str) -> None:
        """Report that the folder *path* was added to the members of the workspace."""
        ...

    def note(self, text: str) -> None:
        """Report something that the user may not have meant."""
        ...
