"""Metadata of published files, as it is kept on disk, and its way into the resolver's terms."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from mauve.cache.entries import drop_entry, read_entry
from mauve.cache.frame import HEAD_SIZE, parse_frame_head, write_frame
from mauve.cache.layout import CacheBucket, index_folder
from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.sources import FromRegistry, without_spelling
from mauve.errors import ExitStatus, MauveError
from mauve.metadata.record import Record, decode_record
from mauve.network.cache_policy import FOREVER, Freshness
from mauve.network.urls import split_credentials
from mauve.resolver.source import (
    DistributionMetadata,
    InconsistentMetadata,
    InvalidMetadata,
    MetadataFound,
    MetadataResponse,
)
from mauve.standards.lenient import parse_requirement_leniently
from mauve.standards.names import InvalidName, PackageName, extra_name, package_name
from mauve.standards.versions import InvalidVersion, parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mauve.cache.layout import Cache
    from mauve.distributions.files import File
    from mauve.distributions.index import Index
    from mauve.distributions.sources import RequirementSource
    from mauve.standards.metadata import CoreMetadata
    from mauve.standards.versions import Version

_MAGIC = b"mvm1"


class NeedsBuild(Struct, frozen=True):
    """A source distribution without static metadata.

    Attributes:
        archive: the downloaded file.
    """

    archive: str


class StoredRecord(Struct, frozen=True):
    """A record from the disk and when it was made."""

    record: Record
    freshness: Freshness


def record_of(metadata: CoreMetadata, identity: str) -> Record:
    """Return the part of *metadata* that a resolution needs."""
    from mauve.standards.extra_requirements import needs_extra

    for_extras = bytes(map(needs_extra, metadata.requires_dist))
    return Record(
        identity,
        metadata.name,
        str(metadata.version),
        metadata.requires_dist,
        metadata.requires_python,
        metadata.provides_extra,
        for_extras if any(for_extras) else b"",
    )


def identity_of(file: File) -> str:
    """Return text that changes when the content of *file* does: its first hash, else its URL, size and date."""
    if file.hashes:
        return str(file.hashes[0])
    return f"{file.url} {file.size} {file.upload_time}"


def lifetime_of_archive(file: File) -> int:
    """Return for how many seconds what the source distribution *file* says holds.

    An archive that is known by its hash is downloaded once, and what was read or built from it is no older than it is.
    """
    return FOREVER if file.hashes else 0


class RecordStore:
    """The metadata records of one cache."""

    __slots__ = ("_cache", "_folders")

    def __init__(self, cache: Cache) -> None:
        """Use *cache*, which need not exist yet."""
        self._cache = cache
        self._folders: dict[str, str] = {}

    def path(self, index: Index, name: PackageName, filename: str) -> str:
        """Return where the record of a file of *name* is kept."""
        folder = self._folders.get(index.url)
        if folder is None:
            folder = self._cache.path(CacheBucket.METADATA, index_folder(split_credentials(index.url)[0]))
            self._folders[index.url] = folder
        return f"{folder}/{name}/{filename}"

    def read(self, index: Index, name: PackageName, file: File) -> StoredRecord | None:
        """Return what is stored about *file*, None if nothing or nothing that can be used."""
        path = self.path(index, name, file.filename)
        content = read_entry(path)
        if content is None:
            return None
        frame = parse_frame_head(content, _MAGIC, len(content))
        if frame is not None:
            record = decode_record(memoryview(content)[HEAD_SIZE:])
            if record is not None:
                if record.identity != identity_of(file):
                    return None
                return StoredRecord(record, Freshness(frame.fetched_at, frame.lifetime))
        drop_entry(path)
        return None

    def exists(self, index: Index, name: PackageName, file: File) -> bool:
        """Return whether something is stored under the name of *file*; it may turn out to be of another file."""
        return os.path.exists(self.path(index, name, file.filename))

    def write(self, index: Index, name: PackageName, file: File, record: Record, freshness: Freshness) -> None:
        """Keep *record* for next time."""
        write_frame(
            self.path(index, name, file.filename),
            _MAGIC,
            fetched_at=freshness.fetched_at,
            lifetime=freshness.lifetime,
            first=msgspec.msgpack.encode(record),
        )


class UnexpectedName(MauveError):
    """What was found is another package than the one that was asked for."""

    status = ExitStatus.FAILURE

    def __init__(self, found: str, wanted: str) -> None:
        """Name both."""
        super().__init__(found, wanted)
        self.found = found
        self.wanted = wanted

    def __str__(self) -> str:
        """Return the message."""
        return f"Package metadata name `{self.found}` does not match given name `{self.wanted}`"


_sourced: dict[str, SourcedRequirement] = {}


def respond(record: Record, name: PackageName, version: Version, *, is_wheel: bool) -> MetadataResponse:
    """Return the answer to a question about *name* at *version*, checked against what *record* says.

    The version of a wheel is that of its file name, until it is installed.

    Raises:
        UnexpectedName: the metadata of a wheel is that of another package.
    """
    try:
        found_name = package_name(record.name)
        found_version = parse_version(record.version)
        requirements, complete = _required(record, name)
        extras = tuple([extra_name(extra) for extra in record.provides_extras])
    except (MauveError, InvalidName, InvalidVersion) as error:
        return InvalidMetadata(str(error))
    if found_name != name and is_wheel:
        raise UnexpectedName(found_name, name)
    if found_name != name:
        return InconsistentMetadata(f"Package metadata name `{found_name}` does not match given name `{name}`")
    if not is_wheel and found_version != version and not _is_same_without_local(found_version, version):
        return InconsistentMetadata(
            f"Package metadata version `{found_version}` does not match given version `{version}`"
        )
    return MetadataFound(
        DistributionMetadata(
            name=name,
            version=version,
            requires_dist=requirements,
            complete=complete,
            requires_python=record.requires_python,
            provides_extras=extras,
        )
    )


def _required(
    record: Record, name: PackageName
) -> tuple[tuple[SourcedRequirement, ...], Callable[[], tuple[SourcedRequirement, ...]] | None]:
    """Return what *record* requires without extras, and what reads the rest, too; None if there is no more to read."""
    texts = record.requires_dist
    if len(record.for_extras) == len(texts):
        found = _read([text for text, is_for_extra in zip(texts, record.for_extras, strict=True) if not is_for_extra])
        # What a package requires of itself is looked at with all that its extras require.
        if all([requirement.name != name for requirement in found]):  # noqa: C419 - quicker
            return found, partial(_read, texts)
    return _read(texts), None


def _read(texts: Sequence[str]) -> tuple[SourcedRequirement, ...]:
    known = _sourced.get
    return tuple([known(text) or sourced_requirement(text) for text in texts])


def _is_same_without_local(found: Version, asked: Version) -> bool:
    """Return whether only the file name lacks, or only it has, the local part."""
    return found.without_local() == asked.without_local() and found.is_local != asked.is_local


def sourced_requirement(text: str) -> SourcedRequirement:
    """Return the requirement *text* of a published distribution; `[tool.uv.sources]` never apply to those.

    Raises:
        MauveError: *text* is not a requirement.
    """
    known = _sourced.get(text)
    if known is None:
        requirement = parse_requirement_leniently(text)
        url = requirement.url
        source: RequirementSource = FromRegistry(requirement.specifiers)
        if url is not None:
            from mauve.project.references import read_reference

            source = without_spelling(read_reference(url, "/"))
        known = SourcedRequirement(requirement.name, source, requirement.marker, requirement.extras)
        _sourced[text] = known
    return known
