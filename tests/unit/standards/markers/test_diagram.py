"""The algebra of markers."""

from __future__ import annotations

import pytest

from mauve.standards.markers.diagram import FALSE, TRUE, extra_marker, plain_and, restrict, string_marker
from mauve.standards.markers.parse import parse_marker

LINUX = parse_marker("sys_platform == 'linux'")
WINDOWS = parse_marker("sys_platform == 'win32'")
OLD = parse_marker("python_version < '3.11'")


def test_equal_conditions_are_one_object() -> None:
    """However they were composed."""
    assert (LINUX & OLD) | (LINUX & ~OLD) is LINUX
    assert ~(LINUX | OLD) is (~LINUX & ~OLD)


def test_contradictions_are_false_and_tautologies_true() -> None:
    """Without any text being compared."""
    assert (LINUX & WINDOWS).is_false
    assert (OLD | parse_marker("python_full_version >= '3.11'")).is_true
    assert LINUX & ~LINUX is FALSE
    assert LINUX | ~LINUX is TRUE


def test_disjointness_and_implication() -> None:
    """The two questions the resolver asks."""
    assert LINUX.is_disjoint(WINDOWS)
    assert not LINUX.is_disjoint(OLD)
    assert (LINUX & OLD).implies(LINUX)
    assert not LINUX.implies(LINUX & OLD)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("os_name == 'nt'", "sys_platform == 'linux'"),
        ("os_name == 'nt'", "sys_platform == 'darwin'"),
        ("os_name == 'nt'", "sys_platform == 'ios'"),
        ("os_name == 'posix'", "sys_platform == 'win32'"),
        ("platform_system == 'FreeBSD'", "sys_platform == 'linux'"),
        ("platform_system == 'SunOS'", "sys_platform == 'ios'"),
        ("platform_system == 'iPadOS'", "sys_platform == 'darwin'"),
    ],
)
def test_platforms_that_cannot_be_are_disjoint(first: str, second: str) -> None:
    """Knowledge about the world that is in no diagram."""
    assert parse_marker(first).is_disjoint(parse_marker(second))
    assert plain_and(parse_marker(first), parse_marker(second)) is not FALSE


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("os_name == 'nt'", "sys_platform == 'cygwin'"),
        ("platform_system == 'iOS'", "sys_platform == 'ios'"),
        ("platform_system == 'Java'", "sys_platform == 'linux'"),
    ],
)
def test_platforms_that_can_be_are_not_disjoint(first: str, second: str) -> None:
    """Nothing more than what is known is excluded."""
    assert not parse_marker(first).is_disjoint(parse_marker(second))


def test_membership_is_not_related_to_equality() -> None:
    """`in` is a variable of its own, as in uv."""
    member = string_marker("sys_platform", "in", "linux darwin")
    assert member is not None
    assert not member.is_disjoint(WINDOWS)


def test_restriction_drops_what_is_assumed() -> None:
    """An edge of the lockfile does not repeat its parent's marker."""
    assert restrict(LINUX & OLD, LINUX) is OLD
    assert restrict(LINUX | OLD, LINUX) is TRUE
    assert restrict(WINDOWS & OLD, LINUX) is FALSE
    assert restrict(OLD, LINUX) is OLD


def test_restriction_by_a_later_variable() -> None:
    """The assumption may ask for a variable that the value asks for further down."""
    extra = extra_marker("x")
    assert restrict(LINUX & extra, extra) is LINUX
