"""Evaluating markers."""

from __future__ import annotations

import msgspec
import pytest

from mauve.standards.markers.environment import MarkerEnvironment, evaluate
from mauve.standards.markers.parse import parse_marker

LINUX = MarkerEnvironment(
    implementation_name="cpython",
    implementation_version="3.12.1",
    os_name="posix",
    platform_machine="x86_64",
    platform_python_implementation="CPython",
    platform_release="6.1.0-13-amd64",
    platform_system="Linux",
    platform_version="#1 SMP",
    python_full_version="3.12.1",
    python_version="3.12",
    sys_platform="linux",
)
MACOS = msgspec.structs.replace(
    LINUX, platform_machine="arm64", platform_release="23.1.0", platform_system="Darwin", sys_platform="darwin"
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("sys_platform == 'linux' and python_version >= '3.12'", True),
        ("python_version < '3.12'", False),
        ("python_full_version == '3.12.1'", True),
        ("python_full_version > '3.12.1'", False),
        ("python_full_version <= '3.12.1'", True),
        ("platform_system == 'Linux'", True),
        ("'lin' in sys_platform", True),
        ("sys_platform in 'linux darwin'", True),
        ("sys_platform not in 'linux darwin'", False),
        ("platform_release >= '5'", True),
        ("extra == 'x'", False),
    ],
)
def test_markers_are_evaluated_in_an_environment(text: str, holds: bool) -> None:
    """One walk down the diagram."""
    assert evaluate(parse_marker(text), LINUX) is holds


def test_kernel_releases_compare_as_versions_on_macos_only() -> None:
    """`23.1.0` is more than `9` as a version, and less as a string."""
    marker = parse_marker("platform_release >= '9'")
    assert evaluate(marker, MACOS)
    assert not evaluate(marker, msgspec.structs.replace(LINUX, platform_release="23.1.0"))


def test_an_unreadable_kernel_release_is_below_every_version() -> None:
    """Somebody's own build of a macOS kernel must not stop an installation."""
    environment = msgspec.structs.replace(MACOS, platform_release="custom")
    assert not evaluate(parse_marker("platform_release >= '9'"), environment)


def test_extras_are_those_that_are_active() -> None:
    """Normalised names."""
    marker = parse_marker("extra == 'Foo_Bar' and 'g' in dependency_groups")
    assert evaluate(marker, LINUX, frozenset({"foo-bar"}), frozenset({"g"}))
    assert not evaluate(marker, LINUX, frozenset({"foo-bar"}))


def test_a_candidate_of_python_is_before_the_release() -> None:
    """Interpreters are compared as they are."""
    environment = msgspec.structs.replace(LINUX, python_full_version="3.13.0rc1")
    assert not evaluate(parse_marker("python_version >= '3.13'"), environment)
    assert evaluate(parse_marker("python_version < '3.13'"), environment)
