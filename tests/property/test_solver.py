"""The solver against brute force in small worlds."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.number_world import Numbers, World

from mauve.solver.incompatibility import Derived, walk_causes
from mauve.solver.solver import Unsolvable

NAMES = "abcd"
VERSIONS = (1, 2, 3)

ranges = st.frozensets(st.sampled_from(VERSIONS)).map(Numbers)
dependencies = st.dictionaries(st.sampled_from(NAMES), ranges, max_size=3)
worlds = st.fixed_dictionaries(
    {name: st.dictionaries(st.sampled_from(VERSIONS), dependencies, max_size=3) for name in NAMES}
).map(World)


@settings(max_examples=300, deadline=None)
@given(worlds, dependencies)
def test_a_solution_is_found_exactly_if_there_is_one(world: World, requirements: dict[str, Numbers]) -> None:
    """Any solution satisfies every requirement; if brute force finds one, so do we."""
    try:
        found = world.solve(requirements)
    except Unsolvable:
        assert not world.has_solution(requirements)
    else:
        assert world.satisfies({name: found.get(name) for name in NAMES}, requirements)


@settings(max_examples=100, deadline=None)
@given(worlds, dependencies)
def test_every_step_to_a_failure_follows_from_its_causes(world: World, requirements: dict[str, Numbers]) -> None:
    """The derivation of a failure is a proof: what violates a conclusion violates one of its two causes."""
    try:
        world.solve(requirements)
    except Unsolvable:
        steps = [step for step in walk_causes(world.solver.conclusion) if isinstance(step.cause, Derived)]
        outcomes = [
            dict(zip(NAMES, versions, strict=True)) for versions in product((None, *VERSIONS), repeat=len(NAMES))
        ]
        for step in steps:
            for outcome in outcomes:
                if world.holds(step, outcome):
                    assert world.holds(step.cause.first, outcome) or world.holds(step.cause.second, outcome)
