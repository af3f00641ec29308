"""Whether a version without a source distribution runs everywhere it must, and how to split if it does not.

Specification: docs/resolution.md "Platform coverage".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.resolver.environments import ForkEnvironment
from mauve.resolver.forks import split_on_marker
from mauve.resolver.judgements import Usable
from mauve.resolver.packages import Kind
from mauve.standards.markers.diagram import FALSE, TRUE, Marker, restrict, string_marker
from mauve.standards.version_sets import singleton
from mauve.standards.versions import Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mauve.resolver.candidates import Candidate, CandidateSelector
    from mauve.resolver.listings import Tables
    from mauve.resolver.packages import Package
    from mauve.resolver.preferences import Preference
    from mauve.solver.solver import Solver
    from mauve.standards.version_sets import VersionSet


class VersionSplit(Struct, frozen=True):
    """One side of a split over a version: where, and with which version if that is settled."""

    environment: ForkEnvironment
    version: Version | None = None


class Uncovered(Struct, frozen=True):
    """The environment cannot be served by the version, and the fork cannot be split over it."""

    environment: Marker


def split_on_required(
    judgement: Usable, environment: ForkEnvironment, reachable: Marker, required: Iterable[Marker]
) -> list[VersionSplit] | Uncovered | None:
    """Return the fork without and with the version, if its wheels miss a required environment altogether.

    Args:
        judgement: of the version.
        environment: of the fork.
        reachable: where the package is needed at all.
        required: environments for which there must be something to install, in order.
    """
    covered = judgement.platforms()
    wanted = first_missed(covered, environment, reachable, required)
    if wanted is None:
        return None
    # Everything that is neither covered here nor wanted may fall on either side; `restrict` takes the simplest.
    known = (covered & environment.marker) | wanted
    sides = split_on_marker(environment, restrict(wanted, known))
    if sides is None:
        return Uncovered(wanted)
    without, with_version = sides
    return [VersionSplit(without), VersionSplit(with_version)]


def first_missed(
    covered: Marker, environment: ForkEnvironment, reachable: Marker, required: Iterable[Marker]
) -> Marker | None:
    """Return the first of the *required* environments that matters here and of which nothing is *covered*."""
    if covered is TRUE:
        return None
    for wanted in required:
        here = wanted & environment.marker
        if here is not FALSE and covered.is_disjoint(here) and not reachable.is_disjoint(here):
            return wanted
    return None


def split_on_local(
    candidate: Candidate,
    judgement: Usable,
    environment: ForkEnvironment,
    base: Candidate,
    base_judgement: Usable,
) -> list[VersionSplit] | Version | None:
    """Return how a local version and the version without its local part share a fork.

    A list splits the fork; a version is to be taken instead; None keeps the local version everywhere.
    """
    covered = judgement.platforms()
    remainder = base_judgement.platforms() & ~covered
    if remainder is FALSE or not environment.overlaps(remainder):
        return None
    if not environment.overlaps(covered):
        return base.version
    for platform in ("darwin", "linux", "win32"):
        # If neither version serves all of a system, naming the whole system is simpler and no worse.
        system = string_marker("sys_platform", "==", platform)
        if system is not None and covered.is_disjoint(system) and not remainder.is_disjoint(system):
            remainder |= system
    sides = split_on_marker(environment, remainder)
    if sides is None:
        return None
    return [VersionSplit(sides[0], base.version), VersionSplit(sides[1], candidate.version)]


def plain_candidate(
    candidate: Candidate,
    versions: VersionSet,
    selector: CandidateSelector,
    tables: Tables,
    preferences: Sequence[Preference],
    environment: ForkEnvironment,
) -> Candidate | None:
    """Return the usable candidate without the local part of *candidate*'s version, if there is one in range."""
    name = candidate.table.listing.name
    plain = versions & singleton(candidate.version.without_local())
    if plain.is_empty:
        return None
    base = selector.choose(name, plain, tables, preferences, environment)
    return base if base is not None and isinstance(base.judgement, Usable) else None


def reachable_environments(package: Package, solver: Solver[Package, Version, VersionSet]) -> Marker:
    """Return where *package* is needed by anything known so far, going up through its parents."""
    memory: dict[Package, Marker] = {}

    def reach(current: Package) -> Marker:
        if current.kind is Kind.ROOT:
            return TRUE
        known = memory.get(current)
        if known is not None:
            return known
        memory[current] = FALSE
        marker = FALSE
        for cause in solver.dependencies(current):
            if cause.child is current and marker is not TRUE:
                marker |= current.marker & reach(cause.parent)
        memory[current] = marker
        return marker

    return reach(package)
