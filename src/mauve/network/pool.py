"""Connections that are kept and shared: one pool for all servers of a run."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from typing import TYPE_CHECKING

from mauve.network.http1 import Connection, MalformedAnswer, ReadTimeout
from mauve.network.proxies import ProxyKind, SocksRefused, choose_proxy

if TYPE_CHECKING:
    import ssl

    from mauve.network.proxies import Proxy
    from mauve.network.settings import NetworkSettings, TlsSettings

_STAGGER = 0.25
"""Seconds before the next address of a host is tried beside the first (RFC 8305 says 250 ms)."""


class ConnectTimeout(TimeoutError):
    """No connection within the limit."""


class ProxyRefused(ConnectionError):
    """The proxy did not open a tunnel."""


class _Server:
    """The connections to one server.

    `idle` are usable now, the last used one at the end; `waiters` wait for one to become idle or to be opened;
    `open` counts all connections, `opening` those on their way.
    """

    __slots__ = ("addresses", "host", "idle", "open", "opening", "port", "proxy", "scheme", "waiters")

    def __init__(self, scheme: str, host: str, port: int, proxy: Proxy | None) -> None:
        self.scheme = scheme
        self.host = host
        self.port = port
        self.proxy = proxy
        self.idle: list[Connection] = []
        self.waiters: deque[asyncio.Future[Connection]] = deque()
        self.open = 0
        self.opening = 0
        self.addresses: asyncio.Future[list[_Address]] | None = None


_Address = tuple[int, tuple[str, int] | tuple[str, int, int, int]]


class Pool:
    """Keep-alive connections to any number of servers, at most `limit` to each.

    A request that finds no idle connection asks for a new one and takes whichever comes first, the new one or one
    that another request gives back.
    """

    def __init__(self, settings: NetworkSettings, *, limit: int) -> None:
        """Make an empty pool; needs a running loop only from the first use on."""
        self._settings = settings
        self._limit = limit
        self._servers: dict[tuple[str, str, int], _Server] = {}
        self._contexts: dict[bool, asyncio.Future[ssl.SSLContext]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections: set[Connection] = set()
        self.opened = 0

    def proxy(self, scheme: str, host: str, port: int) -> Proxy | None:
        """Return the proxy that requests to a server are addressed to, if any."""
        proxy = self._server(scheme, host, port).proxy
        return None if proxy is None or proxy.is_socks else proxy

    async def acquire(self, scheme: str, host: str, port: int, *, fresh: bool = False) -> Connection:
        """Return a connection to the server that nobody else uses; with *fresh*, one that was never used.

        Raises:
            OSError: it cannot be reached (`ConnectTimeout`, `ProxyRefused`, `ssl.SSLError`, `socket.gaierror`, ...).
        """
        server = self._server(scheme, host, port)
        if fresh:
            while server.idle:
                server.idle.pop().close()
        while server.idle:
            connection = server.idle.pop()
            if connection.is_reusable:
                return connection
        waiter: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        server.waiters.append(waiter)
        if server.open + server.opening < self._limit:
            server.opening += 1
            task = asyncio.create_task(self._open(server))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._give(server, waiter.result())
            raise

    async def close(self) -> None:
        """Close everything."""
        for task in tuple(self._tasks):
            task.cancel()
        for connection in tuple(self._connections):
            connection.on_done = None
            connection.close()
        self._connections.clear()
        self._servers.clear()
        # Sockets are closed by what the transports have put on the loop by now, and by what that puts there.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def _server(self, scheme: str, host: str, port: int) -> _Server:
        key = (scheme, host, port)
        server = self._servers.get(key)
        if server is None:
            proxy = choose_proxy(self._settings.proxies, scheme, host, port)
            server = self._servers[key] = _Server(scheme, host, port, proxy)
        return server

    def _give(self, server: _Server, connection: Connection) -> None:
        while server.waiters:
            waiter = server.waiters.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        server.idle.append(connection)

    async def _open(self, server: _Server) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._settings.connect_timeout):
                connection = await self._connect(loop, server)
        except TimeoutError:
            self._refuse(server, ConnectTimeout())
        except (OSError, MalformedAnswer) as error:
            self._refuse(server, error)
        except UnicodeError:
            # Part of the name is longer than names may be, or missing, so that nobody can be asked for it.
            self._refuse(server, socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
        except asyncio.CancelledError:
            self._refuse(server, ConnectionAbortedError())
            raise
        except Exception as error:  # noqa: BLE001  # the edge of the task: who waits would wait for ever
            self._refuse(server, error)
        else:
            server.open += 1
            self.opened += 1
            self._connections.add(connection)
            connection.on_done = lambda done: self._done(server, done)
            self._give(server, connection)
        finally:
            server.opening -= 1

    def _done(self, server: _Server, connection: Connection) -> None:
        if connection.is_reusable:
            self._give(server, connection)
            return
        if connection not in self._connections:
            return
        self._connections.discard(connection)
        server.open -= 1
        if connection in server.idle:
            server.idle.remove(connection)
        if server.waiters and server.opening < len(server.waiters) and server.open + server.opening < self._limit:
            server.opening += 1
            task = asyncio.get_running_loop().create_task(self._open(server))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    @staticmethod
    def _refuse(server: _Server, error: Exception) -> None:
        while server.waiters:
            waiter = server.waiters.popleft()
            if not waiter.done():
                waiter.set_exception(error)
                return

    # --- connecting

    async def _connect(self, loop: asyncio.AbstractEventLoop, server: _Server) -> Connection:
        proxy = server.proxy
        host, port = (proxy.host, proxy.port) if proxy else (server.host, server.port)
        if server.scheme == "https":
            self._begin_context(server.host, server.port)  # while the server is found and answers
        if server.addresses is None or (server.addresses.done() and server.addresses.exception() is not None):
            server.addresses = asyncio.ensure_future(_resolve(loop, host, port))
        addresses = await asyncio.shield(server.addresses)
        try:
            plain = await _connect_any(loop, addresses)
        except OSError as error:
            if proxy is not None and proxy.is_socks:
                raise SocksRefused("failed to create underlying connection") from error
            raise
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if proxy is not None and proxy.is_socks:
            from mauve.network.socks import open_socks_connection

            try:
                await open_socks_connection(loop, plain, proxy, server.host, server.port)
            except BaseException:
                plain.close()
                raise
            proxy, host, port = None, server.host, server.port
        is_encrypted = proxy.kind is ProxyKind.HTTPS if proxy else server.scheme == "https"
        context = await asyncio.shield(self._begin_context(host, port)) if is_encrypted else None
        try:
            transport, connection = await loop.create_connection(
                lambda: Connection(loop), sock=plain, ssl=context, server_hostname=host if context else None
            )
        except BaseException:
            plain.close()
            raise
        if proxy is not None and server.scheme == "https":
            try:
                await self._tunnel(loop, server, proxy, connection)
            except BaseException:
                transport.abort()
                raise
        return connection

    async def _tunnel(
        self, loop: asyncio.AbstractEventLoop, server: _Server, proxy: Proxy, connection: Connection
    ) -> None:
        target = f"[{server.host}]:{server.port}" if ":" in server.host else f"{server.host}:{server.port}"
        lines = [f"CONNECT {target} HTTP/1.1".encode(), b"Host: " + target.encode()]
        if proxy.authorization:
            lines.append(b"Proxy-Authorization: " + proxy.authorization)
        request = b"\r\n".join(lines) + b"\r\n\r\n"
        head = await connection.send(request, method=b"HEAD", patience=self._settings.connect_timeout, whole=False)
        if head.status // 100 != 2:
            raise ProxyRefused(f"unsuccessful tunnel: {head.status} {head.reason.decode('latin-1')}")
        connection.release()
        context = await asyncio.shield(self._begin_context(server.host, server.port))
        plain = connection.transport
        encrypted = await loop.start_tls(plain, connection, context, server_hostname=server.host)
        if encrypted is None:
            raise ConnectionResetError
        connection.connection_made(encrypted)

    def _begin_context(self, host: str, port: int) -> asyncio.Future[ssl.SSLContext]:
        """Return what will be the context for *host*; made in a thread, one for all hosts that are trusted alike."""
        tls = self._settings.tls
        insecure = tls.is_insecure(host, port)
        future = self._contexts.get(insecure)
        if future is None:
            future = self._contexts[insecure] = asyncio.ensure_future(asyncio.to_thread(_make_context, tls, insecure))
        return future


def _make_context(tls: TlsSettings, insecure: bool) -> ssl.SSLContext:  # noqa: FBT001 - called by position
    # Not with this module: `ssl` is 8 ms that http alone does without. Certificates take tens of milliseconds more.
    from mauve.network.tls import create_context, create_unverified_context

    return create_unverified_context(tls) if insecure else create_context(tls)


async def _resolve(loop: asyncio.AbstractEventLoop, host: str, port: int) -> list[_Address]:
    numeric = _numeric_address(host, port)
    if numeric is not None:
        return [numeric]
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    by_family: dict[int, list[_Address]] = {}
    for family, _, _, _, address in found:
        by_family.setdefault(family, []).append((family, address))  # type: ignore[arg-type]  # only AF_INET and AF_INET6
    # Families alternate, the one the system prefers first, so that a broken one costs one stagger.
    queues = [deque(addresses) for addresses in by_family.values()]
    ordered: list[_Address] = []
    while any(queues):
        ordered.extend(queue.popleft() for queue in queues if queue)
    return ordered


def _numeric_address(host: str, port: int) -> _Address | None:
    """Return the address that *host* is itself; None if it is a name, which takes a thread to look up."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except (OSError, ValueError):
            continue
        return family, (host, port)
    return None


async def _connect_any(loop: asyncio.AbstractEventLoop, addresses: list[_Address]) -> socket.socket:
    if len({family for family, _ in addresses}) == 1:
        return await _connect_in_turn(loop, addresses)
    pending: set[asyncio.Task[socket.socket]] = set()
    error: OSError | None = None
    left = deque(addresses)
    try:
        while left or pending:
            if left:
                pending.add(asyncio.create_task(_connect_one(loop, left.popleft())))
            done, pending = await asyncio.wait(
                pending, timeout=_STAGGER if left else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                failure = task.exception()
                if failure is None:
                    return task.result()
                error = failure if isinstance(failure, OSError) else error
    finally:
        for task in pending:
            task.cancel()
    raise error or ConnectionRefusedError


async def _connect_in_turn(loop: asyncio.AbstractEventLoop, addresses: list[_Address]) -> socket.socket:
    for address in addresses[:-1]:
        try:
            return await _connect_one(loop, address)
        except OSError:
            continue  # the error of the last address is the one reported
    return await _connect_one(loop, addresses[-1])


async def _connect_one(loop: asyncio.AbstractEventLoop, address: _Address) -> socket.socket:
    plain = socket.socket(address[0], socket.SOCK_STREAM)
    try:
        plain.setblocking(False)
        await loop.sock_connect(plain, address[1])
    except BaseException:
        plain.close()
        raise
    return plain


__all__ = ["ConnectTimeout", "Pool", "ProxyRefused", "ReadTimeout"]
