"""Keys and tables go where their relatives are, however these are written."""

from __future__ import annotations

import pytest

from mauve.project.editing.tables import TableEditor, WrongKind


def added(text: str, path: str, *, is_sorted: bool = False) -> str:
    editor = TableEditor(text, "pyproject.toml")
    editor.add_value(tuple(path.split(".")), "0", is_sorted=is_sorted)
    return editor.document.text


def removed(text: str, path: str) -> str:
    editor = TableEditor(text, "pyproject.toml")
    editor.remove_key(tuple(path.split(".")))
    return editor.document.text


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "a.k", "[a]\nk = 0\n"),
        ("[a]", "a.k", "[a]\nk = 0\n"),
        ("[a]\nx = 1", "a.k", "[a]\nx = 1\nk = 0\n"),
        ("[a]\nx = 1\n\n# b\n[b]\n", "a.k", "[a]\nx = 1\nk = 0\n\n# b\n[b]\n"),
        ("a.x = 1\nb = 1\n", "a.k", "a.x = 1\na.k = 0\nb = 1\n"),
        ("[t]\na.x = 1\nb = 1\n", "t.a.k", "[t]\na.x = 1\na.k = 0\nb = 1\n"),
        ("a = { x = 1 }\n", "a.k", "a = { x = 1, k = 0 }\n"),
        ("a = {}\n", "a.k", "a = { k = 0 }\n"),
        ("a = { }\n", "a.b.k", "a = { b = { k = 0 } }\n"),
        ("[x]\ny = 1\n\n[a.b]\nz = 1\n", "a.k", "[x]\ny = 1\n\n[a]\nk = 0\n\n[a.b]\nz = 1\n"),
        ("[a]\nx = 1\n\n# c\n[c]\n", "a.b.k", "[a]\nx = 1\n\n[a.b]\nk = 0\n\n# c\n[c]\n"),
        ("# top\n[c]\n", "a.k", "# top\n[c]\n\n[a]\nk = 0\n"),
    ],
)
def test_a_key_is_added_where_its_table_is_written(text: str, path: str, expected: str) -> None:
    """A table may be a header, dotted keys, a value, or only be implied by others."""
    assert added(text, path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[g]\nb = 1\nd = 1\n", "[g]\nb = 1\nc = 0\nd = 1\n"),
        ("[g]\n# d\nd = 1\n", "[g]\nc = 0\n# d\nd = 1\n"),
        ("[g]\nd = 1\nb = 1\n", "[g]\nd = 1\nb = 1\nc = 0\n"),
    ],
)
def test_a_key_joins_sorted_keys_in_order(text: str, expected: str) -> None:
    """Keys that are not sorted are not sorted now."""
    assert added(text, "g.c", is_sorted=True) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("[a]\nx = 1 # x\ny = 1\n", "a.x", "[a]\ny = 1\n"),
        ("a.x = 1\nb = 1\na.y = 1\n", "a", "b = 1\n"),
        ("[z]\n\n# a\n[a]\nx = 1\n\n# b\n[b]\n", "a", "[z]\n\n# b\n[b]\n"),
        ("[z]\n[a]\nx = 1\n[a.b]\ny = 1\n", "a", "[z]\n[a.b]\ny = 1\n"),
        ("[z]\n[[a]]\nx = 1\n[[a]]\n[y]\n", "a", "[z]\n[y]\n"),
    ],
)
def test_a_key_is_removed_with_its_lines(text: str, path: str, expected: str) -> None:
    """The blank lines and comments before a header go with it; those behind it belong to the next one."""
    assert removed(text, path) == expected


def test_a_value_in_the_way_is_told() -> None:
    """Nothing is written into what is not a table."""
    with pytest.raises(WrongKind):
        added("a = 1\n", "a.k")
    with pytest.raises(WrongKind):
        TableEditor("[a]\n", "pyproject.toml").array(("a",))
