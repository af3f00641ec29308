"""Writing TOML anew."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mauve.build.native.toml_text import render_toml


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", '"plain"'),
        ('with "quotes"', "'with \"quotes\"'"),
        ("C:\\path", "'C:\\path'"),
        ('it\'s "x"', '"""it\'s "x""""'),
        ("\\ and '", "'''\\ and ''''"),
        ("a\nb", '"""\na\nb"""'),
        ('a\n"""b', "'''\na\n\"\"\"b'''"),
        ("a\n\rb", '"""\na\n\\rb"""'),
        ("a\tb", '"a\\tb"'),
        ("\x1b", '"\\u001B"'),
        ([], "[]"),
        (["a"], '["a"]'),
        ([1, [2, 3]], "[\n    1,\n    [\n    2,\n    3,\n],\n]"),
        ([1, {"a": 2}], "[\n    1,\n    { a = 2 },\n]"),
        (1e22, "10000000000000000000000.0"),
        (1e-7, "0.0000001"),
        (True, "true"),
    ],
)
def test_values_are_written_as_by_uv(value, text):
    """Each was written by uv 0.13.9."""
    assert render_toml({"k": value}) == f"k = {text}\n"


def test_values_of_a_table_come_before_its_tables():
    """Only tables with values, or without anything, have a header."""
    document = {"t": {"e": {}, "u": {"v": {"x": 1}}, "a": 1, "l": [{}, {"y": 2, "m": {"z": 3}}]}, "r": 0}
    assert render_toml(document) == (
        "r = 0\n\n[t]\na = 1\n\n[t.e]\n\n[t.u.v]\nx = 1\n\n[[t.l]]\n\n[[t.l]]\ny = 2\n\n[t.l.m]\nz = 3\n"
    )


@pytest.mark.parametrize(
    ("key", "text"),
    [("a-b_1", "a-b_1"), ("a b", '"a b"'), ("", '""'), ('a"b', "'a\"b'"), ("é", '"é"'), ("'\"", '"\'\\""')],
)
def test_keys_are_quoted_where_needed(key, text):
    """A bare key is the plainest."""
    assert render_toml({key: 1}) == f"{text} = 1\n"


_SCALARS = st.text() | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats(allow_nan=False)
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


@given(st.dictionaries(st.text(), _VALUES, max_size=4))
def test_what_is_written_reads_the_same(document):
    """Whatever the strings are made of, and however tables and arrays are nested."""
    assert tomllib.loads(render_toml(document)) == document
