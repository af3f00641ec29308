"""Source archives that are hostile or damaged."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from typing import TYPE_CHECKING

import pytest

from mauve.build.archive import FailedToUnpack, unpack_source

if TYPE_CHECKING:
    from pathlib import Path


def archive(folder: Path, *members: tuple[str, bytes, str]) -> str:
    """Write an archive with a project and *members*: name, kind, and what a link leads to."""
    path = folder / "a-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as tarred:
        for name, kind, target in (("a-1.0/pyproject.toml", tarfile.REGTYPE, ""), *members):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            tarred.addfile(info, io.BytesIO() if kind == tarfile.REGTYPE else None)
    return str(path)


@pytest.mark.parametrize(
    "member",
    [
        ("a-1.0/../../x", tarfile.REGTYPE, ""),
        ("/tmp/x", tarfile.REGTYPE, ""),
        ("a-1.0/x", tarfile.SYMTYPE, "/etc/passwd"),
        ("a-1.0/x", tarfile.SYMTYPE, "../../x"),
        ("a-1.0/x", tarfile.LNKTYPE, "/etc/passwd"),
        ("a-1.0/x", tarfile.LNKTYPE, "../x"),
        ("a-1.0/x", tarfile.LNKTYPE, "a-1.0/none"),
        ("a-1.0/x", tarfile.CHRTYPE, ""),
        ("a-1.0/x", tarfile.BLKTYPE, ""),
        ("a-1.0/x", tarfile.FIFOTYPE, ""),
    ],
    ids=lambda member: f"{member[0]} {member[1].decode()} {member[2]}",
)
def test_what_is_not_within_the_folder_is_refused(tmp_path: Path, member: tuple[str, bytes, str]) -> None:
    """Paths, links, and what is neither file nor folder; as uv."""
    path = archive(tmp_path, member)
    with pytest.raises(FailedToUnpack):
        unpack_source(path, str(tmp_path / "out" / "in"))
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a-1.0.tar.gz", "out"]


def test_a_link_within_the_folder_is_made(tmp_path: Path) -> None:
    """Projects have some."""
    path = archive(tmp_path, ("a-1.0/x", tarfile.SYMTYPE, "pyproject.toml"))
    root = unpack_source(path, str(tmp_path / "out"))
    assert os.readlink(f"{root}/x") == "pyproject.toml"


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: b"nonsense" * 100,
        lambda content: content[:20] + bytes([content[20] ^ 0xFF]) + content[21:],
        lambda content: gzip.compress(b"nonsense" * 100),
    ],
    ids=["cut", "emptied", "nonsense", "other bytes", "packed nonsense"],
)
def test_damage_is_noticed(tmp_path: Path, damage: object) -> None:
    """Whatever the libraries for it raise."""
    path = archive(tmp_path)
    with open(path, "rb") as file:
        content = file.read()
    with open(path, "wb") as file:
        file.write(damage(content))  # type: ignore[operator]
    with pytest.raises(FailedToUnpack):
        unpack_source(path, str(tmp_path / "out"))
