"""Links, and what happens where they are impossible."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest
from tests.support.installation import posix

from mauve.installer.links import Linker, LinkMode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = posix


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[tuple[str, int, int]]:
    """Return a folder with two files, its descriptor, and that of an empty one."""
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    (source / "a").write_text("A")
    (source / "b").write_text("B")
    (source / "b").chmod(0o755)
    fds = os.open(source, os.O_RDONLY), os.open(target, os.O_RDONLY)
    yield str(source), *fds
    for fd in fds:
        os.close(fd)


@pytest.mark.parametrize("mode", LinkMode)
def test_files_arrive_with_content_and_mode(tmp_path: Path, folders: tuple[str, int, int], mode: LinkMode) -> None:
    """Whatever kind of link is used."""
    Linker(mode).link_files(*folders, ("a", "b"))
    assert (tmp_path / "target/a").read_text() == "A"
    assert (tmp_path / "target/b").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("mode", LinkMode)
def test_existing_files_are_replaced_not_written_to(
    tmp_path: Path, folders: tuple[str, int, int], mode: LinkMode
) -> None:
    """The old file may be a link into the cache."""
    (tmp_path / "other").write_text("old")
    os.link(tmp_path / "other", tmp_path / "target/a")
    Linker(mode).link_files(*folders, ("a", "b"))
    Linker(mode).link_files(*folders, ("a", "b"))
    assert (tmp_path / "other").read_text() == "old"
    assert sorted(os.listdir(tmp_path / "target")) == ["a", "b"]
    assert (tmp_path / "target/a").read_text() == "A"


def test_impossible_hard_links_become_copies_with_one_warning(
    tmp_path: Path, folders: tuple[str, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache may be on another disk."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    warnings: list[str] = []
    linker = Linker(LinkMode.HARDLINK, lambda: warnings.append("copied"))
    linker.link_files(*folders, ("a",))
    linker.link_files(*folders, ("b",))
    assert (linker.mode, warnings) == (LinkMode.COPY, ["copied"])
    assert (tmp_path / "target/b").read_text() == "B"
    assert (tmp_path / "target/b").stat().st_nlink == 1


def test_a_file_with_too_many_links_is_copied_alone(
    tmp_path: Path, folders: tuple[str, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Empty `__init__.py` files reach the limit of a file system first."""
    link = os.link

    def limited(source: str, *arguments: object, **options: object) -> None:
        if source == "a":
            raise OSError(errno.EMLINK, "Too many links")
        link(source, *arguments, **options)

    monkeypatch.setattr(os, "link", limited)
    linker = Linker(LinkMode.HARDLINK)
    linker.link_files(*folders, ("a", "b"))
    assert linker.mode is LinkMode.HARDLINK
    assert (tmp_path / "target/a").stat().st_nlink == 1
    assert (tmp_path / "target/b").stat().st_nlink == 2


@pytest.mark.parametrize("mode", LinkMode)
def test_a_missing_source_is_an_error(folders: tuple[str, int, int], mode: LinkMode) -> None:
    """The caller fetches the wheel again."""
    with pytest.raises(FileNotFoundError):
        Linker(mode).link_files(*folders, ("a", "gone"))


def test_a_failed_copy_leaves_nothing(
    tmp_path: Path, folders: tuple[str, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk must not leave half a module."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left"):
        Linker(LinkMode.COPY).link_files(*folders, ("a",))
    assert os.listdir(tmp_path / "target") == []
