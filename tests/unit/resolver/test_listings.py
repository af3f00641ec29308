"""What is asked for ahead."""

from __future__ import annotations

import pytest
from tests.support.universe import Universe

from mauve.resolver.preferences import Preference, Preferences
from mauve.resolver.source import Found
from mauve.standards.names import package_name
from mauve.standards.versions import parse_version

A = package_name("a")


def _likely(universe: Universe, preferences: Preferences) -> list[str]:
    """Return the versions of `a` that are likely when its listing arrives."""
    universe.resolve(["a"], preferences=preferences)
    found = universe.versions(A, None)
    assert isinstance(found, Found)
    return [wheel.filename.version.text for wheel, _ in universe.likely(A, found.listings)]


@pytest.fixture
def universe() -> Universe:
    return Universe().add("a", "1").add("a", "2").add("a", "3")


def test_the_latest_version_is_likely(universe: Universe) -> None:
    """It is what a first resolution begins with."""
    assert _likely(universe, Preferences()) == ["3"]


def test_the_locked_version_alone_is_likely_if_it_is_kept(universe: Universe) -> None:
    """Nobody will look at the others."""
    kept = Preference(name=A, version=parse_version("2"))
    assert _likely(universe, Preferences((kept,), former=((A, parse_version("2")),))) == ["2"]


def test_the_locked_and_the_latest_version_are_likely_in_an_upgrade(universe: Universe) -> None:
    """Mostly others do not allow the latest one yet, which only shows when they are chosen."""
    assert _likely(universe, Preferences(former=((A, parse_version("2")),))) == ["2", "3"]


def test_the_latest_version_is_likely_if_the_locked_one_is_gone(universe: Universe) -> None:
    """A release may be deleted."""
    kept = Preference(name=A, version=parse_version("1.5"))
    assert _likely(universe, Preferences((kept,), former=((A, parse_version("1.5")),))) == ["3"]
