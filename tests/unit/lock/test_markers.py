"""Markers as a lockfile writes them."""

from __future__ import annotations

from mauve.lock.markers import fork_texts
from mauve.standards.markers.diagram import FALSE
from mauve.standards.markers.extras import without_extras
from mauve.standards.markers.parse import parse_marker
from mauve.standards.requires_python import RequiresPython

ANY_PYTHON = RequiresPython()


def test_forks_of_one_environment_are_told_once() -> None:
    """Extras in conflict tell them apart only if environments do not."""
    linux, others = "sys_platform == 'linux'", "sys_platform != 'linux'"
    both = [parse_marker(f"{linux} and extra {sign} 'extra-1-p-x'") for sign in ("==", "!=")]
    assert fork_texts([*both, parse_marker(others)], ANY_PYTHON) == (linux, others)


def test_environments_that_differ_only_where_no_platform_is_possible_are_one() -> None:
    """Windows is never Linux, whatever a marker says about both."""
    impossible = parse_marker("sys_platform == 'linux' and os_name == 'nt' or sys_platform == 'linux'")
    twin = parse_marker("sys_platform == 'linux' and os_name != 'nt'")
    assert impossible is not twin is not FALSE
    forks = [parse_marker("extra == 'extra-1-p-x'") & impossible, parse_marker("extra != 'extra-1-p-x'") & twin]
    assert without_extras(forks[0]) is not without_extras(forks[1])
    assert fork_texts(forks, ANY_PYTHON) == ("sys_platform == 'linux'",)
