"""Rates of the hot functions of `mauve.standards`, next to `packaging` in the same run.

Run: `python tests/benchmarks/bench_versions.py`. Every text is read once (memory of earlier texts does not help)
unless the row says "again".
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from packaging.requirements import Requirement as PackagingRequirement
from packaging.specifiers import SpecifierSet
from packaging.utils import parse_wheel_filename as packaging_wheel_filename
from packaging.version import Version as PackagingVersion

from mauve.standards.filenames import parse_wheel_filename
from mauve.standards.requirements import parse_requirement
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PLAIN = [f"{major}.{minor}.{micro}" for major in range(20) for minor in range(25) for micro in range(10)]
_SUFFIXED = [f"{text}{suffix}" for text in _PLAIN[:1000] for suffix in ("rc1", "a2", ".dev3", ".post1", "+cu118")]
_CLAUSES = [f">={major}.{minor},<{major + 1}" for major in range(40) for minor in range(100)]
_REQUIREMENTS = [f"name-{n}[x]>={n}.1,!={n}.3,<{n + 1}; python_version < '3.{n % 9 + 5}'" for n in range(3000)]
_WHEELS = [f"some_name-{text}-cp3{n % 14}-cp3{n % 14}-manylinux_2_17_x86_64.whl" for n, text in enumerate(_PLAIN)]


def _rate(label: str, function: Callable[[str], object], items: Sequence[str]) -> None:
    start = time.perf_counter()
    for item in items:
        function(item)
    seconds = time.perf_counter() - start
    sys.stdout.write(f"{label:<46} {len(items) / seconds:>12,.0f}/s  {seconds / len(items) * 1e6:>8.2f} us\n")


def main() -> None:
    """Print one row per function."""
    _rate("parse_version, plain", parse_version, _PLAIN)
    _rate("parse_version, plain, again", parse_version, _PLAIN)
    _rate("packaging Version, plain", PackagingVersion, _PLAIN)
    _rate("parse_version, suffixed", parse_version, _SUFFIXED)
    _rate("packaging Version, suffixed", PackagingVersion, _SUFFIXED)
    _rate("parse_specifiers", parse_specifiers, _CLAUSES)
    _rate("parse_specifiers, again", parse_specifiers, _CLAUSES)
    _rate("packaging SpecifierSet", SpecifierSet, _CLAUSES)
    _rate("version_set", lambda text: parse_specifiers(text).version_set(), _CLAUSES)
    _rate("version_set, again", lambda text: parse_specifiers(text).version_set(), _CLAUSES)
    sets = {text: parse_specifiers(text).version_set() for text in _CLAUSES}
    other = parse_specifiers(">=3,!=7.5,<20").version_set()
    _rate("set &", lambda text: sets[text] & other, _CLAUSES)
    _rate("set is_subset", lambda text: sets[text].is_subset(other), _CLAUSES)
    _rate("set is_disjoint", lambda text: sets[text].is_disjoint(other), _CLAUSES)
    version = parse_version("7.5.1")
    _rate("version in set", lambda text: version in sets[text], _CLAUSES)
    packaging_sets = {text: SpecifierSet(text) for text in _CLAUSES}
    packaging_version = PackagingVersion("7.5.1")
    _rate("packaging contains", lambda text: packaging_sets[text].contains(packaging_version), _CLAUSES)
    _rate("parse_requirement", parse_requirement, _REQUIREMENTS)
    _rate("packaging Requirement", PackagingRequirement, _REQUIREMENTS)
    _rate("parse_wheel_filename", parse_wheel_filename, _WHEELS)
    _rate("packaging parse_wheel_filename", packaging_wheel_filename, _WHEELS)
    requires_python = RequiresPython.from_specifiers(parse_specifiers(">=3.10"))
    wheels = {text: parse_wheel_filename(text) for text in _WHEELS}
    if requires_python is not None:
        _rate("wheel_fits", lambda text: requires_python.wheel_fits(wheels[text]), _WHEELS)


if __name__ == "__main__":
    main()
