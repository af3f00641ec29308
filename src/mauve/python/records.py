"""A description of an interpreter as plain values, for the record of it that the cache keeps.

Read with `marshal`, which needs no decoder of the types: making one takes longer than everything else about it.
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any, Final

from mauve.python.interpreter import Interpreter, Platform, Scheme
from mauve.standards.markers.environment import MarkerEnvironment

if TYPE_CHECKING:
    from msgspec import Struct

Values = tuple[Any, ...]
Stamp = tuple[int, ...]

_NESTED: Final[dict[str, type[Struct]]] = {
    "markers": MarkerEnvironment,
    "scheme": Scheme,
    "environment_scheme": Scheme,
    "platform": Platform,
}
_FIELDS: Final = tuple([kind.__struct_fields__ for kind in (Interpreter, MarkerEnvironment, Scheme, Platform)])
"""Part of each record: one with other fields is not read."""


def pack_interpreter(interpreter: Interpreter) -> Values:
    """Return *interpreter* as plain values, with the names of its fields."""
    values = []
    for name in Interpreter.__struct_fields__:
        value = getattr(interpreter, name)
        if name in _NESTED:
            value = tuple([getattr(value, field) for field in value.__struct_fields__])
        values.append(value)
    return (_FIELDS, *values)


def write_record(path: str, stamp: Stamp, host: str, values: Values) -> bytes:
    """Return the record of the interpreter at *path*, packed as *values*."""
    return marshal.dumps((path, stamp, host, values))


def read_record(content: bytes, path: str, stamp: Stamp, host: str) -> Interpreter | None:
    """Return the interpreter of the record *content*; None if it is of another file, host or version, or damaged."""
    try:
        found_path, found_stamp, found_host, (fields, *values) = marshal.loads(content)  # noqa: S302 - our own cache
        if (found_path, found_stamp, found_host, fields) != (path, stamp, host, _FIELDS):
            return None
        named = dict(zip(Interpreter.__struct_fields__, values, strict=True))
        for name, kind in _NESTED.items():
            named[name] = kind(**dict(zip(kind.__struct_fields__, named[name], strict=True)))
        return Interpreter(**named)
    except (ValueError, EOFError, TypeError):
        return None
