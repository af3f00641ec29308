"""Who is told how an installation goes on, as a type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mauve.installer.prepare import PrepareReporter
    from mauve.standards.names import PackageName


class InstallationReporter(Protocol):
    """Hears about the phases of one installation, from the calling thread."""

    def preparing(self, total: int) -> PrepareReporter:
        """So many distributions are going to be fetched or built; the result hears about each."""
        ...

    def prepared(self, number: int, seconds: float, *, isolated: bool) -> None:
        """All of them are ready; without *isolated* they were built where they are going to be installed."""
        ...

    def uninstalled_all(self, number: int, seconds: float) -> None:
        """What had to go is gone."""
        ...

    def installing(self, total: int) -> None:
        """So many wheels are going to be installed."""
        ...

    def installed_one(self, name: str) -> None:
        """One more wheel is installed."""
        ...

    def installed_all(self, number: int, seconds: float) -> None:
        """All are installed."""
        ...

    def compiled(self, number: int, seconds: float) -> None:
        """So many files were compiled to bytecode."""
        ...

    def checked(self, number: int, seconds: float) -> None:
        """Nothing had to be done."""
        ...

    def warning(self, message: str) -> None:
        """Something deserves attention."""
        ...


class Unwatched:
    """An installation nobody watches."""

    def preparing(self, total: int) -> Unwatched:
        """Return the one who ignores each of them, too."""
        del total
        return self

    def started(self, name: PackageName, size: int | None) -> None:
        """Ignore it."""

    def advanced(self, name: PackageName, count: int) -> None:
        """Ignore it."""

    def prepared(self, *_: object, isolated: bool = True) -> None:
        """Ignore it."""

    def uninstalled_all(self, number: int, seconds: float) -> None:
        """Ignore it."""

    def installing(self, total: int) -> None:
        """Ignore it."""

    def installed_one(self, name: str) -> None:
        """Ignore it."""

    def installed_all(self, number: int, seconds: float) -> None:
        """Ignore it."""

    def compiled(self, number: int, seconds: float) -> None:
        """Ignore it."""

    def checked(self, number: int, seconds: float) -> None:
        """Ignore it."""

    def warning(self, message: str) -> None:
        """Ignore it."""
