"""What the installer asks of others, as types."""

from __future__ import annotations

from typing import Protocol

from mauve.distributions.resolution import ResolvedDistribution
from mauve.installer.inventory import InstalledDistribution
from mauve.installer.uninstall import Uninstalled
from mauve.installer.wheel import CachedWheel
from mauve.standards.filenames import WheelFilename


class CompatibleTags(Protocol):
    """Says whether the environment can use a wheel (`mauve.standards.tags.Tags`)."""

    def priority(self, wheel: WheelFilename) -> int | None:
        """Return the rank of *wheel*, None if it does not fit."""
        ...


class CacheIndex(Protocol):
    """Knows which wheels lie unpacked in the cache. Called once for each distribution that must be installed."""

    def find(self, distribution: ResolvedDistribution) -> CachedWheel | None:
        """Return the wheel to install for *distribution*, or None if it has to be fetched or built."""
        ...


class SourceStates(Protocol):
    """Knows the present state of local files and source trees."""

    def state(self, path: str) -> bytes:
        """Return what `uv_cache.json` would say about *path* now; empty if nothing is watched."""
        ...


class InstallReporter(Protocol):
    """Hears about each step, from the calling thread."""

    def uninstalled(self, installed: InstalledDistribution, removal: Uninstalled) -> None:
        """A distribution is gone; `removal.skipped` deserves a warning."""
        ...

    def installed(self, wheel: CachedWheel) -> None:
        """A wheel is installed."""
        ...
