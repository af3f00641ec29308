"""msgspec, imported without what costs more than it does and what nothing here needs of it.

What it takes from `typing_extensions`, which imports `inspect`, `typing` has since Python 3.11. Schemas of JSON and
the descriptions of types for them are nothing that this program makes; nor does it write UUIDs or decimal numbers,
whose types msgspec asks for to know them when it sees them.

How references in annotations are made msgspec finds out by making one. Structs that are decoded on every run are in
modules whose annotations are no texts, so no other is made.
"""

from __future__ import annotations

from mauve.stand_ins import StandIns, UnreadReference


class _Unseen:
    """A type that no value has."""

    unknown = None


with StandIns(
    {"inspect": (), "msgspec.inspect": (), "msgspec._json_schema": ("schema", "schema_components")},
    missing=("typing_extensions",),
    values={"uuid": {"UUID": _Unseen, "SafeUUID": _Unseen}, "decimal": {"Decimal": _Unseen}},
    changed={"typing": {"ForwardRef": UnreadReference}},
):
    import msgspec as msgspec  # noqa: PLC0414 - for those who import it from here
