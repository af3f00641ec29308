"""Compare what an environment needs with what it has, and say what has to be done.

Nothing is changed and nothing is fetched here. Files are looked at only through the ports below, and only for packages
whose name and version leave the question open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.distributions.files import Wheel
from mauve.distributions.resolution import ResolvedDistribution
from mauve.distributions.sources import DirectorySource, EditableSource, RegistrySource, VirtualSource
from mauve.installer.inventory import InstalledDistribution, InstalledKind, Inventory, fits_environment
from mauve.installer.origin import is_recorded, local_path
from mauve.installer.store import PLAIN_BUILD
from mauve.installer.wheel import CachedWheel
from mauve.standards.names import PackageName

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.distributions.resolution import Resolution
    from mauve.installer.ports import CacheIndex, CompatibleTags, SourceStates


class PackageSelection(Struct, frozen=True):
    """Some packages, or all."""

    names: frozenset[PackageName] = frozenset()
    everything: bool = False

    def __contains__(self, name: object) -> bool:
        """Return whether the package *name* is selected."""
        return self.everything or name in self.names


class PlanPolicy(Struct, frozen=True, kw_only=True):
    """What the user asked for beyond the resolution.

    Attributes:
        reinstall: replaced even if nothing changed.
        refresh: fetched or built anew if they have to be installed.
        renewed: fetched or built in this run, which is new enough however much is to be refreshed.
        fetched: likewise; those count as prepared.
        accepts_any_origin: an installed version that fits is kept wherever it came from (`pip install`).
        keeps_extraneous: nothing is removed but what is replaced (`--inexact`).
        preserved: never removed as extraneous (seed packages of environments that others made).
        build_infos: `uv_build.json` that a package would get now, where it is not `{}`.
    """

    reinstall: PackageSelection = PackageSelection()
    refresh: PackageSelection = PackageSelection()
    renewed: frozenset[PackageName] = frozenset()
    fetched: frozenset[PackageName] = frozenset()
    accepts_any_origin: bool = False
    keeps_extraneous: bool = False
    preserved: frozenset[PackageName] = frozenset()
    build_infos: dict[PackageName, bytes] = {}


class RemoteDistribution(Struct, frozen=True):
    """A distribution that has to be downloaded, or built if there is no wheel.

    Attributes:
        known: what was built before, for its metadata alone or of a source that cannot have changed since.
        is_refreshed: what the cache has is not to be trusted without asking.
    """

    distribution: ResolvedDistribution
    wheel: Wheel | None
    known: CachedWheel | None = None
    is_refreshed: bool = False


class InstallPlan(Struct, frozen=True, kw_only=True):
    """What has to be done.

    Attributes:
        cached: to install from the cache.
        remote: to prepare and then install.
        reinstalls: installed ones that make room for one of the former.
        extraneous: installed ones that nobody needs.
        satisfied: number of distributions that are fine as they are.
        partial: dist-info folders of interrupted runs, to be taken back first.
        is_shared: this is the second part, which is built in the environment itself.
    """

    cached: tuple[CachedWheel, ...] = ()
    remote: tuple[RemoteDistribution, ...] = ()
    reinstalls: tuple[InstalledDistribution, ...] = ()
    extraneous: tuple[InstalledDistribution, ...] = ()
    satisfied: int = 0
    partial: tuple[str, ...] = ()
    is_shared: bool = False

    @property
    def is_noop(self) -> bool:
        """Return whether the environment is already as it should be."""
        return not (self.cached or self.remote or self.reinstalls or self.extraneous or self.partial)


def plan_installation(
    resolution: Resolution,
    inventory: Inventory,
    cache: CacheIndex,
    states: SourceStates,
    tags: CompatibleTags,
    policy: PlanPolicy,
) -> InstallPlan:
    """Return what turns the environment of *inventory* into that of *resolution*."""
    cached: list[CachedWheel] = []
    remote: list[RemoteDistribution] = []
    reinstalls: list[InstalledDistribution] = []
    needed: set[PackageName] = set()
    satisfied = 0
    for distribution in resolution.distributions:
        if isinstance(distribution.source, VirtualSource):
            continue
        name = distribution.name
        needed.add(name)
        installed = inventory.get(name)
        if (
            len(installed) == 1
            and name not in policy.reinstall
            and (distribution.is_installed or is_satisfied(distribution, installed[0], states, tags, policy))
        ):
            satisfied += 1
            continue
        reinstalls += installed
        is_refreshed = name in policy.refresh and name not in policy.renewed
        wheel = None if is_refreshed else cache.find(distribution)
        is_told = name in policy.refresh or name in policy.fetched
        if wheel is not None and not (wheel.only_read or is_told):
            cached.append(wheel)
        else:
            chosen = distribution.wheels[0] if distribution.wheels else None
            # Only trees on the disk are built again on request: what else is built cannot have changed.
            is_fixed = chosen is None and not isinstance(distribution.source, DirectorySource | EditableSource)
            known = cache.find(distribution) if is_refreshed and is_fixed else wheel
            remote.append(RemoteDistribution(distribution, chosen, known, is_refreshed))
    extraneous = [
        installed
        for installed in inventory
        if installed.name not in needed and installed.name not in policy.preserved and not policy.keeps_extraneous
    ]
    return InstallPlan(
        cached=tuple(cached),
        remote=tuple(remote),
        reinstalls=tuple(reinstalls),
        extraneous=tuple(extraneous),
        satisfied=satisfied,
        partial=inventory.partial,
    )


def phases(plan: InstallPlan, is_isolated: Callable[[PackageName], bool]) -> tuple[InstallPlan, ...]:
    """Return *plan* in the parts to carry out one after the other.

    The second part is what is built in the environment itself, if there are others that it may need; what nobody needs
    is removed with it, since a build may still need that.
    """
    shared = frozenset(
        [each.distribution.name for each in plan.remote if not (each.wheel or is_isolated(each.distribution.name))]
    )
    if not shared:
        return (plan,)
    first = InstallPlan(
        cached=tuple([wheel for wheel in plan.cached if wheel.name not in shared]),
        remote=tuple([remote for remote in plan.remote if remote.distribution.name not in shared]),
        reinstalls=tuple([installed for installed in plan.reinstalls if installed.name not in shared]),
        satisfied=plan.satisfied,
        partial=plan.partial,
    )
    if first.is_noop:
        return (plan,)
    second = InstallPlan(
        cached=tuple([wheel for wheel in plan.cached if wheel.name in shared]),
        remote=tuple([remote for remote in plan.remote if remote.distribution.name in shared]),
        reinstalls=tuple([installed for installed in plan.reinstalls if installed.name in shared]),
        extraneous=plan.extraneous,
        is_shared=True,
    )
    return first, second


def is_satisfied(
    distribution: ResolvedDistribution,
    installed: InstalledDistribution,
    states: SourceStates,
    tags: CompatibleTags,
    policy: PlanPolicy,
) -> bool:
    """Return whether *installed* serves as *distribution*, by uv's rules."""
    if distribution.version is not None and distribution.version != installed.version:
        return False
    source = distribution.source
    if installed.kind is not InstalledKind.DIST_INFO:
        # Nothing is recorded about the origin, so only an index can be it.
        return isinstance(source, RegistrySource)
    build_info = installed.build_info
    if build_info is not None and build_info != policy.build_infos.get(distribution.name, PLAIN_BUILD):
        return False
    if not fits_environment(installed, tags):
        return False
    if isinstance(source, RegistrySource) and policy.accepts_any_origin:
        return True
    if not is_recorded(source, installed.direct_url):
        return False
    path = local_path(source)
    # Where nothing is recorded nobody can tell whether it is the same still; as in uv, it is put in again.
    return path is None or (installed.cache_info is not None and installed.cache_info == states.state(path))


def seed_packages(python: tuple[int, int], *, is_made_by_uv: bool, is_seeded: bool) -> frozenset[PackageName]:
    """Return the packages that came with the environment and are not removed as extraneous.

    Environments of uv have none unless it was asked to seed them (`pyvenv.cfg` says so).
    """
    if is_made_by_uv and not is_seeded:
        return frozenset()
    names = ("pip", "uv") if python >= (3, 12) else ("pip", "setuptools", "uv", "wheel")
    return frozenset(map(PackageName, names))
