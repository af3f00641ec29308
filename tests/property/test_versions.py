"""Laws of versions, of sets of versions, and of the specifiers that describe them."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from packaging.specifiers import Specifier as PackagingSpecifier
from packaging.version import InvalidVersion as PackagingInvalidVersion
from packaging.version import Version as PackagingVersion
from tests.property.strategies import specifiers, version_sets, version_texts, versions

from mauve.standards.positions import Side, decode_position
from mauve.standards.range_text import bounds_of
from mauve.standards.specifiers import Operator, Specifier, Specifiers, parse_specifiers
from mauve.standards.version_sets import EMPTY, FULL, VersionSet, singleton
from mauve.standards.versions import (
    InvalidVersion,
    Version,
    after,
    after_locals,
    after_posts,
    before_prereleases,
    parse_version,
)


@given(version_texts(), version_texts())
@example("1.0+a.b", "1.0+a")
@example("1.0.post1.dev0", "1.0+zz")
@example("1." + "2." * 20 + "3", "1." + "2." * 20 + "3.dev0")
def test_the_order_of_versions_is_that_of_pep_440(first: str, second: str) -> None:
    """A < b for us exactly if a < b for `packaging`; likewise for equality and hashes."""
    ours, theirs = (parse_version(first), parse_version(second)), (PackagingVersion(first), PackagingVersion(second))
    assert (ours[0] < ours[1]) == (theirs[0] < theirs[1])
    assert (ours[0] == ours[1]) == (theirs[0] == theirs[1])
    assert (ours[0] <= ours[1]) == (theirs[0] <= theirs[1])
    if ours[0] == ours[1]:
        assert hash(ours[0]) == hash(ours[1])


@given(version_texts())
def test_a_version_keeps_its_normal_text(text: str) -> None:
    """str(parse(text)) is what `packaging` prints, and parsing it again changes nothing."""
    version = parse_version(text)
    assert str(version) == str(PackagingVersion(text))
    assert parse_version(str(version)) == version


@given(
    st.from_regex(
        r"[vV]?[0-9]{1,2}(\.[0-9])?[._-]?(a|b|c|rc|alpha|PRE|dev|post|r|-)?[._-]?[0-9]{0,2}(\+[a-zA-Z0-9._-]{1,4})?",
        fullmatch=True,
    )
)
@example("1.0-1")
@example("1.0\u0661")
@example("1.0.")
def test_every_spelling_is_read_or_refused_as_by_packaging(text: str) -> None:
    """What is not in normal form gets the same normal form, or no version at all."""
    assert_read_as_by_packaging(text)


@given(
    st.lists(
        st.sampled_from(
            ["1", "0", "23", ".", "-", "_", "a", "b", "c", "rc", "alpha", "Beta", "pre", "post", "dev", "r", "!", "v"]
        ),
        max_size=7,
    ).map("".join)
)
@example("1.0beta1")
@example("1.0a")
@example("1.0b-1")
@example("1.0a.1")
@example("1.0dev")
@example("1.0a.dev1")
@example("1-1-1")
def test_every_mixture_is_read_or_refused_as_by_packaging(text: str) -> None:
    """Also what looks like one of the common spellings in one place."""
    assert_read_as_by_packaging(text)


def assert_read_as_by_packaging(text: str) -> None:
    """Compare the normal form of *text*, or that it has none."""
    try:
        expected = str(PackagingVersion(text))
    except PackagingInvalidVersion:
        with pytest.raises(InvalidVersion):
            parse_version(text)
    else:
        assert str(parse_version(text)) == expected


@given(versions())
def test_the_positions_around_a_version_are_ordered(version: Version) -> None:
    """Before pre-releases < version < after it <= after its local variants < after its post-releases."""
    assert before_prereleases(version) < version.key < after(version)
    if not version.is_local:
        assert after(version) < after_locals(version)
        if version.dev is None:
            assert after_locals(version) < after_posts(version)


@given(versions(), versions())
def test_nothing_lies_between_a_version_and_the_position_after_it(version: Version, other: Version) -> None:
    """A singleton has one member."""
    assert (other in singleton(version)) == (other == version)


@given(versions())
def test_a_position_can_be_decoded(version: Version) -> None:
    """Decoding gives back the version and which of its positions it was."""
    assert decode_position(version.key) == (Side.AT, version)
    assert decode_position(after(version)) == (Side.AFTER, version)
    assert decode_position(after_locals(version.without_local())) == (Side.AFTER_LOCALS, version.without_local())


@given(version_sets(), version_sets(), version_sets())
def test_version_sets_are_a_boolean_algebra(a: VersionSet, b: VersionSet, c: VersionSet) -> None:
    """Commutativity, associativity, distributivity, De Morgan, complements."""
    assert a & b == b & a
    assert (a & b) & c == a & (b & c)
    assert a & (b | c) == (a & b) | (a & c)
    assert ~(a | b) == ~a & ~b
    assert ~~a == a
    assert a & ~a == EMPTY
    assert a | ~a == FULL
    assert a - b == a & ~b


@given(version_sets(), version_sets())
def test_subset_and_disjoint_follow_from_intersection(a: VersionSet, b: VersionSet) -> None:
    """Subset iff the intersection is the first set, disjoint iff it is empty; the cuts stay strictly ascending."""
    assert a.is_subset(b) == (a & b == a)
    assert a.is_disjoint(b) == (a & b).is_empty
    assert list((a | b).cuts) == sorted(set((a | b).cuts))


@given(version_sets(), version_sets(), versions())
def test_membership_follows_the_set_operations(a: VersionSet, b: VersionSet, version: Version) -> None:
    """In the intersection iff in both, in the union iff in either, in the complement iff not."""
    assert (version in a & b) == (version in a and version in b)
    assert (version in a | b) == (version in a or version in b)
    assert (version in ~a) == (version not in a)


def _differs_by_design(specifier: Specifier, version: Version) -> bool:
    """`<` and `>` of anything but a final release, within its own release: uv goes by position alone.

    So `<1.0.post1` admits 1.0a1 and `>1.0a1` admits 1.0.post1, which `packaging` refuses by their release part.
    """
    limit = specifier.version
    ordered = specifier.operator in {Operator.LESS_THAN, Operator.GREATER_THAN}
    return (
        ordered
        and (limit.post is not None or limit.is_prerelease)
        and before_prereleases(limit) == before_prereleases(version)
    )


@given(specifiers(), versions(), st.data())
@example(Specifier(Operator.GREATER_THAN, parse_version("1.0")), parse_version("1.0+cpu"), None)
@example(Specifier(Operator.LESS_THAN, parse_version("1.0")), parse_version("1.0.dev1"), None)
def test_a_specifier_allows_what_packaging_allows(
    specifier: Specifier, version: Version, data: st.DataObject | None
) -> None:
    """Membership equals `packaging`'s with pre-releases admitted."""
    if data is not None and data.draw(st.booleans()):
        # Versions that share a release with the specifier are where the rules are subtle.
        suffix = data.draw(st.sampled_from(["", ".dev1", "a1", "rc1", ".post1", ".post1.dev0", "+local", "a1.post1"]))
        release = ".".join(map(str, specifier.version.release))
        version = parse_version(f"{specifier.version.epoch}!{release}{suffix}")
    assume(not _differs_by_design(specifier, version))
    expected = PackagingSpecifier(str(specifier)).contains(str(version), prereleases=True)
    assert (version in specifier.version_set()) == expected


@given(st.lists(specifiers(), max_size=3))
def test_reading_what_was_rendered_gives_the_same_specifiers(clauses: list[Specifier]) -> None:
    """parse(render(s)) == s, both for the normal form and, as a set, for the lockfile's."""
    written = Specifiers(tuple(clauses))
    assert parse_specifiers(str(written)) == written
    assert parse_specifiers(written.lock_text()).version_set() == written.version_set()


@given(specifiers())
def test_the_text_of_a_range_describes_the_range(specifier: Specifier) -> None:
    """Reading the words for the set of one clause gives the set back (each interval on its own)."""
    allowed = specifier.version_set()
    assume(specifier.operator not in {Operator.NOT_EQUAL, Operator.NOT_EQUAL_STAR})
    (bounds,) = bounds_of(allowed)
    assert parse_specifiers(str(bounds)).version_set() == allowed
