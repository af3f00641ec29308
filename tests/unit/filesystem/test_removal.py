"""Removal with a count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.filesystem.removal import Removal, remove, remove_contents


def _numbers(removal: Removal) -> tuple[int, int, int]:
    return removal.files, removal.directories, removal.size


if TYPE_CHECKING:
    from pathlib import Path


def _tree(root: Path) -> Path:
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "one").write_bytes(b"12345")
    (root / "a" / "b" / "two").write_bytes(b"123")
    return root / "a"


def test_a_tree_is_counted(tmp_path: Path) -> None:
    """`Removed 2 files (8B)` needs files, folders and bytes."""
    assert _numbers(remove(_tree(tmp_path))) == (2, 2, 8)
    assert not (tmp_path / "a").exists()


def test_links_are_removed_not_followed(tmp_path: Path) -> None:
    """An environment may link to the whole home folder."""
    tree = _tree(tmp_path)
    (tmp_path / "link").symlink_to(tree)
    assert remove(tmp_path / "link").files == 1
    assert (tree / "one").exists()


def test_nothing_there_is_nothing_removed(tmp_path: Path) -> None:
    """Another process may have been faster."""
    assert _numbers(remove(tmp_path / "none")) == (0, 0, 0)


def test_the_folder_itself_can_stay(tmp_path: Path) -> None:
    """For mount points and working directories."""
    assert remove_contents(_tree(tmp_path)).files == 2
    assert (tmp_path / "a").is_dir()
