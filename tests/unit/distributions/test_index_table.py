"""Tables of indexes that cannot be used."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import convert

from mauve.distributions.index import AuthPolicy, Index, IndexFormat
from mauve.distributions.index_faults import IndexFault, find_index_fault
from mauve.distributions.index_table import IndexTable, index_of
from mauve.standards.hashes import HashAlgorithm

URL = {"url": "https://a.example/simple"}


@pytest.mark.parametrize(
    ("tables", "place", "reason"),
    [
        (1, (), "invalid type: integer `1`, expected a sequence"),
        ([1], (0,), "invalid type: integer `1`, expected struct IndexWire"),
        ([{}], (0,), "missing field `url`"),
        ([URL, {"name": "a"}], (1,), "missing field `url`"),
        ([{"url": 1}], (0, "url"), "invalid type: integer `1`, expected a string"),
        ([{"url": "http://[x"}], (0, "url"), "invalid IPv6 address"),
        ([{"url": "http://a b"}], (0, "url"), "invalid international domain name"),
        (
            [{**URL, "explicit": True}],
            (0,),
            "An index with `explicit = true` requires a `name`: https://a.example/simple",
        ),
        ([{**URL, "explicit": 1}], (0, "explicit"), "invalid type: integer `1`, expected a boolean"),
        ([{**URL, "default": "x"}], (0, "default"), 'invalid type: string "x", expected a boolean'),
        ([{**URL, "format": "x"}], (0, "format"), "unknown variant `x`, expected `simple` or `flat`"),
        (
            [{**URL, "authenticate": "x"}],
            (0, "authenticate"),
            "unknown variant `x`, expected one of `auto`, `always`, `never`",
        ),
        ([{**URL, "authenticate": 1}], (0, "authenticate"), "invalid type: integer `1`, expected a string"),
        (
            [{**URL, "hash-algorithm": "sha1"}],
            (0, "hash-algorithm"),
            "unknown variant `sha1`, expected one of `md5`, `sha256`, `sha384`, `sha512`, `blake2b`",
        ),
        (
            [{**URL, "ignore-error-codes": 1}],
            (0, "ignore-error-codes"),
            "invalid type: integer `1`, expected a sequence",
        ),
        ([{**URL, "ignore-error-codes": [99]}], (0, "ignore-error-codes"), "99 is not a valid HTTP status code"),
        (
            [{**URL, "ignore-error-codes": [404, "a"]}],
            (0, "ignore-error-codes", 1),
            'invalid type: string "a", expected u16',
        ),
        (
            [{**URL, "ignore-error-codes": [-1]}],
            (0, "ignore-error-codes", 0),
            "invalid value: integer `-1`, expected u16",
        ),
        (
            [{**URL, "cache-control": "x"}],
            (0, "cache-control"),
            'invalid type: string "x", expected struct IndexCacheControlWire',
        ),
        (
            [{**URL, "cache-control": {"api": 1}}],
            (0, "cache-control", "api"),
            "invalid type: integer `1`, expected a string",
        ),
        (
            [{**URL, "name": "a b"}],
            (0, "name"),
            (
                "Index names may only contain letters, digits, hyphens, underscores, and periods, but found "
                "unsupported character (` `) in: `a b`"
            ),
        ),
    ],
)
def test_the_first_fault_is_found(tables: Any, place: tuple[str | int, ...], reason: str) -> None:
    """Where it is, and in the words of uv."""
    assert find_index_fault(tables) == IndexFault(place, reason)


@pytest.mark.parametrize(("text", "is_fine"), [("max-age=1,\tx", True), ("é", True), ("a\nb", False), ("\x7f", False)])
def test_a_cache_control_is_a_header_value(text: str, is_fine: bool) -> None:
    """Whatever is not ASCII is passed on."""
    assert (find_index_fault([{**URL, "cache-control": {"files": text}}]) is None) is is_fine


def test_what_nobody_knows_is_passed_over() -> None:
    """Later versions may know it."""
    assert find_index_fault([{**URL, "proxy": "http://p.example", "x": 1}]) is None


def test_a_table_becomes_an_index() -> None:
    """Every key has its effect."""
    text = {
        "url": "packages",
        "name": "own",
        "explicit": True,
        "format": "flat",
        "authenticate": "always",
        "ignore-error-codes": [403],
        "cache-control": {"api": "max-age=1", "files": "no-store"},
        "hash-algorithm": "sha512",
        "exclude-newer": False,
    }
    assert find_index_fault([text]) is None
    assert index_of(convert(text, IndexTable), "file:///p/packages") == Index(
        url="file:///p/packages",
        given="packages",
        name="own",
        explicit=True,
        format=IndexFormat.FLAT,
        authenticate=AuthPolicy.ALWAYS,
        ignore_error_codes=(403,),
        cache_control_api="max-age=1",
        cache_control_files="no-store",
        hash_algorithm=HashAlgorithm.SHA512,
        exclude_newer=False,
    )
