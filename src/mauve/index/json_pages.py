"""Index pages in JSON: cut into rows, and rows read. Pure.

Specification: PEP 691, 700, 714.

Annotations are no texts in this module, since msgspec would compile each of them whenever a page is read.
"""

from functools import cache
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from mauve.distributions.files import File
from mauve.index.row_values import absolute_url, digests_of, milliseconds
from mauve.index.rows import InvalidPage, Page, RowKind
from mauve.standards.hashes import InvalidDigest


class _Outline(Struct, rename="kebab", gc=False):
    filename: str
    upload_time: str | None = None
    requires_python: str | None = None
    yanked: bool | str = False


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
def _cutter() -> msgspec.json.Decoder[list[msgspec.Raw]]:
    return msgspec.json.Decoder(list[msgspec.Raw])


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
    return Page(
        RowKind.JSON,
        url,
        [file.filename for file in files],
        [file.upload_time for file in files],
        rows,
        [file.requires_python for file in files],
        [place for place, file in enumerate(files) if file.yanked is not False],
    )


def json_row(filename: str, url: str) -> bytes:
    """Return the row of a file about which nothing else is known."""
    return msgspec.json.encode({"filename": filename, "url": url, "hashes": {}})


def cut_json_rows(rows: bytes | memoryview) -> list[msgspec.Raw]:
    """Return *rows*, separated by commas, one by one.

    Raises:
        InvalidPage: they are no JSON.
    """
    try:
        return _cutter().decode(b"".join((b"[", rows, b"]")))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidPage(str(error)) from error


def read_json_rows(rows: bytes | memoryview, url: str) -> list[File]:
    """Return the files in *rows*, separated by commas, of the page at *url*.

    Raises:
        InvalidPage: a row lacks its name or its URL, or is damaged.
    """
    try:
        decoded = _row_decoder().decode(b"".join((b"[", rows, b"]")))
        return [
            File(
                filename=row.filename,
                url=absolute_url(url, row.url),
                hashes=digests_of(row.hashes.items()),
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
