"""In which order headers are written: as uv's library for TOML writes them.

It keeps tables in a tree, where new keys come last, and every header that was read has its number as its *position*.
Headers are written by position; of equal ones that is first which the tree has first. A new table has none, so it
counts as what the tree has before it. An array of tables is a list in the tree, whatever the order of its positions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from mauve.project.editing.outline import TableNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.project.editing.outline import KeyPath, Outline


class _Place:
    """A table in the tree.

    Attributes:
        number: of its header, one for each that was ever there; None without a header.
        position: None for a table that is new, or has no header.
        children: by name, in the order in which they came.
    """

    __slots__ = ("children", "number", "position")

    def __init__(self, number: int | None = None, position: int | None = None) -> None:
        """Start without children."""
        self.children: dict[str, _Child] = {}
        self.number = number
        self.position = position


_Child: TypeAlias = "_Place | list[_Place]"


class Placement:
    """The headers of a document while it is edited.

    Attributes:
        written: the numbers of the headers in the order of the text; the first is what stands before all headers.
    """

    __slots__ = ("_next", "_root", "written")

    def __init__(self, outline: Outline) -> None:
        """Take the headers as they are."""
        numbers = {id(section): number for number, section in enumerate(outline.sections)}
        self._root = _read(outline.root, numbers)
        self._next = len(outline.sections)
        self.written = list(range(self._next))

    def count_keys(self) -> int:
        """Return how many keys the document has outside of its tables."""
        return len(self._root.children)

    def add(self, path: KeyPath) -> int:
        """Give the table at *path*, which may be new, a header; return its number."""
        place = self._root
        for name in path:
            child = place.children.setdefault(name, _Place())
            place = child[-1] if isinstance(child, list) else child
        place.number = self._next
        self._next += 1
        return place.number

    def add_first(self, path: KeyPath) -> int:
        """Put a new element of the array of tables at *path* before all others; return its number.

        It takes the position of the first one, and the others go on by one; without others the position is the number
        of keys that the document has.
        """
        place = self._root
        position = self.count_keys()
        for name in path[:-1]:
            child = place.children.setdefault(name, _Place())
            place = child[-1] if isinstance(child, list) else child
        elements = place.children.setdefault(path[-1], [])
        if not isinstance(elements, list):
            raise TypeError(path)
        known = [element.position for element in elements if element.position is not None]
        if known:
            position = min(known)
            for element in elements:
                element.position = None if element.position is None else element.position + 1
        elements.append(_Place(self._next, position))
        self._next += 1
        return self._next - 1

    def remove(self, number: int) -> None:
        """Take the header *number* away; a table that has others inside stays without one."""
        self.written.remove(number)
        _remove(self._root, number)

    def order(self) -> list[int]:
        """Return the numbers in the order in which the headers are to be written."""
        found: list[tuple[int, int]] = []
        last = 0
        for place in _visit(self._root):
            last = last if place.position is None else place.position
            if place.number is not None:
                found.append((last, place.number))
        return [number for _, number in sorted(found, key=lambda entry: entry[0])]


def _read(node: TableNode, numbers: dict[int, int]) -> _Place:
    number = None if node.section is None else numbers.get(id(node.section))
    place = _Place(number, number)
    for name, child in node.children.items():
        if isinstance(child, list):
            place.children[name] = [_read(element, numbers) for element in child]
        elif isinstance(child, TableNode):
            place.children[name] = _read(child, numbers)
        else:
            place.children[name] = _Place()
    return place


def _visit(place: _Place) -> Iterator[_Place]:
    yield place
    for child in place.children.values():
        for element in child if isinstance(child, list) else (child,):
            yield from _visit(element)


def _remove(place: _Place, number: int) -> bool:
    for name, child in list(place.children.items()):
        elements = child if isinstance(child, list) else [child]
        for element in elements:
            if element.number == number:
                element.number = element.position = None
                if isinstance(child, list):
                    child.remove(element)
                if not (child if isinstance(child, list) else element.children):
                    del place.children[name]
                return True
            if _remove(element, number):
                return True
    return False
