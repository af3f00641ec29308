"""Cache files that come and go."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from mauve.cache.entries import read_entry, write_entry
from mauve.cache.frame import HEAD_SIZE, FrameHead, parse_frame_head, renew_frame, write_frame

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"test"


def head_of(content: bytes, magic: bytes = MAGIC) -> FrameHead | None:
    return parse_frame_head(content, magic, len(content))


def test_a_removed_cache_is_made_again(tmp_path: Path) -> None:
    """Another process may clean it between any two steps."""
    path = str(tmp_path / "bucket" / "deep" / "entry")
    assert write_entry(path, (b"1",))
    shutil.rmtree(tmp_path / "bucket")
    assert read_entry(path) is None
    assert write_entry(path, (b"2", b"3"))
    assert read_entry(path) == b"23"


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """It only saves time."""
    (tmp_path / "file").write_bytes(b"")
    assert write_entry(str(tmp_path / "file" / "entry"), (b"1",)) is False


def test_a_frame_comes_back(tmp_path: Path) -> None:
    """Times and both sections."""
    path = str(tmp_path / "f")
    write_frame(path, MAGIC, fetched_at=5, lifetime=60, first=b"ab", second=b"cde")
    content = read_entry(path) or b""
    frame = head_of(content)
    assert frame is not None
    assert (frame.fetched_at, frame.lifetime) == (5, 60)
    assert (frame.first, frame.second, content[HEAD_SIZE:]) == (2, 3, b"abcde")


@pytest.mark.parametrize("length", [0, 1, HEAD_SIZE - 1, HEAD_SIZE, HEAD_SIZE + 4])
def test_a_cut_frame_is_noticed(tmp_path: Path, length: int) -> None:
    """A full disk or a crash leaves one."""
    write_frame(str(tmp_path / "f"), MAGIC, fetched_at=5, lifetime=60, first=b"ab", second=b"cde")
    assert head_of((tmp_path / "f").read_bytes()[:length]) is None


def test_a_frame_of_another_kind_is_refused(tmp_path: Path) -> None:
    """The name of a file is not proof of its content."""
    write_frame(str(tmp_path / "f"), MAGIC, fetched_at=5, lifetime=60, first=b"")
    assert head_of((tmp_path / "f").read_bytes(), b"else") is None


def test_renewing_changes_only_the_times(tmp_path: Path) -> None:
    """A validated page of two megabytes is not written again."""
    path = tmp_path / "f"
    write_frame(str(path), MAGIC, fetched_at=5, lifetime=60, first=b"ab", second=b"cde")
    renew_frame(str(path), fetched_at=70, lifetime=30)
    frame = head_of(path.read_bytes())
    assert frame is not None
    assert (frame.fetched_at, frame.lifetime, path.read_bytes()[HEAD_SIZE:]) == (70, 30, b"abcde")
