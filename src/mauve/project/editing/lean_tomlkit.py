"""tomlkit, imported without what costs more than it does: an edit of a few lines needs little of it.

It makes one data class (`Trivia`: the blanks and the comment around a value), for which Python would import `inspect`
and compile methods; patterns for numbers and dates, compiled here when a document has one; and takes a few functions of
modules that are loaded when they are called.
"""

from __future__ import annotations

import re
from typing import TypeVar

from mauve.stand_ins import StandIns, UnreadReference
from mauve.standards.lean_tomllib import CHARACTERS

T = TypeVar("T")


class _LatePattern:
    """A pattern that is compiled when it is first asked for something."""

    def __init__(self, text: str, flags: int = 0) -> None:
        self._written = (text, flags)

    def __getattr__(self, name: str) -> object:
        return getattr(re.compile(*self._written), name)


def _make_fields(kind: type[T]) -> type[T]:
    """Give *kind* what `dataclasses.dataclass` would, as far as a class needs it whose fields have simple defaults."""
    defaults = {name: vars(kind)[name] for name in kind.__annotations__}

    def start(self: T, *values: object, **named: object) -> None:
        vars(self).update(defaults, **dict(zip(defaults, values, strict=False)), **named)

    def is_equal(self: T, other: object) -> bool:
        return type(other) is kind and vars(self) == vars(other)

    kind.__init__ = start  # type: ignore[assignment]
    kind.__eq__ = is_equal  # type: ignore[assignment]
    kind.__hash__ = None  # type: ignore[assignment]
    return kind


def _replace(value: T, **changes: object) -> T:
    """Return a copy of *value*, an instance of a class from `_make_fields`."""
    return type(value)(**{**vars(value), **changes})


with StandIns(
    {"copy": (), "inspect": (), "math": ()},
    values={"string": CHARACTERS, "dataclasses": {"dataclass": _make_fields, "replace": _replace}},
    changed={"re": {"compile": _LatePattern}, "typing": {"ForwardRef": UnreadReference}},
):
    import tomlkit as tomlkit  # noqa: PLC0414 - for those who import it from here
