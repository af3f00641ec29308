"""Carry out an install plan: take back interrupted work, remove, install."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.filesystem.placing import MANY, are_apart
from mauve.installer.wheel import CachedWheel, DamagedEntry, MetadataPolicy, WheelInstaller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.filesystem.placing import Placement
    from mauve.installer.inventory import InstalledDistribution, Inventory
    from mauve.installer.links import Linker
    from mauve.installer.ports import InstallReporter
    from mauve.installer.target import InstallTarget
    from mauve.installer.uninstall import Uninstalled
    from mauve.standards.names import PackageName


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
        from mauve.installer.uninstall import remove_partial

        remove_partial(path, target, inventory)


def uninstall_all(
    distributions: Iterable[InstalledDistribution], target: InstallTarget, reporter: InstallReporter
) -> None:
    """Remove *distributions* from *target*.

    Raises:
        MauveError: of the first one that cannot be removed; those before it are gone.
    """
    from mauve.installer.uninstall import uninstall

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
) -> list[Placement]:
    """Install *wheels* into *target*, in their order or as if; of two with the same file the later one wins.

    Returns what became of them, in an order in which it can be done again.

    Args:
        wheels: unpacked in the cache.
        target: the environment.
        linker: kept for the whole run, since it learns which kind of link works.
        policy: what is added to dist-info.
        reporter: hears about each wheel.
        restore: gets a wheel again whose cache entry lost files (discard the entry, prepare it anew); without it, or
            when that happens again and again, the damage is an error.

    Raises:
        FailedToInstall: of the first one that failed; those before it are installed, and perhaps others.
        DamagedEntry: see *restore*.
    """
    with WheelInstaller(target, linker, policy) as installer:
        for wheel in _install_shared(list(wheels), installer, linker, reporter):
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
        return installer.placements


def _install_shared(
    wheels: list[CachedWheel], installer: WheelInstaller, linker: Linker, reporter: InstallReporter
) -> list[CachedWheel]:
    """Install many files with the help of a second processor, where the order is no matter; return what is left."""
    number = sum([len(folder.names) for wheel in wheels for folder in wheel.manifest.folders])
    if number < MANY:
        return wheels
    from mauve.filesystem.halves import can_share, share

    if not can_share(len(wheels)):
        return wheels
    decided: list[tuple[CachedWheel, Placement]] = []
    done: set[PackageName] = set()
    for wheel in wheels:
        with suppress(DamagedEntry):
            decided.append((wheel, installer.decide(wheel)))
    if not are_apart([placement for _, placement in decided]):
        return wheels

    def place(wheel: CachedWheel, placement: Placement) -> None:
        with suppress(DamagedEntry):
            installer.place(wheel, placement)
            done.add(wheel.name)
            reporter.installed(wheel)

    def place_apart(wheel: CachedWheel, placement: Placement) -> None:
        linker.settle()
        installer.place(wheel, placement)

    # The largest first, so that both end at the same time; but with the smallest one it is learnt which links work.
    decided.sort(key=lambda each: each[1].number)
    for wheel, placement in decided[:1]:
        place(wheel, placement)
    rest = decided[:0:-1]
    for step in share(len(rest), lambda step: place(*rest[step]), lambda step: place_apart(*rest[step])):
        wheel, placement = rest[step]
        done.add(wheel.name)
        installer.placements.append(placement)
        reporter.installed(wheel)
    return [wheel for wheel in wheels if wheel.name not in done]
