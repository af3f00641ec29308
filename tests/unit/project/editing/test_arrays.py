"""Arrays keep their layout."""

from __future__ import annotations

import pytest

from mauve.project.editing.tables import TableEditor


def edited(array: str, operation: str, index: int) -> str:
    editor = TableEditor(f"a = {array}\n", "pyproject.toml")
    found = editor.array(("a",))
    assert found is not None
    if operation == "insert":
        found.insert(index, "0")
    else:
        found.remove(index)
    return editor.document.text.removeprefix("a = ").removesuffix("\n")


@pytest.mark.parametrize(
    ("array", "index", "expected"),
    [
        ("[]", 0, "[\n    0,\n]"),
        ("[ # why\n]", 0, "[ # why\n    0,\n]"),
        ("[\n  # why\n]", 0, "[\n  # why\n  0,\n]"),
        ("[1, 2]", 1, "[1, 0, 2]"),
        ("[1,2]", 2, "[1,2,0]"),
        ("[ 1, ]", 1, "[ 1, 0, ]"),
        ("[\n\t1,\n\t2,\n]", 2, "[\n\t1,\n\t2,\n\t0,\n]"),
        ("[\n 1, # one\n 2 # two\n]", 2, "[\n 1, # one\n 2, # two\n 0\n]"),
        ("[\n  1, # one\n  # two\n  2,\n]", 1, "[\n  1, # one\n  # two\n  0,\n  2,\n]"),
        ("[ # all\n  # one\n  1,\n]", 0, "[ # all\n  0,\n  # one\n  1,\n]"),
        ("[1,\n 2]", 2, "[1,\n 2,\n 0]"),
        ("[{ x = [1, 2] }, 2]", 1, "[{ x = [1, 2] }, 0, 2]"),
    ],
)
def test_an_element_is_inserted_in_the_layout_of_its_neighbours(array: str, index: int, expected: str) -> None:
    """Commas, blanks and line ends are those of the array."""
    assert edited(array, "insert", index) == expected


@pytest.mark.parametrize(
    ("array", "index", "expected"),
    [
        ("[1, 2, 3]", 0, "[2, 3]"),
        ("[1, 2, 3]", 2, "[1, 2]"),
        ("[1]", 0, "[]"),
        ("[\n  1,\n]", 0, "[]"),
        ("[\n  # one\n  1,\n]", 0, "[\n  # one\n]"),
        ("[\n  1,\n  2\n]", 1, "[\n  1\n]"),
        ("[\n  1, # one\n  2, # two\n]", 1, "[\n  1, # one\n  # two\n]"),
        ("[\n  1, 2,\n  3, 4,\n]", 2, "[\n  1, 2,\n  4,\n]"),
        ("[1\n,\n  2,]", 1, "[1\n,]"),
    ],
)
def test_an_element_is_removed_with_its_line(array: str, index: int, expected: str) -> None:
    """Its comment stays, as a line of its own."""
    assert edited(array, "remove", index) == expected
