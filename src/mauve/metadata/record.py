"""What a distribution requires, in the form that is kept on disk.

Annotations are no texts in this module, since msgspec would compile each of them in every run.
"""

from functools import cache

import msgspec
from msgspec import Struct


class Record(Struct, array_like=True, frozen=True):
    """What a distribution requires, as published.

    Attributes:
        identity: of the file this was read from; another file of the same name makes the record worthless.
        for_extras: of each requirement 1 if it is valid and for some extra only, otherwise 0; empty if all are 0.
    """

    identity: str
    name: str
    version: str
    requires_dist: tuple[str, ...] = ()
    requires_python: str | None = None
    provides_extras: tuple[str, ...] = ()
    for_extras: bytes = b""


@cache
def _decoder() -> msgspec.msgpack.Decoder[Record]:
    return msgspec.msgpack.Decoder(Record)


def decode_record(content: bytes | memoryview) -> Record | None:
    """Return the record that was written as *content*, None if that is damaged."""
    try:
        return _decoder().decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
