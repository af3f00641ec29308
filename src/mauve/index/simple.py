"""The simple API: pages and rows in the form in which an index gave them. Pure.

Specification: "Simple repository API" (PEP 503, 592, 629, 658, 691, 700, 714).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.index.rows import SEPARATORS, RowKind

if TYPE_CHECKING:
    from mauve.distributions.files import File
    from mauve.index.rows import Page

JSON_TYPE = "application/vnd.pypi.simple.v1+json"
ACCEPTED = f"{JSON_TYPE}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
"""Value of `Accept` for a page."""

_HTML_TYPES = frozenset({"application/vnd.pypi.simple.v1+html", "text/html"})


class UnknownContentType(ValueError):
    """A page is neither JSON nor HTML."""


def cut_page(body: bytes, content_type: str, url: str) -> Page:
    """Return the rows of the page at *url*.

    Raises:
        UnknownContentType: not one of the types in `ACCEPTED`.
        InvalidPage: the JSON does not have the shape of a page.
    """
    kind = content_type.partition(";")[0].strip()
    if kind == JSON_TYPE:
        from mauve.index.json_pages import cut_json_page

        return cut_json_page(body, url)
    if kind in _HTML_TYPES:
        from mauve.index.html_pages import cut_html_page

        return cut_html_page(body, url)
    raise UnknownContentType(content_type)


def read_rows(kind: RowKind, rows: bytes | memoryview, url: str) -> list[File]:
    """Return the files in *rows*, joined by their separator.

    Raises:
        InvalidPage: a row lacks its name or its URL, or is damaged.
    """
    if kind is RowKind.JSON:
        from mauve.index.json_pages import read_json_rows

        return read_json_rows(rows, url)
    from mauve.index.html_pages import read_html_rows

    return read_html_rows(bytes(rows), url)


def read_page(page: Page) -> list[File]:
    """Return all files of *page*.

    Raises:
        InvalidPage: a row lacks its URL.
    """
    return read_rows(page.kind, SEPARATORS[page.kind].join(page.rows), page.url)
