"""Specifiers: reading, the sets they stand for, and their texts."""

from __future__ import annotations

import pytest

from mauve.standards.range_text import bounds_of
from mauve.standards.specifiers import InvalidSpecifier, parse_specifiers
from mauve.standards.versions import parse_version


@pytest.mark.parametrize(
    ("specifier", "inside", "outside"),
    [
        ("==1.0", "1.0 1 1.0+cpu", "1.0.post1 1.0rc1"),
        ("===1.0", "1.0", "1.0+cpu"),
        ("==1.0+cpu", "1.0+cpu", "1.0 1.0+cu12"),
        ("!=1.0", "1.0.post1", "1.0 1.0+cpu"),
        ("<=1.0", "1.0+cpu 1.0a1", "1.0.post1"),
        ("<1.0", "0.9", "1.0a1 1.0.dev1"),
        ("<1.0rc1", "1.0b2 1.0rc1.dev1", "1.0rc1"),
        ("<1.0.post1", "1.0 1.0+cpu", "1.0.post1 1.0.post1.dev1"),
        (">1.0", "1.0.1", "1.0.post1 1.0+cpu"),
        (">1.0.post1", "1.0.post2", "1.0.post1 1.0.post1+x"),
        (">1.0.dev1", "1.0.dev2 1.0a1", "1.0.dev1"),
        ("==1.*", "1.dev0 1.99", "2.dev0 0.9"),
        ("!=1.*", "0.9 2.0", "1.5"),
        ("~=1.2", "1.2 1.99", "2.0 1.1 2.0.dev1"),
        ("~=1.2.0", "1.2.5", "1.3"),
    ],
)
def test_a_clause_allows_what_uv_allows(specifier: str, inside: str, outside: str) -> None:
    """The set decides what can be locked; each row was seen in uv."""
    specifiers = parse_specifiers(specifier)
    assert [text for text in inside.split() if not specifiers.contains(parse_version(text))] == []
    assert [text for text in outside.split() if specifiers.contains(parse_version(text))] == []


def test_the_lockfile_sorts_clauses_by_version_then_operator() -> None:
    """uv.lock is stable however the user ordered the clauses."""
    assert parse_specifiers("<10,>=1,!=1.1,==1.*").lock_text() == "==1.*,>=1,!=1.1,<10"
    assert parse_specifiers("<30, >=1.0").lock_text() == ">=1.0,<30"


def test_a_trailing_comma_is_allowed() -> None:
    """`>=1,` is common in published metadata."""
    assert str(parse_specifiers(">=1,")) == ">=1"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("=1", 'no such comparison operator "=", must be one of ~= == != <= >= < > ==='),
        ("1.0", "Unexpected end of version specifier, expected operator. Did you mean `==1.0`?"),
        ("==", "Unexpected end of version specifier, expected version"),
        ("==1.0.", "after parsing `1.0`, found `.`, which is not part of a valid version"),
        (">1.0+x", "Operator > is incompatible with versions containing non-empty local segments (`+x`)"),
        ("~=1", "The ~= operator requires at least two segments in the release version"),
        (">=1.*", "Operator >= cannot be used with a wildcard version specifier"),
        ("==1.0a1.*", "after parsing `1.0a1`, found `.*`, which is not part of a valid version"),
        ("==foo", "expected version to start with a number, but no leading ASCII digits were found"),
    ],
)
def test_a_malformed_clause_is_explained_in_uvs_words(text: str, reason: str) -> None:
    """The reason is what the user sees."""
    with pytest.raises(InvalidSpecifier) as caught:
        parse_specifiers(text)
    assert caught.value.reason == reason


def test_the_malformed_clause_of_several_is_underlined() -> None:
    """The marks cover the clause with the blank before it, as in uv."""
    with pytest.raises(InvalidSpecifier) as caught:
        parse_specifiers(">=3.8, <3.13.*")
    assert str(caught.value).splitlines()[1:] == [">=3.8, <3.13.*", "      ^^^^^^^^"]


@pytest.mark.parametrize(
    ("specifier", "words"),
    [
        ("==1.*", ["==1.*"]),
        (">=1.0.dev0,<1.1.dev0", ["==1.0.*"]),
        ("~=1.0", [">=1.0,<2.dev0"]),
        ("<1.0.post1", ["<1.0.post1.dev0"]),
        ("!=1.0", ["<1.0", ">1.0"]),
        ("===1.0", ["==1.0"]),
        (">=2.0,<=3.0", [">=2.0,<=3.0"]),
        ("", [""]),
        (">2,<1", []),
    ],
)
def test_a_range_is_worded_as_in_uv(specifier: str, words: list[str]) -> None:
    """Explanations of failed resolutions print these texts behind the package name."""
    assert [str(bounds) for bounds in bounds_of(parse_specifiers(specifier).version_set())] == words
