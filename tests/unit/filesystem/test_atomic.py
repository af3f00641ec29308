"""Atomic writes."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from mauve.filesystem.atomic import replace_document, write_atomically, write_parts_atomically

if TYPE_CHECKING:
    from pathlib import Path


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    """Line ends included: a lockfile is compared byte for byte."""
    write_atomically(tmp_path / "f", "a\r\né\n")
    assert (tmp_path / "f").read_bytes() == "a\r\né\n".encode()


def test_the_folder_is_made(tmp_path: Path) -> None:
    """Caches are filled from nothing."""
    write_atomically(tmp_path / "a" / "b" / "f", b"x")
    assert (tmp_path / "a" / "b" / "f").read_bytes() == b"x"


def test_nothing_else_is_left(tmp_path: Path) -> None:
    """Also not after a failure, and the old content survives that."""
    write_atomically(tmp_path / "f", b"old")

    def parts():
        yield b"new"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_parts_atomically(tmp_path / "f", parts())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"f": b"old"}


def test_the_mode_can_be_chosen(tmp_path: Path) -> None:
    """Scripts are executable, credentials are not for others."""
    write_atomically(tmp_path / "f", b"", mode=0o700)
    assert stat.S_IMODE(os.stat(tmp_path / "f").st_mode) == 0o700


def test_a_document_behind_a_link_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    """Users link their files to other places on purpose."""
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    replace_document(str(link), "new")
    assert link.is_symlink()
    assert (real.read_text(), real.stat().st_mode & 0o777) == ("new", 0o640)


def test_a_document_with_two_names_keeps_both(tmp_path: Path) -> None:
    """Replacing it would leave the other name with the old content."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("a longer text")
    second.hardlink_to(first)
    replace_document(str(first), "short")
    assert second.read_text() == "short"


def test_an_error_names_the_file_that_was_to_be_written(tmp_path: Path) -> None:
    """Not the temporary one beside it."""
    (tmp_path / "file").write_text("")
    path = str(tmp_path / "file" / "below")
    with pytest.raises(NotADirectoryError) as caught:
        write_atomically(path, "")
    assert caught.value.filename == path
