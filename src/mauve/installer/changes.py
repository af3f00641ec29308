"""Carry out an install plan: take back interrupted work, remove, install."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.filesystem.placing import MANY, clashing
from mauve.installer.wheel import CachedWheel, DamagedEntry, MetadataPolicy, WheelInstaller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.filesystem.placing import Placement
    from mauve.installer.inventory import InstalledDistribution, Inventory
    from mauve.installer.links import Linker
    from mauve.installer.partner import Partners
    from mauve.installer.ports import InstallReporter
    from mauve.installer.target import InstallTarget
    from mauve.installer.uninstall import Uninstalled
    from mauve.standards.names import PackageName


_MANY_WITH_PARTNERS: Final = 300
"""Files for which partners are asked: they are there already."""
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
    partners: Partners | None = None,
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
        partners: processes that help.

    Raises:
        FailedToInstall: of the first one that failed; those before it are installed, and perhaps others.
        DamagedEntry: see *restore*.
    """
    with WheelInstaller(target, linker, policy) as installer:
        for wheel in _install_shared(list(wheels), installer, linker, reporter, partners):
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
    wheels: list[CachedWheel],
    installer: WheelInstaller,
    linker: Linker,
    reporter: InstallReporter,
    partners: Partners | None,
) -> list[CachedWheel]:
    """Install many files with the help of another processor, where the order is no matter; return what is left."""
    number = sum([len(folder.names) for wheel in wheels for folder in wheel.manifest.folders])
    if number < (_MANY_WITH_PARTNERS if partners else MANY):
        return wheels
    from mauve.filesystem.halves import can_share, share

    if not partners and not can_share(len(wheels)):
        return wheels
    try:
        decided = [(wheel, installer.decide(wheel)) for wheel in wheels]
    except DamagedEntry:
        return wheels
    clashes = clashing([placement for _, placement in decided])
    apart = [each for place, each in enumerate(decided) if place not in clashes]
    done: set[PackageName] = set()

    def place(wheel: CachedWheel, placement: Placement) -> None:
        with suppress(DamagedEntry):
            installer.place(wheel, placement)
            done.add(wheel.name)
            reporter.installed(wheel)

    def place_apart(wheel: CachedWheel, placement: Placement) -> None:
        linker.settle()
        installer.place(wheel, placement)

    # The largest first, so that both end at the same time; but with the smallest one it is learnt which links work.
    apart.sort(key=lambda each: each[1].number)
    for wheel, placement in apart[:1]:
        place(wheel, placement)
    rest = apart[:0:-1]
    if partners:
        steps = partners.share([placement for _, placement in rest], linker.mode, lambda step: place(*rest[step]))
    elif can_share(len(rest)):
        steps = share(len(rest), lambda step: place(*rest[step]), lambda step: place_apart(*rest[step]))
    else:
        steps = []
    for step in steps:
        wheel, placement = rest[step]
        done.add(wheel.name)
        installer.placements.append(placement)
        reporter.installed(wheel)
    return [wheel for wheel in wheels if wheel.name not in done]
