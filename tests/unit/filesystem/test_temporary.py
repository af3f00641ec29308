"""Folders for a while."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mauve.filesystem.temporary import make_temporary_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_every_folder_is_new_and_named_as_by_uv(tmp_path: Path) -> None:
    """Programs show the names; the parent need not exist."""
    parent = tmp_path / "missing" / "parent"
    made = [make_temporary_folder(str(parent)) for _ in range(5)]
    assert len({*made}) == len(list(parent.iterdir())) == 5
    assert all(re.fullmatch(r"\.tmp[0-9A-Za-z]{6}", path.name) for path in parent.iterdir())
