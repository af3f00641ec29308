"""Read, add and remove the keys, tables and arrays of a TOML document.

Knows TOML and nothing of projects. Where a new table goes follows uv (`placement`). Blank lines and comments belong to
the header below them: they stay before it when a table is put between, and go with it when it is removed.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import tomlkit
from tomlkit.container import Container
from tomlkit.items import AoT, Array, InlineTable, Null, SingleKey, Table, Trivia, Whitespace

from mauve.project.editing.arrays import ArrayEditor
from mauve.project.editing.document import Document
from mauve.project.editing.outline import Entry, KeyPath, Section, TableNode
from mauve.project.editing.placement import Placement

if TYPE_CHECKING:
    from tomlkit.items import Item, Key

    from mauve.project.editing.outline import Body


class WrongKind(Exception):
    """Something else stands where a table or an array was expected; for the caller, who knows what it is called."""


class TableEditor:
    """The tables of one document while they are edited. Values are given as TOML text."""

    __slots__ = ("_placement", "document")

    def __init__(self, text: str, path: str) -> None:
        """Read *text*, which is called *path* in messages.

        Raises:
            UneditableDocument: it would not be written as it is.
        """
        self.document = Document(text, path)
        self._placement = Placement(self.document.outline)

    # --- reading

    def keys(self, path: KeyPath) -> list[str]:
        """Return the names of what the table at *path* has; of nothing if there is none."""
        found = self.document.outline.find(path)
        return list(found.children) if isinstance(found, TableNode) else []

    def __contains__(self, path: KeyPath) -> bool:
        """Return whether anything stands at *path*."""
        return self.document.outline.find(path) is not None

    def is_value(self, path: KeyPath) -> bool:
        """Return whether the table at *path* is written as a value, or is something else than a table."""
        found = self.document.outline.find(path)
        return isinstance(found, Entry) or (isinstance(found, TableNode) and found.entry is not None)

    def array(self, path: KeyPath) -> ArrayEditor | None:
        """Return the array at *path*.

        Raises:
            WrongKind: something else stands there.
        """
        found = self.document.outline.find(path)
        if found is None:
            return None
        if isinstance(found, Entry) and isinstance(found.item, Array):
            return ArrayEditor(found, found.item, self.document.newline)
        raise WrongKind

    # --- keys

    def set_value(self, path: KeyPath, value: str) -> None:
        """Write *value* in the place of what stands at *path*, or as a new line."""
        found = self.document.outline.find(path)
        entry = found.entry if isinstance(found, TableNode) else found
        if isinstance(entry, Entry):
            is_table = isinstance(found, TableNode)
            entry.replace(tomlkit.value(value))
            if is_table:
                self.document.changed()
        else:
            self.add_value(path, value)

    def add_array(self, path: KeyPath, *, is_sorted: bool = False) -> ArrayEditor:
        """Write an empty array at *path*, and return it."""
        self.add_value(path, "[]", is_sorted=is_sorted)
        array = self.array(path)
        if array is None:
            raise LookupError(path)
        return array

    def add_value(self, path: KeyPath, value: str, *, is_sorted: bool = False) -> None:
        """Add the line of a new key to its table, which is created if it is missing.

        Args:
            path: of the new key.
            value: of the key.
            is_sorted: the line goes between its neighbours if the names of the table are sorted.

        Raises:
            WrongKind: something that is no table is in the way.
        """
        parent, name = path[:-1], path[-1]
        node = self._add_table(parent)
        item = tomlkit.value(value)
        if node.entry is not None:
            self._add_to_inline(node.entry, name, item)
        elif node.section is not None:
            place = _sorted_place(node, name) if is_sorted else None
            self._add_line(node.section, node.section.values_end() if place is None else place, SingleKey(name), item)
        else:
            # The table exists only through dotted keys.
            section, line = node.dotted[-1]
            self._add_line(section, line + 1, tomlkit.key([*parent[len(section.path) :], name]), item)
        self.document.changed()

    def remove_key(self, path: KeyPath) -> None:
        """Remove the lines of a key, or the table with this name."""
        found = self.document.outline.find(path)
        if isinstance(found, list):
            for element in reversed(found):
                if element.section is not None:
                    self.remove_section(element.section)
        elif isinstance(found, TableNode) and found.section is not None:
            self.remove_section(found.section)
        elif isinstance(found, TableNode) and found.entry is None:
            for section, line in reversed(found.dotted):
                del section.body[line]
        elif found is not None:
            entry = found.entry if isinstance(found, TableNode) else found
            if entry is not None:
                body, index = entry.line
                del body[index]
        self.document.changed()

    # --- tables

    def add_first(self, path: KeyPath, lines: Body) -> None:
        """Write a new element of the array of tables at *path*, which comes before all others.

        Args:
            path: of the array, which may be missing.
            lines: keys and values with their line ends.
        """
        self._write(self._placement.add_first(path), path, lines, is_element=True)

    def remove_table(self, path: KeyPath) -> None:
        """Remove the header of the table at *path*; tables inside of it stay."""
        found = self.document.outline.find(path)
        if isinstance(found, TableNode) and found.section is not None:
            self.remove_section(found.section)
            self.document.changed()

    def remove_section(self, section: Section) -> None:
        """Remove a header with its lines, and the blank lines and comments before it."""
        if section.table is not None:
            self._placement.remove(self._placement.written[self.document.outline.sections.index(section)])
            self._cut(section, section.table)

    def _add_table(self, path: KeyPath) -> TableNode:
        """Return the table at *path*, where lines can be added."""
        outline = self.document.outline
        node, missing = outline.root, None
        for name in path:
            child = node.children.get(name)
            if child is None:
                missing = name
                break
            if not isinstance(child, TableNode):
                raise WrongKind
            node = child
        if missing is None and (node.section is not None or node.entry is not None or node.dotted):
            return node
        if missing is not None and node.entry is not None:
            self._add_to_inline(node.entry, missing, tomlkit.value("{}"))
        else:
            self._write(self._placement.add(path), path, [])
        self.document.changed()
        return self._add_table(path)

    # --- headers in the text

    def _write(self, number: int, header: KeyPath, lines: Body, *, is_element: bool = False) -> None:
        """Write the new header *number*, and move those that it makes others of."""
        order = self._placement.order()
        self._paste(order[order.index(number) - 1], number, header, lines, is_element=is_element)
        for before, moved in pairwise(order):
            written = self._placement.written
            if written.index(moved) != written.index(before) + 1:
                section = self.document.outline.sections[written.index(moved)]
                if section.table is not None:
                    lines = section.body[: section.values_end()]
                    is_element = section.table.is_aot_element()
                    self._cut(section, section.table)
                    written.remove(moved)
                    self.document.changed()
                    self._paste(before, moved, section.path, lines, is_element=is_element)

    def _paste(self, before: int, number: int, header: KeyPath, lines: Body, *, is_element: bool) -> None:
        """Write the header *number* with *lines* behind the last value below the header *before*."""
        newline = self.document.newline
        place = self._placement.written.index(before)
        behind = self.document.outline.sections[place]
        end = behind.values_end()
        trailing = _take(behind, end)
        if end or behind.table is not None:
            _end_line(behind, end, newline)
            behind.body.insert(end, (None, Whitespace(newline)))
            end += 1
        body = Container(parsed=True)
        table = Table(
            body,
            Trivia(trail=newline),
            is_aot_element=is_element,
            is_super_table=False,
            name=header[-1],
            # The table stands where it is written; its full name is written whatever it stands in.
            display_name=tomlkit.key(header).as_string(),
        )
        body.body.extend([*lines, *trailing])
        behind.body.insert(end, (SingleKey(header[-1]), table))
        self._placement.written.insert(place + 1, number)
        self.document.changed()

    def _cut(self, section: Section, table: Table) -> None:
        """Take the header of *section*, which is *table*, with its lines out of the text; tables inside stay."""
        before = self.document.outline.before(section)
        trailing = _take(section, section.values_end())
        _take(before, before.values_end())
        for index, (key, item) in enumerate(section.home):
            if item is table:
                inner = section.body[section.lines_end() :]
                section.home[index : index + 1] = [(key, _implied(table, inner))] if inner else []
                break
            if isinstance(item, AoT) and any(element is table for element in item.body):
                item.body[:] = [element for element in item.body if element is not table]
                if not item.body:
                    del section.home[index]
                break
        end = before.values_end()
        before.body[end:end] = trailing

    def _add_line(self, section: Section, index: int, key: Key, item: Item) -> None:
        newline = self.document.newline
        _end_line(section, index, newline)
        item.trivia.trail = newline
        line = Container(parsed=True)
        line.append(key, item)
        section.body[index:index] = line.body

    @staticmethod
    def _add_to_inline(entry: Entry, name: str, item: Item) -> None:
        table = entry.item
        if not isinstance(table, InlineTable):
            raise WrongKind
        item.trivia.trail = ""
        line = (SingleKey(name), item)
        body = table.value.body
        last = max((index for index, (key, _) in enumerate(body) if key is not None), default=None)
        if last is not None:
            body[last + 1 : last + 1] = [(None, Whitespace(",")), (None, Whitespace(" ")), line]
        elif all(isinstance(item, Whitespace) for _, item in body):
            body[:] = [(None, Whitespace(" ")), line, (None, Whitespace(" "))]
        else:
            body[:0] = [(None, Whitespace(" ")), line]


def _implied(table: Table, inner: Body) -> Table:
    """Return *table* without a header of its own, with the tables *inner*."""
    body = Container(parsed=True)
    body.body.extend(inner)
    return Table(
        body,
        Trivia(trail=""),
        is_aot_element=False,
        is_super_table=True,
        name=table.name,
        display_name=table.display_name,
    )


def _take(section: Section, start: int) -> Body:
    """Remove and return the lines of *section* from the index *start* on."""
    end = section.lines_end()
    taken = section.body[start:end]
    del section.body[start:end]
    return taken


def _end_line(section: Section, index: int, newline: str) -> None:
    """Make sure that the line before *index* in the body of *section* has an end."""
    item: Item | None = section.body[index - 1][1] if index else section.table
    if index:
        while isinstance(item, Table) and item.value.body:
            item = item.value.body[-1][1]
    if item is not None and not isinstance(item, (Whitespace, Null)) and "\n" not in item.trivia.trail:
        item.trivia.trail += newline


def _sorted_place(node: TableNode, name: str) -> int | None:
    """Return the index of a line *name* among the sorted lines of *node*; None if they are not, or for the end."""
    names = list(node.children)
    if not names or names != sorted(names) or names[-1] < name or node.section is None:
        return None
    places = [0]
    for known in names:
        child = node.children[known]
        entry = child.entry if isinstance(child, TableNode) else child
        if not isinstance(entry, Entry) or entry.line[0] is not node.section.body:
            return None
        if known < name:
            places.append(entry.line[1] + 1)
    return max(places)
