"""Lifetimes of answers."""

from __future__ import annotations

import pytest

from mauve.network.cache_policy import FOREVER, NEVER_STORED, CacheUse, Freshness, lifetime, lifetime_of_file
from mauve.standards.names import package_name

A = package_name("a")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "max-age=600, public"}, 600),
        ({"cache-control": 'max-age="60"'}, 60),
        ({"cache-control": "max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600, no-cache"}, 0),
        ({"cache-control": "no-store"}, NEVER_STORED),
        ({"cache-control": "nonsense, max-age=x"}, 0),
        ({"expires": "Thu, 01 Jan 1970 01:00:00 GMT", "date": "Thu, 01 Jan 1970 00:00:00 GMT"}, 3600),
        ({"expires": "0", "date": "now"}, 0),
        ({}, 0),
    ],
)
def test_lifetime_follows_the_headers(headers: dict[str, str], seconds: int) -> None:
    """One row for each directive that counts."""
    assert lifetime(headers) == seconds


def test_an_override_replaces_the_header() -> None:
    """`cache-control = {api = …}` of an index is for servers that say nothing useful."""
    assert lifetime({"cache-control": "no-store", "age": "5"}, "max-age=30") == 30


@pytest.mark.parametrize(
    ("said", "override", "seconds"),
    [
        ("max-age=9, immutable", None, FOREVER),
        ("max-age=9", None, 0),
        ("immutable, no-store", None, 0),
        ("immutable", "max-age=30", 30),
        ("", "immutable", FOREVER),
    ],
)
def test_only_what_is_immutable_lives_by_the_header_of_a_file(said: str, override: str | None, seconds: int) -> None:
    """Everything else is told by its hash."""
    assert lifetime_of_file({"cache-control": said}, override) == seconds


def test_a_clock_that_went_back_makes_answers_stale() -> None:
    """Otherwise an answer from the future would stay for years."""
    assert not Freshness(1000, 60).is_fresh(900)


def test_refreshing_one_package_leaves_the_others_alone() -> None:
    """`--refresh-package a`."""
    use = CacheUse(started_at=1000, refresh_packages=frozenset({A}))
    stored = Freshness(990, 600)
    assert (use.is_fresh(stored, A, 1001), use.is_fresh(stored, package_name("b"), 1001)) == (False, True)


def test_what_this_run_fetched_is_not_fetched_again() -> None:
    """`--refresh` asks once, not at every question."""
    assert CacheUse(started_at=1000, refresh_all=True).is_fresh(Freshness(1001, 0), A, 1002)


def test_offline_everything_stored_is_good() -> None:
    """There is nobody to ask."""
    assert CacheUse(started_at=1000, offline=True).is_fresh(Freshness(1, 0), A, 999)
