"""Asking a SOCKS proxy for a connection, on a socket that is connected to it.

Specification: RFC 1928, RFC 1929; "SOCKS: A protocol for TCP proxy across firewalls", and its extension 4A.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

from mauve.network.proxies import ProxyKind, SocksRefused

if TYPE_CHECKING:
    import asyncio

    from mauve.network.proxies import Proxy

_VERSION: Final = 5
_NO_PASSWORD: Final = 0
_PASSWORD: Final = 2
_GRANTED: Final = 90
_OLD_REPLIES: Final = {
    91: "request rejected or failed",
    92: "request rejected because SOCKS server cannot connect to identd on the client",
    93: "request rejected because the client program and identd report different user-ids",
}
_REPLIES: Final = {
    1: "general SOCKS server failure",
    2: "connection not allowed by ruleset",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "TTL expired",
    7: "command not supported",
    8: "address type not supported",
}


async def open_socks_connection(
    loop: asyncio.AbstractEventLoop, plain: socket.socket, proxy: Proxy, host: str, port: int
) -> None:
    """Have *proxy*, which is at the other end of *plain*, connect to *host*.

    Raises:
        SocksRefused: it does not.
        OSError: the name of *host* cannot be looked up.
    """
    address = host
    if proxy.kind in (ProxyKind.SOCKS4, ProxyKind.SOCKS5):
        family = socket.AF_INET if proxy.kind is ProxyKind.SOCKS4 else socket.AF_UNSPEC
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        address = str(found[0][4][0])
    ask = _ask_old if proxy.kind in (ProxyKind.SOCKS4, ProxyKind.SOCKS4A) else _ask
    try:
        await ask(loop, plain, proxy, address, port)
    except ConnectionError as error:
        raise error if isinstance(error, SocksRefused) else SocksRefused("io error during SOCKS handshake") from error


async def _ask_old(
    loop: asyncio.AbstractEventLoop, plain: socket.socket, proxy: Proxy, address: str, port: int
) -> None:
    """Ask in version 4; a name follows an address that cannot be one."""
    try:
        packed, name = socket.inet_aton(address), b""
    except OSError:
        packed, name = bytes((0, 0, 0, 1)), address.encode("idna") + b"\0"
    user = (proxy.username or "").encode()
    await loop.sock_sendall(plain, bytes((4, 1)) + port.to_bytes(2, "big") + packed + user + b"\0" + name)
    reply = await _read(loop, plain, 8)
    if reply[1] != _GRANTED:
        raise SocksRefused(_OLD_REPLIES.get(reply[1], f"reply {reply[1]}"))


async def _ask(loop: asyncio.AbstractEventLoop, plain: socket.socket, proxy: Proxy, address: str, port: int) -> None:
    await _introduce(loop, plain, proxy)
    await loop.sock_sendall(plain, bytes((_VERSION, 1, 0)) + _address(address) + port.to_bytes(2, "big"))
    reply = await _read(loop, plain, 4)
    if reply[1] != 0:
        raise SocksRefused(_REPLIES.get(reply[1], f"reply {reply[1]}"))
    # The address that the proxy uses follows, which nobody needs.
    length = {1: 4, 4: 16}.get(reply[3]) or (await _read(loop, plain, 1))[0]
    await _read(loop, plain, length + 2)


async def _introduce(loop: asyncio.AbstractEventLoop, plain: socket.socket, proxy: Proxy) -> None:
    methods = bytes((_NO_PASSWORD,)) if proxy.username is None else bytes((_NO_PASSWORD, _PASSWORD))
    await loop.sock_sendall(plain, bytes((_VERSION, len(methods))) + methods)
    version, method = await _read(loop, plain, 2)
    if version != _VERSION or method not in methods:
        raise SocksRefused("no acceptable authentication method")
    if method != _PASSWORD or proxy.username is None:
        return
    name, password = proxy.username.encode(), proxy.password.encode()
    await loop.sock_sendall(plain, bytes((1, len(name))) + name + bytes((len(password),)) + password)
    if (await _read(loop, plain, 2))[1] != 0:
        raise SocksRefused("the credentials were refused")


def _address(host: str) -> bytes:
    from ipaddress import ip_address

    try:
        packed = ip_address(host).packed
    except ValueError:
        name = host.encode("idna")
        return bytes((3, len(name))) + name
    return bytes((1 if len(packed) == 4 else 4,)) + packed


async def _read(loop: asyncio.AbstractEventLoop, plain: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        part = await loop.sock_recv(plain, count - len(received))
        if not part:
            raise SocksRefused("io error during SOCKS handshake")
        received += part
    return received
