"""The metadata of many versions is asked for at once when many were tried."""

from __future__ import annotations

from tests.support.universe import Universe, versions


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
