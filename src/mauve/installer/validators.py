"""What a server said of a wheel in the cache, by which it can be asked whether it still has just that one.

Kept beside the unpacked files, for wheels that their server does not call immutable only.

Specification: RFC 9110 "Conditional Requests", RFC 8246 (immutable).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import DecodeError, Struct, msgpack

from mauve.cache.entries import read_entry, write_entry
from mauve.network.cache_policy import FOREVER, lifetime_of_file
from mauve.network.urls import split_credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = "answer"


class Validator(Struct, frozen=True, array_like=True):
    """How to ask whether a file has changed.

    Attributes:
        url: without credentials.
        etag: as the server wrote it; empty if it did not.
        modified: likewise.
    """

    url: str
    etag: str = ""
    modified: str = ""

    @property
    def is_conditional(self) -> bool:
        """Return whether the server can tell that the file is the same; else only that there is one."""
        return bool(self.etag or self.modified)

    def headers(self) -> dict[str, str]:
        """Return the headers of the question."""
        headers = {"Cache-Control": "no-cache"}
        if self.etag:
            headers["If-None-Match"] = self.etag
        if self.modified:
            headers["If-Modified-Since"] = self.modified
        return headers


def validator_of(url: str, headers: Mapping[str, str]) -> Validator | None:
    """Return how to ask for *url*, which was answered with *headers*; None if it is called immutable."""
    if lifetime_of_file(headers) == FOREVER:
        return None
    return Validator(split_credentials(url)[0], headers.get("etag", ""), headers.get("last-modified", ""))


def write_validator(entry: str, validator: Validator) -> None:
    """Keep *validator* in the folder *entry* of a wheel."""
    write_entry(f"{entry}/{_FILE}", (msgpack.encode(validator),))


def read_validator(entry: str, url: str) -> Validator | None:
    """Return what is kept in the folder *entry*; None without, or if the wheel came from elsewhere than *url*."""
    content = read_entry(f"{entry}/{_FILE}")
    try:
        validator = None if content is None else msgpack.decode(content, type=Validator)
    except DecodeError:
        return None
    if validator is None:
        return None
    return validator if validator.url == split_credentials(url)[0] else None
