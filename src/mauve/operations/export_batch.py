"""Several exports of one lock, described in a file.

```toml
[[export]]
output-file = "requirements-docs.txt"
package = ["docs"]
all-extras = true
```

Paths are relative to the file. Everything is checked before anything is written.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from mauve.errors import MauveError
from mauve.filesystem.text import UnreadableFile, read_text
from mauve.lock.selection import ExtrasSelection, GroupsSelection
from mauve.standards.names import (
    ExtraName,
    GroupName,
    InvalidName,
    PackageName,
    extra_name,
    group_name,
    package_name,
)
from mauve.standards.toml import InvalidToml, described, parse_toml, point_at

if TYPE_CHECKING:
    from collections.abc import Callable

_EXPORT: Final = "export"
_FIELDS: Final = (
    "output-file",
    "package",
    "all-packages",
    "extra",
    "no-extra",
    "all-extras",
    "group",
    "no-group",
    "only-group",
    "all-groups",
    "no-default-groups",
)
_EXCLUSIVE: Final = (
    ("all-packages", ("package",)),
    ("all-extras", ("extra",)),
    ("only-group", ("extra", "all-extras")),
    ("only-group", ("group", "all-groups")),
)


class InvalidBatch(MauveError):
    """The description contradicts itself; the text says how."""


class MalformedBatch(MauveError):
    """The description is no TOML of the right shape; where is the cause."""

    def __init__(self, shown: str) -> None:
        """Name the file as it was typed."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to parse export manifest `{self.shown}`"


class BatchExportFailed(MauveError):
    """One of the exports cannot be made; why is the cause."""

    def __init__(self, path: str) -> None:
        """Name its file."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to export `{self.path}`"


class BatchEntry(Struct, frozen=True, kw_only=True):
    """One export.

    Attributes:
        output_file: absolute.
    """

    output_file: str
    packages: tuple[PackageName, ...] = ()
    all_packages: bool = False
    extras: ExtrasSelection = ExtrasSelection()
    groups: GroupsSelection = GroupsSelection()


def read_batch(path: str, shown: str) -> tuple[BatchEntry, ...]:
    """Return the exports that the file at *path*, which messages call *shown*, describes.

    Raises:
        UnreadableFile, MalformedBatch, InvalidBatch: it does not describe any.
    """
    try:
        text = read_text(path, shown)
    except FileNotFoundError as error:
        raise UnreadableFile.because_of(error, shown) from None
    try:
        tables = _tables(text)
        entries = [_Reader(text, place, table).entry(os.path.dirname(path)) for place, table in enumerate(tables)]
    except InvalidToml as error:
        raise MalformedBatch(shown) from error
    if not entries:
        raise InvalidBatch("Export manifest must contain at least one `[[export]]` entry")
    _check(tables, entries)
    return tuple(entries)


def _tables(text: str) -> list[dict[str, Any]]:
    document = parse_toml(text)
    for key in document:
        if key != _EXPORT:
            raise point_at(text, (key,), f"unknown field `{key}`, expected `{_EXPORT}`", key=True)
    if _EXPORT not in document:
        raise InvalidToml(text, 1, 1, f"missing field `{_EXPORT}`")
    tables = document[_EXPORT]
    if not isinstance(tables, list):
        raise point_at(text, (_EXPORT,), f"invalid type: {described(tables)}, expected a sequence")
    return tables


def _check(tables: list[dict[str, Any]], entries: list[BatchEntry]) -> None:
    """Raise `InvalidBatch` for two exports to one file, and for what cannot be said together."""
    outputs: set[str] = set()
    for table, entry in zip(tables, entries, strict=True):
        if entry.output_file in outputs:
            raise InvalidBatch(f"Duplicate export output: {entry.output_file}")
        outputs.add(entry.output_file)
        for field, others in _EXCLUSIVE:
            if table.get(field) and any(table.get(other) for other in others):
                raise InvalidBatch(f"`{field}` cannot be combined with {' or '.join(f'`{each}`' for each in others)}")


class _Reader:
    """Reads one table, and points at what is wrong in it."""

    def __init__(self, text: str, place: int, table: object) -> None:
        self._text = text
        self._path = (_EXPORT, place)
        if not isinstance(table, dict):
            raise self._wrong(f"invalid type: {described(table)}, expected struct BatchExport")
        self._table: dict[str, Any] = table

    def _wrong(self, reason: str, *path: str | int, key: bool = False) -> InvalidToml:
        return point_at(self._text, (*self._path, *path), reason, key=key)

    def entry(self, folder: str) -> BatchEntry:
        """Return the export; its file is relative to *folder*."""
        for key in self._table:
            if key not in _FIELDS:
                known = ", ".join(f"`{field}`" for field in _FIELDS)
                raise self._wrong(f"unknown field `{key}`, expected one of {known}", key, key=True)
        if "output-file" not in self._table:
            raise self._wrong("missing field `output-file`")
        output = self._table["output-file"]
        if not isinstance(output, str):
            raise self._wrong(f"invalid type: {described(output)}, expected path string", "output-file")
        only = self._groups("only-group")
        return BatchEntry(
            output_file=os.path.abspath(os.path.join(folder, output)),
            packages=tuple(self._names("package", package_name)),
            all_packages=self._flag("all-packages"),
            extras=ExtrasSelection(
                tuple(self._extras("extra")), self._flag("all-extras"), tuple(self._extras("no-extra"))
            ),
            groups=GroupsSelection(
                included=(*self._groups("group"), *only),
                everything=self._flag("all-groups"),
                excluded=tuple(self._groups("no-group")),
                defaults=not (only or self._flag("no-default-groups")),
                only=bool(only),
            ),
        )

    def _extras(self, field: str) -> list[ExtraName]:
        return [ExtraName(name) for name in self._names(field, extra_name)]

    def _groups(self, field: str) -> list[GroupName]:
        return [GroupName(name) for name in self._names(field, group_name)]

    def _names(self, field: str, read: Callable[[str], Any]) -> list[Any]:
        texts = self._table.get(field, [])
        if not isinstance(texts, list):
            raise self._wrong(f"invalid type: {described(texts)}, expected a sequence", field)
        names: list[Any] = []
        for place, text in enumerate(texts):
            if not isinstance(text, str):
                raise self._wrong(f"invalid type: {described(text)}, expected a string", field, place)
            try:
                names.append(read(text))
            except InvalidName as error:
                raise self._wrong(str(error), field, place) from None
        return names

    def _flag(self, field: str) -> bool:
        value = self._table.get(field, False)
        if not isinstance(value, bool):
            raise self._wrong(f"invalid type: {described(value)}, expected a boolean", field)
        return value
