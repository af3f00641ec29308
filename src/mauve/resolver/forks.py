"""When one resolution becomes several, and in which order they are solved.

A version splits a fork when two of its requirements speak of one name under different markers, when a marker
demands a newer Python than the fork, or when it touches a declared conflict. Forks come back in the order of
a stack: the last one is to be solved first.

Specification: docs/resolution.md "Forking".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.distributions.conflicts import ConflictItem
from mauve.resolver.manifest import ForkStrategy, ResolutionMode
from mauve.standards.markers.diagram import TRUE, python_full_version_marker
from mauve.standards.markers.python import python_bounds
from mauve.standards.requires_python import lower_position
from mauve.standards.version_sets import LOWEST, VersionSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mauve.distributions.conflicts import Conflicts
    from mauve.resolver.dependencies import Dependency, Needs
    from mauve.resolver.environments import ForkEnvironment
    from mauve.standards.markers.diagram import Marker
    from mauve.standards.names import PackageName
    from mauve.standards.requires_python import RequiresPython
    from mauve.standards.specifiers import Specifiers
    from mauve.standards.versions import Key


class Branch:
    """One fork to be: where it applies, and what the version that splits requires there."""

    __slots__ = ("dependencies", "environment", "items")

    def __init__(self, environment: ForkEnvironment) -> None:
        """Start without dependencies."""
        self.environment = environment
        self.dependencies: list[Dependency] = []
        self.items: set[ConflictItem] = set()

    def copy(self, environment: ForkEnvironment) -> Branch:
        """Return this in another environment, with what still applies there."""
        twin = Branch(environment)
        twin.items = self.items.copy()
        for dependency in self.dependencies:
            if environment.overlaps(dependency.package.marker):
                twin.dependencies.append(dependency)
            else:
                twin.items.discard(dependency.item)
        return twin

    def add(self, dependency: Dependency) -> None:
        """Require *dependency* here."""
        self.items.add(dependency.item)
        self.dependencies.append(dependency)

    def filtered(self, included: Iterable[ConflictItem], excluded: Iterable[ConflictItem]) -> Branch | None:
        """Return this with conflict items in and out; None if that is contradictory."""
        environment = self.environment.with_items(included, excluded)
        if environment is None:
            return None
        twin = Branch(environment)
        twin.items = self.items.copy()
        for dependency in self.dependencies:
            item = dependency.item
            is_project = item.extra is None and item.group is None
            # A project that is out takes its extras along, not its groups; who else requires it still gets it.
            from_above = (
                dependency.parent is None
                and item.group is None
                and ConflictItem(item.package) in environment.excluded
                and item not in environment.included
            )
            if from_above or (item in environment.excluded and not is_project):
                twin.items.discard(item)
            else:
                twin.dependencies.append(dependency)
        return twin

    @property
    def lower_python(self) -> Key:
        """Return the position of the oldest Python here."""
        return oldest_python(self.environment.marker)

    @property
    def upper_bound_count(self) -> int:
        """Return how many dependencies have an upper bound."""
        return sum(dependency.has_upper_bound for dependency in self.dependencies)


_oldest: dict[Marker, Key] = {}


def oldest_python(marker: Marker) -> Key:
    """Return the position of the oldest Python for which *marker* can hold."""
    oldest = _oldest.get(marker)
    if oldest is None:
        cuts = python_bounds(marker).cuts
        oldest = _oldest[marker] = cuts[0] if cuts else LOWEST
    return oldest


def split_on_dependencies(
    needs: Needs,
    environment: ForkEnvironment,
    requires_python: RequiresPython,
    conflicts: Conflicts,
) -> tuple[list[Branch], list[PackageName]]:
    """Return one branch per fork that the *needs* of one version make, and the names that split.

    Dependencies come back sorted by name, then as declared.
    """
    branches = [Branch(environment)]
    diverging: set[PackageName] = set()
    oldest, python = requires_python.lower_position, requires_python.marker()
    for group, common in needs.by_name:
        if common is TRUE or (common is not None and oldest_python(common) <= oldest):
            for branch in branches:
                if branch.environment.overlaps(common):
                    branch.dependencies += group
                    if conflicts.sets:
                        branch.items.update(dependency.item for dependency in group)
            continue
        for dependency in group:
            marker = dependency.package.marker
            if not environment.overlaps(marker):
                continue
            if marker is TRUE:
                for branch in branches:
                    branch.add(dependency)
                continue
            diverging.add(dependency.package.name)
            branches = _split_branches(branches, dependency, python)
    for conflict in conflicts.sets:
        branches = _split_on_conflict(branches, conflict.items, diverging)
    return branches, sorted(diverging)


def _split_branches(branches: Iterable[Branch], dependency: Dependency, python: Marker) -> list[Branch]:
    marker = dependency.package.marker
    found: list[Branch] = []
    for branch in branches:
        environment = branch.environment
        if not environment.overlaps(marker):
            found.append(branch)
            continue
        parts = [environment.narrowed(~marker)] if environment.overlaps(~marker) else []
        parts.append(environment.narrowed(marker))
        for part in parts:
            if not part.overlaps(python):
                continue
            twin = branch.copy(part)
            if part.overlaps(marker):
                twin.add(dependency)
            found.append(twin)
    return found


def _split_on_conflict(
    branches: Iterable[Branch], items: Sequence[ConflictItem], diverging: set[PackageName]
) -> list[Branch]:
    found: list[Branch] = []
    for branch in branches:
        touched = next((item for item in items if item in branch.items), None)
        settled_items = [item for item in items if branch.environment.leaves_out(item)]
        if touched is None:
            found.append(branch)
            continue
        if len(items) - len(settled_items) < 2:
            # Settled by an earlier split; what is out here may come up again, as the fork may stem from a lockfile.
            settled = branch.filtered((), settled_items)
            if settled is not None:
                found.append(settled)
            continue
        diverging.add(touched.package)
        choices = [((), items), *(((item,), [other for other in items if other != item]) for item in items)]
        for included, excluded in choices:
            twin = branch.filtered(included, excluded)
            if twin is not None:
                found.append(twin)
    return found


def sort_branches(branches: list[Branch], strategy: ForkStrategy, mode: ResolutionMode) -> None:
    """Sort *branches* in place so that the last is to be solved first.

    Newer Pythons first by default, so that each gets the newest versions; older ones first if versions found
    for them should be used for all. Then those with more upper bounds: their versions are likelier to fit others.
    """
    sign = -1 if strategy is ForkStrategy.FEWEST or mode is ResolutionMode.LOWEST else 1
    branches.sort(key=lambda branch: (sign * branch.lower_python, branch.upper_bound_count))


def split_on_python(
    specifiers: Specifiers, requires_python: RequiresPython, environment: ForkEnvironment
) -> list[ForkEnvironment]:
    """Return the environments below and above the oldest Python of *specifiers*; none if there is nothing to split."""
    position = lower_position(specifiers)
    cuts = requires_python.bounds.cuts
    if position <= cuts[0] or (len(cuts) > 1 and cuts[1] <= position):
        return []
    below = python_full_version_marker(VersionSet((cuts[0], position)))
    above = python_full_version_marker(VersionSet((position, *cuts[1:])))
    return [environment.narrowed(part) for part in (below, above) if environment.overlaps(part)]


def split_on_marker(environment: ForkEnvironment, marker: Marker) -> tuple[ForkEnvironment, ForkEnvironment] | None:
    """Return the parts of *environment* with and without *marker*; None if one of them is empty."""
    without = ~marker
    if not environment.overlaps(marker) or not environment.overlaps(without):
        return None
    return environment.narrowed(marker), environment.narrowed(without)
