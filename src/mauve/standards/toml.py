"""Read TOML quickly, and say where in the text something is wrong in the words of the command line.

```text
TOML parse error at line 6, column 14
  |
6 | resolution = "q"
  |              ^^^
unknown variant `q`, expected one of `highest`, `lowest`, `lowest-direct`
```

The text is read by the compiled `tomli` where it is installed, else by the standard library. Only when
that fails, or when a value has to be pointed at, `mauve.standards.toml_document` reads it again: it knows
positions, and the newer syntax (TOML 1.1) that the standard library does not accept.

Specification: TOML 1.0, TOML 1.1.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence


class InvalidToml(ValueError):
    """A document that cannot be read, or whose content has the wrong shape; `str()` is the whole report.

    Attributes:
        line: from 1; 0 if unknown.
        column: from 1, in characters.
        reason: what is wrong; may have several lines.
        width: of the part that is wrong, in characters.
    """

    def __init__(self, text: str, line: int, column: int, reason: str, width: int = 1) -> None:
        """Point at *width* characters of *text* from *line* and *column*."""
        super().__init__(reason)
        self.line = line
        self.column = column
        self.reason = reason
        self.width = width
        lines = text.split("\n")
        self._shown = lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""

    def __str__(self) -> str:
        """Return the report."""
        if not self.line:
            return self.reason
        number = str(self.line)
        margin = " " * len(number)
        pointer = " " * (self.column - 1) + "^" * self.width
        return (
            f"TOML parse error at line {self.line}, column {self.column}\n"
            f"{margin} |\n{number} | {self._shown}\n{margin} | {pointer}\n{self.reason}"
        )


_LONGEST_KEPT: Final = 1 << 16
"""Characters of a text whose document is kept: those that people write, of which several parts of a run are read."""


def parse_toml(text: str) -> dict[str, Any]:
    """Return the document, which others may have been given too: it must not be changed.

    Raises:
        InvalidToml: the text is not TOML.
    """
    return _read_once(text) if len(text) <= _LONGEST_KEPT else _read(text)


@lru_cache(maxsize=4)
def _read_once(text: str) -> dict[str, Any]:
    return _read(text)


def _read(text: str) -> dict[str, Any]:
    try:
        from tomli import TOMLDecodeError, loads
    except ImportError:
        from mauve.standards.lean_tomllib import TOMLDecodeError, loads  # type: ignore[assignment]
    try:
        return loads(text.removeprefix("\ufeff"))
    except TOMLDecodeError:
        from mauve.standards.toml_document import read_document

        document: dict[str, Any] = read_document(text).plain()
        return document


def locate(text: str, path: Sequence[str | int], *, key: bool = False) -> tuple[int, int, int]:
    """Return line, column and width of the value at *path* (of its last key, if *key*).

    Of what does not exist, the position of the deepest part that does. The width ends with the line.
    """
    from mauve.standards.toml_document import read_document

    return position(text, *read_document(text).span(path, key=key))


def position(text: str, start: int, end: int) -> tuple[int, int, int]:
    """Return line, column and width of the characters *start* to *end*, as far as they are on one line."""
    first = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", first)
    source = text[first : line_end if line_end >= 0 else len(text)].removesuffix("\r")
    column = start - first
    return text.count("\n", 0, start) + 1, column + 1, max(1, min(end - start, len(source) - column))


def point_at(text: str, path: Sequence[str | int], reason: str, *, key: bool = False) -> InvalidToml:
    """Return the error that points at the value at *path* in *text*, or at its key."""
    line, column, width = locate(text, path, key=key)
    return InvalidToml(text, line, column, reason, width)


def described(value: object) -> str:
    """Return how messages call a value of a document."""
    if isinstance(value, bool):
        return f"boolean `{str(value).lower()}`"
    if isinstance(value, int):
        return f"integer `{value}`"
    if isinstance(value, float):
        return f"floating point `{value}`"
    if isinstance(value, str):
        return f'string "{value}"'
    return "sequence" if isinstance(value, list | tuple) else "map"
