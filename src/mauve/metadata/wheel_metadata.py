"""The METADATA of a wheel on a server: its sidecar file, else a few ranges of the wheel, else the whole wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from mauve.errors import ExitStatus, MauveError
from mauve.metadata.zip_directory import (
    LOCAL_SIZE,
    InvalidZip,
    Member,
    data_start,
    find_directory,
    parse_directory,
    unpack_member,
)
from mauve.network.errors import chain, unexpected_status
from mauve.network.range_file import RangeFile, RangesUnsupported, open_range_file
from mauve.standards.names import InvalidName, normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.distributions.files import Wheel
    from mauve.network.client import Client

TAIL = 16384
"""Bytes asked for first: the directory and METADATA of most wheels, since builders write METADATA late."""

_ROOM = 256
"""Bytes for name and extra fields of a local header; more than builders write, so that one request is enough."""


class UnreadableWheel(ValueError):
    """A wheel has no METADATA that can be read; the text says why."""


NOT_ZIP = "Failed to read from zip file"
"""Why a wheel cannot be read that is no archive."""


class UnzipFailed(MauveError):
    """The parts of a wheel that were fetched do not make sense; the cause says why."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, filename: str) -> None:
        """Name the wheel."""
        super().__init__(filename)
        self.filename = filename

    def __str__(self) -> str:
        """Name the wheel."""
        return f"Failed to unzip wheel: {self.filename}"


class FetchedMetadata(Struct, frozen=True):
    """A METADATA file, and the headers of the answer that it came with."""

    content: bytes
    headers: Mapping[str, str]


class WheelMetadataFetcher:
    """Fetches METADATA; remembers for the run which servers have no ranges."""

    def __init__(self, client: Client) -> None:
        """Ask through *client*."""
        self._client = client
        self._rangeless: set[str] = set()

    async def fetch(self, wheel: Wheel, index_url: str) -> FetchedMetadata:
        """Return the METADATA of *wheel*.

        Raises:
            UnreadableWheel: the archive is damaged or has no METADATA.
            MauveError: it cannot be fetched.
        """
        url = wheel.file.url
        if wheel.file.has_metadata:
            answer = await self._client.fetch(f"{url}.metadata", {"Accept": "*/*"})
            if answer.status != 200:
                raise unexpected_status(answer.url, answer.status)
            return FetchedMetadata(answer.body, answer.headers)
        if index_url not in self._rangeless:
            try:
                return await self._fetch_by_ranges(wheel)
            except InvalidZip as error:
                raise UnzipFailed(wheel.file.filename) from chain((str(error),))
            except RangesUnsupported:
                self._rangeless.add(index_url)
        try:
            answer = await self._client.fetch(url, {"Accept": "*/*", "Accept-Encoding": "identity"})
            if answer.status != 200:
                raise unexpected_status(answer.url, answer.status)
            return FetchedMetadata(read_wheel_metadata(answer.body, wheel), answer.headers)
        except InvalidZip as error:
            raise UnreadableWheel(NOT_ZIP) from error

    async def _fetch_by_ranges(self, wheel: Wheel) -> FetchedMetadata:
        file = await open_range_file(self._client, wheel.file.url)
        tail = await file.read(max(0, file.size - TAIL), file.size)
        place = find_directory(tail, file.size)
        if place.start + place.size > file.size:
            raise InvalidZip("Invalid central directory")
        member = find_metadata(parse_directory(await file.read(place.start, place.start + place.size)), wheel)
        return FetchedMetadata(await _read_member(file, member, place.start), file.headers)


async def _read_member(file: RangeFile, member: Member, end: int) -> bytes:
    stop = min(member.offset + LOCAL_SIZE + _ROOM + member.compressed_size, end)
    content = await file.read(member.offset, stop)
    start = data_start(member, content) - member.offset
    if start + member.compressed_size > len(content):
        content = await file.read(member.offset, member.offset + start + member.compressed_size)
    return unpack_member(member, content[start : start + member.compressed_size])


def read_wheel_metadata(archive: bytes, wheel: Wheel) -> bytes:
    """Return the METADATA in the bytes of a whole wheel.

    Raises:
        InvalidZip: it is not an archive.
        UnreadableWheel: it has no METADATA.
    """
    place = find_directory(archive[-(TAIL * 8) :], len(archive))
    member = find_metadata(parse_directory(archive[place.start : place.start + place.size]), wheel)
    start = data_start(member, archive[member.offset : member.offset + LOCAL_SIZE])
    return unpack_member(member, archive[start : start + member.compressed_size])


def find_metadata(members: list[Member], wheel: Wheel) -> Member:
    """Return the METADATA of *wheel* among the *members* of its archive.

    The folder must be named for the wheel, but not in the same spelling; a wheel may contain other such folders
    only deeper down.

    Raises:
        UnreadableWheel: there is none, or more than one.
    """
    found = [
        member for member in members if member.name.endswith(".dist-info/METADATA") and member.name.count("/") == 1
    ]
    if not found:
        raise UnreadableWheel("No .dist-info directory found")
    names = [member.name.removesuffix(".dist-info/METADATA") for member in found]
    if len(found) > 1:
        raise UnreadableWheel(f"Multiple .dist-info directories found: {', '.join(names)}")
    name = wheel.filename.name
    try:
        is_own = normalise(names[0].rpartition("-")[0]) == name
    except InvalidName:
        is_own = False
    if not is_own:
        raise UnreadableWheel(
            f"The .dist-info directory `{names[0]}` does not start with the normalized package name: {name}"
        )
    return found[0]
