"""Insert, replace and remove one element of an array; every other character stays.

Follows the layout it finds. An array on one line stays on one line; an array on several lines gets a new line,
indented like its neighbours; whether the last element has a comma is kept. Only an empty array is opened:

```toml
dependencies = [
    "new",
]
```

Comments at the end of a line stay with their element, comments above an element stay above the place where it is,
and the comment of a removed element becomes a line of its own. So adding and removing again restores the text.

tomlkit's own `insert` and `__delitem__` choose blanks, line ends and commas in their own way. So an array is taken
apart into values, comments, commas, blanks and line ends, and a new one is put together from these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import tomlkit
from tomlkit.items import Array, Comment, Null, Trivia, Whitespace

if TYPE_CHECKING:
    from tomlkit.items import Item

    from mauve.project.editing.outline import Entry

_INDENT: Final = "    "
_BLANK: Final = " \t"
_NEWLINES: Final = frozenset({"\n", "\r\n"})


class ArrayEditor:
    """One array of a document while it is edited."""

    __slots__ = ("_entry", "_newline", "_pieces")

    def __init__(self, entry: Entry, array: Array, newline: str) -> None:
        """Take the array that stands at *entry*; new lines end with *newline*."""
        self._entry = entry
        self._newline = newline
        self._pieces = _pieces(array)

    @property
    def values(self) -> list[object]:
        """Return the elements as plain values."""
        return [self._pieces[place].unwrap() for place in self._places()]

    def replace(self, index: int, value: str) -> None:
        """Write *value* in the place of the element at *index*."""
        self._pieces[self._places()[index]] = tomlkit.value(value)
        self._write()

    def insert(self, index: int, value: str) -> None:
        """Write *value* before the element at *index*, or behind the last one."""
        places = self._places()
        new = tomlkit.value(value)
        if not places:
            self._fill(new)
        elif index == len(places):
            self._append(new, places)
        else:
            self._put(places[index], new, places, is_first=index == 0)
        self._write()

    def remove(self, index: int) -> None:
        """Remove the element at *index*."""
        places = self._places()
        self._take(index, places)
        if len(places) == 1 and all(isinstance(piece, Whitespace) for piece in self._pieces):
            self._pieces.clear()
        self._write()

    # --- pieces

    def _places(self) -> list[int]:
        return [place for place, piece in enumerate(self._pieces) if not isinstance(piece, (Whitespace, Comment))]

    def _write(self) -> None:
        self._entry.replace(Array(list(self._pieces), Trivia()))

    def _put(self, place: int, new: Item, places: list[int], *, is_first: bool) -> None:
        lead = self._lead(place)
        if lead is None:
            self._pieces[place:place] = [new, *self._separator(places)]
            return
        # Before the first element, what stands between the bracket and it stays with it.
        start = self._line_end(0) + 1 if is_first else place - len(lead)
        self._pieces[start:start] = [*lead, new, Whitespace(","), Whitespace(self._newline)]

    def _append(self, new: Item, places: list[int]) -> None:
        pieces, last = self._pieces, places[-1]
        if not any(_is_newline(piece) for piece in pieces):
            pieces[last + 1 : last + 1] = [*self._separator(places), new]
            return
        comma = self._comma(last + 1, len(pieces))
        behind = (last if comma is None else comma) + 1
        indent = self._indent(places)
        if not any(_is_newline(piece) for piece in pieces[behind:]):
            line = [Whitespace(self._newline), *indent, new]
            pieces[behind:behind] = [Whitespace(","), *line] if comma is None else [*line, Whitespace(",")]
            return
        end = len(pieces)
        while end > behind and isinstance(pieces[end - 1], Whitespace):
            end -= 1
        start = self._line_end(end) + 1
        if comma is None:
            pieces[start:start] = [*indent, new, Whitespace(self._newline)]
            pieces.insert(last + 1, Whitespace(","))
        else:
            pieces[start:start] = [*indent, new, Whitespace(","), Whitespace(self._newline)]

    def _fill(self, new: Item) -> None:
        """Put *new* on a line of its own behind the comments of an array without elements."""
        pieces = self._pieces
        while pieces and isinstance(pieces[-1], Whitespace):
            pieces.pop()
        lead = self._lead(len(pieces) - 1) if pieces else None
        indent = lead or [Whitespace(_INDENT)]
        newline = Whitespace(self._newline)
        pieces += [newline, *indent, new, Whitespace(","), Whitespace(self._newline)]

    def _take(self, index: int, places: list[int]) -> None:
        pieces, place = self._pieces, places[index]
        is_last = index == len(places) - 1
        previous = places[index - 1] if index else None
        comma = self._comma(place + 1, len(pieces))
        behind = (place if comma is None else comma) + 1
        line_end = self._line_end(behind)
        rest = [other for other in range(behind, line_end) if not isinstance(pieces[other], Whitespace)]
        lead = self._lead(place)
        has_own_line = lead is not None and line_end < len(pieces)
        if lead is not None and has_own_line and (not rest or isinstance(pieces[rest[0]], Comment)):
            if rest:
                del pieces[place : rest[0]]
            else:
                del pieces[place - len(lead) : line_end + 1]
            self._drop_comma(previous, place - len(lead), is_needed=not is_last or comma is not None)
        elif not is_last:
            following = places[index + 1]
            is_near = all(_is_blank(piece) for piece in pieces[behind:following])
            del pieces[place : following if is_near else behind]
        elif previous is not None and all(isinstance(piece, Whitespace) for piece in pieces[previous + 1 : place]):
            kept = self._comma(previous + 1, place) if lead is not None and comma is not None else None
            if kept is None:
                del pieces[previous + 1 : place + 1]
            else:
                del pieces[kept + 1 : behind]
        else:
            del pieces[place:behind]
            self._drop_comma(previous, place, is_needed=comma is not None)

    def _drop_comma(self, previous: int | None, stop: int, *, is_needed: bool) -> None:
        """Remove the comma behind the element *previous*, which is the last one now."""
        if previous is None or is_needed:
            return
        comma = self._comma(previous + 1, stop)
        if comma is not None:
            del self._pieces[comma]

    def _lead(self, place: int) -> list[Item] | None:
        """Return the blanks before *place* if it is the first on its line; None on the line of the bracket."""
        start = place
        while start and _is_blank(self._pieces[start - 1]):
            start -= 1
        if not start or not _is_newline(self._pieces[start - 1]):
            return None
        return self._pieces[start:place]

    def _indent(self, places: list[int]) -> list[Item]:
        """Return what stands before the last element that begins a line."""
        for place in reversed(places):
            lead = self._lead(place)
            if lead is not None:
                return lead
        return [Whitespace(_INDENT)]

    def _separator(self, places: list[int]) -> list[Item]:
        """Return what stands between the first two elements, if that is a comma and blanks."""
        if len(places) > 1:
            between = self._pieces[places[0] + 1 : places[1]]
            if all(isinstance(piece, Whitespace) and not _is_newline(piece) for piece in between):
                return between
        return [Whitespace(","), Whitespace(" ")]

    def _comma(self, start: int, stop: int) -> int | None:
        """Return where the comma is that ends the element before *start*; comments are passed over."""
        for place in range(start, stop):
            piece = self._pieces[place]
            if isinstance(piece, Whitespace) and piece.s == ",":
                return place
            if not isinstance(piece, (Whitespace, Comment)):
                return None
        return None

    def _line_end(self, start: int) -> int:
        """Return the place of the first line end from *start* on; behind the last piece if there is none."""
        for place in range(start, len(self._pieces)):
            if _is_newline(self._pieces[place]):
                return place
        return len(self._pieces)


def _pieces(array: Array) -> list[Item]:
    """Return values, comments, and whitespace cut into commas, line ends and runs of blanks."""
    found: list[Item] = []
    # The layout of an array has no public name; the groups are what `as_string` writes one behind the other.
    for group in array._value:  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        for item in group:
            if isinstance(item, Whitespace):
                found += _cut(item.s)
            elif isinstance(item, Comment):
                indent = item.trivia.indent
                found += _cut(indent)
                found.append(Comment(Trivia("", "", item.trivia.comment, item.trivia.trail)))
            elif not isinstance(item, Null):
                found.append(item)
    return found


def _cut(text: str) -> list[Whitespace]:
    pieces: list[str] = []
    for character in text:
        if pieces and ((character in _BLANK and pieces[-1][-1] in _BLANK) or pieces[-1] == "\r"):
            pieces[-1] += character
        else:
            pieces.append(character)
    return [Whitespace(piece) for piece in pieces]


def _is_newline(piece: Item) -> bool:
    return isinstance(piece, Whitespace) and piece.s in _NEWLINES


def _is_blank(piece: Item) -> bool:
    return isinstance(piece, Whitespace) and not piece.s.strip(_BLANK)
