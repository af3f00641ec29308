"""The metadata of a source distribution on a server: static if it can be trusted, else a build is needed.

The archive is downloaded and unpacked here, in the event loop; building happens in the resolver's thread.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from mauve.cache.layout import CacheBucket, index_folder
from mauve.metadata.record import Record
from mauve.metadata.records import NeedsBuild, identity_of, lifetime_of_archive, record_of
from mauve.network.cache_policy import Freshness
from mauve.network.claims import claimed
from mauve.network.urls import split_credentials
from mauve.resolver.source import InvalidMetadata
from mauve.standards.metadata import CoreMetadata, InvalidCoreMetadata, parse_metadata

if TYPE_CHECKING:
    from mauve.cache.layout import Cache
    from mauve.distributions.files import Sdist, Wheel
    from mauve.distributions.index import Index
    from mauve.metadata.records import RecordStore
    from mauve.network.client import Client
    from mauve.standards.hashes import HashDigest
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Version


class SdistBuilder(Protocol):
    """Makes the metadata of a source distribution by running its build backend (`mauve.build.frontend`)."""

    def build_metadata(self, archive: str, name: PackageName, version: Version) -> bytes:
        """Return the METADATA that the backend writes for the source in *archive*.

        Called in the resolver's thread; may resolve and install requirements with the same tools.

        Raises:
            MauveError: it cannot be built.
        """
        ...


class _FileSink:
    """Writes a download beside its place and moves it there when it is complete."""

    def __init__(self, path: str) -> None:
        from mauve.filesystem.atomic import temporary_name

        self._path = path
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self._temporary = temporary_name(path)
        self._file = open(self._temporary, "wb")  # noqa: SIM115  # closed by finish or discard

    def restart(self) -> None:
        """Forget what was written."""
        self._file.seek(0)
        self._file.truncate()

    def write(self, part: bytes) -> None:
        """Append *part*."""
        self._file.write(part)

    def finish(self) -> None:
        """Put the file in its place."""
        self._file.close()
        os.replace(self._temporary, self._path)

    def discard(self) -> None:
        """Remove what was written."""
        self._file.close()
        os.unlink(self._temporary)


class SdistMetadataFetcher:
    """Downloads source distributions and reads what they say about themselves."""

    def __init__(self, client: Client, cache: Cache) -> None:
        """Keep the archives in *cache*."""
        self._client = client
        self._cache = cache

    async def fetch(self, name: PackageName, sdist: Sdist, index: Index) -> CoreMetadata | NeedsBuild:
        """Return the static metadata of *sdist*, or the archive to build it from.

        Raises:
            MauveError: it cannot be fetched, or is another file than promised.
        """
        import anyio.to_thread

        from mauve.metadata.sdist_archive import read_static_metadata

        path = await self.download(name, sdist, index)
        found = await anyio.to_thread.run_sync(read_static_metadata, path)
        return NeedsBuild(path) if found is None else found

    async def download(self, name: PackageName, sdist: Sdist, index: Index) -> str:
        """Return the path of the archive, which is downloaded if it is not in the cache."""
        path = sdist_path(self._cache, name, sdist, index)
        if os.path.exists(path):  # noqa: ASYNC240  # one stat is quicker than a thread
            return path
        async with claimed(f"{path}.lock"):
            if not os.path.exists(path):  # noqa: ASYNC240  # likewise
                shown = sdist.file.filename if sdist.filename is None else f"{name}=={sdist.filename.version}"
                await fetch_into(self._client, sdist.file.url, path, shown, sdist.file.hashes)
        return path


async def fetch_into(client: Client, url: str, path: str, shown: str, hashes: tuple[HashDigest, ...] = ()) -> None:
    """Download what is at *url* to *path*, which appears when it is complete and has one of *hashes*.

    Raises:
        MauveError: it cannot be fetched; *shown* names it.
    """
    sink = _FileSink(path)
    try:
        await client.fetch_file(url, hashes, sink, name=shown)
    except BaseException:
        sink.discard()
        raise
    sink.finish()


def sdist_path(cache: Cache, name: PackageName, sdist: Sdist, index: Index) -> str:
    """Return where the archive of *sdist* is kept: a folder for each content, so that a changed file is another."""
    from hashlib import sha256

    folder = index_folder(split_credentials(index.url)[0])
    identity = sha256(identity_of(sdist.file).encode()).hexdigest()[:16]
    return cache.path(CacheBucket.SDISTS, folder, name, identity, sdist.file.filename)


def build_record(
    builder: SdistBuilder,
    needed: NeedsBuild,
    name: PackageName,
    version: Version,
    distribution: Wheel | Sdist,
    index: Index,
    records: RecordStore,
    now: int,
) -> Record | InvalidMetadata:
    """Return the metadata that building *needed* gives, and keep it."""
    try:
        metadata = parse_metadata(builder.build_metadata(needed.archive, name, version))
    except InvalidCoreMetadata as error:
        return InvalidMetadata(str(error))
    record = record_of(metadata, identity_of(distribution.file))
    records.write(index, name, distribution.file, record, Freshness(now, lifetime_of_archive(distribution.file)))
    return record
