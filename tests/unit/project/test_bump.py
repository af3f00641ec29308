"""Raising versions and bounding requirements."""

from __future__ import annotations

import pytest

from mauve.project.bump import (
    BoundKind,
    Bump,
    Component,
    ContradictoryBumps,
    NotIncreased,
    bound_specifiers,
    bump_version,
)
from mauve.standards.versions import parse_version


def bumped(version: str, *components: str) -> str:
    bumps = []
    for text in components:
        name, separator, value = text.partition("=")
        bumps.append(Bump(Component(name), int(value) if separator else None))
    return str(bump_version(parse_version(version), bumps))


@pytest.mark.parametrize(
    ("version", "components", "expected"),
    [
        ("1.2.3", ["major"], "2.0.0"),
        ("1.2.3", ["minor"], "1.3.0"),
        ("1", ["patch"], "1.0.1"),
        ("1.2.3.4", ["minor"], "1.3.0.0"),
        ("1.2.3a1", ["alpha"], "1.2.3a2"),
        ("1.2.3a1", ["rc"], "1.2.3rc1"),
        ("1.2.3rc1.post2.dev3", ["rc"], "1.2.3rc2"),
        ("1.2.3", ["beta", "patch"], "1.2.4b1"),
        ("1.2.3", ["patch", "dev"], "1.2.4.dev1"),
        ("1.2.3", ["post"], "1.2.3.post1"),
        ("1.2.3.dev4", ["dev"], "1.2.3.dev5"),
        ("1.1b1", ["stable"], "1.1"),
        ("1!2.3", ["major", "rc=7"], "1!3.0rc7"),
        ("1.2.3+local", ["patch"], "1.2.4+local"),
    ],
)
def test_bumps_raise_one_component_and_reset_what_follows(version: str, components: list[str], expected: str) -> None:
    """The order on the command line does not matter; epoch and local part stay."""
    assert bumped(version, *components) == expected


@pytest.mark.parametrize(
    ("version", "component", "advice"),
    [
        ("1.2", "alpha", "when bumping to a pre-release version"),
        ("1.2a1", "dev", "when bumping to a dev version"),
        ("1.2", "stable", "provide the exact version to force an update"),
        ("1.2", "minor=0", "provide the exact version to force an update"),
    ],
)
def test_a_bump_that_lowers_the_version_says_what_to_do(version: str, component: str, advice: str) -> None:
    """`--bump alpha` alone would give a version before the present one."""
    with pytest.raises(NotIncreased, match=advice):
        bumped(version, component)


@pytest.mark.parametrize("components", [["minor", "minor=2"], ["alpha", "dev"], ["stable", "patch"], ["post", "dev"]])
def test_bumps_that_exclude_each_other_are_refused(components: list[str]) -> None:
    """The result would depend on the order."""
    with pytest.raises(ContradictoryBumps, match=", ".join(components)):
        bumped("1.2", *components)


@pytest.mark.parametrize(
    ("version", "bounds"),
    [
        ("1.2.3", (">=1.2.3", ">=1.2.3,<2.0.0", ">=1.2.3,<1.3.0", "==1.2.3")),
        ("0.3.1", (">=0.3.1", ">=0.3.1,<0.4.0", ">=0.3.1,<0.3.2", "==0.3.1")),
        ("0.0.5", (">=0.0.5", ">=0.0.5,<0.0.6", ">=0.0.5,<0.0.6", "==0.0.5")),
        ("3", (">=3", ">=3,<4", ">=3,<3.1", "==3")),
        ("1.0", (">=1.0", ">=1.0,<2.0", ">=1.0,<1.1", "==1.0")),
        ("1.0.0b2", (">=1.0.0b2", ">=1.0.0b2,<2.0.0", ">=1.0.0b2,<1.1.0", "==1.0.0b2")),
        ("1.0+cpu", (">=1.0", ">=1.0,<2.0", ">=1.0,<1.1", "==1.0")),
    ],
)
def test_bounds_follow_the_chosen_version(version: str, bounds: tuple[str, ...]) -> None:
    """The upper bound has as many components as the version; local parts never get into a requirement."""
    assert tuple(bound_specifiers(parse_version(version), kind).lock_text() for kind in BoundKind) == bounds
