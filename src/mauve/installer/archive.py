"""Unpack the zip archive of a wheel, checking everything on the way.

The central directory decides; every local header must agree with it, entries must not overlap, and nothing may stand
before the first or behind the last byte of the archive. `zipfile` is not used: it needs twice the time.

Specification: APPNOTE.TXT (zip), "Binary distribution format" (wheels).
"""

from __future__ import annotations

import os
import struct
import sys
import zlib
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from mauve.errors import MauveError
from mauve.filesystem.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.installer.team import Team

    Buffer = bytes | memoryview

_END: Final = b"PK\5\6"
_END_SIZE: Final = 22
_END64: Final = b"PK\6\6"
_LOCATOR64: Final = b"PK\6\7"
_CENTRAL: Final = b"PK\1\2"
_LOCAL: Final = b"PK\3\4"
_LARGEST_COMMENT: Final = 0xFFFF
_CENTRAL_HEADER: Final = struct.Struct("<5xB2xHH4xIIIHHH4xII")
_LOCAL_HEADER: Final = struct.Struct("<4s4xH16xHH")
_UNIX: Final = 3
_STORED: Final = 0
_DEFLATED: Final = 8
_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_CHUNK: Final = 1 << 20
"""Members above this size (bytes) are inflated piece by piece, which costs nothing and keeps the memory small."""
_FED: Final = 1 << 18
"""Packed bytes that are inflated in one go, for such a member."""
_HIGHEST_RATIO: Final = 1100
"""Deflate cannot pack better than 1032:1."""


class InvalidArchive(MauveError):
    """The archive is damaged, or made to deceive.

    Attributes:
        reason: what is wrong with it, in the words of uv.
    """

    def __init__(self, reason: str) -> None:
        """Record the *reason*."""
        super().__init__(reason)
        self.reason = reason


class Member(Struct, frozen=True):
    """One file of an archive.

    Attributes:
        path: relative, `/` between components, none of them `.` or `..`.
        offset: of the packed bytes within the archive.
        packed_size: bytes in the archive.
        size: bytes of the file.
        checksum: CRC-32 of the file.
        is_executable: some execute bit is set.
    """

    path: str
    method: int
    offset: int
    packed_size: int
    size: int
    checksum: int
    is_executable: bool


class Directory(Struct, frozen=True):
    """The contents of an archive.

    Attributes:
        members: the files, without duplicates, in the order of the archive.
        folders: every folder, parents first; also those that hold no file.
    """

    members: tuple[Member, ...]
    folders: tuple[str, ...]


class Inflating(Protocol):
    """A member that is inflated piece by piece."""

    @property
    def unconsumed_tail(self) -> bytes:
        """Return what was given and did not get its turn."""
        ...

    @property
    def eof(self) -> bool:
        """Return whether the end was reached."""
        ...

    def decompress(self, data: Buffer, max_length: int, /) -> bytes:
        """Return the next piece, of at most *max_length* bytes."""
        ...

    def flush(self) -> bytes:
        """Return the rest."""
        ...


class Inflater(Protocol):
    """What `zlib` and `isal.isal_zlib` have in common."""

    def decompressobj(self, wbits: int, /) -> Inflating:
        """Return what inflates piece by piece."""
        ...

    def decompress(self, data: Buffer, wbits: int, bufsize: int, /) -> bytes:
        """Return the inflated *data*."""
        ...

    def crc32(self, data: Buffer, value: int = 0, /) -> int:
        """Return the CRC-32 of *data*."""
        ...


@cache
def fastest_inflater() -> Inflater:
    """Return isal's zlib if it is installed (1.5 times as fast), else the standard one."""
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib
    return isal_zlib  # type: ignore[no-any-return, unused-ignore]


def read_directory(raw: Buffer) -> Directory:
    """Return what the archive *raw* contains.

    Members with `..` in their path are left out, as uv does; folders and empty names make no member.

    Raises:
        InvalidArchive: the structure is not that of one whole, honest zip archive.
    """
    view = memoryview(raw)
    count, start, end = _central_directory(view)
    members: dict[str, Member] = {}
    folders: dict[str, None] = {}
    extents: list[tuple[int, int]] = []
    at = start
    for _ in range(count):
        if at + 46 > end or bytes(view[at : at + 4]) != _CENTRAL:
            raise InvalidArchive("Invalid zip file structure")
        path, at, member = _entry(view, at, end, start, extents)
        if member is None:
            if path:
                _add_folders(folders, path)
            continue
        known = members.get(member.path)
        if known is not None:
            if (known.checksum, known.size) != (member.checksum, member.size):
                raise InvalidArchive(f"ZIP file contains multiple entries with different contents for: {member.path}")
            continue
        members[member.path] = member
        _add_folders(folders, member.path.rpartition("/")[0])
    if at != end:
        raise InvalidArchive("Invalid zip file structure")
    _check_extents(extents, start)
    clash = members.keys() & folders.keys()
    if clash:
        raise InvalidArchive(f"ZIP file contains multiple entries with different contents for: {min(clash)}")
    return Directory(tuple(members.values()), tuple(folders))


def read_member(raw: Buffer, member: Member, inflater: Inflater) -> Buffer:
    """Return the content of *member*, checked against its size and checksum."""
    packed = memoryview(raw)[member.offset : member.offset + member.packed_size]
    if member.method == _STORED:
        content: Buffer = packed
    else:
        try:
            content = inflater.decompress(packed, -15, member.size or 1)
        except Exception as error:
            # zlib.error, and isal's own class of the same name.
            raise InvalidArchive(f"Invalid compressed data for file: {member.path}") from error
    if len(content) != member.size:
        raise _wrong_size(len(content), member)
    _check_sum(inflater.crc32(content), member)
    return content


def unpack(
    raw: Buffer,
    directory: Directory,
    target: str,
    is_executable: Callable[[Member], bool],
    team: Team[Member] | None = None,
) -> None:
    """Write the members of the archive *raw* below the existing, empty folder *target*, with the help of *team*.

    Raises:
        InvalidArchive: a member is damaged; what was written so far stays.
    """
    writer = MemberWriter(raw, target, is_executable)
    try:
        for folder in directory.folders:
            os.mkdir(folder, dir_fd=writer.root)
        if team is None:
            for member in directory.members:
                writer.write(member)
        else:
            # The largest first: one of them left at the end would keep one thread alone.
            team.lead(sorted(directory.members, key=lambda member: -member.size), writer.write, target)
    finally:
        writer.close()


class MemberWriter:
    """Writes members of the archive *raw* below the folder *target*, in any thread; close it when all are written."""

    __slots__ = ("_inflater", "_is_executable", "_raw", "root")

    def __init__(self, raw: Buffer, target: str, is_executable: Callable[[Member], bool]) -> None:
        self._raw = raw
        self._is_executable = is_executable
        self._inflater = fastest_inflater()
        self.root = os.open(target, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def write(self, member: Member) -> None:
        """Write *member*, whose folder exists. Raises `InvalidArchive` if it is damaged."""
        raw, inflater = self._raw, self._inflater
        mode = 0o777 if self._is_executable(member) else 0o666
        descriptor = os.open(member.path, _NEW, mode, dir_fd=self.root)
        try:
            if member.size > _CHUNK and member.method == _DEFLATED:
                _write_in_pieces(descriptor, raw, member, inflater)
            else:
                write_all(descriptor, read_member(raw, member, inflater))
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self.root)


def _write_in_pieces(descriptor: int, raw: Buffer, member: Member, inflater: Inflater) -> None:
    stream = inflater.decompressobj(-15)
    packed = memoryview(raw)[member.offset : member.offset + member.packed_size]
    size, checksum = 0, 0
    try:
        for at in range(0, len(packed), _FED):
            pending: Buffer = packed[at : at + _FED]
            while pending and not stream.eof and size <= member.size:
                piece = stream.decompress(pending, _CHUNK)
                pending = stream.unconsumed_tail
                size += len(piece)
                checksum = inflater.crc32(piece, checksum)
                write_all(descriptor, piece)
            _forget(raw, member.offset + at)
        if size <= member.size:
            rest = stream.flush()
            size += len(rest)
            checksum = inflater.crc32(rest, checksum)
            write_all(descriptor, rest)
    except (MauveError, OSError):
        raise
    except Exception as error:
        # zlib.error, and isal's own class of the same name.
        raise InvalidArchive(f"Invalid compressed data for file: {member.path}") from error
    if size != member.size or not stream.eof:
        raise _wrong_size(size, member)
    _check_sum(checksum, member)


def _forget(raw: Buffer, begin: int) -> None:
    """Take what was fed from *begin* on out of the memory of this process if *raw* is a file that is mapped into it."""
    import mmap

    whole = getattr(raw, "obj", None)
    if isinstance(whole, mmap.mmap) and len(whole) == len(raw):
        whole.madvise(mmap.MADV_DONTNEED, begin // mmap.PAGESIZE * mmap.PAGESIZE, _FED)


def _wrong_size(size: int, member: Member) -> InvalidArchive:
    return InvalidArchive(f"Bad uncompressed size (got {size}, expected {member.size}) for file: {member.path}")


def _check_sum(checksum: int, member: Member) -> None:
    if checksum != member.checksum:
        raise InvalidArchive(f"Bad CRC (got {checksum:08x}, expected {member.checksum:08x}) for file: {member.path}")


def _number(view: memoryview, at: int, size: int) -> int:
    return int.from_bytes(view[at : at + size], "little")


def _central_directory(view: memoryview) -> tuple[int, int, int]:
    """Return the number of entries, and where the central directory starts and ends."""
    length = len(view)
    tail_at = max(0, length - _END_SIZE - _LARGEST_COMMENT)
    tail = bytes(view[tail_at:])
    found = tail.rfind(_END)
    if found < 0 or tail_at + found + _END_SIZE > length:
        raise InvalidArchive("Invalid zip file structure")
    at = tail_at + found
    if at + _END_SIZE + _number(view, at + 20, 2) != length:
        raise InvalidArchive("ZIP file contains trailing contents after the end-of-central-directory record")
    count, size, start, end = _number(view, at + 10, 2), _number(view, at + 12, 4), _number(view, at + 16, 4), at
    locator = at - 20
    if locator >= 0 and bytes(view[locator : locator + 4]) == _LOCATOR64:
        end = _number(view, locator + 8, 8)
        if end + 56 > locator or bytes(view[end : end + 4]) != _END64:
            raise InvalidArchive("Invalid zip file structure")
        count, size, start = _number(view, end + 32, 8), _number(view, end + 40, 8), _number(view, end + 48, 8)
    # Leading bytes, or a gap behind the directory, would let two readers see two archives.
    if start + size != end:
        raise InvalidArchive("Invalid zip file structure")
    return count, start, end


def _entry(
    view: memoryview, at: int, end: int, start: int, extents: list[tuple[int, int]]
) -> tuple[str, int, Member | None]:
    """Return the path, the position of the next entry, and the member unless it is a folder or is to be left out."""
    system, flags, method, checksum, packed, size, name_size, extra_size, comment_size, attributes, offset = (
        _CENTRAL_HEADER.unpack_from(view, at)
    )
    following = at + 46 + name_size + extra_size + comment_size
    if following > end:
        raise InvalidArchive("Invalid zip file structure")
    raw_name = bytes(view[at + 46 : at + 46 + name_size])
    if 0xFFFFFFFF in {packed, size, offset}:
        extra = view[at + 46 + name_size : at + 46 + name_size + extra_size]
        size, packed, offset = _large_values(extra, size, packed, offset)
    name = _decode(raw_name, flags)
    if not name:
        raise InvalidArchive("ZIP file contains an entry with an empty name")
    if "\0" in name:
        raise InvalidArchive(f"Invalid file name in archive: {name!r}")
    if flags & _ENCRYPTED:
        raise InvalidArchive(f"Encrypted entries are not supported: {name}")
    data = _check_local_header(view, offset, start, raw_name, method)
    if data + packed > start:
        raise InvalidArchive("Invalid zip file structure")
    extents.append((offset, data + packed))
    path = _safe_path(name)
    if path is None:
        return "", following, None
    if name.endswith("/"):
        return path, following, None
    if method not in {_STORED, _DEFLATED}:
        raise InvalidArchive(f"Unsupported compression method {method} for file: {name}")
    if (method == _STORED and packed != size) or size > packed * _HIGHEST_RATIO + 64:
        raise InvalidArchive(f"Bad uncompressed size (got {packed}, expected {size}) for file: {name}")
    is_executable = system == _UNIX and bool(attributes >> 16 & 0o111)
    return path, following, Member(path, method, data, packed, size, checksum, is_executable)


def _large_values(extra: memoryview, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Return size, packed size and offset, taken from the zip64 field where they did not fit."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = _number(extra, at, 2), _number(extra, at + 2, 2)
        if kind == 1:
            values = [_number(extra, place, 8) for place in range(at + 4, at + 4 + length - 7, 8)]
            values.reverse()
            try:
                size = values.pop() if size == 0xFFFFFFFF else size
                packed = values.pop() if packed == 0xFFFFFFFF else packed
                offset = values.pop() if offset == 0xFFFFFFFF else offset
            except IndexError as error:
                raise InvalidArchive("Invalid zip file structure") from error
            return size, packed, offset
        at += 4 + length
    raise InvalidArchive("Invalid zip file structure")


def _decode(raw_name: bytes, flags: int) -> str:
    # Names without the UTF-8 flag are code page 437 by the specification, but wheels are UTF-8 by theirs.
    try:
        return raw_name.decode()
    except UnicodeDecodeError as error:
        if flags & _UTF8:
            raise InvalidArchive("ZIP file contains an entry whose name is not UTF-8") from error
        return raw_name.decode("cp437")


def _check_local_header(view: memoryview, offset: int, start: int, raw_name: bytes, method: int) -> int:
    """Return where the data begins, after comparing the local header with the central entry."""
    if offset + 30 > start:
        raise InvalidArchive("Invalid zip file structure")
    name_size: int
    extra_size: int
    signature, local_method, name_size, extra_size = _LOCAL_HEADER.unpack_from(view, offset)
    if signature != _LOCAL:
        raise InvalidArchive("Invalid zip file structure")
    if bytes(view[offset + 30 : offset + 30 + name_size]) != raw_name or local_method != method:
        raise InvalidArchive(f"ZIP file contains an inconsistent local header for: {raw_name.decode(errors='replace')}")
    return offset + 30 + name_size + extra_size


def _check_extents(extents: list[tuple[int, int]], start: int) -> None:
    """Refuse overlapping entries (which let a small archive unpack to petabytes) and bytes before the first one."""
    extents.sort()
    previous = 0
    for begin, end in extents:
        if begin < previous or (previous == 0 and begin != 0):
            raise InvalidArchive("Invalid zip file structure")
        previous = end
    if previous > start:
        raise InvalidArchive("Invalid zip file structure")


def _safe_path(name: str) -> str | None:
    """Return *name* without empty and `.` components and with `..` taken back, or None if it leaves the folder."""
    if sys.platform == "win32":
        name = name.replace("\\", "/")
        if ":" in name:
            return None
    if name.startswith("/"):
        return None
    if "//" not in name and "." not in (name[0], name[-1]) and "/." not in name and "./" not in name:
        return name.rstrip("/")
    kept: list[str] = []
    for part in name.split("/"):
        if part == "..":
            if not kept:
                return None
            kept.pop()
        elif part not in {"", "."}:
            kept.append(part)
    return "/".join(kept) or None


def _add_folders(folders: dict[str, None], path: str) -> None:
    if not path or path in folders:
        return
    _add_folders(folders, path.rpartition("/")[0])
    folders[path] = None
