"""The solver against brute force in small worlds."""

from __future__ import annotations

from itertools import product
from random import Random

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


def large_world(seed: int) -> tuple[World, dict[str, Numbers]]:
    """Return a world whose searches go back often and far, and what to solve in it."""
    random = Random(seed)
    names = "abcdefghijklmnopqrst"[: random.choice((8, 12, 16, 20))]
    versions = range(1, random.choice((4, 5, 7)))
    share = random.choice((0.3, 0.5, 0.7))
    most = random.randint(1, 5)
    refused = random.choice((0, 0.5))

    are_intervals = random.random() < 0.5

    def some() -> Numbers:
        if are_intervals:
            first, last = sorted(random.choices(versions, k=2))
            return Numbers(frozenset(range(1 if random.random() < 0.5 else first, last + 1)))
        chosen = [version for version in versions if random.random() < share]
        return Numbers(frozenset(chosen or [random.choice(versions)]))

    def needed() -> dict[str, Numbers]:
        return {random.choice(names): some() for _ in range(random.randint(0, most))}

    table: dict[str, dict[int, dict[str, Numbers]]] = {}
    for name in names:
        shared = needed()
        table[name] = {version: shared if random.random() < share / 2 else needed() for version in versions}
        if random.random() < refused:
            # As versions are that need a newer Python.
            table[name] |= {version: {"gate": Numbers(frozenset((2,)))} for version in versions if version > 1}
        if random.random() < refused:
            needed_by = {version: Numbers(frozenset(range(random.choice((1, 3)), 9))) for version in versions}
            table[name] |= {version: {"nowhere": needed_by[version]} for version in versions if random.random() < 0.7}
    table["gate"] = {1: {}}
    wanted = {name: Numbers(frozenset(versions)) for name in random.sample(names, random.randint(3, len(names)))}
    if random.random() < 0.5:
        wanted["gate"] = Numbers(frozenset((1,)))
    return World(table, changes_order=random.random() < 0.7), wanted


@settings(max_examples=500, deadline=None)
@given(st.integers(min_value=0, max_value=1_000_000))
def test_taking_decisions_over_changes_nothing(seed: int) -> None:
    """What is done again after going back is only a shorter way to the same conflicts and the same solution."""
    world, requirements = large_world(seed)

    def outcome(*, redo: bool) -> tuple[object, ...]:
        try:
            found = list(world.solve(requirements, redo=redo).items())
        except Unsolvable:
            return repr(world.solver.conclusion), world.conflicts
        history = [
            (known.package, known.index, known.accumulated.versions, known.cause.terms.keys())
            for known in world.solver.solution.history
        ]
        return found, world.conflicts, world.decisions + world.redone, history

    assert outcome(redo=True) == outcome(redo=False)
