"""Time of searches that go back often and far, with and without taking over what was undone.

Run: `PYTHONPATH=. python tests/benchmarks/bench_solver.py`. In these worlds most versions of the first package and of
one of the last cannot agree, and the packages between have nothing to do with it; so it is in locks with many forks.
"""

from __future__ import annotations

import sys
import time

from tests.support.number_world import Numbers, World, numbers

VERSIONS = 12


def far_world(between: int) -> tuple[World, dict[str, Numbers]]:
    """Return a world in which each conflict is found *between* decisions after its cause, and what to solve in it."""
    table: dict[str, dict[int, dict[str, Numbers]]] = {
        "a": {version: {"y": numbers(version)} for version in range(1, VERSIONS + 1)},
        "y": {version: {"z": numbers(1 if version == 1 else 2)} for version in range(1, VERSIONS + 1)},
        "z": {1: {}},
    }
    for number in range(between):
        name = f"m{number:03}"
        table[name] = {1: {f"{name}-needed": numbers(1)}}
        table[f"{name}-needed"] = {1: {}}
    # Whatever `y` needs is learnt for its version alone: several packages ask for it under names of their own.
    for version in range(2, VERSIONS + 1):
        table["y"][version] = {f"z{version}": numbers(2)}
        table[f"z{version}"] = {1: {}}
    wanted = {name: Numbers(frozenset(versions)) for name, versions in table.items() if "-" not in name and name < "y"}
    return World(table), wanted


def main() -> None:
    """Print one row per size."""
    for between in (10, 50, 200):
        seconds: dict[bool, float] = {}
        decisions: dict[bool, int] = {}
        for redo in (False, True):
            world, requirements = far_world(between)
            start = time.process_time()
            world.solve(requirements, redo=redo)
            seconds[redo] = time.process_time() - start
            decisions[redo] = world.decisions
        sys.stdout.write(
            f"{between:>4} packages between: {decisions[False]:>6} decisions in {seconds[False] * 1e3:>8.1f} ms, "
            f"{decisions[True]:>6} of them concluded in {seconds[True] * 1e3:>8.1f} ms\n"
        )


if __name__ == "__main__":
    main()
