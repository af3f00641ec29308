"""Version sets as messages state them."""

from __future__ import annotations

import pytest

from mauve.resolver.ranges import (
    exactly,
    is_only_locals,
    names_prerelease,
    narrowed,
    narrowed_exclusion,
    simplified,
    single_version,
    within_available,
    without_locals,
)
from mauve.standards.range_text import bounds_of
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.version_sets import VersionSet
from mauve.standards.versions import after, after_locals, parse_version

AVAILABLE = [parse_version(text) for text in ("1.0", "2.0", "3.0", "4.0a1")]


def allowed(specifiers: str) -> VersionSet:
    """Return the set of *specifiers*."""
    return parse_specifiers(specifiers).version_set()


def text(versions: VersionSet) -> str:
    """Return the intervals, `*` for all."""
    return "*" if versions.is_full else " | ".join(str(bounds) for bounds in bounds_of(versions))


@pytest.mark.parametrize(
    ("specifiers", "expected"),
    [
        (">=1.5", ">=1.5"),
        (">=0.5", "*"),
        ("<2.5", "<2.5"),
        ("!=2.0", "<2.0 | >2.0"),
        ("!=2.5", "*"),
        (">5", ">5"),
        ("==2.0", "==2.0"),
    ],
)
def test_ranges_are_stated_by_the_versions_that_exist(specifiers: str, expected: str) -> None:
    """Bounds that exclude nothing are dropped; a range without versions stays as it is."""
    assert text(simplified(without_locals(allowed(specifiers)), AVAILABLE, prereleases=True)) == expected


def test_the_only_version_stands_for_a_range() -> None:
    """`==1.0` says more than `>=0.5`."""
    assert text(simplified(allowed(">=0.5"), AVAILABLE[:1], prereleases=True)) == "==1.0"


def test_widened_ranges_are_told_by_the_versions_in_them() -> None:
    """Open bounds at neighbours are the solver's; unbounded ends stay."""
    between = VersionSet((after(AVAILABLE[0]), AVAILABLE[2].key))
    above = VersionSet((after(AVAILABLE[0]),))
    assert text(narrowed(between, AVAILABLE)) == "==2.0"
    assert text(narrowed(above, AVAILABLE)) == ">=2.0"
    assert text(narrowed_exclusion(above, AVAILABLE)) == ">=2.0,<=4.0a1"
    assert text(narrowed(allowed(">=0.1"), AVAILABLE)) == "*"


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        (">=5", "<=4.0a1"),
        ("<=0.5", ">=1.0"),
        (">1.0,<2.0", "<=1.0 | >=2.0"),
        (">=1.5,<=1.8", "<1.5 | >1.8"),
        (">1.5,<1.8", "<1.5 | >1.8"),
    ],
)
def test_what_is_left_is_cut_to_what_exists(missing: str, expected: str) -> None:
    """A bound never includes a version that does not exist."""
    assert text(within_available(~without_locals(allowed(missing)), AVAILABLE)) == expected


def test_local_variants_leave_no_trace() -> None:
    """`==1.0` holds `1.0+cpu`, which no reader needs to know."""
    version = AVAILABLE[0]
    assert single_version(allowed("==1.0")) is None
    assert single_version(without_locals(allowed("==1.0"))) == version
    assert is_only_locals(VersionSet((after(version), after_locals(version))))
    assert not is_only_locals(exactly(version))


@pytest.mark.parametrize(
    ("specifiers", "expected"),
    [(">=2.0a1", True), (">=5.dev0", True), ("==5.*", False), ("~=5.1", False), ("<0.5", False), (">1", False)],
)
def test_only_named_prereleases_count(specifiers: str, expected: bool) -> None:
    """The bounds of `==5.*` and `~=5.1` are pre-releases that nobody wrote."""
    versions = allowed(specifiers)
    assert names_prerelease(versions, versions.cuts) is expected
    assert not names_prerelease(versions, ())
