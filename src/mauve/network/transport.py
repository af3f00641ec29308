"""Requests and answers over our own connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.network.http1 import ConnectionClosed, MalformedAnswer, ReadTimeout
from mauve.network.pool import ConnectTimeout, Pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from mauve.network.http1 import Connection, Head
    from mauve.network.proxies import Proxy
    from mauve.network.settings import NetworkSettings
    from mauve.network.targets import Target


class RequestFailed(Exception):
    """There is no answer, or not all of it; the cause says why."""


class NotConnected(RequestFailed):
    """Nothing was sent."""


class TimedOut(RequestFailed):
    """Nothing happened for too long."""


class Response:
    """An answer.

    Attributes:
        url: of the request.
        headers: names in lower case; values of fields with the same name are joined.
        body: of an answer that was wanted at once; otherwise see `parts`.
    """

    __slots__ = ("_connection", "body", "headers", "status", "url")

    def __init__(self, url: str, head: Head, connection: Connection | None, body: bytes = b"") -> None:
        """Take what has arrived; the rest comes from *connection*."""
        self.url = url
        self.status = head.status
        self.headers: Mapping[str, str] = _joined(head.headers)
        self.body = body
        self._connection = connection

    async def parts(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives.

        Raises:
            RequestFailed: the rest does not.
        """
        if self._connection is None:
            return
        try:
            while part := await self._connection.read():
                yield part
        except (OSError, MalformedAnswer) as error:
            raise _failed(error) from error

    def close(self) -> None:
        """Give the connection back; what has not been read is lost."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.release()


class Transport:
    """Sends requests over a `Pool`."""

    def __init__(self, settings: NetworkSettings, *, connections: int) -> None:
        """Make a transport with at most *connections* to each server."""
        self._timeout = settings.read_timeout
        self.pool = Pool(settings, limit=connections)

    async def send(self, method: str, target: Target, headers: Mapping[str, str], *, whole: bool) -> Response:
        """Send a request without a body; a kept connection that turns out to be closed is replaced once.

        With *whole*, the answer is given only when it is complete.

        Raises:
            RequestFailed: there is no answer.
        """
        scheme, host, port = target.scheme, target.host, target.port
        request = _render(method, target, headers, self.pool.proxy(scheme, host, port) if scheme == "http" else None)
        connection = await self._acquire(target, fresh=False)
        was_used = connection.requests > 0
        verb = method.encode()
        try:
            try:
                head = await connection.send(request, method=verb, patience=self._timeout, whole=whole)
            except (ConnectionClosed, ConnectionResetError, BrokenPipeError):
                connection.release()
                if not was_used:
                    raise
                connection = await self._acquire(target, fresh=True)
                head = await connection.send(request, method=verb, patience=self._timeout, whole=whole)
        except (OSError, MalformedAnswer) as error:
            connection.release()
            raise _failed(error) from error
        except BaseException:
            connection.release()
            raise
        if not whole:
            return Response(target.url, head, connection)
        # The connection goes back before anybody looks at the body.
        body = await connection.read()
        connection.release()
        return Response(target.url, head, None, body)

    async def aclose(self) -> None:
        """Close all connections."""
        await self.pool.close()

    async def _acquire(self, target: Target, *, fresh: bool) -> Connection:
        try:
            return await self.pool.acquire(target.scheme, target.host, target.port, fresh=fresh)
        except ConnectTimeout as error:
            raise TimedOut from error
        except (OSError, MalformedAnswer) as error:
            raise NotConnected(str(error)) from error


def _render(method: str, target: Target, headers: Mapping[str, str], proxy: Proxy | None) -> bytes:
    """Return a request as bytes; through a plain proxy the target is the whole URL."""
    path = target.path if proxy is None else target.url.partition("#")[0].encode()
    lines = [b"%b %b HTTP/1.1\r\nHost: %b" % (method.encode(), path, target.authority)]
    lines += [f"{name}: {value}".encode() for name, value in headers.items()]
    if proxy is not None and proxy.authorization is not None:
        lines.append(b"Proxy-Authorization: " + proxy.authorization)
    lines.append(b"\r\n")
    return b"\r\n".join(lines)


def _joined(fields: list[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, content in fields:
        try:
            name, value = field.decode(), content.decode()
        except UnicodeDecodeError:
            name, value = field.decode("latin-1"), content.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _failed(error: Exception) -> RequestFailed:
    return TimedOut() if isinstance(error, ReadTimeout) else RequestFailed(str(error))
