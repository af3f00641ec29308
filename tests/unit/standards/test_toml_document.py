"""The reader that knows positions."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mauve.standards.toml import InvalidToml, locate, parse_toml
from mauve.standards.toml_document import read_document

ROOT = Path(__file__).parents[3]
CORPUS = [*sorted((ROOT / "fixtures" / "pyprojects").glob("*.toml")), ROOT / "pyproject.toml"]

SYNTAX = '''
a.b."c d" = 1
[t] # comment
s = ["x", 'y', """
long \\
   text""", \'\'\'raw\'\'\', "\\u00e9\\t"]
n = [0x1f, 0o7, 0b1, 1_000, -1.5e3, inf]
d = [2020-01-01, 2020-01-01T10:00:00Z, 10:00:00]
i = { x = { y = [{}] }, z.w = true }
[[t.list]]
k = 1
[[t.list]]
[t.list.sub]
k = 2
'''


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_files_read_like_in_the_standard_library(path: Path) -> None:
    """Both readers have to agree on what is written."""
    text = path.read_bytes().decode().removeprefix("\ufeff")
    assert read_document(text).plain() == tomllib.loads(text)


def test_all_syntax_reads_like_in_the_standard_library() -> None:
    """Every kind of value and key."""
    assert read_document(SYNTAX).plain() == tomllib.loads(SYNTAX)


def test_newer_syntax_is_accepted() -> None:
    """TOML 1.1: lines in inline tables, a comma behind the last pair, escapes, times without seconds."""
    text = 'a = {\n  b = 1, # one\n  c = "\\e\\x41",\n}\nt = 10:30\n'
    document = parse_toml(text)
    assert (document["a"], str(document["t"])) == ({"b": 1, "c": "\x1bA"}, "10:30:00")


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("[a\n", 1, 3, "unclosed table, expected `]`"),
        ("a = 1\na = 2\n", 2, 1, "duplicate key"),
        ("[a]\n[a]\n", 2, 2, "duplicate key"),
        ("a = 'x' b\n", 1, 9, "unexpected key or value, expected newline, `#`"),
        ("a\n", 1, 2, "key with no value, expected `=`"),
        ("a = b\n", 1, 5, "string values must be quoted, expected literal string"),
        ("a = 1.0.0\n", 1, 8, "invalid float, expected nothing"),
        ("a = ['x' 'y']\n", 1, 10, "missing comma between array elements, expected `,`"),
        ("a = [\n 'x',\n", 2, 6, "unclosed array, expected `]`"),
        ("a = 'x\n", 1, 7, "invalid literal string, expected `'`"),
    ],
)
def test_faults_have_a_position_and_a_reason(text: str, line: int, column: int, reason: str) -> None:
    """The words are those that people know from uv."""
    with pytest.raises(InvalidToml) as caught:
        parse_toml(text)
    assert (caught.value.line, caught.value.column, caught.value.reason) == (line, column, reason)


@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        (("a", "b", "c d"), False, (2, 13, 1)),
        (("t",), False, (3, 1, 3)),
        (("t", "n", 1), False, (7, 12, 3)),
        (("t", "i", "x", "y"), True, (9, 13, 1)),
        (("t", "list", 1), False, (12, 1, 10)),
        (("t", "missing"), False, (3, 1, 3)),
    ],
)
def test_values_are_located(path: tuple[str | int, ...], key: bool, expected: tuple[int, int, int]) -> None:
    """Line, column and width; of what is missing, the place where it should be."""
    assert locate(SYNTAX, path, key=key) == expected


def test_a_text_that_is_read_again_is_not_parsed_again() -> None:
    """The project file has settings, a project and sources, which are read apart from each other."""
    read, again = (f"a = [{number}]\n" for number in ("1", 1))
    assert parse_toml(read) is parse_toml(again)
    assert parse_toml(read) is not parse_toml(f"{read}\n")
