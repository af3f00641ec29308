"""Indexes of the command line that `add` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mauve.operations.declarations import MissingIndexFolder, declared_indexes
from mauve.project.edit import IndexDeclaration

if TYPE_CHECKING:
    from pathlib import Path


def declare(folder: Path, *texts: str, default: str | None = None) -> tuple[tuple[IndexDeclaration, ...], list[str]]:
    """Return the declarations of *texts* and the warnings; `known` is an index that there is."""
    warnings: list[str] = []
    found = declared_indexes(texts, default, str(folder), frozenset(["known"]), warnings.append)
    return found, warnings


def test_urls_lose_their_credentials(tmp_path: Path) -> None:
    """They are for the command line, not for the project."""
    found, warnings = declare(tmp_path, "a=https://u:p@a.example/", "https://u@b.example", default="https://c.example")
    assert found == (
        IndexDeclaration("https://a.example/", "a"),
        IndexDeclaration("https://b.example"),
        IndexDeclaration("https://c.example", default=True),
    )
    assert warnings == []


def test_a_folder_is_known_by_its_path(tmp_path: Path) -> None:
    """Whoever writes it decides what it is relative to."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    path = str(tmp_path / "full")
    found, _ = declare(tmp_path, "./full", f"a={path}", f"file://{path}")
    assert found == (
        IndexDeclaration("./full", path=path),
        IndexDeclaration(path, "a", path=path),
        IndexDeclaration(f"file://{path}", path=path),
    )


def test_an_empty_folder_is_not_written(tmp_path: Path) -> None:
    """The user is told."""
    (tmp_path / "empty").mkdir()
    found, warnings = declare(tmp_path, "a=empty")
    assert found == (IndexDeclaration("empty", "a", path=str(tmp_path / "empty"), is_there=True),)
    assert warnings == [f"Index directory `file://{tmp_path}/empty` is empty, skipping"]


def test_a_folder_has_to_be_there(tmp_path: Path) -> None:
    """Relative to where the command runs."""
    with pytest.raises(MissingIndexFolder) as caught:
        declare(tmp_path, "nowhere")
    assert str(caught.value) == f"Directory not found for index: file://{tmp_path}/nowhere"


def test_a_name_stands_for_its_index(tmp_path: Path) -> None:
    """Unless there is a folder of that name, or it is said to be a path."""
    assert declare(tmp_path, "known")[0] == (IndexDeclaration("known", "known", is_there=True),)
    with pytest.raises(MissingIndexFolder):
        declare(tmp_path, "./known")
    (tmp_path / "known").mkdir()
    (tmp_path / "known" / "file").touch()
    assert declare(tmp_path, "known")[0] == (IndexDeclaration("known", path=str(tmp_path / "known")),)
