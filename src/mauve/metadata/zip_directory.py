"""The directory of a ZIP archive, read from its last bytes. Pure.

Specification: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.14-16.
"""

from __future__ import annotations

import struct
import zlib

from msgspec import Struct

_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_LOCATOR = struct.Struct("<4sLQL")
_LOCATOR_SIGNATURE = b"PK\x06\x07"
_END_64 = struct.Struct("<4sQ2H2L4Q")
_END_64_SIGNATURE = b"PK\x06\x06"
_ENTRY = struct.Struct("<4s6H3L5H2L")
_ENTRY_SIGNATURE = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_UNKNOWN = 0xFFFFFFFF
LOCAL_SIZE = _LOCAL.size


class InvalidZip(ValueError):
    """The bytes are not a ZIP archive, or it is damaged."""


class DirectoryPlace(Struct, frozen=True):
    """Where the directory is in the archive."""

    start: int
    size: int


class Member(Struct, frozen=True):
    """One file of an archive.

    Attributes:
        offset: of its local header.
        method: 0 stored, 8 deflated.
    """

    name: str
    offset: int
    compressed_size: int
    size: int
    method: int
    checksum: int


def find_directory(tail: bytes, total: int) -> DirectoryPlace:
    """Return where the directory of an archive of *total* bytes is, given its last bytes.

    Raises:
        InvalidZip: there is no end record in *tail*.
    """
    at = tail.rfind(_END_SIGNATURE)
    if at < 0 or len(tail) - at < _END.size:
        raise InvalidZip("unable to locate the end of central directory record")
    *_, size, start, _ = _END.unpack_from(tail, at)
    if start == _UNKNOWN or size == _UNKNOWN:
        return _find_directory_64(tail, total, at)
    return DirectoryPlace(start, size)


def _find_directory_64(tail: bytes, total: int, end: int) -> DirectoryPlace:
    at = end - _LOCATOR.size
    if at < 0 or tail[at : at + 4] != _LOCATOR_SIGNATURE:
        raise InvalidZip("unable to locate the end of central directory record")
    _, _, offset, _ = _LOCATOR.unpack_from(tail, at)
    place = offset - (total - len(tail))
    if place < 0 or tail[place : place + 4] != _END_64_SIGNATURE or len(tail) - place < _END_64.size:
        raise InvalidZip("unable to locate the end of central directory record")
    *_, size, start = _END_64.unpack_from(tail, place)
    return DirectoryPlace(start, size)


def parse_directory(directory: bytes) -> list[Member]:
    """Return the files named in *directory*, in its order.

    Raises:
        InvalidZip: an entry is damaged.
    """
    members: list[Member] = []
    at = 0
    while at + _ENTRY.size <= len(directory):
        fields = _ENTRY.unpack_from(directory, at)
        if fields[0] != _ENTRY_SIGNATURE:
            raise InvalidZip("Invalid central directory")
        flags, method, checksum, compressed_size, size = fields[3], fields[4], fields[7], fields[8], fields[9]
        name_length, extra_length, comment_length, offset = fields[10], fields[11], fields[12], fields[16]
        at += _ENTRY.size
        raw = directory[at : at + name_length]
        extra = directory[at + name_length : at + name_length + extra_length]
        at += name_length + extra_length + comment_length
        if _UNKNOWN in {size, compressed_size, offset}:
            size, compressed_size, offset = _large_values(extra, size, compressed_size, offset)
        name = raw.decode("utf-8" if flags & 0x800 else "cp437")
        members.append(Member(name, offset, compressed_size, size, method, checksum))
    return members


def _large_values(extra: bytes, size: int, compressed_size: int, offset: int) -> tuple[int, int, int]:
    at = 0
    values = [size, compressed_size, offset]
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            large = struct.unpack_from(f"<{length // 8}Q", extra, at + 4)
            given = iter(large)
            try:
                values = [next(given) if value == _UNKNOWN else value for value in values]
            except StopIteration as error:
                raise InvalidZip("Invalid ZIP64 extra field") from error
        at += 4 + length
    return values[0], values[1], values[2]


def data_start(member: Member, local_header: bytes) -> int:
    """Return where the content of *member* starts in the archive.

    Raises:
        InvalidZip: the local header is damaged.
    """
    if len(local_header) < _LOCAL.size or local_header[:4] != _LOCAL_SIGNATURE:
        raise InvalidZip("Invalid local file header")
    fields = _LOCAL.unpack_from(local_header)
    return int(member.offset + _LOCAL.size + fields[9] + fields[10])


def unpack_member(member: Member, compressed: bytes) -> bytes:
    """Return the content of *member*.

    Raises:
        InvalidZip: it does not have the size or the checksum of the directory.
    """
    if member.method == 0:
        content = compressed
    elif member.method == 8:
        try:
            content = zlib.decompress(compressed, -15, member.size or 1)
        except zlib.error as error:
            raise InvalidZip(str(error)) from error
    else:
        raise InvalidZip(f"Unsupported compression method {member.method}")
    if len(content) != member.size or zlib.crc32(content) != member.checksum:
        raise InvalidZip("Bad CRC")
    return content
