"""Markers relative to requires-python."""

from __future__ import annotations

import pytest

from mauve.standards.markers.diagram import FALSE, TRUE, python_full_version_marker
from mauve.standards.markers.parse import parse_marker
from mauve.standards.markers.python import complexify, outer_bounds, python_bounds, simplify
from mauve.standards.markers.render import render
from mauve.standards.version_sets import EMPTY, FULL, VersionSet, between
from mauve.standards.versions import parse_version

FROM_310 = VersionSet((parse_version("3.10").key,))
TO_312 = between(parse_version("3.10").key, parse_version("3.12").key)


@pytest.mark.parametrize(
    ("text", "bounds", "simple"),
    [
        ("python_version >= '3.10' and python_version < '3.12'", FROM_310, "python_full_version < '3.12'"),
        ("python_version >= '3.10'", FROM_310, None),
        ("python_version < '3.10'", FROM_310, "python_version < '0'"),
        ("python_version in '3.10 3.12'", FROM_310, "python_full_version < '3.11' or python_full_version == '3.12.*'"),
        ("python_version in '3.10 3.12'", TO_312, "python_full_version < '3.11'"),
        ("python_version < '3.12' and os_name == 'nt'", TO_312, "os_name == 'nt'"),
        ("os_name == 'nt' and extra == 'x'", TO_312, "os_name == 'nt' and extra == 'x'"),
    ],
)
def test_bounds_are_taken_out(text: str, bounds: VersionSet, simple: str | None) -> None:
    """What lies outside is no longer mentioned."""
    assert render(simplify(parse_marker(text), bounds)) == simple


def test_bounds_are_put_back() -> None:
    """Reading a lockfile restores what writing left out."""
    marker = parse_marker("python_version >= '3.10' and python_version < '3.11' and os_name == 'nt'")
    assert complexify(simplify(marker, FROM_310), FROM_310) is marker
    assert complexify(TRUE, TO_312) is python_full_version_marker(TO_312)


def test_no_bounds_change_nothing() -> None:
    """A project may have no requires-python."""
    marker = parse_marker("python_version >= '3.10'")
    assert simplify(marker, FULL) is marker
    assert complexify(marker, FULL) is marker


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("os_name == 'nt'", FULL),
        ("python_version >= '3.10'", FROM_310),
        ("python_version >= '3.10' and python_version < '3.12' and os_name == 'nt' and extra == 'x'", TO_312),
        ("python_version == '3.10' or python_version == '3.11' and os_name == 'nt'", TO_312),
        ("python_version >= '3.10' or os_name == 'nt'", FULL),
        ("platform_system == 'FreeBSD' and (python_version >= '3.10' or sys_platform == 'linux')", FROM_310),
    ],
)
def test_bounds_of_a_marker_surround_every_python_it_holds_for(text: str, bounds: VersionSet) -> None:
    """A fork's requires-python is narrowed by its marker."""
    assert python_bounds(parse_marker(text)) == bounds


def test_a_marker_that_never_holds_has_empty_bounds() -> None:
    """So its fork is dropped."""
    assert python_bounds(FALSE) == EMPTY


def test_outer_bounds_ignore_holes() -> None:
    """`!=3.11.*` does not split requires-python."""
    assert outer_bounds(TO_312 - between(parse_version("3.11").key, parse_version("3.11.5").key)) == TO_312
    assert outer_bounds(FROM_310 - TO_312 | TO_312) == FROM_310
