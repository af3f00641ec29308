"""What is told of a package: where it is, what it requires, who requires it, its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError
from mauve.installer.holdings import read_declared
from mauve.standards.markers.environment import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.installer.holdings import Holding
    from mauve.standards.markers.environment import MarkerEnvironment
    from mauve.standards.names import PackageName


class ShownPackage(Struct, frozen=True, kw_only=True):
    """One package.

    Attributes:
        requires: names, sorted; None if its metadata cannot be read.
        required_by: names, sorted.
    """

    holding: Holding
    requires: tuple[PackageName, ...] | None
    required_by: tuple[PackageName, ...] = ()


class Found(Struct, frozen=True):
    """What was asked for: what there is of it, by name, and what there is not."""

    packages: tuple[ShownPackage, ...]
    missing: tuple[PackageName, ...]


def find_packages(names: Iterable[PackageName], holdings: Iterable[Holding], markers: MarkerEnvironment) -> Found:
    """Return what is told of the packages *names* among *holdings*; requirements count if they do under *markers*."""
    wanted = sorted(set(names))
    chosen = [holding for holding in holdings if holding.installed.name in wanted]
    present = {holding.installed.name for holding in chosen}
    required = {holding.installed.path: _required(holding, markers) for holding in (holdings if chosen else ())}
    dependents: dict[PackageName, set[PackageName]] = {}
    for holding in holdings:
        for name in required.get(holding.installed.path) or ():
            dependents.setdefault(name, set()).add(holding.installed.name)
    return Found(
        tuple(
            ShownPackage(
                holding=holding,
                requires=required[holding.installed.path],
                required_by=tuple(sorted(dependents.get(holding.installed.name, ()))),
            )
            for holding in chosen
        ),
        tuple(name for name in wanted if name not in present),
    )


def _required(holding: Holding, markers: MarkerEnvironment) -> tuple[PackageName, ...] | None:
    """Return the names that *holding* requires, sorted; None if that cannot be read."""
    try:
        requirements = read_declared(holding.installed).requirements
    except MauveError:
        return None
    return tuple(sorted({each.name for each in requirements if evaluate(each.marker, markers)}))
