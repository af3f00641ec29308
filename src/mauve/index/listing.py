"""What an index publishes about one name, as it is kept: sorted by version, files decoded when asked for.

Opening the record of a project with thousands of files costs about a tenth of a millisecond: the versions and
their positions are unpacked, the files of each version stay bytes.
"""

from __future__ import annotations

import struct
from functools import cache
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from mauve.cache.entries import drop_entry
from mauve.distributions.files import File, Sdist, Wheel
from mauve.distributions.listing import VersionFiles
from mauve.errors import MauveError
from mauve.index.rows import Row
from mauve.standards.filenames import InvalidFilename, parse_sdist_filename, parse_wheel_filename
from mauve.standards.hashes import HashAlgorithm, HashDigest, InvalidHash
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.distributions.index import Index
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Key, Version

_NO_TIME = -1
_HALF = 64
_LOW = (1 << _HALF) - 1
_MAGIC_HASH = "sha256:"


class DamagedListing(MauveError):
    """A stored page cannot be decoded; it has been removed, so that the next run asks the index again."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Name the file."""
        return f"Failed to deserialize cache entry: {self.path}"


class _Head(Struct, array_like=True, gc=False):
    """The first section of a record.

    Attributes:
        etag, last_modified: validators of the page.
        base: start of most URLs, left out of their rows.
        versions: normalised texts in ascending order.
        keys: their positions as pairs of 64-bit numbers, high half first; 0 for `odd` ones.
        odd: places of versions whose position is not an integer; computed from the text.
        offsets: 32-bit, where each version's rows start in the second section; one more at the end.
        uploads: 64-bit, the earliest upload of each version in milliseconds, -1 if a file has none.
    """

    etag: str
    last_modified: str
    base: str
    versions: list[str]
    keys: bytes
    odd: list[int]
    offsets: bytes
    uploads: bytes


@cache
def _head_decoder() -> msgspec.msgpack.Decoder[_Head]:
    return msgspec.msgpack.Decoder(_Head)


@cache
def _row_decoder() -> msgspec.msgpack.Decoder[list[Row]]:
    return msgspec.msgpack.Decoder(list[Row])


@cache
def _encoder() -> msgspec.msgpack.Encoder:
    return msgspec.msgpack.Encoder()


def digest_page(
    rows: Iterable[Row], name: PackageName, *, etag: str = "", last_modified: str = ""
) -> tuple[bytes, bytes]:
    """Return both sections of the record of a page.

    Files whose names are not valid, or that are neither wheels nor source archives of *name*, are left out.
    """
    by_version: dict[Key, list[Row]] = {}
    versions: dict[Key, Version] = {}
    base = ""
    for row in rows:
        version = _version_of(row.filename, name)
        if version is None:
            continue
        if not base:
            base = _start_of(row.url)
        key = version.key
        group = by_version.get(key)
        if group is None:
            group = by_version[key] = []
            versions[key] = version
        group.append(_shortened(row, base))
    keys = sorted(by_version)
    encode = _encoder().encode
    parts = [encode(by_version[key]) for key in keys]
    offsets = [0]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    odd = [place for place, key in enumerate(keys) if not isinstance(key, int)]
    halves: list[int] = []
    for key in keys:
        whole = key if isinstance(key, int) else 0
        halves += (whole >> _HALF, whole & _LOW)
    uploads = [_earliest(by_version[key]) for key in keys]
    count = len(keys)
    head = _Head(
        etag,
        last_modified,
        base,
        [versions[key].text for key in keys],
        struct.pack(f">{2 * count}Q", *halves),
        odd,
        struct.pack(f">{count + 1}I", *offsets),
        struct.pack(f">{count}q", *uploads),
    )
    return encode(head), b"".join(parts)


def _version_of(filename: str, name: PackageName) -> Version | None:
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename).version
        return parse_sdist_filename(filename, name).version
    except InvalidFilename:
        return None  # the standard says that clients pass over what they cannot read


def _start_of(url: str) -> str:
    """Return scheme, server and first folder of *url*."""
    end = url.find("/", url.find("//") + 2)
    return url[: url.find("/", end + 1) + 1]


def _shortened(row: Row, base: str) -> Row:
    """Return *row* with the file name and *base* taken out of its URL; a URL that ends in `/` lacks its name."""
    url = row.url.removesuffix(row.filename) if row.url.endswith(f"/{row.filename}") else row.url
    if base and url.startswith(base):
        url = url[len(base) :]
    row.url = url
    return row


def _earliest(rows: list[Row]) -> int:
    times = [row.upload_time for row in rows]
    return min([time for time in times if time is not None]) if None not in times else _NO_TIME


class StoredListing:
    """A page in its stored form, from the disk or just made; implements `mauve.distributions.listing.Listing`.

    `_first` and `_second` are the truth; `_keys` and `_files` are derived when asked for.
    """

    __slots__ = ("_files", "_head", "_keys", "_offsets", "_path", "_second", "_uploads", "index", "name")

    def __init__(self, index: Index, name: PackageName, head: _Head, second: bytes | memoryview, path: str) -> None:
        """Use `open_listing`."""
        self.index = index
        self.name = name
        self._head = head
        self._second = second
        self._path = path
        self._keys: list[Key] | None = None
        self._offsets: tuple[int, ...] | None = None
        self._uploads: tuple[int, ...] | None = None
        self._files: dict[int, VersionFiles] = {}

    @property
    def etag(self) -> str:
        """Return the validator of the page, empty without one."""
        return self._head.etag

    @property
    def last_modified(self) -> str:
        """Return the date the page was changed, as the server wrote it."""
        return self._head.last_modified

    @property
    def path(self) -> str:
        """Return where the record is kept."""
        return self._path

    @property
    def keys(self) -> list[Key]:
        """Return the positions of the versions in ascending order."""
        if self._keys is None:
            blob = self._head.keys
            halves = struct.unpack(f">{len(blob) // 8}Q", blob)
            keys: list[Key] = [high << _HALF | low for high, low in zip(halves[::2], halves[1::2], strict=True)]
            for place in self._head.odd:
                keys[place] = parse_version(self._head.versions[place]).key
            self._keys = keys
        return self._keys

    def version(self, place: int) -> Version:
        """Return the version at *place*."""
        return parse_version(self._head.versions[place])

    def earliest_upload(self, place: int) -> int | None:
        """Return when the first file of the version at *place* was uploaded, in milliseconds; None if one has no time.

        Unlike `files` this decodes nothing.
        """
        if self._uploads is None:
            blob = self._head.uploads
            self._uploads = struct.unpack(f">{len(blob) // 8}q", blob)
        time = self._uploads[place]
        return None if time == _NO_TIME else time

    def files(self, place: int) -> VersionFiles:
        """Return the files of the version at *place*.

        Raises:
            DamagedListing: the stored bytes make no sense.
        """
        known = self._files.get(place)
        if known is None:
            known = self._files[place] = self._decode(place)
        return known

    def _decode(self, place: int) -> VersionFiles:
        if self._offsets is None:
            blob = self._head.offsets
            self._offsets = struct.unpack(f">{len(blob) // 4}I", blob)
        start, stop = self._offsets[place], self._offsets[place + 1]
        wheels: list[Wheel] = []
        sdists: list[Sdist] = []
        try:
            for row in _row_decoder().decode(self._second[start:stop]):
                filename = row.filename
                if filename.endswith(".whl"):
                    wheels.append(Wheel(self._file(row), parse_wheel_filename(filename)))
                else:
                    sdists.append(Sdist(self._file(row), parse_sdist_filename(filename, self.name)))
        except (msgspec.DecodeError, UnicodeDecodeError, InvalidFilename) as error:
            drop_entry(self._path)
            raise DamagedListing(self._path) from error
        return VersionFiles(tuple(sdists), tuple(wheels))

    def _file(self, row: Row) -> File:
        url = row.url
        if "://" not in url:
            url = self._head.base + url
        if url.endswith("/"):
            url += row.filename
        return File(
            filename=row.filename,
            url=url,
            hashes=_digests(row.hashes),
            size=row.size,
            upload_time=row.upload_time,
            requires_python=row.requires_python,
            yanked=row.yanked,
            has_metadata=row.has_metadata,
        )


def _digests(text: str) -> tuple[HashDigest, ...]:
    if text.startswith(_MAGIC_HASH) and " " not in text:
        return (HashDigest(HashAlgorithm.SHA256, text[len(_MAGIC_HASH) :]),)
    found: list[HashDigest] = []
    for part in text.split():
        try:
            found.append(HashDigest.parse(part))
        except InvalidHash:
            continue  # an algorithm of tomorrow; the others remain
    return tuple(found)


def open_listing(
    index: Index, name: PackageName, first: bytes | memoryview, second: bytes | memoryview, path: str = ""
) -> StoredListing | None:
    """Return the listing of a record's two sections, None if they are damaged."""
    try:
        head = _head_decoder().decode(first)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    count = len(head.versions)
    if len(head.keys) != 16 * count or len(head.offsets) != 4 * (count + 1) or len(head.uploads) != 8 * count:
        return None
    return StoredListing(index, name, head, second, path)
