"""Indexes of the command line that are written into a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from mauve.operations.declarations import MissingIndexFolder, check_index_folders, declared_indexes
from mauve.project.edit import IndexDeclaration


def test_names_and_the_default_are_kept_and_credentials_are_not() -> None:
    """The file is committed for everybody to see."""
    found = declared_indexes(("i=http://user:secret@127.0.0.1/a", "http://127.0.0.1/b"), "http://127.0.0.1/c")
    assert found == (
        IndexDeclaration("http://127.0.0.1/a", "i"),
        IndexDeclaration("http://127.0.0.1/b"),
        IndexDeclaration("http://127.0.0.1/c", default=True),
    )


def test_a_folder_that_is_not_there_is_no_index(tmp_path: Path) -> None:
    """A typing error would be written into the project."""
    (tmp_path / "there").mkdir()
    check_index_folders(
        declared_indexes(("./there", f"i=file://{tmp_path}/there", "http://127.0.0.1/x"), None), str(tmp_path)
    )
    for text in ("./missing", f"i=file://{tmp_path}/missing"):
        with pytest.raises(MissingIndexFolder, match=f"Directory not found for index: file://{tmp_path}/missing"):
            check_index_folders(declared_indexes((text,), None), str(tmp_path))
