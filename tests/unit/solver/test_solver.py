"""The solver on its own: packages are letters, versions are whole numbers."""

from __future__ import annotations

import pytest
from tests.support.number_world import Numbers, World, numbers

from mauve.solver.incompatibility import DependsOn, NoVersions, walk_causes
from mauve.solver.solver import Solver, Unsolvable


def test_the_newest_version_of_everything_is_taken_without_going_back() -> None:
    """The common case costs one decision a package."""
    world = World({"a": {1: {}, 2: {"b": numbers(1, 2)}}, "b": {1: {}, 2: {}, 3: {}}})
    assert world.solve({"a": numbers(1, 2)}) == {"a": 2, "b": 2}
    assert world.decisions == 3


def test_a_conflict_is_learnt_once_for_all_versions_with_the_same_dependency() -> None:
    """Merging dependencies is what keeps a long history of versions from being tried one by one."""
    old = {version: {"c": numbers(1)} for version in range(1, 30)}
    world = World({"a": {1: {"c": numbers(2)}}, "b": {**old, 30: {}}, "c": {1: {}, 2: {}}})
    assert world.solve({"a": numbers(1), "b": numbers(*range(1, 31))}) == {"a": 1, "b": 30, "c": 2}
    assert world.decisions <= 5


def test_a_dependency_that_is_declared_twice_still_counts() -> None:
    """A requirement and a constraint may say the same."""
    solver = World({}).start({"a": numbers(1), "b": numbers(1, 2)})
    for _ in range(2):
        solver.add_dependency("a", numbers(1), "b", numbers(1))
    solver.propagate("a")
    assert solver.solution.assignments["b"].term.versions == numbers(1)


def test_going_back_skips_decisions_that_have_nothing_to_do_with_the_conflict() -> None:
    """The root cause is undone, not the latest decision."""
    world = World(
        {
            "a": {1: {}, 2: {"z": numbers(9)}},
            "b": {1: {}, 2: {}},
            "c": {1: {}, 2: {}},
        }
    )
    assert world.solve({"a": numbers(1, 2), "b": numbers(1, 2), "c": numbers(1, 2)}) == {"a": 1, "b": 2, "c": 2}


def test_an_impossible_root_ends_with_its_causes() -> None:
    """The report of a failure is made of the causes of the last conclusion."""
    world = World({"a": {1: {"c": numbers(1)}}, "b": {1: {"c": numbers(2)}}, "c": {1: {}, 2: {}}})
    with pytest.raises(Unsolvable):
        world.solve({"a": numbers(1), "b": numbers(1)})
    causes = [type(one.cause) for one in walk_causes(world.solver.conclusion)]
    assert causes.count(DependsOn) == 4
    assert NoVersions not in causes


def test_a_copy_goes_its_own_way() -> None:
    """A fork must not see what another one decides."""
    world = World({"a": {1: {}, 2: {}}})
    solver = world.start({"a": numbers(1, 2)})
    twin = solver.copy()
    solver.solution.decide("a", 2, numbers(2))
    assert dict(solver.solution.decisions())["a"] == 2
    assert "a" not in dict(twin.solution.decisions())


def test_a_package_can_be_undone_by_name() -> None:
    """Changing the order of packages starts with taking back the one that came too early."""
    world = World({"a": {1: {}}, "b": {1: {}}})
    solver = world.start({"a": numbers(1), "b": numbers(1)})
    solver.solution.decide("a", 1, numbers(1))
    solver.solution.decide("b", 1, numbers(1))
    assert solver.backtrack_before("a") == 2
    assert dict(solver.solution.decisions()) == {"root": 1}
    assert solver.backtrack_before("nobody") is None


def test_another_priority_counts_when_something_is_learnt_about_the_package() -> None:
    """Until then it waits where it was, also if others are undone."""
    solver = World({}).start({"a": numbers(1), "b": numbers(1), "c": numbers(1, 2)})
    ranks = {"a": 1, "b": 2, "c": 3}
    assert solver.solution.pick(ranks.__getitem__, 0) == "a"
    solver.solution.decide("a", 1, numbers(1))
    assert solver.backtrack_before("a") == 1
    ranks["c"] = 0
    assert solver.solution.pick(ranks.__getitem__, 1) == "a"
    solver.add_dependencies("a", 1, numbers(1), numbers(1), [("c", numbers(1))])
    solver.propagate("a")
    assert solver.solution.pick(ranks.__getitem__, 1) == "c"


def test_decisions_that_have_nothing_to_do_with_a_conflict_are_taken_over() -> None:
    """Going back far must not cost what lies between."""
    between = {name: {1: {f"{name}-needed": numbers(1)}} for name in "bcdef"}
    needed = {f"{name}-needed": {1: {}} for name in "bcdef"}
    # `a` is decided first; that `y` and `z` cannot agree with its newest version is found out last.
    world = World(
        {
            "a": {1: {}, 2: {"y": numbers(1, 2), "z": numbers(1)}},
            **between,
            **needed,
            "y": {1: {"z": numbers(2)}, 2: {"z": numbers(2)}},
            "z": {1: {}, 2: {}},
        }
    )
    world.solve({name: numbers(1, 2) for name in "abcdefy"})
    assert world.redone > 0
    assert world.solver.solution.assignments["a"].version == 1


def by_letter(name: str) -> int:
    """Return the rank of a package that comes in the order of the alphabet."""
    return ord(name[0])


def z_first(name: str) -> int:
    """Return the same, but for `z`."""
    return 0 if name == "z" else by_letter(name)


def refused_last() -> Solver[str, int, Numbers]:
    """Return a solver that learnt after other decisions that `z` 3 cannot be used."""
    needs = {name: numbers(1) for name in ("b", "c", "d", "gate")}
    solver = World({}).start({**needs, "z": numbers(1, 2, 3)})
    for name in needs:
        assert solver.solution.pick(by_letter) == name
        solver.solution.decide(name, 1, numbers(1))
        solver.propagate(name)
    solver.solution.pick(by_letter)
    solver.add_dependencies("z", 3, numbers(3), numbers(3), [("gate", numbers(2))])
    assert solver.propagate("z", keep=True)
    return solver


def test_decisions_between_a_conflict_and_its_cause_stay_where_they_are() -> None:
    """They would be the same ones again; undoing them first would be for nothing."""
    solver = refused_last()
    assert solver.solution.level == 5
    learnt = solver.solution.assignments["z"].derivations[-1]
    assert (learnt.level, learnt.accumulated.versions) == (1, numbers(1, 2))
    assert solver.redo(by_letter, 0, World.always) == 4
    assert solver.solution.pick(by_letter) == "z"


def test_what_was_kept_is_undone_if_a_package_comes_earlier_now() -> None:
    """Another order of packages means other decisions."""
    solver = refused_last()
    assert solver.redo(z_first, 1, World.always) == 0
    assert solver.solution.level == 1
    assert solver.solution.pick(z_first, 1) == "z"


def test_what_was_kept_does_not_count_as_decided() -> None:
    """Whether there is something to go back to is asked before it is settled what stays."""
    solver = refused_last()
    assert solver.backtrack_before("c") is None
    assert solver.solution.level == 1
