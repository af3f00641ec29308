"""Which texts count as formatted by uv: each case was given to uv (`lockfile-format-check`)."""

from __future__ import annotations

import pytest

from mauve.lock.formatting import first_misformatted_line

TEXT = """\
version = 1
requires-python = ">=3.12"

[[package]]
name = "a"
source = { registry = "http://127.0.0.1/simple" }
wheels = [
    { url = "http://127.0.0.1/a.whl", size = 837 },
]

[package.metadata]
requires-dist = [
    { name = "b" },
    { name = "c" },
]
"""
ONE_LINE = '[\n    { name = "b" },\n    { name = "c" },\n]'

MISFORMATTED = {
    "no blank around an equals sign": ("version = 1", "version=1", 1),
    "two blanks before an equals sign": ("registry =", "registry  =", 6),
    "a blank at the end of a line": ("version = 1", "version = 1 ", 1),
    "blanks on an empty line": ("\n\n[[", "\n  \n[[", 3),
    "an indented key": ("requires-python", "  requires-python", 2),
    "an indented header": ("[[package]]", "  [[package]]", 4),
    "blanks in a header": ("[[package]]", "[[ package ]]", 4),
    "no blank behind a brace": ("{ registry", "{registry", 6),
    "no blank behind a comma": (", size", ",size", 8),
    "two blanks behind a comma": (", size", ",  size", 8),
    "a blank before a comma": ("},\n    { name", "} ,\n    { name", 13),
    "a narrow element": ("    { url", "  { url", 8),
    "an element that is not indented": ("    { url", "{ url", 8),
    "a later element that is not indented": ('    { name = "c"', '{ name = "c"', 14),
    "an element that is indented below one that is not": (ONE_LINE, '[{ name = "b" },\n    { name = "c" }]', 13),
    "a comment that is not indented": ("    { url", "# x\n    { url", 8),
    "a tab": ("    { url", "\t{ url", 8),
    "an indented bracket": ("837 },\n]", "837 },\n  ]", 9),
    "blanks within brackets": (ONE_LINE, '[ { name = "b" }, { name = "c" } ]', 12),
    "a comma before a bracket": (ONE_LINE, '[{ name = "b" }, { name = "c" },]', 12),
    "another kind of string": ('"a"', "'a'", 5),
    "a string of several lines": ('"a"', '"""a"""', 5),
    "a blank before a comment of an array": ("wheels = [", "wheels = [ # x", 7),
    "two blanks before a comment": ('name = "a"', 'name = "a"  # x', 5),
    "a narrow comment": ("    { url", "  # x\n    { url", 8),
    "a blank behind a comment": ('name = "a"', '# x \nname = "a"', 5),
    "an inner array that is indented more": ("version = 1", "version = 1\nx = [\n    [\n        1,\n    ],\n]", 4),
    "an inner bracket that is indented": ("version = 1", "version = 1\nx = [\n    [\n    1,\n    ],\n]", 5),
    "other line ends": ("\n", "\r\n", 1),
}
FORMATTED = {
    "nothing": ("", ""),
    "a further empty line": ("\n\n[[", "\n\n\n[["),
    "no empty line": ("\n\n[[", "\n[["),
    "a comment": ('name = "a"', '# x\nname = "a" # y'),
    "a comment without a blank": ('name = "a"', 'name = "a"# y'),
    "a comment among elements": ("    { url", "    # x\n    { url"),
    "an array on one line": (ONE_LINE, '[{ name = "b" }, { name = "c" }]'),
    "elements on the line of the bracket and below": (ONE_LINE, '[{ name = "b" },\n{ name = "c" }]'),
    "no comma at the end": ("837 },\n]", "837 }\n]"),
    "a comma in braces": ('{ name = "b" }', '{ name = "b", }'),
    "a key in quotes": ("name =", '"name" ='),
    "an unusual number": ("version = 1", "version = +1"),
    "empty braces": ("version = 1", "version = 1\nx = {}\ny = { }\nz = []"),
    "brackets side by side": ("version = 1", "version = 1\nx = [[\n    1,\n]]"),
    "blanks in a dotted header": ("[package.metadata]", "[package . metadata]"),
    "a bracket in a string": ('"a"', '"a["\n'),
}


@pytest.mark.parametrize(("old", "new", "line"), MISFORMATTED.values(), ids=MISFORMATTED)
def test_the_first_misformatted_line_is_named(old: str, new: str, line: int) -> None:
    """Blanks, quotes and line ends count."""
    count = -1 if old == "\n" else 1
    assert first_misformatted_line(TEXT.replace(old, new, count)) == line


@pytest.mark.parametrize(("old", "new"), FORMATTED.values(), ids=FORMATTED)
def test_layout_and_comments_are_free(old: str, new: str) -> None:
    """Whoever merges a lockfile may leave them behind."""
    assert first_misformatted_line(TEXT.replace(old, new, 1)) is None


def test_the_last_line_has_to_end() -> None:
    """The line behind the last one is named, as by uv."""
    assert first_misformatted_line(TEXT.rstrip("\n")) == TEXT.count("\n")
