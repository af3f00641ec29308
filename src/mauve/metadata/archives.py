"""Wheels and source archives that a requirement names by URL or path: their metadata and their digests.

An archive at a URL is downloaded once and kept, for the installation that is likely to follow.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from msgspec import structs

from mauve.build.failures import BuildFailed
from mauve.build.source_tree import SourceTree
from mauve.cache.layout import CacheBucket
from mauve.distributions.files import File, Sdist, Wheel
from mauve.distributions.sources import FromPath, PathSource, UrlSource
from mauve.errors import ExitStatus, MauveError
from mauve.metadata.kept import Kept, core_metadata
from mauve.metadata.records import UnexpectedName, record_of
from mauve.metadata.trees import published_metadata
from mauve.network.digests import Digester
from mauve.network.errors import HashMismatch
from mauve.network.urls import split_credentials
from mauve.resolver.source import DirectDistribution
from mauve.standards.filenames import InvalidFilename, WheelFilename, is_former_archive, parse_wheel_filename
from mauve.standards.hashes import HashAlgorithm, HashDigest, digests_behind

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.cache.layout import Cache
    from mauve.distributions.sources import FromUrl, Source
    from mauve.metadata.kept import KeptRecords
    from mauve.network.client import Client
    from mauve.network.thread import NetworkThread
    from mauve.standards.metadata import CoreMetadata
    from mauve.standards.names import PackageName


class ArchiveBuilder(Protocol):
    """Makes metadata of source archives. Called in the resolver's thread; may take seconds."""

    def archive_metadata(self, archive: str, tree: SourceTree, subdirectory: str | None) -> CoreMetadata:
        """Return the metadata of the source in *archive*, static or built; *tree* tells what is known of it.

        Raises:
            MauveError: it is damaged, or cannot be built.
        """
        ...


class WheelKeeper(Protocol):
    """Takes wheels that had to be read as a whole. Called in the resolver's thread."""

    def keep(self, wheel: Wheel, content: bytes, sha256: str, path: str | None) -> None:
        """Have *wheel*, whose bytes are *content*, ready for its installation; *path* is that of a local file."""
        ...


class MissingDistribution(MauveError):
    """There is nothing at the path of a requirement."""

    status = ExitStatus.FAILURE

    def __init__(self, url: str) -> None:
        """Name the place."""
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        """Return the message."""
        return f"Distribution not found at: {self.url}"


class UnusableArchive(MauveError):
    """An archive cannot be used; the cause says why.

    Attributes:
        action: what was attempted.
        shown: the distribution.
    """

    status = ExitStatus.FAILURE

    def __init__(self, action: str, shown: str) -> None:
        """Name the distribution."""
        super().__init__(action, shown)
        self.action = action
        self.shown = shown

    def __str__(self) -> str:
        """Return the message."""
        return f"Failed to {self.action} `{self.shown}`"


class UnreachableArchive(UnusableArchive):
    """The same, where the cause is the server or the system."""

    status = ExitStatus.ERROR


class InvalidWheelName(MauveError):
    """The name of a file is not that of a wheel; the text says why."""

    status = ExitStatus.FAILURE


class MismatchedWheel(MauveError):
    """The file at a URL is a wheel of another package than the one that is required."""

    status = ExitStatus.FAILURE

    def __init__(self, name: PackageName, found: PackageName, shown: str) -> None:
        """Name both packages and the place."""
        super().__init__(name, found, shown)
        self.name = name
        self.found = found
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Requested package name `{self.name}` does not match `{self.found}` in the distribution filename: "
            f"{self.shown}"
        )


class UnpackableWheel(MauveError):
    """A wheel is no archive; the cause says why."""

    status = ExitStatus.FAILURE

    def __init__(self, filename: str) -> None:
        """Name the wheel."""
        super().__init__(filename)
        self.filename = filename

    def __str__(self) -> str:
        """Return the message."""
        return f"Failed to extract archive: {self.filename}"


class UnreadableArchive(MauveError):
    """Something in an archive is not as it must be; the text says what."""

    status = ExitStatus.FAILURE


class NonStandardFormat(MauveError):
    """A source distribution has the format of former times."""

    status = ExitStatus.FAILURE

    def __init__(self, shown: str) -> None:
        """Name the archive as the user did."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Source distribution `{self.shown}` has a non-PEP 625-compliant filename; only `.tar.gz` and `.zip` "
            "archives are accepted"
        )


class ArchiveReader:
    """Reads archives; what was read is kept with the digest of the file."""

    def __init__(
        self,
        *,
        cache: Cache,
        network: NetworkThread,
        builder: ArchiveBuilder,
        state: Callable[[str], bytes],
        must_refresh: Callable[[PackageName], bool],
        keeper: WheelKeeper,
        kept: KeptRecords,
    ) -> None:
        """Keep archives and their metadata in *cache*.

        Args:
            cache: where things are kept.
            network: fetches what is at URLs.
            builder: asked for metadata that is not static.
            state: returns bytes that change when a local file does.
            must_refresh: says whether what is kept of a package is to be fetched again.
            keeper: takes the wheels that were read.
            kept: the records of what was read.
        """
        self._cache = cache
        self._network = network
        self._builder = builder
        self._state = state
        self._must_refresh = must_refresh
        self._keeper = keeper
        self._kept = kept

    def read_path(self, name: PackageName | None, source: FromPath) -> DirectDistribution:
        """Return the distribution in the file of *source*.

        Raises:
            MissingDistribution: there is no such file.
            MauveError: it cannot be used.
        """
        from mauve.filesystem.file_urls import file_url

        path = source.path
        url = file_url(path)
        if not os.path.isfile(path):
            raise MissingDistribution(url)
        filename = os.path.basename(path)
        _check_format(path, source.given or url)
        _check_name(filename, name, source.given or url)
        stamp = self._state(path)
        key = f"path:{path}"
        kept = self._kept.read(key, stamp)
        if kept is None:
            kept = self._read(path, url, name, None, is_remote=False)
            self._kept.write(key, structs.replace(kept, stamp=stamp))
        given_absolute = os.path.isabs(source.given) or source.given.startswith("file:")
        return _distribution(kept, PathSource(path, given_absolute), filename, url, name, url)

    def read_url(self, name: PackageName | None, source: FromUrl) -> DirectDistribution:
        """Return the distribution at the URL of *source*.

        Raises:
            MauveError: it cannot be fetched, or not be used.
        """
        url, subdirectory = source.url, source.subdirectory
        plain = split_credentials(url)[0]
        filename = archive_name(url)
        _check_format(filename, plain)
        _check_name(filename, name, source.verbatim or plain)
        key = f"url:{plain}#{subdirectory or ''}"
        expected = tuple(
            [each for each in digests_behind(source.verbatim or "") if each.algorithm is not HashAlgorithm.MD5]
        )
        is_doubted = name is not None and self._must_refresh(name) and not self._kept.is_new(key)
        kept = None if is_doubted else self._kept.read(key, b"")
        if kept is None:
            path = self.download(url, shown_archive(name, source), refresh=True)
            self._check(source, path, name, expected)
            kept = self._read(path, source.verbatim or plain, name, subdirectory, is_remote=True)
            self._kept.write(key, kept)
        elif expected and not filename.endswith(".whl"):
            self._check(source, self.download(url, shown_archive(name, source)), name, expected)
        shown = source.verbatim or plain
        return _distribution(kept, UrlSource(url, subdirectory), filename, url, name, shown, expected)

    def _check(self, source: FromUrl, path: str, name: PackageName | None, expected: tuple[HashDigest, ...]) -> None:
        """Compare a source archive with the digests in its URL, before anything in it is run.

        A wheel is compared when it is installed.

        Raises:
            UnusableArchive: it is another one.
        """
        if not expected or path.endswith(".whl"):
            return
        digester = Digester(expected)
        with open(path, "rb") as file:
            while part := file.read(1 << 20):
                digester.update(part)
        if not digester.is_expected():
            shown = shown_archive(name, source)
            raise UnusableArchive("download and build", shown) from HashMismatch(shown, expected, digester.digests())

    def download(self, url: str, shown: str, *, refresh: bool = False) -> str:
        """Return the path of a copy of what is at *url*, fetched if there is none yet.

        Raises:
            UnusableArchive: it cannot be fetched.
        """
        path = self.place(url)
        if not refresh and os.path.isfile(path):
            return path

        async def fetch(client: Client) -> None:
            from mauve.metadata.sdist_metadata import fetch_into

            await fetch_into(client, url, path, shown)

        try:
            self._network.run(fetch)
        except MauveError as error:
            action = "download" if path.endswith(".whl") else "download and build"
            failed = UnusableArchive if error.status is ExitStatus.FAILURE else UnreachableArchive
            raise failed(action, shown) from error
        return path

    def place(self, url: str) -> str:
        """Return where a copy of what is at *url* is kept."""
        from hashlib import sha256

        identity = sha256(split_credentials(url)[0].encode()).hexdigest()[:32]
        return self._cache.path(CacheBucket.SDISTS, "url", identity, archive_name(url))

    def _read(
        self, path: str, url: str, name: PackageName | None, subdirectory: str | None, *, is_remote: bool
    ) -> Kept:
        filename = os.path.basename(path)
        shown = url if name is None else f"{name} @ {url}"
        if filename.endswith(".whl"):
            metadata, digest = self._read_wheel(path, filename, shown, is_remote=is_remote)
        else:
            tree = SourceTree(root=path, shown=shown, name=name, is_remote=is_remote)
            digest = _sha256(path)
            try:
                metadata = self._read_sdist(path, tree, subdirectory)
                if name is not None and metadata.name != name:
                    raise UnexpectedName(metadata.name, name)
            except BuildFailed:
                raise
            except MauveError as error:
                raise BuildFailed(tree) from error
        return Kept(b"", record_of(metadata, ""), digest)

    def _read_sdist(self, path: str, tree: SourceTree, subdirectory: str | None) -> CoreMetadata:
        if subdirectory is None:
            from mauve.metadata.sdist_archive import read_static_metadata

            static = read_static_metadata(path)
            if static is not None:
                return static
        return self._builder.archive_metadata(path, tree, subdirectory)

    def _read_wheel(self, path: str, filename: str, shown: str, *, is_remote: bool) -> tuple[CoreMetadata, str]:
        from hashlib import sha256

        from mauve.metadata.wheel_metadata import UnreadableWheel, read_wheel_metadata
        from mauve.metadata.zip_directory import InvalidZip
        from mauve.standards.metadata import parse_metadata

        wheel = Wheel(File(filename=filename, url=path), parse_wheel_name(filename))
        try:
            with open(path, "rb") as file:
                content = file.read()
            try:
                raw = read_wheel_metadata(content, wheel)
            except InvalidZip as error:
                raise UnpackableWheel(filename) from UnreadableArchive(str(error))
            except UnreadableWheel as error:
                raise UnreadableArchive(str(error)) from None
            metadata = parse_metadata(raw)
            if metadata.name != wheel.filename.name:
                raise UnexpectedName(metadata.name, wheel.filename.name)
        except (MauveError, OSError) as error:
            raise UnusableArchive("download" if is_remote else "read", shown) from error
        digest = sha256(content).hexdigest()
        self._keeper.keep(wheel, content, digest, None if is_remote else path)
        return metadata, digest


def _check_format(filename: str, shown: str) -> None:
    if is_former_archive(filename):
        raise NonStandardFormat(shown)


def _check_name(filename: str, name: PackageName | None, shown: str) -> None:
    """Refuse a wheel of another package than *name*."""
    if name is not None and filename.endswith(".whl"):
        found = parse_wheel_name(filename).name
        if found != name:
            raise MismatchedWheel(name, found, shown)


def parse_wheel_name(filename: str) -> WheelFilename:
    """Return what the name of a wheel says.

    Raises:
        InvalidWheelName: nothing.
    """
    try:
        return parse_wheel_filename(filename)
    except InvalidFilename as error:
        raise InvalidWheelName(str(error)) from None


def archive_name(url: str) -> str:
    """Return the name of the file at *url*."""
    from urllib.parse import unquote

    return unquote(url.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2])


def shown_archive(name: PackageName | None, source: FromUrl) -> str:
    """Return how messages name what is at *source*."""
    url = split_credentials(source.verbatim or source.url)[0]
    return url if name is None else f"{name} @ {url}"


def _distribution(
    kept: Kept,
    source: Source,
    filename: str,
    url: str,
    name: PackageName | None,
    shown: str,
    expected: tuple[HashDigest, ...] = (),
) -> DirectDistribution:
    metadata = published_metadata(core_metadata(kept.record))
    if name is not None and metadata.name != name:
        tree = SourceTree(root=url, shown=f"{name} @ {shown}", name=name, is_remote=isinstance(source, UrlSource))
        raise BuildFailed(tree) from UnexpectedName(metadata.name, name)
    hashes = expected or (HashDigest(HashAlgorithm.SHA256, kept.sha256),)
    file = File(filename=filename, url=url, hashes=hashes)
    is_wheel = filename.endswith(".whl")
    return DirectDistribution(
        source=source,
        metadata=metadata,
        sdist=None if is_wheel else Sdist(file, None),
        wheel=Wheel(file, parse_wheel_name(filename)) if is_wheel else None,
        hashes=hashes,
    )


def _sha256(path: str) -> str:
    from hashlib import file_digest

    with open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()
