"""The metadata of many versions is asked for at once when many were tried."""

from __future__ import annotations

import pytest
from tests.support.universe import Universe, versions

from mauve.resolver.errors import NoSolution
from mauve.resolver.manifest import ForkStrategy, ResolverOptions


def _universe(count: int) -> Universe:
    """Return a universe in which all versions of `a` above 1.0 contradict `b`."""
    universe = Universe().add("b", "1.0").add("c", "1.0").add("c", "2.0").add("a", "1.0", ["c<2"])
    for minor in range(1, count):
        # Two ranges in turn: neighbours cannot be rejected together.
        universe.add("a", f"1.{minor}", ["c>=2" if minor % 2 else "c>1"])
    universe.heeds_hints = True
    return universe


def test_versions_that_come_next_are_asked_for_in_batches() -> None:
    """Every version was asked for ahead; most of them long before their turn."""
    universe = _universe(120)
    assert versions(universe.resolve(["a", "c<2"])) == {"a": ["1.0"], "c": ["1.0"]}
    ahead = dict(reversed(universe.asked_ahead))
    turns = {f"{name}-{version}-py3-none-any.whl": turn for turn, (name, version) in enumerate(universe.asked)}
    assert turns.keys() <= ahead.keys()
    early = [name for name, turn in turns.items() if turn - ahead[name] >= 3]
    assert len(early) >= 60


def test_few_tries_ask_for_nothing_more() -> None:
    """Up to four versions, only what is chosen is asked for."""
    universe = _universe(4)
    universe.resolve(["a", "c<2"])
    assert {name for name, _ in universe.asked_ahead} == {
        f"{name}-{version}-py3-none-any.whl" for name, version in universe.asked
    }


def test_what_needs_a_newer_python_is_not_asked_for() -> None:
    """The page tells that it will be rejected."""
    universe = Universe()
    for minor in range(30):
        universe.add("a", f"1.{minor}", python=">=3.12" if minor else ">=3.8")
    universe.heeds_hints = True
    options = ResolverOptions(fork_strategy=ForkStrategy.FEWEST)
    assert versions(universe.resolve(["a"], options=options)) == {"a": ["1.0"]}
    assert {name for name, _ in universe.asked_ahead} == {"a-1.0-py3-none-any.whl"}


def test_what_the_project_rules_out_is_not_asked_for() -> None:
    """Whatever is rejected, no version beyond the project's own bounds comes next."""
    universe = _universe(40)
    with pytest.raises(NoSolution):
        universe.resolve(["a>=1.20", "c<2"])
    assert not [name for name, _ in universe.asked_ahead if name.startswith("a-1.1")]
