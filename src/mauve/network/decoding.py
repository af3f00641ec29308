"""Content encodings of answers: gzip and deflate, with isal where it is installed."""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

ACCEPTED = "gzip, deflate"
"""Value of `Accept-Encoding` for everything that is not a file."""

LARGE = 1 << 20
"""From this many encoded bytes on, decoding in another thread (which releases the lock) is worth starting one."""


class UndecodableBody(ValueError):
    """The body is not what its `Content-Encoding` says."""


def decode_body(body: bytes, encoding: str) -> bytes:
    """Return *body* without its content encodings.

    Raises:
        UndecodableBody: the encoding is unknown, or the body is damaged or cut.
    """
    for name in reversed(encoding.lower().split(",")):
        match name.strip():
            case "gzip" | "x-gzip":
                body = _inflate(body, (31,))
            case "deflate":
                # The standard means zlib's format; some servers send the bare stream.
                body = _inflate(body, (15, -15))
            case "zstd":
                raise UndecodableBody("zstd, which was not asked for, cannot be decoded")
            case _:
                continue  # an encoding that nobody asked for is taken for a mistake, as by uv
    return body


async def decoded_parts(parts: AsyncIterator[bytes], url: str, encoding: str | None) -> AsyncIterator[bytes]:
    """Yield the *parts* of a file without the encoding, which was not asked for but which some servers add.

    That of a file which is compressed itself is what servers call so by mistake.

    Raises:
        UndecodableBody: the parts are damaged.
    """
    if encoding not in ("gzip", "deflate") or url.partition("#")[0].partition("?")[0].endswith((".gz", ".tgz")):
        async for part in parts:
            yield part
        return
    decoder = zlib.decompressobj(31 if encoding == "gzip" else 15)
    try:
        async for part in parts:
            yield decoder.decompress(part)
        yield decoder.flush()
    except zlib.error as error:
        raise UndecodableBody(str(error)) from error
    if not decoder.eof:
        raise UndecodableBody("unexpected end of file")


def _inflate(body: bytes, formats: tuple[int, ...]) -> bytes:
    decompress = _decompressor()
    *others, last = formats
    for window in others:
        try:
            return decompress(body, window)
        except Exception:  # noqa: BLE001, S112  # the next format may be right; see below for the class
            continue
    try:
        return decompress(body, last)
    except Exception as error:  # the errors of zlib and isal have no other class in common
        raise UndecodableBody(str(error)) from error


@cache
def _decompressor() -> Callable[[bytes, int], bytes]:
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib.decompress

    def decompress(body: bytes, window: int) -> bytes:
        return isal_zlib.decompress(body, window)  # pyright: ignore[reportUnknownMemberType]  # its stub lacks a type

    return decompress
