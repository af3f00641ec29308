"""Reading parts of a remote file by range requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.network.errors import unexpected_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.network.client import Client

_IDENTITY = {"Accept": "*/*", "Accept-Encoding": "identity"}


class RangesUnsupported(Exception):
    """The server gives whole files only; the caller downloads the file."""


class RangeFile:
    """A remote file of known size; what was read last is kept, since the next read is often within it.

    Attributes:
        headers: of the answer that told the size.
    """

    __slots__ = ("_client", "_kept", "_start", "_url", "headers", "size")

    def __init__(self, client: Client, url: str, size: int, headers: Mapping[str, str]) -> None:
        """Use `open_range_file`."""
        self._client = client
        self._url = url
        self._kept = b""
        self._start = 0
        self.size = size
        self.headers = headers

    async def read(self, start: int, stop: int) -> bytes:
        """Return the bytes from *start* up to *stop*.

        Raises:
            RangesUnsupported: the answer is not the part that was asked for.
        """
        if self._start <= start and stop <= self._start + len(self._kept):
            return self._kept[start - self._start : stop - self._start]
        answer = await self._client.fetch(self._url, {**_IDENTITY, "Range": f"bytes={start}-{stop - 1}"})
        if answer.status in {200, 416}:
            raise RangesUnsupported
        if answer.status != 206:
            raise unexpected_status(answer.url, answer.status)
        if len(answer.body) != stop - start:
            raise RangesUnsupported
        self._kept, self._start = answer.body, start
        return answer.body


async def open_range_file(client: Client, url: str) -> RangeFile:
    """Return the file at *url* after one HEAD request.

    Raises:
        RangesUnsupported: the server does not offer ranges, or does not tell the size.
        FetchError, RetriesExhausted, OfflineError: it does not answer.
    """
    answer = await client.fetch(url, _IDENTITY, method="HEAD")
    if answer.status != 200:
        # Many servers refuse HEAD, in their own ways: whether the file is there is told by asking for it.
        raise RangesUnsupported
    size = answer.headers.get("content-length", "")
    if answer.headers.get("accept-ranges", "").lower() != "bytes" or not size.isdecimal():
        raise RangesUnsupported
    return RangeFile(client, url, int(size), answer.headers)
