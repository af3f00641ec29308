"""Patterns of workspace members."""

from __future__ import annotations

import pytest

from mauve.project.globs import InvalidGlob, compile_glob, find_folders, matches_glob, matches_glob_loosely


@pytest.mark.parametrize(
    ("pattern", "path", "strict", "loose"),
    [
        ("a/*", "a/b", True, True),
        ("a/*", "a/b/c", False, True),
        ("a/**", "a", False, False),
        ("a/**", "a/b/c", True, True),
        ("**/c", "a/b/c", True, True),
        ("./a/", "a", True, True),
        ("[ab]?", "bx", True, True),
        ("[!a]", "a", False, False),
        ("{a,b}", "a", False, False),
    ],
)
def test_stars_stay_in_a_folder_unless_read_loosely(pattern: str, path: str, strict: bool, loose: bool) -> None:
    """`exclude` reads patterns more generously than `members`, as in uv."""
    assert (matches_glob(pattern, path), matches_glob_loosely(pattern, path)) == (strict, loose)


def test_folders_are_found_once_and_in_order(tmp_path) -> None:
    """The order of members decides which of two faults is reported."""
    for name in ("b", "a", "a/x", ".hidden", "../beside"):
        (tmp_path / "root" / name).mkdir(parents=True, exist_ok=True)
    (tmp_path / "root" / "file").touch()
    root = str(tmp_path / "root")
    assert [path.removeprefix(root) for path in find_folders(root, "*")] == ["/.hidden", "/a", "/b"]
    assert [path.removeprefix(root) for path in find_folders(root, "**")] == ["/.hidden", "/a", "/a/x", "/b"]
    assert list(find_folders(root, "../beside")) == [str(tmp_path / "beside")]


@pytest.mark.parametrize(("pattern", "position"), [("x[", 1), ("a/***", 4), ("a**", 1)])
def test_malformed_patterns_are_refused(pattern: str, position: int) -> None:
    """A pattern that cannot match anything is a mistake."""
    with pytest.raises(InvalidGlob, match=f"near position {position}"):
        compile_glob(pattern)
