"""Read TOML, and say where in the text something is wrong the way uv does.

```text
TOML parse error at line 6, column 14
  |
6 | resolution = "q"
  |              ^^^
unknown variant `q`, expected one of `highest`, `lowest`, `lowest-direct`
```

Specification: TOML 1.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class InvalidToml(ValueError):
    """A document that cannot be read, or whose content has the wrong shape; `str()` is the whole report.

    Attributes:
        line: from 1; 0 if unknown.
        column: from 1, in characters.
        reason: one line.
    """

    def __init__(self, text: str, line: int, column: int, reason: str, width: int = 1) -> None:
        """Point at *width* characters of *text* from *line* and *column*."""
        super().__init__(reason)
        self.line = line
        self.column = column
        self.reason = reason
        lines = text.split("\n")
        self._shown = lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""
        self._width = width

    def __str__(self) -> str:
        """Return the report."""
        if not self.line:
            return self.reason
        number = str(self.line)
        margin = " " * len(number)
        pointer = " " * (self.column - 1) + "^" * self._width
        return (
            f"TOML parse error at line {self.line}, column {self.column}\n"
            f"{margin} |\n{number} | {self._shown}\n{margin} | {pointer}\n{self.reason}"
        )


def parse_toml(text: str) -> dict[str, Any]:
    """Return the document, read by tomli's compiled parser if installed, else by tomllib.

    Raises:
        InvalidToml: the text is not TOML.
    """
    try:
        import tomli as reader
    except ImportError:
        import tomllib as reader  # type: ignore[no-redef]
    try:
        return reader.loads(text.removeprefix("\ufeff"))
    except reader.TOMLDecodeError as error:
        raise _translated(text, error) from None


def _translated(text: str, error: ValueError) -> InvalidToml:
    """Return *error* with its position and the reason in the words of uv's parser where one is known."""
    message, _, where = str(error).rpartition(" (at ")
    line, column = 0, 0
    if where.startswith("line "):
        numbers = [int(part) for part in where.rstrip(")").replace("line ", "").replace(" column ", "").split(",")]
        line, column = numbers[0], numbers[1]
    elif where.startswith("end of document"):
        lines = text.split("\n")
        line, column = len(lines), len(lines[-1]) + 1
        if line > 1 and not lines[-1]:
            line, column = line - 1, len(lines[-2]) + 1
    reason = message or str(error)
    for ours, theirs in _REASONS:
        if reason.startswith(ours):
            reason = theirs
            break
    return InvalidToml(text, line, column, reason)


_REASONS = (
    ("Expected ']' at the end of a table declaration", "unclosed table, expected `]`"),
    ("Expected ']]' at the end of an array declaration", "unclosed array table, expected `]]`"),
    ("Unclosed array", "unclosed array, expected `]`"),
    ("Unterminated string", 'invalid basic string, expected `"`'),
    ("Expected '=' after a key in a key/value pair", "key with no value, expected `=`"),
    ("Cannot overwrite a value", "duplicate key"),
    ("Cannot declare", "duplicate key"),
    ("Invalid value", "string values must be quoted, expected literal string"),
    ("Unclosed inline table", "unclosed inline table, expected `}`"),
)


def locate(text: str, path: Sequence[str | int], *, key: bool = False) -> tuple[int, int, int]:
    """Return line, column and width of the value at *path* (of its last key, if *key*); zeros if it is not found.

    Reads the usual spellings: headers, dotted and quoted keys, arrays of tables, inline tables and arrays.
    """
    wanted = tuple(path)
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped.startswith("[[") and "]]" in stripped:
            name = _keys(stripped[2 : stripped.index("]]")])
            place = counts.get(name, -1) + 1
            counts[name] = place
            table = (*name, place)
        elif stripped.startswith("[") and "]" in stripped and "=" not in stripped.split("]")[0]:
            table = _keys(stripped[1 : stripped.index("]")])
        elif "=" in stripped and not stripped.startswith("#"):
            head, _, _ = line.partition("=")
            found = (*table, *_keys(head.strip()))
            if wanted[: len(found)] != found:
                continue
            if key and len(wanted) == len(found):
                start = len(line) - len(line.lstrip())
                return number, start + 1, len(head.strip())
            start = len(head) + 1
            while start < len(line) and line[start] in " \t":
                start += 1
            return number, start + 1, _value_width(line[start:])
    return 0, 0, 0


def _keys(text: str) -> tuple[str | int, ...]:
    return tuple(part.strip().strip("\"'") for part in text.split("."))


def _value_width(rest: str) -> int:
    """Return the width of the value that starts *rest*, as far as it stands on this line."""
    if rest[:1] in ('"', "'"):
        end = rest.find(rest[0], 1)
        return end + 1 if end > 0 else len(rest)
    if rest[:1] in ("[", "{"):
        return len(rest.split(" #")[0].rstrip())
    return max(len(rest.split("#")[0].split(",")[0].rstrip()), 1)
