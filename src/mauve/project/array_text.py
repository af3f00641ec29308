"""Insert, replace and remove one element of a TOML array in its text; every other character stays.

Follows the layout it finds. An array on one line stays on one line; an array on several lines gets a new line,
indented like its neighbours; whether the last element has a comma is kept. Only an empty array is opened:

```toml
dependencies = [
    "new",
]
```

Comments at the end of a line stay with their element, comments above an element stay above the place where it is,
and the comment of a removed element becomes a line of its own. So adding and removing again restores the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mauve.standards.toml_document import Node

_INDENT: Final = "    "
_BLANK: Final = " \t\r\n"


def insert_element(text: str, array: Node, index: int, element: str, newline: str) -> str:
    """Return *text* with *element* before the one at *index* of *array* (or behind the last one)."""
    if not array.items:
        return _fill(text, array, element, newline)
    if index == len(array.items):
        return _append(text, array, element, newline)
    target = array.items[index]
    line, lead = _lead(text, target.start)
    if line > array.start and not lead.strip():
        # Before the first element, what stands between the bracket and it stays with it.
        place = line if index else text.index("\n", array.start) + 1
        return f"{text[:place]}{lead}{element},{newline}{text[place:]}"
    return f"{text[: target.start]}{element}{_separator(text, array)}{text[target.start :]}"


def replace_element(text: str, array: Node, index: int, element: str) -> str:
    """Return *text* with *element* in the place of the one at *index* of *array*."""
    old = array.items[index]
    return f"{text[: old.start]}{element}{text[old.end :]}"


def remove_element(text: str, array: Node, index: int) -> str:
    """Return *text* without the element at *index* of *array*."""
    items = array.items
    old = items[index]
    is_last = index == len(items) - 1
    comma = _comma(text, old.end, array.end - 1)
    line, lead = _lead(text, old.start)
    behind = old.end if comma is None else comma + 1
    line_end = text.find("\n", behind)
    rest = text[behind : line_end if line_end >= 0 else len(text)].strip()
    if line > array.start and not lead.strip() and (not rest or rest.startswith("#")):
        if rest:
            comment = text.index("#", behind)
            changed = text[: old.start] + text[comment:]
        else:
            changed = text[:line] + text[line_end + 1 :]
        if is_last and index and comma is None:
            changed = _without_comma(changed, items[index - 1].end, line)
        removed = len(text) - len(changed)
    elif not is_last:
        between = text[behind : items[index + 1].start]
        stop = items[index + 1].start if not between.strip(" \t") else behind
        changed = text[: old.start] + text[stop:]
        removed = stop - old.start
    elif index and not text[items[index - 1].end : old.start].strip(_BLANK + ","):
        start = items[index - 1].end
        changed = text[:start] + text[old.end :]
        removed = old.end - start
    else:
        changed = text[: old.start] + text[behind:]
        removed = behind - old.start
        if index and comma is None:
            changed = _without_comma(changed, items[index - 1].end, old.start)
            removed = len(text) - len(changed)
    if len(items) == 1 and not changed[array.start + 1 : array.end - 1 - removed].strip():
        return f"{changed[: array.start]}[]{changed[array.end - removed :]}"
    return changed


def _fill(text: str, array: Node, element: str, newline: str) -> str:
    inner = text[array.start + 1 : array.end - 1].rstrip(_BLANK)
    last_line = inner.rpartition("\n")[2]
    indent = last_line.partition("#")[0] if inner else _INDENT
    opened = f"[{inner}{newline}{indent or _INDENT}{element},{newline}]"
    return text[: array.start] + opened + text[array.end :]


def _append(text: str, array: Node, element: str, newline: str) -> str:
    last = array.items[-1]
    close = array.end - 1
    if "\n" not in text[array.start : array.end]:
        return f"{text[: last.end]}{_separator(text, array)}{element}{text[last.end :]}"
    comma = _comma(text, last.end, close)
    behind = last.end if comma is None else comma + 1
    indent = _indent(text, array)
    if "\n" not in text[behind:close]:
        joined = f"{newline}{indent}{element}"
        inserted = f",{joined}" if comma is None else f"{joined},"
        return text[:behind] + inserted + text[behind:]
    content_end = behind + len(text[behind:close].rstrip(_BLANK))
    place = text.index("\n", content_end) + 1
    if comma is None:
        return f"{text[: last.end]},{text[last.end : place]}{indent}{element}{newline}{text[place:]}"
    return f"{text[:place]}{indent}{element},{newline}{text[place:]}"


def _lead(text: str, start: int) -> tuple[int, str]:
    """Return where the line of *start* begins, and what stands on it before *start*."""
    line = text.rfind("\n", 0, start) + 1
    return line, text[line:start]


def _indent(text: str, array: Node) -> str:
    """Return what stands before the last element that begins a line."""
    for item in reversed(array.items):
        line, lead = _lead(text, item.start)
        if line > array.start and not lead.strip():
            return lead
    return _INDENT


def _separator(text: str, array: Node) -> str:
    """Return what stands between the first two elements, if that is a comma and blanks."""
    if len(array.items) > 1:
        between = text[array.items[0].end : array.items[1].start]
        if not between.strip(" \t,"):
            return between
    return ", "


def _comma(text: str, start: int, stop: int) -> int | None:
    """Return the offset of the comma behind an element that ends at *start*, comments passed over."""
    place = start
    while place < stop:
        character = text[place]
        if character == ",":
            return place
        if character == "#":
            place = text.index("\n", place)
        elif character not in _BLANK:
            return None
        place += 1
    return None


def _without_comma(text: str, start: int, stop: int) -> str:
    comma = _comma(text, start, stop)
    return text if comma is None else text[:comma] + text[comma + 1 :]
