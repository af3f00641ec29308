"""Carry out an install plan: take back interrupted work, remove, install."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.installer.uninstall import Uninstalled, remove_partial, uninstall
from mauve.installer.wheel import CachedWheel, DamagedEntry, MetadataPolicy, WheelInstaller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.installer.inventory import InstalledDistribution, Inventory
    from mauve.installer.links import Linker
    from mauve.installer.ports import InstallReporter
    from mauve.installer.target import InstallTarget


_TRIES: Final = 4
"""More than one: somebody may remove the cache while it is used, again and again."""


class SilentReporter(Struct, frozen=True):
    """An `InstallReporter` that ignores everything."""

    def uninstalled(self, installed: InstalledDistribution, removal: Uninstalled) -> None:
        """Ignore it."""

    def installed(self, wheel: CachedWheel) -> None:
        """Ignore it."""


def take_back_partial(inventory: Inventory, target: InstallTarget) -> None:
    """Remove what interrupted runs left in *target*, but no file of a distribution that is installed."""
    for path in inventory.partial:
        remove_partial(path, target, inventory)


def uninstall_all(
    distributions: Iterable[InstalledDistribution], target: InstallTarget, reporter: InstallReporter
) -> None:
    """Remove *distributions* from *target*.

    Raises:
        MauveError: of the first one that cannot be removed; those before it are gone.
    """
    for installed in distributions:
        reporter.uninstalled(installed, uninstall(installed, target))


def install_all(
    wheels: Iterable[CachedWheel],
    target: InstallTarget,
    linker: Linker,
    *,
    policy: MetadataPolicy,
    reporter: InstallReporter,
    restore: Callable[[CachedWheel], CachedWheel] | None = None,
) -> None:
    """Install *wheels* into *target*, in their order; of two with the same file the later one wins.

    Args:
        wheels: unpacked in the cache.
        target: the environment.
        linker: kept for the whole run, since it learns which kind of link works.
        policy: what is added to dist-info.
        reporter: hears about each wheel.
        restore: gets a wheel again whose cache entry lost files (discard the entry, prepare it anew); without it, or
            when that happens again and again, the damage is an error.

    Raises:
        FailedToInstall: of the first one that failed; those before it are installed.
        DamagedEntry: see *restore*.
    """
    with WheelInstaller(target, linker, policy) as installer:
        for wheel in wheels:
            usable = wheel
            for again in reversed(range(_TRIES)):
                try:
                    installer.install(usable)
                except DamagedEntry:
                    if restore is None or not again:
                        raise
                    usable = restore(wheel)
                else:
                    break
            reporter.installed(wheel)
