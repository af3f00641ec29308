"""httpx's transport interface over our own connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.network.http1 import ConnectionClosed, IncompleteAnswer, MalformedAnswer, ReadTimeout
from mauve.network.lean_httpx import httpx
from mauve.network.pool import ConnectTimeout, Pool, ProxyRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mauve.network.http1 import Connection
    from mauve.network.proxies import Proxy
    from mauve.network.settings import NetworkSettings

WHOLE = "mauve.whole"
"""Request extension: the body is wanted at once, so the answer is given only when it is complete."""


class Transport(httpx.AsyncBaseTransport):
    """Sends requests over a `Pool`; raises httpx's transport errors, each from its cause."""

    def __init__(self, settings: NetworkSettings, *, connections: int) -> None:
        """Make a transport with at most *connections* to each server."""
        self._timeout = settings.read_timeout
        self.pool = Pool(settings, limit=connections)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request*; a kept connection that turns out to be closed is replaced once."""
        url = request.url
        scheme, host = url.scheme, url.host
        port = url.port or (443 if scheme == "https" else 80)
        method = request.method.encode()
        whole = bool(request.extensions.get(WHOLE))
        content = _render(request, self.pool.proxy(scheme, host, port) if scheme == "http" else None)
        connection = await self._acquire(request, scheme, host, port, fresh=False)
        was_used = connection.requests > 0
        try:
            try:
                head = await connection.send(content, method=method, patience=self._timeout, whole=whole)
            except (ConnectionClosed, ConnectionResetError, BrokenPipeError):
                connection.release()
                if not was_used:
                    raise
                connection = await self._acquire(request, scheme, host, port, fresh=True)
                head = await connection.send(content, method=method, patience=self._timeout, whole=whole)
        except BaseException as error:
            connection.release()
            translated = _translate(error, request)
            if translated is error:
                raise
            raise translated from error
        stream = _Body(connection, request)
        if whole:
            # The connection goes back before anybody looks at the body.
            stream.rest = await connection.read()
            connection.release()
            stream.is_released = True
        return httpx.Response(
            head.status, headers=head.headers, stream=stream, extensions={"http_version": b"HTTP/1.1"}
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self.pool.close()

    async def _acquire(self, request: httpx.Request, scheme: str, host: str, port: int, *, fresh: bool) -> Connection:
        try:
            return await self.pool.acquire(scheme, host, port, fresh=fresh)
        except ConnectTimeout as error:
            raise httpx.ConnectTimeout("operation timed out", request=request) from error
        except ProxyRefused as error:
            raise httpx.ProxyError(str(error), request=request) from error
        except (OSError, MalformedAnswer) as error:
            raise httpx.ConnectError(str(error), request=request) from error


class _Body(httpx.AsyncByteStream):
    """The body of an answer; the connection is given back when it is closed."""

    __slots__ = ("_connection", "_request", "is_released", "rest")

    def __init__(self, connection: Connection, request: httpx.Request) -> None:
        self._connection = connection
        self._request = request
        self.rest = b""
        self.is_released = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives."""
        if self.is_released:
            if self.rest:
                yield self.rest
            return
        try:
            while part := await self._connection.read():
                yield part
        except OSError as error:
            raise _translate(error, self._request) from error

    async def aclose(self) -> None:
        """Give the connection back."""
        if not self.is_released:
            self.is_released = True
            self._connection.release()


def _render(request: httpx.Request, proxy: Proxy | None) -> bytes:
    """Return *request*, which has no body, as bytes; through a plain proxy the target is the whole URL."""
    url = request.url
    target = url.raw_path if proxy is None else str(url.copy_with(userinfo=b"", fragment=None)).encode()
    lines = [request.method.encode() + b" " + target + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in request.headers.raw]
    if proxy is not None and proxy.authorization is not None:
        lines.append(b"Proxy-Authorization: " + proxy.authorization)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _translate(error: BaseException, request: httpx.Request) -> BaseException:
    match error:
        case ReadTimeout():
            return httpx.ReadTimeout("operation timed out", request=request)
        case IncompleteAnswer() | MalformedAnswer() | ConnectionClosed():
            return httpx.RemoteProtocolError(str(error), request=request)
        case OSError():
            return httpx.ReadError(str(error), request=request)
        case _:
            return error
