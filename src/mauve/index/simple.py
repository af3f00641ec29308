"""Reading the pages of the simple API, JSON and HTML, into rows. Pure.

Rows keep what a listing needs, in the form in which it is stored; nothing is checked here but the shape of the
page. One large page has thousands of rows, so there is one small struct for each and no second pass.

Specification: "Simple repository API" (PEP 503, 592, 629, 658, 691, 700, 714).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

import msgspec
from msgspec import Struct

from mauve.index.rows import Row

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

JSON_TYPE = "application/vnd.pypi.simple.v1+json"
ACCEPTED = f"{JSON_TYPE}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
"""Value of `Accept` for a page."""

_HTML_TYPES = frozenset({"application/vnd.pypi.simple.v1+html", "text/html"})
_JSON_TYPES = frozenset({JSON_TYPE, "application/json"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class InvalidPage(ValueError):
    """A page is not what its content type says."""


class UnknownContentType(ValueError):
    """A page is neither JSON nor HTML."""


def parse_page(body: bytes, content_type: str, url: str) -> list[Row]:
    """Return the files on the page at *url*.

    Raises:
        UnknownContentType: not one of the types in `ACCEPTED`.
        InvalidPage: the JSON does not have the shape of a page.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _JSON_TYPES:
        return parse_json_page(body, url)
    if kind in _HTML_TYPES:
        return parse_html_page(body, url)
    raise UnknownContentType(content_type)


# --- JSON


class _File(Struct, rename="kebab", gc=False):
    filename: str
    url: str
    hashes: dict[str, str] = {}
    requires_python: str | None = None
    size: int | None = None
    upload_time: str | None = None
    yanked: bool | str | None = None
    core_metadata: bool | dict[str, str] | None = None
    dist_info_metadata: bool | dict[str, str] | None = None


class _Page(Struct, gc=False):
    files: list[_File]


@cache
def _decoder() -> msgspec.json.Decoder[_Page]:
    return msgspec.json.Decoder(_Page)


def parse_json_page(body: bytes, url: str) -> list[Row]:
    """Return the files of a JSON page.

    Raises:
        InvalidPage: it is not JSON, or a file lacks its name or its URL.
    """
    try:
        page = _decoder().decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidPage(str(error)) from error
    return [
        Row(
            file.filename,
            _absolute(url, file.url),
            " ".join([f"{algorithm}:{digest}" for algorithm, digest in file.hashes.items()]),
            file.size,
            milliseconds(file.upload_time) if file.upload_time else None,
            file.requires_python,
            _yanked(file.yanked),
            bool(file.dist_info_metadata if file.core_metadata is None else file.core_metadata),
        )
        for file in page.files
    ]


def _absolute(base: str, url: str) -> str:
    if not url.startswith(("https://", "http://")):
        url = urljoin(base, url)
    return url if "#" not in url else url.partition("#")[0]


def _yanked(value: bool | str | None) -> str | None:  # noqa: FBT001  # the wire format
    if value is True:
        return ""
    return value or None


def milliseconds(text: str) -> int | None:
    """Return the ISO 8601 time *text* (UTC unless it says otherwise) as milliseconds since the epoch; cut, not rounded.

    None if it is not a time.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MILLISECOND


# --- HTML


@cache
def _patterns() -> tuple[Callable[[str], list[str]], Callable[[str], list[tuple[str, str, str, str]]], re.Pattern[str]]:
    import re

    anchors = re.compile(r"<a\s((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
    attributes = re.compile(r"([^\s=>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
    base = re.compile(r"<base\s[^>]*href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
    return anchors.findall, attributes.findall, base


def parse_html_page(body: bytes, url: str) -> list[Row]:
    """Return the files of an HTML page; anchors that name no file are passed over."""
    anchors, attributes, base_pattern = _patterns()
    text = body.decode("utf-8", "replace")
    base = base_pattern.search(text, 0, 4096)
    if base is not None:
        url = urljoin(url, base.group(1))
    rows: list[Row] = []
    for anchor in anchors(text):
        values: dict[str, str] = {}
        for name, double, single, bare in attributes(anchor):
            value = double or single or bare
            values.setdefault(name.lower(), _unescape(value) if "&" in value else value)
        row = _read_anchor(values, url)
        if row is not None:
            rows.append(row)
    return rows


def _unescape(text: str) -> str:
    import html

    return html.unescape(text)


def _read_anchor(values: dict[str, str], base: str) -> Row | None:
    href = values.get("href", "").strip()
    if not href:
        return None
    location, _, fragment = href.partition("#")
    url = _absolute(base, location)
    filename = url.partition("?")[0].rpartition("/")[2]
    if "%" in filename:
        filename = unquote(filename)
    if not filename:
        return None
    algorithm, separator, digest = fragment.partition("=")
    upload_time = values.get("data-upload-time")
    size = values.get("data-size", "")
    metadata = values.get("data-core-metadata", values.get("data-dist-info-metadata"))
    return Row(
        filename,
        url,
        f"{algorithm}:{digest.partition('&')[0]}" if separator else "",
        int(size) if size.isdecimal() else None,
        milliseconds(upload_time) if upload_time else None,
        values.get("data-requires-python") or None,
        values.get("data-yanked"),
        metadata is not None and metadata.lower() != "false",
    )
