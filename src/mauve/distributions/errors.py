"""What errors about one distribution have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.errors import ExitStatus, MauveError

if TYPE_CHECKING:
    from mauve.standards.names import PackageName


class DistributionError(MauveError):
    """A distribution cannot be built, downloaded or read.

    Attributes:
        name: of the package, if it is known.
        inclusion: a sentence about who requires it, if somebody found out.
    """

    status = ExitStatus.FAILURE
    inclusion: str | None = None

    def __init__(self, name: PackageName | None, *said: object) -> None:
        """Store the name of the package, and what the message is made of."""
        super().__init__(*said)
        self.name = name

    def hints(self) -> tuple[str, ...]:
        """Return who requires it."""
        return () if self.inclusion is None else (self.inclusion,)
