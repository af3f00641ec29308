"""How texts are written as TOML strings. Each was given to uv."""

from __future__ import annotations

import tomllib

import pytest

from mauve.standards.toml_strings import quote


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", '"plain"'),
        ("it's", '"it\'s"'),
        ('say "y"', "'say \"y\"'"),
        ("C:\\Temp", "'C:\\Temp'"),
        ("'y\"z'", '"""\'y"z\'"""'),
        ("y\tz", '"y\\tz"'),
        ("'y\"\tz'", '"""\'y"\\tz\'"""'),
        ("'y\\\tz", "''''y\\\tz'''"),
        ("y\nz", '"""\ny\nz"""'),
        ("y\t\nz", '"""\ny\\t\nz"""'),
        ('y"\x01z', '"y\\"\\u0001z"'),
        ("y\x7fz", '"y\\u007Fz"'),
        ("y\rz", '"y\\rz"'),
    ],
)
def test_the_form_with_the_fewest_escapes_is_taken(text: str, written: str) -> None:
    """A tab is escaped wherever that is possible, a line end never."""
    assert quote(text) == written
    assert tomllib.loads(f"key = {written}")["key"] == text
