"""From numbers back to versions: which position of which version a number is.

The inverse of `mauve.standards.versions`, for texts: nothing is decoded to compare or to choose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.enumerations import IntEnum
from mauve.standards.versions import (
    ABOVE,
    BELOW,
    COMPONENT,
    DEV,
    END_OF_RELEASE,
    KEY_BYTES,
    LENGTH,
    LOCAL,
    LOCAL_END,
    LOCAL_NUMBER,
    LOCAL_TEXT,
    POST,
    PRE_CODES,
    Parts,
    derived_version,
    release_version,
)

if TYPE_CHECKING:
    from mauve.standards.versions import Key, Version


class Side(IntEnum):
    """Which position of a version a number is; ascending for one version."""

    BEFORE_PRERELEASES = 0
    AT = 1
    AFTER = 2
    AFTER_LOCALS = 3
    AFTER_POSTS = 4


def decode_position(position: Key) -> tuple[Side, Version]:
    """Return which position *position* is and of which version, in its shortest spelling.

    The inverse of `Version.key`, `after`, `after_locals`, `before_prereleases` and `after_posts`; for messages only.
    """
    side, parts = _decode(_Reader(_bytes_of(position)))
    return side, derived_version(parts.text())


def _bytes_of(position: Key) -> bytes:
    if isinstance(position, int):
        return position.to_bytes(KEY_BYTES)
    places = (position.denominator.bit_length() - 1 + 7) // 8
    return int(position * 256**places).to_bytes(KEY_BYTES + places)


class _Reader:
    """Takes an encoding apart, byte by byte; behind its end there are zeros."""

    __slots__ = ("_data", "_place")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def peek(self) -> int:
        """Return the next byte without taking it."""
        return self._data[self._place] if self._place < len(self._data) else 0

    def byte(self) -> int:
        """Take the next byte."""
        value = self.peek()
        self._place += 1
        return value

    def number(self) -> int:
        """Take a number as written by `_number`."""
        first = self.byte()
        if first <= LENGTH:
            return first - COMPONENT
        length = first - LENGTH
        start, self._place = self._place, self._place + length
        return int.from_bytes(self._data[start : self._place].ljust(length, b"\0"))

    def text(self) -> str:
        """Take a local segment up to its end mark."""
        end = self._data.index(LOCAL_END, self._place)
        start, self._place = self._place, end + 1
        return self._data[start:end].decode()

    @property
    def is_last(self) -> bool:
        """Return whether nothing but a final mark is left."""
        return not any(self._data[self._place + 1 :])


def _decode(reader: _Reader) -> tuple[Side, Parts]:
    epoch = reader.number()
    release: list[int] = []
    while reader.peek() != END_OF_RELEASE:
        release.append(reader.number())
    reader.byte()
    components = tuple(release or [0])
    code = reader.byte()
    if code == BELOW[0]:
        return Side.BEFORE_PRERELEASES, Parts(epoch, components, None, None, None, ())
    letters = {code: letter for letter, code in PRE_CODES.items()}
    pre = (letters[code], reader.number()) if code in letters else None
    if reader.peek() == ABOVE[0]:
        return Side.AFTER_POSTS, Parts(epoch, components, pre, None, None, ())
    post = reader.number() if reader.byte() == POST else None
    dev = reader.number() if reader.byte() == DEV else None
    local: list[int | str] = []
    side = Side.AT
    mark = reader.peek()
    if mark == ABOVE[0]:
        side = Side.AFTER_LOCALS
    elif mark == LOCAL:
        reader.byte()
        while reader.peek() in {LOCAL_TEXT, LOCAL_NUMBER}:
            local.append(reader.text() if reader.byte() == LOCAL_TEXT else reader.number())
        reader.byte()
        if reader.peek() or not reader.is_last:
            side = Side.AFTER
    elif mark or not reader.is_last:
        side = Side.AFTER
    return side, Parts(epoch, components, pre, post, dev, tuple(local))


def release_at(key: Key) -> tuple[Version, bool]:
    """Return the final version whose release is encoded in *key*, and whether *key* lies behind that version.

    The inverse of `Version.key` and `after` for final versions (of which trailing zeros are lost).
    """
    length = KEY_BYTES
    digits = key
    while not isinstance(digits, int) and digits.denominator > 1:
        digits *= 256
        length += 1
    encoded = int(digits).to_bytes(length)
    components: list[int] = []
    index = 0
    while encoded[index] != END_OF_RELEASE:
        code = encoded[index]
        index += 1
        if code <= LENGTH:
            components.append(code - COMPONENT)
        else:
            end = index + code - LENGTH
            components.append(int.from_bytes(encoded[index:end]))
            index = end
    version = release_version(tuple(components[1:]) or (0,), components[0])
    return version, key > version.key
