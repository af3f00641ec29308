"""The simple API: cutting pages into rows, and reading rows. Pure.

Specification: "Simple repository API" (PEP 503, 592, 629, 658, 691, 700, 714).
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from mauve.distributions.files import File
from mauve.index.rows import SEPARATORS, Page, RowKind
from mauve.standards.hashes import HashDigest, InvalidDigest, published_digest

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable

JSON_TYPE = "application/vnd.pypi.simple.v1+json"
ACCEPTED = f"{JSON_TYPE}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
"""Value of `Accept` for a page."""

_HTML_TYPES = frozenset({"application/vnd.pypi.simple.v1+html", "text/html"})


class InvalidPage(ValueError):
    """A page is not what its content type says; the arguments are the causes, the outermost first."""


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
        return cut_json_page(body, url)
    if kind in _HTML_TYPES:
        return cut_html_page(body, url)
    raise UnknownContentType(content_type)


def read_rows(kind: RowKind, rows: bytes | memoryview, url: str) -> list[File]:
    """Return the files in *rows*, joined by their separator.

    Raises:
        InvalidPage: a row lacks its name or its URL, or is damaged.
    """
    return _read_json_rows(rows, url) if kind is RowKind.JSON else _read_html_rows(bytes(rows), url)


def read_page(page: Page) -> list[File]:
    """Return all files of *page*.

    Raises:
        InvalidPage: a row lacks its URL.
    """
    return read_rows(page.kind, SEPARATORS[page.kind].join(page.rows), page.url)


# --- JSON


class _Outline(Struct, rename="kebab", gc=False):
    filename: str
    upload_time: str | None = None


class _OutlinePage(Struct, gc=False):
    files: list[_Outline]


class _RawPage(Struct, gc=False):
    files: list[msgspec.Raw]


class _Row(Struct, rename="kebab", gc=False):
    filename: str
    url: str
    hashes: dict[str, str | None]
    requires_python: str | None = None
    size: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    upload_time: str | UnsetType = UNSET
    yanked: bool | str = False
    core_metadata: bool | dict[str, str] | None = None
    dist_info_metadata: bool | dict[str, str] | None = None
    data_dist_info_metadata: bool | dict[str, str] | None = None


@cache
def _page_decoders() -> tuple[msgspec.json.Decoder[_OutlinePage], msgspec.json.Decoder[_RawPage]]:
    return msgspec.json.Decoder(_OutlinePage), msgspec.json.Decoder(_RawPage)


@cache
def _row_decoder() -> msgspec.json.Decoder[list[_Row]]:
    return msgspec.json.Decoder(list[_Row])


def cut_json_page(body: bytes, url: str) -> Page:
    """Return the rows of a JSON page. Two passes that skip most of it are quicker than one that reads all.

    Raises:
        InvalidPage: it is not JSON, or a file lacks its name.
    """
    outline, raw = _page_decoders()
    try:
        files = outline.decode(body).files
        rows = raw.decode(body).files
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidPage(str(error)) from error
    return Page(RowKind.JSON, url, [file.filename for file in files], [file.upload_time for file in files], rows)


def json_row(filename: str, url: str) -> bytes:
    """Return the row of a file about which nothing else is known."""
    return msgspec.json.encode({"filename": filename, "url": url, "hashes": {}})


def _read_json_rows(rows: bytes | memoryview, url: str) -> list[File]:
    try:
        decoded = _row_decoder().decode(b"".join((b"[", rows, b"]")))
        return [
            File(
                filename=row.filename,
                url=_absolute(url, row.url),
                hashes=_digests(row.hashes.items()),
                size=None if row.size is UNSET else row.size,
                upload_time=None if row.upload_time is UNSET else _moment(row.upload_time),
                requires_python=row.requires_python,
                yanked="" if row.yanked is True else None if row.yanked is False else row.yanked,
                has_metadata=_promises_metadata(row),
            )
            for row in decoded
        ]
    except (msgspec.DecodeError, UnicodeDecodeError, InvalidDigest) as error:
        raise InvalidPage(str(error)) from error


def _promises_metadata(row: _Row) -> bool:
    # PEP 714: the newest name decides. An empty table is a promise, too.
    for value in (row.core_metadata, row.dist_info_metadata, row.data_dist_info_metadata):
        if value is not None:
            return value is not False
    return False


def _moment(text: str) -> int:
    moment = milliseconds(text)
    if moment is None:
        raise InvalidPage(f"`{text}` is not a time")
    return moment


def _digests(pairs: Iterable[tuple[str, str | None]]) -> tuple[HashDigest, ...]:
    found = [published_digest(algorithm, digest) for algorithm, digest in pairs if digest is not None]
    return tuple([digest for digest in found if digest is not None])


def _absolute(base: str, url: str) -> str:
    if not url.startswith(("https://", "http://")):
        if url.startswith("/") and "//" not in url and "/." not in url:
            # A tenth of the cost of the general case, which takes longer than all else about a file.
            scheme, _, rest = base.partition("://")
            url = f"{scheme}://{rest.partition('/')[0]}{url}"
        else:
            from urllib.parse import urljoin

            url = urljoin(base, url)
    return url if "#" not in url else url.partition("#")[0]


@cache
def _clock() -> Callable[[str], int]:
    from datetime import UTC, datetime, timedelta

    epoch, millisecond, parse = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1), datetime.fromisoformat

    def read(text: str) -> int:
        moment = parse(text)
        return ((moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment) - epoch) // millisecond

    return read


def milliseconds(text: str) -> int | None:
    """Return the ISO 8601 time *text* (UTC unless it says otherwise) as milliseconds since the epoch; cut, not rounded.

    None if it is not a time.
    """
    try:
        return _clock()(text)
    except ValueError:
        return None


# --- HTML


@cache
def _patterns() -> tuple[
    Callable[[str], list[str]],
    Callable[[str], list[tuple[str, str, str, str]]],
    re.Pattern[str],
    re.Pattern[str],
]:
    import re

    # Possessive, so that an unfinished anchor is given up at once; `>` may stand in quotes.
    anchors = re.compile(r"<[aA]\s((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
    attributes = re.compile(r"([^\s=>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
    base = re.compile(r"<base\s[^>]*href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
    hidden = re.compile(r"<!--.*?(?:-->|\Z)|<script\b.*?(?:</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)
    return anchors.findall, attributes.findall, base, hidden


def cut_html_page(body: bytes, url: str) -> Page:
    """Return the rows of an HTML page; anchors that name no file are left out.

    Raises:
        InvalidPage: it says that links are relative to something that is no URL.
    """
    anchors, attributes, base_pattern, hidden = _patterns()
    text = body.decode("utf-8", "replace")
    if "<!--" in text or "<script" in text or "<SCRIPT" in text:
        text = hidden.sub("", text)
    base = base_pattern.search(text, 0, 4096)
    if base is not None:
        from urllib.parse import urljoin

        if "://" not in base.group(1):
            raise InvalidPage(f"Failed to parse URL: {base.group(1)}", "relative URL without a base")
        url = urljoin(url, base.group(1))
    filenames: list[str] = []
    times: list[str | None] = []
    rows: list[bytes] = []
    for anchor in anchors(text):
        start = anchor.find('href="')
        if start < 0:
            # Another quote, blanks around the sign, capitals.
            href = _attributes(attributes, anchor).get("href", "")
        else:
            href = anchor[start + 6 : anchor.find('"', start + 6)]
        filename = _filename(href)
        if not filename:
            continue
        filenames.append(filename)
        start = anchor.find('data-upload-time="')
        if start >= 0:
            times.append(anchor[start + 18 : anchor.find('"', start + 18)])
        else:
            times.append(_attributes(attributes, anchor).get("data-upload-time") if "pload-" in anchor else None)
        rows.append(anchor.replace("\n", " ").encode())
    return Page(RowKind.HTML, url, filenames, times, rows)


def _filename(href: str) -> str:
    filename = href.strip().partition("#")[0].partition("?")[0].rpartition("/")[2]
    filename = _unescape(filename)
    if "%" in filename:
        from urllib.parse import unquote

        filename = unquote(filename)
    return filename


def _attributes(find: Callable[[str], list[tuple[str, str, str, str]]], anchor: str) -> dict[str, str]:
    # What machines write: each value in double quotes. Splitting at the quotes takes half the time of the pattern.
    pieces = anchor.split('"')
    names = _plain_names("".join(pieces[::2]))
    if names is not None and len(names) == len(pieces) // 2:
        texts = pieces[1::2] if "&" not in anchor else [_unescape(text) for text in pieces[1::2]]
        return dict(zip(names, texts, strict=True))
    values: dict[str, str] = {}
    for name, double, single, bare in find(anchor):
        value = double or single or bare
        values.setdefault(name.lower(), _unescape(value))
    return values


@lru_cache(64)
def _plain_names(text: str) -> tuple[str, ...] | None:
    """Return the names in *text*, what is left of an anchor without its quoted values; None if it is not that easy.

    The attributes of all anchors of a page are alike.
    """
    names = tuple([name.removesuffix("=") for name in text.lower().split()])
    is_plain = text.count("=") == len(names) == len(set(names)) and text.endswith("=") and "'" not in text
    return names if is_plain and "" not in names else None


def _unescape(text: str) -> str:
    if "&" not in text:
        return text
    # Bounds on Python are all that is ever escaped on most pages, and `html` takes long to import.
    plain = text.replace("&gt;", ">").replace("&lt;", "<")
    if "&" not in plain:
        return plain
    import html

    return html.unescape(text)


def _read_html_rows(rows: bytes, url: str) -> list[File]:
    find = _patterns()[1]
    try:
        return [_read_anchor(_attributes(find, anchor), url) for anchor in rows.decode().split("\n") if anchor]
    except (UnicodeDecodeError, KeyError, InvalidDigest) as error:
        raise InvalidPage(str(error)) from error


def _read_anchor(values: dict[str, str], base: str) -> File:
    location, _, fragment = values["href"].strip().partition("#")
    upload_time = values.get("data-upload-time")
    size = values.get("data-size", "")
    metadata = values.get("data-core-metadata", values.get("data-dist-info-metadata"))
    return File(
        filename=_filename(values["href"]),
        url=_absolute(base, location),
        hashes=_fragment_digest(fragment) if fragment else (),
        size=int(size) if size.isdecimal() else None,
        upload_time=milliseconds(upload_time) if upload_time else None,
        requires_python=values.get("data-requires-python") or None,
        yanked=values.get("data-yanked"),
        has_metadata=metadata is not None and metadata.lower() != "false",
    )


def _fragment_digest(fragment: str) -> tuple[HashDigest, ...]:
    if "%" in fragment:
        from urllib.parse import unquote

        fragment = unquote(fragment)
    algorithm, _, digest = fragment.partition("=")
    if fragment.count("=") != 1 or "&" in fragment:
        return ()  # something else
    found = _digests([(algorithm, digest)])
    if not found:
        known = "`md5`, `sha256`, `sha384`, `sha512`, or `blake2b`"
        raise InvalidPage(f"Unsupported hash algorithm (expected one of: {known}) on: `{fragment}`")
    return found
