"""The first section of a stored index page: which versions there are, and where their rows are.

Annotations are no texts in this module, since msgspec would compile each of them in every run.
"""

from functools import cache

import msgspec
from msgspec import Struct

from mauve.index.rows import RowKind


class Head(Struct, array_like=True, gc=False):
    """The first section of a record.

    Attributes:
        etag, last_modified: validators of the page.
        url: of the page, for relative URLs.
        kind: how rows are written.
        versions: normalised texts in ascending order.
        keys: their positions as pairs of 64-bit numbers, high half first; 0 for `odd` ones.
        odd: places of versions whose position is not an integer; computed from the text.
        offsets: 32-bit, where what is kept of each version starts in the second section; one more at the end.
        labels: 16-bit, how much of that is the label of the version (`mauve.index.digest`); rows come behind it.
        uploads: lines, the earliest upload of each version as it is written, empty if a file has none.
    """

    etag: str
    last_modified: str
    url: str
    kind: RowKind
    versions: list[str]
    keys: bytes
    odd: list[int]
    offsets: bytes
    labels: bytes
    uploads: str


@cache
def _decoder() -> msgspec.msgpack.Decoder[Head]:
    return msgspec.msgpack.Decoder(Head)


def decode_head(section: bytes | memoryview) -> Head | None:
    """Return the head of a record from its first section, None if that is damaged."""
    try:
        head = _decoder().decode(section)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    count = len(head.versions)
    if (len(head.keys), len(head.offsets), len(head.labels)) != (16 * count, 4 * (count + 1), 2 * count):
        return None
    return head
