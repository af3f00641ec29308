"""The name of a tree, as far as it is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mauve.metadata.declared_names import declared_name

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({}, None),
        ({"pyproject.toml": '[project]\nname = "A.b"\n'}, "a-b"),
        ({"pyproject.toml": '[project]\nname = "a"\ndynamic = ["version"]\n'}, "a"),
        ({"pyproject.toml": '[tool.poetry]\nname = "a"\n'}, "a"),
        ({"pyproject.toml": '[project]\nname = "a"\n[tool.poetry]\nname = "b"\n'}, "a"),
        ({"pyproject.toml": "[build-system]\nrequires = []\n"}, None),
        ({"pyproject.toml": "[build-system]\n", "setup.cfg": "[metadata]\nname = a\n"}, "a"),
        ({"setup.cfg": "[metadata]\nversion = 1\n"}, None),
        ({"PKG-INFO": "Metadata-Version: 2.1\nName: a\nVersion: 1\n", "pyproject.toml": "[project]\nname='b'"}, "a"),
    ],
)
def test_the_name_is_that_of_the_first_file_that_has_one(tmp_path: Path, files: dict[str, str], name: str) -> None:
    for file, text in files.items():
        (tmp_path / file).write_text(text)
    assert declared_name(str(tmp_path)) == name


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[project"},
        {"pyproject.toml": "project = 3\ntool = []\n"},
        {"pyproject.toml": '[project]\nname = "-"\n'},
        {"setup.cfg": "name = a\n"},
        {"PKG-INFO": "Name: a\n"},
    ],
    ids=["not TOML", "other shapes", "no name", "no sections", "no version"],
)
def test_what_cannot_be_read_is_left_to_the_build(tmp_path: Path, files: dict[str, str]) -> None:
    for file, text in files.items():
        (tmp_path / file).write_text(text)
    assert declared_name(str(tmp_path)) is None
