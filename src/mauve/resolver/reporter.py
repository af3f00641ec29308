"""What the resolver tells while it works; called in the thread that resolves, many times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Version


class ResolverReporter(Protocol):
    """Implemented by the caller; a law: nothing here may raise or take long."""

    @property
    def is_verbose(self) -> bool:
        """Return whether `debug` is worth calling."""
        ...

    def selected(self, name: PackageName, version: Version) -> None:
        """Note that *version* is about to be tried for the first time, or in another fork."""
        ...

    def debug(self, message: str) -> None:
        """Note a step of the search in words."""
        ...

    def warning(self, message: str) -> None:
        """Tell the user at once; the same text may come again."""
        ...

    def used_index_cutoff(self) -> None:
        """Note that the cut-off of an index counted for a package; maybe several times."""
        ...

    def finished(self) -> None:
        """Note that the resolution is complete."""
        ...


class SilentReporter:
    """Tells nobody."""

    is_verbose = False

    def selected(self, name: PackageName, version: Version) -> None:
        """Ignore."""

    def debug(self, message: str) -> None:
        """Ignore."""

    def warning(self, message: str) -> None:
        """Ignore."""

    def used_index_cutoff(self) -> None:
        """Ignore."""

    def finished(self) -> None:
        """Ignore."""
