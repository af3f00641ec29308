"""A TOML text as tomlkit's items, and back without a change.

tomlkit keeps an array of tables in one place, so it would gather elements, and tables of elements, that stand apart:

```toml
[[tool.uv.index]]

[tool.uv.sources]

[[tool.uv.index]]
```

Such a text is read in several parts, cut before the header that tomlkit would move. A text that is still not written
as it was read is refused: an edit must not change what nobody asked for. What is known to be refused is a date that
is followed by a blank in an array or an inline table (`[2020-01-01 ]`): tomlkit loses that blank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError

from mauve.errors import MauveError
from mauve.project.editing.outline import Outline

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


class UneditableDocument(MauveError):
    """A document cannot be edited without changing more than what was asked for."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        """Name the file, the line (from 1), and what is in the way."""
        super().__init__(path, line, reason)
        self.path = path
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        """Return the message."""
        return f"Cannot edit `{self.path}` at line {self.line}: {self.reason}"

    def hints(self) -> tuple[str, ...]:
        """Return the way out."""
        return ("Edit the file by hand, or write this line in another way",)


class Document:
    """A text while it is edited. Its items may be changed by anybody who says so with `changed`."""

    __slots__ = ("_outline", "_parts", "_path", "newline")

    def __init__(self, text: str, path: str) -> None:
        """Read *text*.

        Args:
            text: without byte order mark.
            path: how the file is called in messages.

        Raises:
            UneditableDocument: *text* would not be written as it is.
        """
        first = text.find("\n")
        self.newline = "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
        self._path = path
        self._parts = _read(text, path)
        self._outline: Outline | None = None

    @property
    def text(self) -> str:
        """Return the text."""
        return "".join(part.as_string() for part in self._parts)

    @property
    def outline(self) -> Outline:
        """Return the tables as they are now."""
        if self._outline is None:
            self._outline = Outline(self._parts)
        return self._outline

    def changed(self) -> None:
        """Read the document again after lines or tables were added or removed.

        Items are put where they are to be written. Only reading gives them their place in the tree.
        """
        self._parts = _read(self.text, self._path)
        self._outline = None


def _read(text: str, path: str) -> list[TOMLDocument]:
    """Return the documents that, one behind the other, are *text*."""
    try:
        whole = tomlkit.parse(text)
    except TOMLKitError as error:
        parts = _split(text)
        if parts is None:
            line = error.line if isinstance(error, ParseError) else 1
            raise UneditableDocument(path, line, "it cannot be read for editing") from error
        return parts
    written = whole.as_string()
    if written == text:
        return [whole]
    parts = _split(text)
    if parts is None:
        raise UneditableDocument(path, _first_difference(text, written), "it would not be written as it is")
    return parts


def _split(text: str) -> list[TOMLDocument] | None:
    """Return *text* cut before headers, the first parts as long as possible; None if that does not help."""
    cut = len(text)
    while (cut := _previous_header(text, cut)) > 0:
        head = _read_exactly(text[:cut])
        if head is not None:
            tail = _read_exactly(text[cut:])
            rest = [tail] if tail is not None else _split(text[cut:])
            return None if rest is None else [head, *rest]
    return None


def _read_exactly(text: str) -> TOMLDocument | None:
    try:
        document = tomlkit.parse(text)
    except TOMLKitError:
        return None
    return document if document.as_string() == text else None


def _previous_header(text: str, before: int) -> int:
    """Return where the last line that begins with `[` before the offset *before* starts; 0 if there is none."""
    end = before
    while end > 0:
        start = text.rfind("\n", 0, end - 1) + 1
        if text[start:end].lstrip(" \t").startswith("["):
            return start
        end = start
    return 0


def _first_difference(text: str, written: str) -> int:
    """Return the number of the first line of *text* that is another one in *written*."""
    lines = zip(text.splitlines(), written.splitlines(), strict=False)
    return next((number for number, (old, new) in enumerate(lines, 1) if old != new), 1)
