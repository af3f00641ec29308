"""What is wrong with tables of indexes that cannot be used, in the words of uv."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

from mauve.distributions.index import AuthPolicy, IndexFormat
from mauve.distributions.index_urls import find_url_fault
from mauve.standards.hashes import HashAlgorithm
from mauve.standards.toml import described


class IndexFault(Struct, frozen=True):
    """What is wrong in a list of tables, and where.

    Attributes:
        place: of the table, and of the value in it.
    """

    place: tuple[str | int, ...]
    reason: str


_STRINGS: Final = ("name", "url", "publish-url")
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "format": tuple(IndexFormat),
    "authenticate": tuple(AuthPolicy),
    "hash-algorithm": tuple(HashAlgorithm),
}


def find_index_fault(tables: Any) -> IndexFault | None:
    """Return the first fault of *tables*, the value of `index` in a document; None if it can be used."""
    if not isinstance(tables, list):
        return IndexFault((), f"invalid type: {described(tables)}, expected a sequence")
    for place, table in enumerate(tables):
        if not isinstance(table, dict):
            return IndexFault((place,), f"invalid type: {described(table)}, expected struct IndexWire")
        for key, value in table.items():
            fault = _value_fault(key, value)
            if fault is not None:
                return IndexFault((place, key, *fault.place), fault.reason)
        if "url" not in table:
            return IndexFault((place,), "missing field `url`")
        if table.get("explicit") and "name" not in table:
            return IndexFault((place,), f"An index with `explicit = true` requires a `name`: {table['url']}")
    return None


def find_name_fault(name: str) -> str | None:
    """Return why *name* is no name of an index; None if it is one."""
    for character in name:
        if not character.isascii():
            return f"Index names must be ASCII, but found non-ASCII character (`{character}`) in: `{name}`"
        if not (character.isascii() and (character.isalnum() or character in "-_.")):
            return (
                "Index names may only contain letters, digits, hyphens, underscores, and periods, but found "
                f"unsupported character (`{character}`) in: `{name}`"
            )
    return None


def _value_fault(key: str, value: Any) -> IndexFault | None:
    if (key in _STRINGS or key in _CHOICES) and not isinstance(value, str):
        return IndexFault((), f"invalid type: {described(value)}, expected a string")
    if key in _CHOICES and value not in _CHOICES[key]:
        names = [f"`{choice}`" for choice in _CHOICES[key]]
        expected = " or ".join(names) if len(names) == 2 else f"one of {', '.join(names)}"
        return IndexFault((), f"unknown variant `{value}`, expected {expected}")
    match key:
        case "name":
            reason = find_name_fault(value)
            return None if reason is None else IndexFault((), reason)
        case "url":
            reason = find_url_fault(value)
            return None if reason is None else IndexFault((), reason)
        case "explicit" | "default" if not isinstance(value, bool):
            return IndexFault((), f"invalid type: {described(value)}, expected a boolean")
        case "ignore-error-codes":
            return _codes_fault(value)
        case "cache-control":
            return _control_fault(value)
        case "exclude-newer":
            from mauve.standards.cutoffs import find_cutoff_fault

            reason = find_cutoff_fault(value)
            return None if reason is None else IndexFault((), reason)
        case _:
            return None


def _codes_fault(codes: Any) -> IndexFault | None:
    if not isinstance(codes, list):
        return IndexFault((), f"invalid type: {described(codes)}, expected a sequence")
    for place, code in enumerate(codes):
        if isinstance(code, bool) or not isinstance(code, int):
            return IndexFault((place,), f"invalid type: {described(code)}, expected u16")
        if not 0 <= code < 1 << 16:
            return IndexFault((place,), f"invalid value: {described(code)}, expected u16")
        if not 100 <= code < 1000:
            return IndexFault((), f"{code} is not a valid HTTP status code")
    return None


def _control_fault(control: Any) -> IndexFault | None:
    if not isinstance(control, dict):
        return IndexFault((), f"invalid type: {described(control)}, expected struct IndexCacheControlWire")
    for key in ("api", "files"):
        if key in control and not isinstance(control[key], str):
            return IndexFault((key,), f"invalid type: {described(control[key])}, expected a string")
        if any(character != "\t" and (character < " " or character == "\x7f") for character in control.get(key, "")):
            return IndexFault((), f"`cache-control.{key}` must be a valid HTTP header value")
    return None
