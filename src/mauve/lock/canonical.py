"""A reader of `uv.lock` as uv itself writes it: one shape for every table, so lines are enough.

It returns the same tree as a TOML parser, except that files and edges (nearly all of a lockfile) are already
values of the model. Whatever uv would not have written raises `NotCanonical`, and `mauve.lock.parse` asks a real TOML
parser, which is ten times slower and the only one to report errors.

Specification: docs/lockfile.md "TOML style".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from mauve.lock.model import LockedDependency, LockedFile, LockedSource, SourceKind
from mauve.lock.render import SPAN_COMMENT
from mauve.standards.names import ExtraName, PackageName

if TYPE_CHECKING:
    from collections.abc import Callable

Table: TypeAlias = dict[str, Any]
"""A decoded TOML table; only `mauve.lock.parse` looks inside."""

_INDENT: Final = "    "
_END: Final = " },"
_EDGE_START: Final = "    { name = "
_FILE_STARTS: Final[dict[str, Literal["url", "path"]]] = {"    { url = ": "url", "    { path = ": "path"}
_HASH: Final = ", hash = "
_MARKER: Final = ", marker = "
_SIZE: Final = ", size = "
_DIGITS: Final = 18
"""Numbers with so many digits are surely in range."""
_TIME: Final = ", upload-time = "
_EDGE_TABLES: Final = frozenset(("optional-dependencies", "dev-dependencies"))


class NotCanonical(Exception):
    """The text is not what uv writes; it may still be valid."""


def read_canonical(text: str) -> Table:
    """Return the tree of a canonical lockfile.

    Raises:
        NotCanonical: some line has another form.
    """
    if "\\" in text or "\r" in text or not text.endswith("\n"):
        raise NotCanonical
    try:
        return _Reader(text).read()
    except (IndexError, ValueError, KeyError, TypeError) as error:
        raise NotCanonical from error


class _Reader:
    """One pass over the lines of one text.

    Attributes:
        edges: elements of edge arrays by their line; most lines occur many times.
    """

    __slots__ = ("_document", "_edges", "_lines", "_package", "_place", "_sources")

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._place = 0
        self._edges: dict[str, LockedDependency] = {}
        self._sources: dict[str, LockedSource] = {}
        self._document: Table = {}
        self._package: Table = {}

    def read(self) -> Table:
        lines = self._lines
        document = self._document
        table, convert_arrays = document, False
        packages: list[Table] = []
        last = len(lines) - 1
        while self._place < last:
            line = lines[self._place]
            self._place += 1
            if not line:
                table, convert_arrays = self._header(lines[self._place], packages)
                self._place += 1
                continue
            key, separator, value = line.partition(" = ")
            if not separator:
                raise NotCanonical
            if key[0] == '"':
                key = key[1:-1]
                if '"' in key:
                    raise NotCanonical
            elif not _is_bare(key):
                raise NotCanonical
            if key in table:
                raise NotCanonical
            if value == "[":
                table[key] = self._array(key, edges=convert_arrays or key == "dependencies")
            elif value == "[[":
                table[key] = self._conflicts()
            elif key == "sdist":
                table[key] = self._file(f"{_INDENT}{value},")
            elif key == "source":
                table[key] = self._source(value)
            else:
                table[key] = _parse_whole(value.removesuffix(SPAN_COMMENT) if key == "exclude-newer" else value)
        if packages:
            document["package"] = packages
        return document

    def _header(self, line: str, packages: list[Table]) -> tuple[Table, bool]:
        """Open the table that *line* names; return it and whether its arrays hold edges."""
        if line == "[[package]]":
            self._package = {}
            packages.append(self._package)
            return self._package, False
        if line.startswith("[["):
            name = line[2:-2]
            if name != "manifest.dependency-metadata":
                raise NotCanonical
            table: Table = {}
            self._document.setdefault("manifest", {}).setdefault("dependency-metadata", []).append(table)
            return table, False
        if line[0] != "[" or line[-1] != "]" or '"' in line:
            raise NotCanonical
        names = line[1:-1].split(".")
        if not all(map(_is_bare, names)):
            raise NotCanonical
        if names[0] == "package":
            if not packages:
                raise NotCanonical
            parent, names = self._package, names[1:]
        else:
            parent = self._document
        for name in names[:-1]:
            parent = parent.setdefault(name, {})
        name = names[-1]
        if name in parent and (name != "manifest" or not isinstance(parent[name], dict)):
            raise NotCanonical
        return parent.setdefault(name, {}), name in _EDGE_TABLES

    def _array(self, key: str, *, edges: bool) -> list[Any]:
        lines = self._lines
        end = lines.index("]", self._place)
        body = lines[self._place : end]
        self._place = end + 1
        if key == "wheels":
            return [self._file(line) for line in body]
        element: Callable[[str], Any] = self._edge if edges else _element
        return [element(line) for line in body]

    def _conflicts(self) -> list[list[Any]]:
        sets: list[list[Any]] = [[]]
        while True:
            line = self._lines[self._place]
            self._place += 1
            if line == "]]":
                return sets
            if line == "], [":
                sets.append([])
            else:
                sets[-1].append(_element(line))

    def _source(self, text: str) -> LockedSource | Table:
        known = self._sources.get(text)
        if known is not None:
            return known
        parts = text.split('"')
        if len(parts) == 3 and parts[2] == " }" and parts[0].startswith("{ ") and parts[0].endswith(" = "):
            source = self._sources[text] = LockedSource(SourceKind(parts[0][2:-3]), parts[1])
            return source
        return cast("Table", _parse_whole(text))

    def _edge(self, line: str) -> LockedDependency | Table:
        known = self._edges.get(line)
        if known is not None:
            return known
        parts = line.split('"')
        count = len(parts)
        end = parts[-1]
        if parts[0] != _EDGE_START:
            raise NotCanonical
        if count == 3 and end == _END:
            edge = LockedDependency(PackageName(parts[1]))
        elif count == 5 and parts[2] == _MARKER and end == _END:
            edge = LockedDependency(PackageName(parts[1]), marker=parts[3])
        elif count == 5 and parts[2] == ", extra = [" and end == "] },":
            edge = LockedDependency(PackageName(parts[1]), extra=(ExtraName(parts[3]),))
        else:
            return cast("Table", _element(line))
        self._edges[line] = edge
        return edge

    def _file(self, line: str) -> LockedFile | Table:
        """Return the file of *line*: a location and a hash, then perhaps a size and a time."""
        parts = line.split('"')
        kind = _FILE_STARTS.get(parts[0])
        if kind is not None and len(parts) > 4 and parts[2] == _HASH:
            rest = parts[4]
            time: str | None = None
            if len(parts) == 7 and parts[6] == _END and rest.endswith(_TIME):
                time, rest = parts[5], rest[: -len(_TIME)]
            elif len(parts) == 5 and rest.endswith(_END):
                rest = rest[: -len(_END)]
            else:
                return cast("Table", _element(line))
            if not rest:
                return LockedFile(kind, parts[1], parts[3], None, time)
            size = rest.removeprefix(_SIZE)
            if size != rest and size.isdecimal() and len(size) <= _DIGITS:
                return LockedFile(kind, parts[1], parts[3], int(size), time)
        return cast("Table", _element(line))


def _is_bare(key: str) -> bool:
    """Return whether *key* may stand without quotes, dotted keys excluded."""
    return key.isascii() and key.replace("-", "").replace("_", "").isalnum()


def _element(line: str) -> Any:
    """Return the value of one line of an array."""
    if not line.startswith(_INDENT) or line[-1] != ",":
        raise NotCanonical
    if line[4] == '"' and line.count('"') == 2 and line[-2] == '"':
        return line[5:-2]
    return _parse_whole(line[len(_INDENT) : -1])


def _parse_whole(text: str) -> Any:
    value, end = _parse_value(text, 0)
    if end != len(text):
        raise NotCanonical
    return value


def _parse_value(text: str, start: int) -> tuple[Any, int]:
    """Return the TOML value of *text* at *start*, and the place behind it. There are no escapes and no comments."""
    first = text[start]
    if first in "\"'":
        if text.startswith(first * 3, start):
            raise NotCanonical
        end = text.index(first, start + 1)
        return text[start + 1 : end], end + 1
    if first == "{":
        return _parse_inline_table(text, start)
    if first == "[":
        return _parse_inline_array(text, start)
    for word, value in (("true", True), ("false", False)):
        if text.startswith(word, start):
            return value, start + len(word)
    end = start
    while end < len(text) and text[end] in "0123456789":
        end += 1
    if end == start or (text[start] == "0" and end - start > 1):
        raise NotCanonical
    return int(text[start:end]), end


def _parse_inline_table(text: str, start: int) -> tuple[Table, int]:
    table: Table = {}
    place = start + 2
    if text[start + 1] != " ":
        raise NotCanonical
    while True:
        middle = text.index(" = ", place)
        key = text[place:middle]
        if key in table or not _is_bare(key):
            raise NotCanonical
        table[key], place = _parse_value(text, middle + 3)
        if text.startswith(", ", place):
            place += 2
        elif text.startswith(" }", place):
            return table, place + 2
        else:
            raise NotCanonical


def _parse_inline_array(text: str, start: int) -> tuple[list[Any], int]:
    if text[start + 1] == "]":
        return [], start + 2
    values: list[Any] = []
    place = start + 1
    while True:
        value, place = _parse_value(text, place)
        values.append(value)
        if text.startswith(", ", place):
            place += 2
        elif text[place] == "]":
            return values, place + 1
        else:
            raise NotCanonical
