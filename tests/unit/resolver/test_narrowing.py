"""Requirements that were narrowed to what was chosen: resolving again would give what is at hand."""

from __future__ import annotations

import random

import pytest
from tests.support.universe import Universe, edges, forks, versions

from mauve.resolver.errors import NoSolution
from mauve.resolver.graph import ResolutionGraph
from mauve.resolver.manifest import ResolutionMode, ResolverOptions
from mauve.resolver.narrowing import narrowed_graph
from mauve.resolver.preferences import Preference, Preferences


def small_universe() -> Universe:
    """Return two packages, one of which needs the other."""
    return Universe().add("a", "1.0").add("a", "2.0", ["b>=1"]).add("b", "1.0").add("b", "1.5")


def preferring(graph: ResolutionGraph) -> Preferences:
    """Return the preferences of a lock made of *graph*."""
    return Preferences(tuple([Preference(name=each.name, version=each.version) for each in graph.packages]))


@pytest.mark.parametrize(("before", "after"), [("a", "a>=2.0"), ("a", "a==2.0"), ("a>=1", "a>=2.0,<3"), ("a", "a")])
def test_a_bound_that_includes_what_was_chosen_needs_no_resolution(before: str, after: str) -> None:
    """The project says what it requires now; everything else is as it was."""
    universe = small_universe()
    earlier, now = universe.manifest([before]), universe.manifest([after])
    graph = universe.resolve([before])
    narrowed = narrowed_graph(graph, earlier, now)
    assert narrowed is not None
    again = universe.resolve([after], preferences=preferring(graph))
    assert (versions(narrowed), edges(narrowed)) == (versions(again), edges(again))
    project = next(package for package in narrowed.packages if package.name == "project")
    assert project.metadata == now.members[0].metadata


@pytest.mark.parametrize("after", ["a<2", "a>2.0", "a ; sys_platform == 'win32'", "b", "a>=2.0,!=2.0"])
def test_what_excludes_what_was_chosen_or_says_something_else_is_resolved(after: str) -> None:
    """Only resolving tells what comes of it."""
    universe = small_universe()
    assert narrowed_graph(universe.resolve(["a"]), universe.manifest(["a"]), universe.manifest([after])) is None


def test_what_allows_more_is_resolved() -> None:
    """A newer version may be among it."""
    universe = small_universe()
    graph = universe.resolve(["a<2"])
    assert narrowed_graph(graph, universe.manifest(["a<2"]), universe.manifest(["a"])) is None
    assert narrowed_graph(graph, universe.manifest(["a<2"]), universe.manifest(["a<2", "b"])) is None


def test_other_options_or_groups_are_resolved() -> None:
    """They decide about more than what is required."""
    universe = small_universe()
    graph, earlier = universe.resolve(["a"]), universe.manifest(["a"])
    lowest = ResolverOptions(resolution=ResolutionMode.LOWEST)
    assert narrowed_graph(graph, earlier, universe.manifest(["a"], options=lowest)) is None
    assert narrowed_graph(graph, earlier, universe.manifest(["a"], groups={"dev": ["b"]})) is None


def test_what_was_warned_of_is_resolved() -> None:
    """So that it is told of again, or no longer."""
    universe = small_universe()
    graph = universe.resolve(["a[x]"])
    assert graph.warnings
    assert narrowed_graph(graph, universe.manifest(["a[x]"]), universe.manifest(["a[x]>=2.0"])) is None


def test_what_was_split_is_resolved() -> None:
    """The forks may be others."""
    universe = small_universe()
    requires = ["a<2 ; sys_platform == 'win32'", "a>=1 ; sys_platform != 'win32'"]
    graph = universe.resolve(requires)
    assert forks(graph)
    now = universe.manifest([requires[0], "a>=2.0 ; sys_platform != 'win32'"])
    assert narrowed_graph(graph, universe.manifest(requires), now) is None


def test_random_universes_are_resolved_to_what_is_at_hand() -> None:
    """Two hundred of them, in which versions contradict each other."""
    narrowed = 0
    for seed in range(200):
        drawn = random.Random(seed)
        names = ["a", "b", "c", "d", "e"]
        universe = Universe()
        for name in names:
            for version in range(1, drawn.randint(2, 5)):
                others = drawn.sample([other for other in names if other != name], drawn.randint(0, 2))
                bounds = ["", ">=2", "<3", "!=2", "==1.0"]
                universe.add(name, f"{version}.0", [other + drawn.choice(bounds) for other in others])
        wanted = drawn.sample(names, 2)
        try:
            graph = universe.resolve(wanted)
        except NoSolution:
            continue
        chosen = versions(graph)
        bounded = [wanted[0], f"{wanted[1]}>={chosen[wanted[1]][0]}"]
        found = narrowed_graph(graph, universe.manifest(wanted), universe.manifest(bounded))
        if found is not None:
            again = universe.resolve(bounded, preferences=preferring(graph))
            assert (versions(found), edges(found)) == (versions(again), edges(again)), seed
            narrowed += 1
    assert narrowed > 50
