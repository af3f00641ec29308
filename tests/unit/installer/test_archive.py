"""Reading archives: honest ones come out whole, dishonest ones not at all."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from mauve.installer.archive import InvalidArchive, Member, fastest_inflater, read_directory, read_member, unpack
from mauve.installer.spool import map_file

if TYPE_CHECKING:
    from pathlib import Path


def _zip(*members: tuple[str, bytes], mode: int = 0o100644, compression: int = zipfile.ZIP_DEFLATED) -> bytearray:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for path, content in members:
            info = zipfile.ZipInfo(path)
            info.create_system = 3
            info.external_attr = mode << 16
            info.compress_type = compression
            archive.writestr(info, content)
    return bytearray(buffer.getvalue())


def _unpack(raw: bytes | bytearray, folder: Path) -> None:
    directory = read_directory(bytes(raw))
    unpack(bytes(raw), directory, str(folder), lambda member: member.is_executable)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_files_and_empty_folders_come_out(tmp_path: Path, compression: int) -> None:
    """Empty folders of a wheel are installed too."""
    _unpack(_zip(("a/b/c.py", b"x" * 1000), ("a/e.py", b""), ("d/", b""), compression=compression), tmp_path)
    assert (tmp_path / "a/b/c.py").read_bytes() == b"x" * 1000
    assert (tmp_path / "a/e.py").read_bytes() == b""
    assert (tmp_path / "d").is_dir()


def test_a_large_member_is_written_in_pieces(tmp_path: Path) -> None:
    """Libraries of gigabytes must not be held in memory."""
    content = os.urandom(1 << 20) * 9
    _unpack(_zip(("big.so", content)), tmp_path)
    assert (tmp_path / "big.so").read_bytes() == content


@pytest.mark.parametrize("size", [(1 << 20) + 1, 2 << 20, (2 << 20) + 257])
def test_the_last_piece_of_a_large_member_is_written(tmp_path: Path, size: int) -> None:
    """The packed bytes end before what they stand for does."""
    _unpack(_zip(("big.so", b"a" * size)), tmp_path)
    assert (tmp_path / "big.so").read_bytes() == b"a" * size


def test_a_mapped_archive_is_unpacked_like_one_in_memory(tmp_path: Path) -> None:
    """Its pages are given back while they are read, which must not lose what others share with them."""
    content = os.urandom(3 << 20)
    (tmp_path / "a.whl").write_bytes(_zip(("a.py", b"a"), ("big.so", content), ("z.py", b"z")))
    with (tmp_path / "a.whl").open("rb") as file:
        raw = map_file(file.fileno())
    (tmp_path / "files").mkdir()
    unpack(raw, read_directory(raw), str(tmp_path / "files"), lambda _: False)
    assert (tmp_path / "files/big.so").read_bytes() == content
    assert (tmp_path / "files/z.py").read_bytes() == b"z"


def test_a_damaged_large_member_is_noticed(tmp_path: Path) -> None:
    """Its checksum is taken piece by piece."""
    raw = _zip(("big.so", b"a" * (9 << 20)))
    at = raw.find(b"PK\1\2") + 16
    raw[at : at + 4] = b"\0\0\0\0"
    local = 14
    raw[local : local + 4] = b"\0\0\0\0"
    with pytest.raises(InvalidArchive, match="Bad CRC"):
        _unpack(raw, tmp_path)


@pytest.mark.parametrize(("mode", "bits"), [(0o100755, 0o111), (0o100654, 0o111), (0o100644, 0)])
def test_any_execute_bit_makes_a_file_executable(tmp_path: Path, mode: int, bits: int) -> None:
    """Other permissions are not taken from the archive."""
    _unpack(_zip(("tool", b"x"), mode=mode), tmp_path)
    assert (tmp_path / "tool").stat().st_mode & 0o111 & ~_umask() == bits & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("name", ["../evil.py", "/evil.py", "a/../../evil.py", ".."])
def test_members_outside_of_the_folder_are_left_out(name: str) -> None:
    """A wheel never writes beside its own folder; uv passes over such members too."""
    assert [member.path for member in read_directory(bytes(_zip((name, b"x"), ("good.py", b"y")))).members] == [
        "good.py"
    ]


def test_dots_that_stay_inside_are_resolved() -> None:
    """As uv does."""
    raw = bytes(_zip(("a/../up.py", b"x"), ("./b//c.py", b"y")))
    assert [member.path for member in read_directory(raw).members] == ["up.py", "b/c.py"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_equal_duplicates_count_once_and_different_ones_are_refused() -> None:
    """Two readers must not see two wheels."""
    assert len(read_directory(bytes(_zip(("a", b"x"), ("a", b"x")))).members) == 1
    with pytest.raises(InvalidArchive, match="ZIP file contains multiple entries with different contents for: a"):
        read_directory(bytes(_zip(("a", b"x"), ("a", b"y"))))


def test_a_file_and_a_folder_of_one_name_are_refused() -> None:
    """One of them would be lost."""
    with pytest.raises(InvalidArchive, match="different contents for: a"):
        read_directory(bytes(_zip(("a", b"x"), ("a/b", b"y"))))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda raw: raw + b"more", "trailing contents after the end-of-central-directory record"),
        (lambda raw: b"before" + raw, "Invalid zip file structure"),
        (lambda raw: raw[:-30], "Invalid zip file structure"),
        (lambda raw: b"", "Invalid zip file structure"),
        (lambda raw: raw.replace(b"mod.py", b"mad.py", 1), "inconsistent local header for: mod.py"),
        (lambda raw: raw[:8] + b"\0\0" + raw[10:], "inconsistent local header"),
    ],
    ids=["trailing", "leading", "cut", "empty", "another name", "another method"],
)
def test_a_dishonest_structure_is_refused(change, message: str) -> None:
    """Everything that lets readers disagree about the contents is an error."""
    with pytest.raises(InvalidArchive, match=message):
        read_directory(bytes(change(bytes(_zip(("mod.py", b"x" * 100))))))


def test_wrong_bytes_are_noticed() -> None:
    """The checksum is checked for every member."""
    raw = _zip(("a.py", b"hello"), compression=zipfile.ZIP_STORED)
    raw[raw.find(b"hello")] = ord("j")
    member = read_directory(bytes(raw)).members[0]
    with pytest.raises(InvalidArchive, match=r"Bad CRC .* for file: a.py"):
        read_member(bytes(raw), member, fastest_inflater())


def test_overlapping_members_are_refused() -> None:
    """A small archive could otherwise unpack to petabytes."""
    raw = _zip(("a", b"x" * 50), ("a2", b"y" * 50), compression=zipfile.ZIP_STORED)
    second = raw.rfind(b"PK\1\2")
    raw[second + 42 : second + 46] = struct.pack("<I", 0)
    with pytest.raises(InvalidArchive):
        read_directory(bytes(raw))


def test_a_size_that_deflate_cannot_reach_is_refused() -> None:
    """The size decides how much memory is taken."""
    raw = _zip(("a", b"x" * 50))
    at = raw.find(b"PK\1\2") + 24
    raw[at : at + 4] = struct.pack("<I", 1 << 30)
    with pytest.raises(InvalidArchive, match="Bad uncompressed size"):
        read_directory(bytes(raw))


def test_encrypted_and_unknown_methods_are_refused() -> None:
    """Neither occurs in wheels."""
    raw = _zip(("a", b"x" * 50))
    at = raw.find(b"PK\1\2") + 8
    raw[at] |= 1
    with pytest.raises(InvalidArchive, match="Encrypted"):
        read_directory(bytes(raw))
    with pytest.raises(InvalidArchive, match="Unsupported compression method 12"):
        read_directory(bytes(_zip(("a", b"x" * 50), compression=zipfile.ZIP_BZIP2)))


def test_archives_with_64_bit_fields_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wheels of more than 4 GiB, or 65,535 files, have them."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    raw = bytes(_zip(("a.py", b"x" * 100), ("b.py", b"y" * 200)))
    assert b"PK\6\6" in raw
    directory = read_directory(raw)
    assert [(member.path, member.size) for member in directory.members] == [("a.py", 100), ("b.py", 200)]
    assert bytes(read_member(raw, directory.members[1], fastest_inflater())) == b"y" * 200


def test_folders_are_listed_parents_first() -> None:
    """They are made in this order."""
    assert read_directory(bytes(_zip(("a/b/c/d.py", b"")))).folders == ("a", "a/b", "a/b/c")


def test_a_member_knows_where_its_bytes_are() -> None:
    """Extra fields of local headers are skipped."""
    raw = bytes(_zip(("a.py", b"hello"), compression=zipfile.ZIP_STORED))
    member: Member = read_directory(raw).members[0]
    assert raw[member.offset : member.offset + member.packed_size] == b"hello"
