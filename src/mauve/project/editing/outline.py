"""The tables of a tomlkit document, by name and by place.

tomlkit keeps a document as it is written: one table may stand in several fragments (dotted keys, headers far from
each other, headers that only imply their parents). The outline says what belongs together, and which headers follow
each other in the text. It holds tomlkit's own items and changes nothing; it is made again when the document changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from tomlkit.items import AoT, InlineTable, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tomlkit.container import Container
    from tomlkit.items import Item, Key

    Body: TypeAlias = list[tuple[Key | None, Item]]

KeyPath: TypeAlias = tuple[str, ...]


class Entry:
    """A key with its value, or the part of a document where one stands.

    Attributes:
        body: what the entry is an element of, and
        index: where in there.
        line: the same for the whole line; differs from the former two for dotted keys.
    """

    __slots__ = ("body", "index", "line")

    def __init__(self, body: Body, index: int, line: tuple[Body, int] | None) -> None:
        """Take the place."""
        self.body = body
        self.index = index
        self.line = line or (body, index)

    @property
    def item(self) -> Item:
        """Return the value."""
        return self.body[self.index][1]

    def replace(self, item: Item) -> None:
        """Put *item* in the place of the value; what stands around that stays."""
        key, old = self.body[self.index]
        item.trivia.indent = old.trivia.indent
        item.trivia.comment_ws = old.trivia.comment_ws
        item.trivia.comment = old.trivia.comment
        item.trivia.trail = old.trivia.trail
        self.body[self.index] = (key, item)


class Section:
    """A header with the lines below it, up to the next header; or what stands before the first header.

    Attributes:
        path: of the table, as it is spelled.
        body: of the table: its lines, then the tables inside of it.
        table: None before the first header.
        home: what the table, or its array of tables, is an element of.
    """

    __slots__ = ("body", "home", "path", "table")

    def __init__(self, path: KeyPath, body: Body, table: Table | None, home: Body) -> None:
        """Take the parts."""
        self.path = path
        self.body = body
        self.table = table
        self.home = home

    def lines_end(self) -> int:
        """Return the index in the body behind the last line, blank lines and comments included."""
        for index, (key, item) in enumerate(self.body):
            if key is not None and is_headed(key, item):
                return index
        return len(self.body)

    def values_end(self) -> int:
        """Return the index in the body behind the last line with a value."""
        end = self.lines_end()
        while end and self.body[end - 1][0] is None:
            end -= 1
        return end


class TableNode:
    """A table with everything that the document says about it.

    Attributes:
        children: by name, in the order of first mention.
        section: below the header of this table, if it has one.
        entry: where it is written as an inline table.
        dotted: the lines that mention it as the first part of a dotted key.
    """

    __slots__ = ("children", "dotted", "entry", "section")

    def __init__(self) -> None:
        """Start empty."""
        self.children: dict[str, Child] = {}
        self.section: Section | None = None
        self.entry: Entry | None = None
        self.dotted: list[tuple[Section, int]] = []

    def table(self, name: str) -> TableNode:
        """Return the child *name*; the last element of an array of tables; a new one if there is none."""
        child = self.children.get(name)
        if isinstance(child, list):
            return child[-1]
        if isinstance(child, TableNode):
            return child
        new = self.children[name] = TableNode()
        return new


Child: TypeAlias = TableNode | list[TableNode] | Entry


class Outline:
    """The tables of a document.

    Attributes:
        root: the document as one table.
        sections: in the order of the text; the first one is what stands before the first header.
    """

    __slots__ = ("root", "sections")

    def __init__(self, parts: Sequence[Container]) -> None:
        """Read *parts*, which together are the document."""
        self.root = TableNode()
        first = Section((), parts[0].body, None, [])
        self.root.section = first
        self.sections = [first]
        for part in parts:
            self._read(part.body, self.root, (), first)

    def find(self, path: KeyPath) -> Child | None:
        """Return what stands at *path*."""
        found: Child = self.root
        for name in path:
            if not isinstance(found, TableNode) or name not in found.children:
                return None
            found = found.children[name]
        return found

    def before(self, section: Section) -> Section:
        """Return the section whose lines stand before *section* in the text."""
        return self.sections[self.sections.index(section) - 1]

    def _read(self, body: Body, node: TableNode, path: KeyPath, section: Section) -> None:
        for index, (key, item) in enumerate(body):
            if key is None:
                continue
            inner = (*path, key.key)
            if isinstance(item, AoT):
                self._read_array(item, node, inner, body)
            elif isinstance(item, Table) and is_headed(key, item):
                child = node.table(key.key)
                below = section
                if not item.is_super_table():
                    below = child.section = Section(inner, item.value.body, item, body)
                    self.sections.append(below)
                self._read(item.value.body, child, inner, below)
            else:
                self._read_line(body, index, node, section, None)

    def _read_array(self, array: AoT, node: TableNode, path: KeyPath, home: Body) -> None:
        elements = node.children.setdefault(path[-1], [])
        for table in array.body:
            element = TableNode()
            if isinstance(elements, list):
                elements.append(element)
            element.section = Section(path, table.value.body, table, home)
            self.sections.append(element.section)
            self._read(table.value.body, element, path, element.section)

    def _read_line(
        self, body: Body, index: int, node: TableNode, section: Section | None, line: tuple[Body, int] | None
    ) -> None:
        key, item = body[index]
        if key is None:
            return
        entry = Entry(body, index, line)
        if isinstance(item, Table):
            child = node.table(key.key)
            if section is not None:
                child.dotted.append((section, entry.line[1]))
            inner, below = item.value.body, section
        elif isinstance(item, InlineTable):
            child = node.table(key.key)
            child.entry = entry
            inner, below = item.value.body, None
        else:
            node.children[key.key] = entry
            return
        for place in range(len(inner)):
            self._read_line(inner, place, child, below, entry.line)


def is_headed(key: Key, item: Item) -> bool:
    """Return whether *item* is written with headers, not as a line."""
    return isinstance(item, AoT) or (isinstance(item, Table) and not key.is_dotted())
