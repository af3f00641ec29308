"""Time of reading, combining and rendering markers; run with `python tests/benchmarks/bench_markers.py`."""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING

from mauve.standards.markers.parse import parse_marker
from mauve.standards.markers.render import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.standards.markers.diagram import Marker

REPEATS = 3


def marker_texts(count: int) -> list[str]:
    """Return *count* distinct markers in the shapes that metadata of published packages has."""
    chooser = random.Random(0)
    extras = [f"extra-{number}" for number in range(count)]
    versions = ["3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"]
    platforms = ["linux", "darwin", "win32"]
    machines = ["x86_64", "aarch64", "arm64", "AMD64"]
    shapes: list[Callable[[str], str]] = [
        lambda extra: f"extra == '{extra}'",
        lambda extra: f"extra == '{extra}'",
        lambda extra: f'python_version >= "{chooser.choice(versions)}" and extra == "{extra}"',
        lambda extra: f"(python_version < '{chooser.choice(versions)}') and extra == '{extra}'",
        lambda extra: f"sys_platform == '{chooser.choice(platforms)}' and extra == '{extra}'",
        lambda extra: (
            f"platform_system == 'Linux' and platform_machine == '{chooser.choice(machines)}' and extra == '{extra}'"
        ),
        lambda extra: (
            f"(platform_machine == '{chooser.choice(machines)}' or platform_machine == 'riscv64') "
            f"and (sys_platform != 'win32' or python_full_version < '{chooser.choice(versions)}') "
            f"and extra == '{extra}'"
        ),
    ]
    return [chooser.choice(shapes)(extra) for extra in extras]


def forks() -> list[Marker]:
    """Return conditions as a resolution splits on them."""
    versions = ["3.9", "3.10", "3.11", "3.12", "3.13"]
    texts = [
        f"python_version {operator} '{version}' and sys_platform {equal} '{platform}' "
        f"and platform_machine {same} '{machine}'"
        for version in versions
        for operator in ("<", ">=")
        for platform in ("linux", "darwin", "win32")
        for equal in ("==", "!=")
        for machine in ("x86_64", "aarch64")
        for same in ("==", "!=")
    ]
    return [parse_marker(text) for text in texts]


def measure(name: str, count: int, action: Callable[[], object]) -> None:
    """Print how long *action*, which does *count* things, takes."""
    start = time.perf_counter()
    action()
    seconds = time.perf_counter() - start
    sys.stdout.write(f"{name:34}{seconds * 1e3:9.2f} ms {seconds / count * 1e6:9.2f} us each\n")


def main() -> None:
    """Measure each table cold, then warm."""
    texts = marker_texts(2000)
    measure("parse, distinct", len(texts), lambda: [parse_marker(text) for text in texts])
    measure("parse, again", len(texts), lambda: [parse_marker(text) for text in texts])
    markers = [parse_marker(text) for text in texts]
    measure("render, distinct", len(markers), lambda: [render(marker) for marker in markers])
    conditions = forks()
    pairs = [(first, second) for first in conditions for second in conditions]
    measure("and, cold", len(pairs), lambda: [first & second for first, second in pairs])
    measure("and, warm", len(pairs), lambda: [first & second for first, second in pairs])
    measure("or, cold", len(pairs), lambda: [first | second for first, second in pairs])
    measure("or, warm", len(pairs), lambda: [first | second for first, second in pairs])
    measure("is_disjoint", len(pairs), lambda: [first.is_disjoint(second) for first, second in pairs])
    unions = [first | second for first, second in pairs[::7]]
    measure("render of unions", len(unions), lambda: [render(marker) for marker in unions])


if __name__ == "__main__":
    main()
