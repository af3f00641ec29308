"""Paths as URLs."""

from __future__ import annotations

import pytest

from mauve.filesystem.file_urls import file_path, file_url


@pytest.mark.parametrize("path", ["/a/b", "/a b/c#d?e%20", "/é"])
def test_a_path_comes_back(path: str) -> None:
    """Whatever characters it has."""
    assert file_path(file_url(path)) == path


def test_special_characters_are_quoted() -> None:
    """As `pathlib` does it."""
    assert file_url("/a b/é#") == "file:///a%20b/%C3%A9%23"


@pytest.mark.parametrize(
    ("url", "path"),
    [("file:/a", "/a"), ("file://localhost/a", "/a"), ("file:///a/#x", "/a/"), ("file:///C:/a", "C:/a")],
)
def test_other_forms_are_read_too(url: str, path: str) -> None:
    """People write them."""
    assert file_path(url) == path
