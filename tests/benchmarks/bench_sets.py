"""Rates of the operations on sets of versions, beside sets as bits over the versions of one package.

Run: `python tests/benchmarks/bench_sets.py`. Bits are quicker, but they have to be made from the sets of specifiers,
for each package anew; terms of the solver remember what was made of them, so few operations are left to be quick at.
"""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING

from mauve.standards.specifiers import parse_specifiers
from mauve.standards.version_sets import VersionSet
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PAIRS = 20_000


def _rate(label: str, function: Callable[[int], object], count: int) -> None:
    start = time.process_time()
    for number in range(count):
        function(number)
    seconds = time.process_time() - start
    sys.stdout.write(f"{label:<44} {count / seconds:>12,.0f}/s  {seconds / count * 1e6:>8.2f} us\n")


def random_sets(chooser: random.Random, count: int) -> list[VersionSet]:
    """Return *count* sets in the shapes that requirements, and what is concluded from them, have."""
    found: list[VersionSet] = []
    for _ in range(count):
        low = chooser.randrange(40)
        versions = parse_specifiers(f">={low // 4}.{low % 4},<{low // 4 + chooser.randrange(1, 4)}").version_set()
        if chooser.random() < 0.3:
            for _ in range(chooser.randrange(1, 8)):
                versions |= parse_specifiers(f"=={chooser.randrange(12)}.{chooser.randrange(9)}").version_set()
        found.append(versions)
    return found


def main() -> None:
    """Print one row per operation."""
    chooser = random.Random(0)
    sets = random_sets(chooser, PAIRS)
    others = sets[1:] + sets[:1]
    keys = sorted(parse_version(f"{major}.{minor}").key for major in range(13) for minor in range(10))

    def bits(versions: VersionSet) -> int:
        return sum(1 << place for place, key in enumerate(keys) if versions.contains_key(key))

    masks = [bits(versions) for versions in sets[:1000]]
    _rate("set &", lambda n: sets[n] & others[n], PAIRS)
    _rate("set |", lambda n: sets[n] | others[n], PAIRS)
    _rate("set -", lambda n: sets[n] - others[n], PAIRS)
    _rate("set is_subset", lambda n: sets[n].is_subset(others[n]), PAIRS)
    _rate("set is_disjoint", lambda n: sets[n].is_disjoint(others[n]), PAIRS)
    _rate("set made and hashed", lambda n: hash(VersionSet(sets[n].cuts)), PAIRS)
    known: Sequence[VersionSet] = list(dict.fromkeys(sets))
    memory = dict.fromkeys(known, 0)
    _rate("set looked up", lambda n: memory[sets[n]], PAIRS)
    _rate("set to bits", lambda n: bits(sets[n]), 1000)
    _rate("bits &", lambda n: masks[n] & masks[n - 1], 1000)
    _rate("bits subset", lambda n: not masks[n] & ~masks[n - 1], 1000)


if __name__ == "__main__":
    main()
