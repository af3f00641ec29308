"""How values of several settings files become one: the first scalar wins, lists are joined in order."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mauve.config.files import SettingsFile
    from mauve.config.tables import SettingsTable

T = TypeVar("T")


class MergedFiles:
    """The settings files of one run, the strongest first."""

    __slots__ = ("files",)

    def __init__(self, files: tuple[SettingsFile, ...]) -> None:
        """Merge *files*."""
        self.files = files

    def first(self, pick: Callable[[SettingsTable], T | None]) -> T | None:
        """Return the value of the strongest file that has one."""
        return next((found for file in self.files if (found := pick(file.table)) is not None), None)

    def joined(self, pick: Callable[[SettingsTable], list[T] | None]) -> tuple[T, ...]:
        """Return the items of all files, those of the strongest first."""
        return tuple(item for file in self.files for item in pick(file.table) or ())

    def merged(self, pick: Callable[[SettingsTable], dict[str, T] | None]) -> dict[str, T]:
        """Return the entries of all files; for one key the strongest file wins."""
        entries: dict[str, T] = {}
        for file in self.files:
            for key, value in (pick(file.table) or {}).items():
                entries.setdefault(key, value)
        return entries

    def items_with_folder(self, pick: Callable[[SettingsTable], list[T] | None]) -> Iterator[tuple[T, str]]:
        """Yield the items of all files, each with the folder that relative paths in it start from."""
        for file in self.files:
            for item in pick(file.table) or ():
                yield item, file.folder

    def path(self, pick: Callable[[SettingsTable], str | None]) -> str | None:
        """Return the strongest path, made absolute from the folder of its file."""
        return next(
            (os.path.join(file.folder, found) for file in self.files if (found := pick(file.table)) is not None), None
        )
