"""What is wrong with an environment: packages that are missing, contradict each other, or are broken."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError
from mauve.installer.holdings import has_readable_wheel_file, read_declared
from mauve.installer.inventory import InstalledKind, fits_environment
from mauve.standards.markers.environment import evaluate
from mauve.standards.requirements import render_requirement
from mauve.standards.requires_python import RequiresPython
from mauve.standards.versions import parse_version, release_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mauve.installer.holdings import Declared, Holding
    from mauve.installer.inventory import InstalledDistribution
    from mauve.standards.markers.environment import MarkerEnvironment
    from mauve.standards.names import PackageName
    from mauve.standards.requirements import Requirement
    from mauve.standards.specifiers import Specifiers
    from mauve.standards.tags import Tags
    from mauve.standards.versions import Version


class Surroundings(Struct, frozen=True):
    """What packages must suit.

    Attributes:
        python: the version that messages name.
    """

    markers: MarkerEnvironment
    tags: Tags
    python: str


class Fault(Struct, frozen=True):
    """What is wrong, in a sentence, and with which packages."""

    sentence: str
    packages: tuple[PackageName, ...]


def diagnose(holdings: Iterable[Holding], surroundings: Surroundings) -> list[Fault]:
    """Return everything that is wrong with *holdings*, by name."""
    found: dict[PackageName, list[InstalledDistribution]] = {
        name: [holding.installed for holding in group]
        for name, group in groupby(holdings, lambda holding: holding.installed.name)
    }
    faults: list[Fault] = []
    for name, several in found.items():
        if len(several) > 1:
            places = "".join([f"\n  - {installed.path}" for installed in several])
            faults.append(Fault(f"The package `{name}` has multiple installed distributions: {places}", (name,)))
        else:
            faults += _of_one(several[0], found, surroundings)
    return faults


def _of_one(
    installed: InstalledDistribution,
    found: dict[PackageName, list[InstalledDistribution]],
    surroundings: Surroundings,
) -> Iterator[Fault]:
    alone = (installed.name,)
    package = f"The package `{installed.name}`"
    try:
        declared = read_declared(installed)
    except MauveError:
        yield Fault(_broken(installed, "`METADATA`"), alone)
        return
    wanted = declared.requires_python
    if wanted is not None and _is_too_old(surroundings.markers.python_full_version, wanted):
        python = f"Python {wanted.lock_text(', ')}, but `{surroundings.python}` is installed"
        yield Fault(f"{package} requires {python}", alone)
    if installed.kind is InstalledKind.DIST_INFO:
        if not has_readable_wheel_file(installed):
            yield Fault(_broken(installed, "`WHEEL` file"), alone)
        elif not fits_environment(installed, surroundings.tags):
            yield Fault(f"{package} was built for a different platform", alone)
    for requirement, version in _unsatisfied(declared, found, surroundings):
        how = "but it's not installed" if version is None else f"but `{version}` is installed"
        yield Fault(
            f"{package} requires `{render_requirement(requirement)}`, {how}", (installed.name, requirement.name)
        )


def _is_too_old(python: str, wanted: Specifiers) -> bool:
    """Return whether *python* is below what is *wanted*; upper bounds are guesses, and do not count."""
    required = RequiresPython.from_specifiers(wanted)
    return required is not None and release_version(parse_version(python).release).key < required.lower_position


def _unsatisfied(
    declared: Declared, found: dict[PackageName, list[InstalledDistribution]], surroundings: Surroundings
) -> Iterator[tuple[Requirement, Version | None]]:
    """Yield what is required and not there, with the version that is there instead, if any."""
    for requirement in declared.requirements:
        if not evaluate(requirement.marker, surroundings.markers):
            continue
        others = found.get(requirement.name, [])
        if not others:
            yield requirement, None
        elif len(others) == 1 and requirement.url is None and not requirement.specifiers.contains(others[0].version):
            yield requirement, others[0].version


def _broken(installed: InstalledDistribution, what: str) -> str:
    return (
        f"The package `{installed.name}` is broken or incomplete (unable to read {what}). Consider recreating the "
        f"virtualenv, or removing the package directory at: {installed.path}."
    )
