"""One file of an index page, in the form in which it is stored."""

from __future__ import annotations

from msgspec import Struct


class Row(Struct, array_like=True, gc=False):
    """One file of a page. Mutable only for speed of construction; nobody changes one.

    Attributes:
        url: absolute, without fragment.
        hashes: `algorithm:hex`, blank-separated.
        upload_time: milliseconds since the epoch.
        yanked: None = not yanked; otherwise the reason, which may be empty.
    """

    filename: str
    url: str
    hashes: str = ""
    size: int | None = None
    upload_time: int | None = None
    requires_python: str | None = None
    yanked: str | None = None
    has_metadata: bool = False
