"""Directories of archives."""

from __future__ import annotations

import io
import zipfile

import pytest

from mauve.metadata.zip_directory import (
    InvalidZip,
    data_start,
    find_directory,
    parse_directory,
    unpack_member,
)


def archive(members: dict[str, bytes], comment: bytes = b"", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, content in members.items():
            with file.open(zipfile.ZipInfo(name), "w", force_zip64=name.startswith("large")) as member:
                member.write(content)
        file.comment = comment
    return buffer.getvalue()


def read(content: bytes) -> dict[str, bytes]:
    place = find_directory(content, len(content))
    found = {}
    for member in parse_directory(content[place.start : place.start + place.size]):
        start = data_start(member, content[member.offset : member.offset + 30])
        found[member.name] = unpack_member(member, content[start : start + member.compressed_size])
    return found


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_every_member_comes_back(method: int) -> None:
    """As `zipfile` wrote it, with a comment behind, and with 64-bit sizes."""
    members = {"a": b"1", "empty": b"", "b/é": b"2" * 1000, "large": b"3"}
    assert read(archive(members, b"comment", method)) == members


def test_more_than_65535_members_do_not_matter() -> None:
    """ZIP64 directories: the count is not used, the sizes are."""
    members = {f"{number}": b"" for number in range(70000)}
    place = find_directory(content := archive(members, method=zipfile.ZIP_STORED), len(content))
    assert len(parse_directory(content[place.start : place.start + place.size])) == 70000


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x05\x06"])
def test_what_is_not_an_archive_is_refused(content: bytes) -> None:
    """An error page, for instance."""
    with pytest.raises(InvalidZip):
        find_directory(content, len(content))


def test_altered_content_is_noticed() -> None:
    """By its checksum."""
    content = bytearray(archive({"a": b"12345678"}, method=zipfile.ZIP_STORED))
    content[content.find(b"12345678")] = 0
    with pytest.raises(InvalidZip):
        read(bytes(content))
