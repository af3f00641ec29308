"""The files of an index page, each kept as the index wrote it until somebody asks for it.

A page of a large project names thousands of files, of which a resolution looks at a few dozen. So a page is cut
into rows, of which only file name and upload time are read; a row is a JSON object or an HTML anchor.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    import msgspec


class InvalidPage(ValueError):
    """A page is not what its content type says; the arguments are the causes, the outermost first."""


class RowKind(StrEnum):
    """How rows are written."""

    JSON = "json"
    """Objects, comma-separated."""
    HTML = "html"
    """The attributes of anchors, one a line."""


class Page(Struct, frozen=True):
    """A page, cut into rows; the sequences have the same length.

    Attributes:
        url: what relative URLs are relative to.
        uploads: times as written, None where there is none.
        pythons: for which Pythons files are, as written, None where that is not said; empty if not known of any.
        yanked: places of files that were yanked, if `pythons` are known.
    """

    kind: RowKind
    url: str
    filenames: Sequence[str]
    uploads: Sequence[str | None]
    rows: Sequence[bytes | msgspec.Raw]
    pythons: Sequence[str | None] = ()
    yanked: Sequence[int] = ()


SEPARATORS = {RowKind.JSON: b",", RowKind.HTML: b"\n"}
"""What is between two rows of one version."""
