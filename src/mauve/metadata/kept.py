"""Metadata of what is not on an index, as it is kept in the cache: under where it came from.

A stamp tells whether what is there is still what the record was made of.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from mauve.cache.entries import drop_entry, read_entry, write_entry
from mauve.cache.layout import CacheBucket
from mauve.metadata.record import Record
from mauve.standards.metadata import CoreMetadata
from mauve.standards.names import extra_name, package_name
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from mauve.cache.layout import Cache

_FOLDER = "direct"


class Kept(Struct, array_like=True, frozen=True):
    """What is known of one source tree or archive.

    Attributes:
        stamp: of the state in which it was read.
        record: its metadata; the identity is empty.
        sha256: of an archive, in hexadecimal; empty for a source tree.
    """

    stamp: bytes
    record: Record
    sha256: str = ""


@cache
def _decoder() -> msgspec.msgpack.Decoder[Kept]:
    return msgspec.msgpack.Decoder(Kept)


class KeptRecords:
    """The records of one cache; one for a run, since what it wrote itself is new however much is asked for again."""

    __slots__ = ("_cache", "_written")

    def __init__(self, cache: Cache) -> None:
        """Use *cache*, which need not exist yet."""
        self._cache = cache
        self._written: set[str] = set()

    def read(self, key: str, stamp: bytes) -> Kept | None:
        """Return what is kept under *key*, if it was made of what has *stamp*."""
        path = self._path(key)
        content = read_entry(path)
        if content is None:
            return None
        try:
            kept = _decoder().decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            drop_entry(path)
            return None
        return kept if kept.stamp == stamp else None

    def write(self, key: str, kept: Kept) -> None:
        """Keep *kept* for next time."""
        self._written.add(key)
        write_entry(self._path(key), (msgspec.msgpack.encode(kept),))

    def is_new(self, key: str) -> bool:
        """Return whether what is kept under *key* was written in this run."""
        return key in self._written

    def forget(self, key: str) -> None:
        """Keep nothing under *key* any more."""
        drop_entry(self._path(key))

    def _path(self, key: str) -> str:
        from hashlib import sha256

        return self._cache.path(CacheBucket.METADATA, _FOLDER, sha256(key.encode()).hexdigest()[:32])


def core_metadata(record: Record) -> CoreMetadata:
    """Return *record* as the metadata that it was made of, as far as it is of use."""
    return CoreMetadata(
        metadata_version="2.2",
        name=package_name(record.name),
        version=parse_version(record.version),
        requires_dist=record.requires_dist,
        requires_python=record.requires_python,
        provides_extra=tuple([extra_name(extra) for extra in record.provides_extras]),
    )
