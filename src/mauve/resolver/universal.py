"""The entry point: solve every fork of a manifest, one after the other, and merge the solutions.

Forks wait on a stack; a fork that splits while it is solved leaves its parts there. Versions found for one fork are
preferred in those that follow.

Specification: docs/resolution.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.resolver.environments import EVERYWHERE
from mauve.resolver.forks import oldest_python
from mauve.resolver.manifest import ForkStrategy, ResolutionMode
from mauve.resolver.merging import Solution, merge_solutions
from mauve.resolver.packages import Kind
from mauve.resolver.preferences import Preference
from mauve.resolver.search import ROOT_VERSION, Search
from mauve.resolver.state import ForkState
from mauve.standards.markers.diagram import TRUE, extra_marker
from mauve.standards.markers.extras import extra_names, without_extras
from mauve.standards.version_sets import singleton

if TYPE_CHECKING:
    from mauve.distributions.conflicts import ConflictItem, Conflicts
    from mauve.resolver.environments import ForkEnvironment
    from mauve.resolver.graph import ResolutionGraph
    from mauve.resolver.manifest import Manifest
    from mauve.resolver.preferences import Preferences
    from mauve.resolver.reporter import ResolverReporter
    from mauve.resolver.source import MetadataSource
    from mauve.standards.markers.diagram import Marker

_last: list[object] = []
"""What the last resolution knew. Taking it apart takes longer than most processes go on living."""


def resolve(
    manifest: Manifest, source: MetadataSource, preferences: Preferences, reporter: ResolverReporter
) -> ResolutionGraph:
    """Return one graph of versions that satisfies *manifest* in every environment.

    Args:
        manifest: the inputs.
        source: answers questions about packages; waits where it must.
        preferences: versions to keep where they still fit, and the forks to start with.
        reporter: is told about progress.

    Raises:
        NoSolution: the requirements contradict each other.
        DependencyFailed: a requirement of some version cannot be followed at all.
        ConflictingUrls: two direct sources are asked for under one name.
        MauveError: the source failed for good.
    """
    search = Search(manifest, source, preferences, reporter)
    options = manifest.options
    stack = _initial_forks(manifest, preferences)
    solutions: list[Solution] = []
    while stack:
        state = stack.pop()
        if reporter.is_verbose and (split := state.environment.describe()):
            reporter.debug(f"Solving {split} (requires-python: {state.requires_python})")
        forks = search.solve(state)
        if forks:
            stack.extend(forks)
            continue
        solution = Solution(state)
        solutions.append(solution)
        if stack and options.resolution is not ResolutionMode.LOWEST_DIRECT:
            _prefer_versions(search, solution)
    _last[:] = search, solutions
    graph = merge_solutions(solutions, manifest, search.listings)
    reporter.finished()
    return graph


def _prefer_versions(search: Search, solution: Solution) -> None:
    state = solution.state
    for package, version in state.solver.solution.decisions():
        if package.kind is Kind.PACKAGE and package.is_base:
            candidate = state.candidates.get((package.name, version.key))
            search.prefer(
                Preference(
                    name=package.name,
                    version=version,
                    markers=(state.environment.marker,),
                    index=None if candidate is None else candidate.table.listing.index.url,
                    from_lock=False,
                )
            )


def _initial_forks(manifest: Manifest, preferences: Preferences) -> list[ForkState]:
    """Return the states to start with, the last to be solved first."""
    state = ForkState(manifest.requires_python, singleton(ROOT_VERSION))
    markers = preferences.fork_markers or manifest.environments
    if not markers:
        return [state]
    environments = [
        environment for marker in reversed(markers) if (environment := _read_fork(marker, manifest.conflicts))
    ]
    options = manifest.options
    sign = -1 if options.fork_strategy is ForkStrategy.FEWEST or options.resolution is ResolutionMode.LOWEST else 1
    environments.sort(key=lambda environment: sign * oldest_python(environment.marker))
    return [state.branch(environment) for environment in environments]


def _read_fork(marker: Marker, conflicts: Conflicts) -> ForkEnvironment | None:
    """Return the environment that a fork marker of a lockfile describes, conflict items decoded."""
    names = extra_names(marker)
    if not names:
        return EVERYWHERE.narrowed(marker)
    included: list[ConflictItem] = []
    excluded: list[ConflictItem] = []
    for item in (item for group in conflicts.sets for item in group.items):
        encoded = extra_marker(item.encoded)
        if item.encoded in names and marker is not TRUE:
            if marker.implies(encoded):
                included.append(item)
            elif marker.implies(~encoded):
                excluded.append(item)
    environment = EVERYWHERE.with_items(included, excluded)
    return None if environment is None else environment.narrowed(without_extras(marker))
