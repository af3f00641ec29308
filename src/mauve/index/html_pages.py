"""Index pages in HTML: cut into rows, and rows read. Pure.

Specification: PEP 503, 592, 629, 658, 714.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from mauve.distributions.files import File
from mauve.index.row_values import absolute_url, digests_of, milliseconds
from mauve.index.rows import InvalidPage, Page, RowKind
from mauve.standards.hashes import InvalidDigest

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from mauve.standards.hashes import HashDigest


@cache
def _find_anchors() -> Callable[[str], list[str]]:
    import re

    # Possessive, so that an unfinished anchor is given up at once; `>` may stand in quotes.
    return re.compile(r"<[aA]\s((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>").findall


@cache
def _find_attributes() -> Callable[[str], list[tuple[str, str, str, str]]]:
    import re

    return re.compile(r"([^\s=>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?").findall


@cache
def _base() -> re.Pattern[str]:
    import re

    return re.compile(r"<base\s[^>]*href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


@cache
def _hidden() -> re.Pattern[str]:
    import re

    return re.compile(r"<!--.*?(?:-->|\Z)|<script\b.*?(?:</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)


def cut_html_page(body: bytes, url: str) -> Page:
    """Return the rows of an HTML page; anchors that name no file are left out.

    Raises:
        InvalidPage: it says that links are relative to something that is no URL.
    """
    text = body.decode("utf-8", "replace")
    if "<!--" in text or "<script" in text or "<SCRIPT" in text:
        text = _hidden().sub("", text)
    base = _base().search(text, 0, 4096)
    if base is not None:
        from urllib.parse import urljoin

        if "://" not in base.group(1):
            raise InvalidPage(f"Failed to parse URL: {base.group(1)}", "relative URL without a base")
        url = urljoin(url, base.group(1))
    filenames: list[str] = []
    times: list[str | None] = []
    rows: list[bytes] = []
    for anchor in _find_anchors()(text):
        start = anchor.find('href="')
        # Where it is not found: another quote, blanks around the sign, capitals.
        href = anchor[start + 6 : anchor.find('"', start + 6)] if start >= 0 else _attributes(anchor).get("href", "")
        filename = _filename(href)
        if not filename:
            continue
        filenames.append(filename)
        start = anchor.find('data-upload-time="')
        if start >= 0:
            times.append(anchor[start + 18 : anchor.find('"', start + 18)])
        else:
            times.append(_attributes(anchor).get("data-upload-time") if "pload-" in anchor else None)
        rows.append(anchor.replace("\n", " ").encode())
    return Page(RowKind.HTML, url, filenames, times, rows)


def _filename(href: str) -> str:
    filename = href.strip().partition("#")[0].partition("?")[0].rpartition("/")[2]
    filename = _unescape(filename)
    if "%" in filename:
        from urllib.parse import unquote

        filename = unquote(filename)
    return filename


def _attributes(anchor: str) -> dict[str, str]:
    # What machines write: each value in double quotes. Splitting at the quotes takes half the time of the pattern.
    pieces = anchor.split('"')
    names = _plain_names("".join(pieces[::2]))
    if names is not None and len(names) == len(pieces) // 2:
        texts = pieces[1::2] if "&" not in anchor else [_unescape(text) for text in pieces[1::2]]
        return dict(zip(names, texts, strict=True))
    values: dict[str, str] = {}
    for name, double, single, bare in _find_attributes()(anchor):
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


def read_html_rows(rows: bytes, url: str) -> list[File]:
    """Return the files in *rows*, one a line, of the page at *url*.

    Raises:
        InvalidPage: a row lacks its URL, or is damaged.
    """
    try:
        return [_read_anchor(_attributes(anchor), url) for anchor in rows.decode().split("\n") if anchor]
    except (UnicodeDecodeError, KeyError, InvalidDigest) as error:
        raise InvalidPage(str(error)) from error


def _read_anchor(values: dict[str, str], base: str) -> File:
    location, _, fragment = values["href"].strip().partition("#")
    upload_time = values.get("data-upload-time")
    size = values.get("data-size", "")
    metadata = values.get("data-core-metadata", values.get("data-dist-info-metadata"))
    return File(
        filename=_filename(values["href"]),
        url=absolute_url(base, location),
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
    found = digests_of([(algorithm, digest)])
    if not found:
        known = "`md5`, `sha256`, `sha384`, `sha512`, or `blake2b`"
        raise InvalidPage(f"Unsupported hash algorithm (expected one of: {known}) on: `{fragment}`")
    return found
