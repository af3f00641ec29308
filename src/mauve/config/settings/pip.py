"""The settings of `pip` commands: the command line, then `[tool.uv.pip]` of all files, then their top levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec import structs

from mauve.config.files import SettingsFile
from mauve.config.merge import MergedFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.config.pip_table import PipTable

T = TypeVar("T")


class PipFiles:
    """The settings files of one run, as `pip` commands read them.

    Attributes:
        shared: the keys that other commands have as well; those for `pip` commands come before all others.
        tables: the keys that only `pip` commands have, the strongest file first.
    """

    __slots__ = ("shared", "tables")

    def __init__(self, files: MergedFiles) -> None:
        """Read *files*."""
        own: list[SettingsFile] = []
        tables: list[PipTable] = []
        for file in files.files:
            if file.table.pip is not None:
                from mauve.config.pip_table import decode_pip_table

                table, shared = decode_pip_table(file.table.pip)
                tables.append(table)
                own.append(structs.replace(file, table=shared))
        self.shared = MergedFiles((*own, *files.files)) if own else files
        self.tables = tuple(tables)

    def said(self, typed: bool | None, pick: Callable[[PipTable], bool | None]) -> bool:  # noqa: FBT001 - one answer
        """Return what was *typed*, else what the strongest file says, else False."""
        return bool(self.first(pick)) if typed is None else typed

    def first(self, pick: Callable[[PipTable], T | None]) -> T | None:
        """Return the value of the strongest file that has one."""
        return next((found for table in self.tables if (found := pick(table)) is not None), None)

    def joined(self, typed: Iterable[T], pick: Callable[[PipTable], list[T] | None]) -> tuple[T, ...]:
        """Return what was *typed*, then the items of all files."""
        return (*typed, *[item for table in self.tables for item in pick(table) or ()])
