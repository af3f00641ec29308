"""A TOML 1.1 document with the position of every key and value; the slow and exact reader.

Used when `mauve.standards.toml` could not read a text, or to point at a value that was refused later.
Reasons of errors are worded like those of the reader that people know from the same command line.

Specification: TOML 1.1.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final, NoReturn

from mauve.enumerations import Enum
from mauve.standards.toml import InvalidToml, position

if TYPE_CHECKING:
    from collections.abc import Sequence

_BARE: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
_VALUE_END: Final = re.compile(r"[,\]}\s#]|\Z")
_INTEGER: Final = re.compile(r"[+-]?(0|[1-9](_?\d)*)|0x[0-9A-Fa-f](_?[0-9A-Fa-f])*|0o[0-7](_?[0-7])*|0b[01](_?[01])*")
_FLOAT: Final = re.compile(
    r"[+-]?(0|[1-9](_?\d)*)(\.\d(_?\d)*)?([eE][+-]?\d(_?\d)*)?|[+-]?(inf|nan)",
)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?)?")
_TIME: Final = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?")
_ESCAPES: Final = {"b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPE_DIGITS: Final = {"x": 2, "u": 4, "U": 8}


class NodeKind(Enum):
    """What a node is."""

    SCALAR = 0
    TABLE = 1
    ARRAY = 2


class Node:
    """A value with its position.

    Attributes:
        kind: which of `table`, `items` and `value` is meaningful.
        start: offset of the value, or of the header that opens the table.
        end: offset behind it.
        table: children of a table, in order.
        keys: positions of the keys of `table`.
        items: elements of an array.
        value: a scalar.
        closed: may not be extended by later headers (inline tables, arrays, scalars).
        defined: the table has a header of its own.
    """

    __slots__ = ("closed", "defined", "end", "items", "keys", "kind", "start", "table", "value")

    def __init__(self, kind: NodeKind, start: int, end: int) -> None:
        """Start empty."""
        self.kind = kind
        self.start = start
        self.end = end
        self.table: dict[str, Node] = {}
        self.keys: dict[str, tuple[int, int]] = {}
        self.items: list[Node] = []
        self.value: object = None
        self.closed = False
        self.defined = False

    def plain(self) -> Any:
        """Return the value as the standard library would."""
        if self.kind is NodeKind.TABLE:
            return {key: child.plain() for key, child in self.table.items()}
        if self.kind is NodeKind.ARRAY:
            return [item.plain() for item in self.items]
        return self.value

    def span(self, path: Sequence[str | int], *, key: bool = False) -> tuple[int, int]:
        """Return the position of the value at *path* (or of its key); of the deepest part that exists."""
        node = self
        for place, part in enumerate(path):
            child: Node | None = None
            if isinstance(part, int):
                child = node.items[part] if part < len(node.items) else None
            else:
                child = node.table.get(part)
                if child is not None and key and place == len(path) - 1:
                    return node.keys[part]
            if child is None:
                break
            node = child
        return node.start, node.end


def read_document(text: str) -> Node:
    """Return the root table of *text*.

    Raises:
        InvalidToml: *text* is not TOML 1.1.
    """
    return _Reader(text).read()


def _table(start: int, end: int) -> Node:
    return Node(NodeKind.TABLE, start, end)


class _Reader:
    """One pass over the text; `place` is the offset of the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 1 if text.startswith("\ufeff") else 0
        self.root = _table(0, 0)
        self.current = self.root

    def read(self) -> Node:
        """Read every statement."""
        text, length = self.text, len(self.text)
        while self.place < length:
            character = text[self.place]
            if character in " \t\r\n":
                self.place += 1
            elif character == "#":
                self._skip_comment()
            elif character == "[":
                self._read_header()
                self._end_statement()
            else:
                self._read_pair(self.current)
                self._end_statement()
        return self.root

    def _fail(self, start: int, end: int, reason: str) -> NoReturn:
        line, column, width = position(self.text, start, end)
        raise InvalidToml(self.text, line, column, reason, width)

    def _peek(self) -> str:
        return self.text[self.place] if self.place < len(self.text) else ""

    def _skip_spaces(self) -> None:
        while self._peek() in {" ", "\t"}:
            self.place += 1

    def _skip_comment(self) -> None:
        end = self.text.find("\n", self.place)
        self.place = len(self.text) if end < 0 else end

    def _skip_blank(self) -> None:
        while character := self._peek():
            if character in " \t\r\n":
                self.place += 1
            elif character == "#":
                self._skip_comment()
            else:
                return

    def _end_statement(self) -> None:
        self._skip_spaces()
        character = self._peek()
        if character == "#":
            self._skip_comment()
        elif character and character not in "\r\n":
            end = self.text.find("\n", self.place)
            rest = self.text[self.place : end if end >= 0 else len(self.text)].rstrip()
            self._fail(self.place, self.place + len(rest), "unexpected key or value, expected newline, `#`")

    # --- keys

    def _read_key_part(self) -> tuple[str, int, int]:
        start = self.place
        character = self._peek()
        if character in {'"', "'"}:
            value = self._read_basic(start) if character == '"' else self._read_literal(start)
            return value, start, self.place
        while self._peek() in _BARE and self._peek():
            self.place += 1
        if self.place == start:
            self._fail(start, start + 1 if character and character not in "\r\n" else start, "invalid key")
        return self.text[start : self.place], start, self.place

    def _read_key(self) -> list[tuple[str, int, int]]:
        parts = [self._read_key_part()]
        while True:
            before = self.place
            self._skip_spaces()
            if self._peek() != ".":
                self.place = before
                return parts
            self.place += 1
            self._skip_spaces()
            parts.append(self._read_key_part())

    def _read_header(self) -> None:
        start = self.place
        is_array = self.text.startswith("[[", start)
        self.place += 2 if is_array else 1
        self._skip_spaces()
        parts = self._read_key()
        self._skip_spaces()
        closing = "]]" if is_array else "]"
        if not self.text.startswith(closing, self.place):
            reason = "unclosed array table, expected `]]`" if is_array else "unclosed table, expected `]`"
            self._fail(self.place, self.place, reason)
        self.place += len(closing)
        parent = self._descend(self.root, parts[:-1])
        key, key_start, key_end = parts[-1]
        known = parent.table.get(key)
        if is_array:
            self.current = self._append_table(parent, parts[-1], known, start)
            return
        if known is None:
            known = parent.table[key] = _table(start, self.place)
            parent.keys[key] = (key_start, key_end)
        elif known.kind is not NodeKind.TABLE or known.defined or known.closed:
            self._fail(key_start, key_end, "duplicate key")
        known.defined = True
        known.start, known.end = start, self.place
        self.current = known

    def _append_table(self, parent: Node, part: tuple[str, int, int], known: Node | None, start: int) -> Node:
        key, key_start, key_end = part
        if known is None:
            known = Node(NodeKind.ARRAY, start, self.place)
            parent.table[key] = known
            parent.keys[key] = (key_start, key_end)
        elif known.kind is not NodeKind.ARRAY or known.closed:
            self._fail(key_start, key_end, "duplicate key")
        element = _table(start, self.place)
        known.items.append(element)
        return element

    def _descend(self, node: Node, parts: list[tuple[str, int, int]], *, dotted: bool = False) -> Node:
        """Return the table at *parts*, created where it is missing."""
        for key, start, end in parts:
            child = node.table.get(key)
            if child is None:
                child = node.table[key] = _table(start, end)
                node.keys[key] = (start, end)
                child.defined = dotted
            elif child.kind is NodeKind.ARRAY and not child.closed and not dotted:
                child = child.items[-1]
            if child.kind is not NodeKind.TABLE or child.closed:
                self._fail(start, end, "duplicate key")
            node = child
        return node

    def _check_word(self) -> None:
        """Report a statement that is no pair at all (a mark of a merge conflict, say) as a key without value."""
        start = self.place
        while self._peek() and self._peek() not in " \t\r\n=.#[]{},\"'":
            self.place += 1
        self._skip_spaces()
        if self.text[start] not in _BARE and self.place > start and self._peek() not in {"=", "."}:
            self._fail_without_value()
        self.place = start

    def _fail_without_value(self) -> NoReturn:
        end = self.place if self._peek() in {"", "\r", "\n", "#"} else self.place + 1
        self._fail(self.place, end, "key with no value, expected `=`")

    def _read_pair(self, table: Node) -> None:
        self._check_word()
        parts = self._read_key()
        self._skip_spaces()
        if self._peek() != "=":
            self._fail_without_value()
        self.place += 1
        self._skip_spaces()
        value = self._read_value()
        parent = self._descend(table, parts[:-1], dotted=True)
        key, start, end = parts[-1]
        if key in parent.table:
            self._fail(start, end, "duplicate key")
        parent.table[key] = value
        parent.keys[key] = (start, end)

    # --- values

    def _read_value(self) -> Node:
        start = self.place
        character = self._peek()
        if character == "[":
            return self._read_array()
        if character == "{":
            return self._read_inline_table()
        node = Node(NodeKind.SCALAR, start, start)
        node.closed = True
        if character == '"':
            long = self.text.startswith('"""', start)
            node.value = self._read_long(start, '"""') if long else self._read_basic(start)
        elif character == "'":
            long = self.text.startswith("'''", start)
            node.value = self._read_long(start, "'''") if long else self._read_literal(start)
        else:
            node.value = self._read_scalar()
        node.end = self.place
        return node

    def _read_scalar(self) -> object:
        start = self.place
        text = self.text
        for pattern in (_DATE, _TIME):
            match = pattern.match(text, start)
            if match is not None and _VALUE_END.match(text, match.end()):
                self.place = match.end()
                return _moment(match.group())
        end_match = _VALUE_END.search(text, start)
        end = end_match.start() if end_match is not None else len(text)
        word = text[start:end]
        self.place = end
        if word in {"true", "false"}:
            return word == "true"
        if _INTEGER.fullmatch(word):
            return int(word.replace("_", ""), 0 if word[:2] in {"0x", "0o", "0b"} else 10)
        if _FLOAT.fullmatch(word):
            return float(word.replace("_", ""))
        if word[:1].isdigit() or (word[:1] in {"+", "-"} and word[1:2].isdigit()):
            dots = word.split(".")
            if len(dots) > 2 and all(part.isdigit() for part in dots[:2]):
                wrong = start + len(dots[0]) + 1 + len(dots[1])
                self._fail(wrong, end, "invalid float, expected nothing")
            self._fail(start, end, "invalid number, expected nothing")
        return self._fail(start, end, "string values must be quoted, expected literal string")

    def _read_literal(self, start: int) -> str:
        end = self.text.find("'", start + 1)
        line_end = self.text.find("\n", start)
        if end < 0 or 0 <= line_end < end:
            stop = line_end if line_end >= 0 else len(self.text)
            self._fail(stop, stop, "invalid literal string, expected `'`")
        self.place = end + 1
        return self.text[start + 1 : end]

    def _read_basic(self, start: int) -> str:
        self.place = start + 1
        characters: list[str] = []
        while True:
            character = self._peek()
            if character in {"", "\n", "\r"}:
                self._fail(self.place, self.place, 'invalid basic string, expected `"`')
            self.place += 1
            if character == '"':
                return "".join(characters)
            characters.append(self._read_escape() if character == "\\" else character)

    def _read_long(self, start: int, quotes: str) -> str:
        text = self.text
        self.place = start + 3
        if text.startswith("\r\n", self.place):
            self.place += 2
        elif self._peek() == "\n":
            self.place += 1
        characters: list[str] = []
        while True:
            if text.startswith(quotes, self.place):
                # Up to two quotes may stand directly before the closing ones.
                while text.startswith(quotes[0], self.place + 3) and text.startswith(quotes, self.place + 1):
                    characters.append(quotes[0])
                    self.place += 1
                self.place += 3
                return "".join(characters)
            character = self._peek()
            if not character:
                kind = "basic" if quotes == '"""' else "literal"
                self._fail(self.place, self.place, f"invalid multi-line {kind} string, expected `{quotes}`")
            self.place += 1
            if character == "\\" and quotes == '"""':
                rest = re.compile(r"[ \t]*\r?\n[ \t\r\n]*").match(text, self.place)
                if rest is not None:
                    self.place = rest.end()
                else:
                    characters.append(self._read_escape())
            else:
                characters.append(character)

    def _read_escape(self) -> str:
        start = self.place
        character = self._peek()
        self.place += 1
        if character in _ESCAPES and character:
            return _ESCAPES[character]
        digits = self.text[self.place : self.place + _ESCAPE_DIGITS.get(character, 0)]
        if digits and len(digits) == _ESCAPE_DIGITS[character]:
            self.place += len(digits)
            try:
                return chr(int(digits, 16))
            except (ValueError, OverflowError):
                return self._fail(start, self.place, "invalid unicode escape")
        reason = r"missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\`, `" + '"`, `x`, `u`, `U`'
        return self._fail(start, start + 1, reason)

    def _read_array(self) -> Node:
        node = Node(NodeKind.ARRAY, self.place, self.place)
        node.closed = True
        self.place += 1
        after_value = self.place
        while True:
            self._skip_blank()
            if self._peek() == "]":
                break
            if not self._peek():
                self._fail(after_value, after_value, "unclosed array, expected `]`")
            node.items.append(self._read_value())
            after_value = self.place
            self._skip_blank()
            character = self._peek()
            if character == ",":
                self.place += 1
                after_value = self.place
            elif character and character != "]":
                self._fail(self.place, self.place + 1, "missing comma between array elements, expected `,`")
        self.place += 1
        node.end = self.place
        return node

    def _read_inline_table(self) -> Node:
        node = _table(self.place, self.place)
        self.place += 1
        after_value = self.place
        while True:
            self._skip_blank()
            if self._peek() == "}":
                break
            if not self._peek():
                self._fail(after_value, after_value, "unclosed inline table, expected `}`")
            self._read_pair(node)
            after_value = self.place
            self._skip_blank()
            character = self._peek()
            if character == ",":
                self.place += 1
                after_value = self.place
            elif character and character != "}":
                self._fail(self.place, self.place + 1, "missing comma between key-value pairs, expected `,`")
        self.place += 1
        node.end = self.place
        _close(node)
        return node


def _close(node: Node) -> None:
    node.closed = True
    for child in node.table.values():
        _close(child)


def _moment(text: str) -> date | datetime | time:
    if ":" not in text:
        return date.fromisoformat(text)
    if "-" in text[:5]:
        return datetime.fromisoformat(text.upper().replace(" ", "T", 1))
    return time.fromisoformat(text)
