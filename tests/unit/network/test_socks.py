"""Requests through a SOCKS proxy."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from tests.support.certificates import Authority
from tests.support.index_server import IndexServer
from tests.support.wheel_factory import make_wheel

from mauve.network.client import Client
from mauve.network.errors import FetchError
from mauve.network.settings import NetworkSettings, ProxySettings, TlsSettings
from mauve.network.statistics import Statistics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader
    from pathlib import Path

WHEEL = make_wheel("a", "1.0")
REACHED = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"


class SocksProxy(threading.Thread):
    """A proxy for one connection; the *reply* says whether it opens one.

    Attributes:
        asked: the host and port that were asked for.
        user: who asked, in version 4.
        login: user name and password, if it wants them.
    """

    def __init__(self, *, login: tuple[str, str] | None = None, reply: bytes = REACHED) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.login = login
        self.reply = reply
        self.asked: tuple[str, int] | None = None
        self.user = ""
        self.start()

    def run(self) -> None:
        """Open one connection and carry bytes both ways."""
        with self.listener, self.listener.accept()[0] as client:
            stream = client.makefile("rb")
            if stream.peek(1)[:1] == b"\x04":
                self._open_old(client, stream)
                return
            methods = stream.read(stream.read(2)[1])
            if self.login is None:
                client.sendall(b"\x05\x00")
            elif 2 not in methods:
                client.sendall(b"\x05\xff")
                return
            else:
                client.sendall(b"\x05\x02")
                name = stream.read(stream.read(2)[1]).decode()
                given = name, stream.read(stream.read(1)[0]).decode()
                client.sendall(b"\x01\x00" if given == self.login else b"\x01\x01")
                if given != self.login:
                    return
            kind = stream.read(4)[3]
            host = socket.inet_ntoa(stream.read(4)) if kind == 1 else stream.read(stream.read(1)[0]).decode()
            self.asked = host, int.from_bytes(stream.read(2), "big")
            client.sendall(self.reply)
            if self.reply != REACHED:
                return
            with socket.create_connection(("127.0.0.1", self.asked[1])) as server:
                threading.Thread(target=carry, args=(server, client), daemon=True).start()
                carry(client, server)

    def _open_old(self, client: socket.socket, stream: BufferedReader) -> None:
        """As `run`, in version 4."""
        stream.read(2)
        port, address = int.from_bytes(stream.read(2), "big"), stream.read(4)
        self.user = until_zero(stream)
        host = until_zero(stream) if address[:3] == bytes(3) else socket.inet_ntoa(address)
        self.asked = host, port
        if self.reply != REACHED:
            client.sendall(b"\0" + bytes((91,)) + bytes(6))
            return
        client.sendall(b"\0" + bytes((90,)) + bytes(6))
        with socket.create_connection(("127.0.0.1", port)) as server:
            threading.Thread(target=carry, args=(server, client), daemon=True).start()
            carry(client, server)


def until_zero(stream: BufferedReader) -> str:
    """Return the text before the next zero byte."""
    text = b""
    while (byte := stream.read(1)) not in (b"", b"\0"):
        text += byte
    return text.decode()


def carry(source: socket.socket, target: socket.socket) -> None:
    """Copy until the end."""
    try:
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer({"a": [WHEEL]}) as running:
        yield running


def fetch(url: str, proxy: str, tls: TlsSettings | None = None) -> int:
    """Return the status of the answer."""

    async def run() -> int:
        settings = NetworkSettings(retries=0, proxies=ProxySettings(everything=proxy), tls=tls or TlsSettings())
        client = Client(settings, Statistics())
        try:
            return (await client.fetch(url)).status
        finally:
            await client.aclose()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("scheme", "host"),
    [("socks4", "127.0.0.1"), ("socks4a", "localhost"), ("socks5", "127.0.0.1"), ("socks5h", "localhost")],
)
def test_the_proxy_is_asked_for_a_connection(server: IndexServer, scheme: str, host: str) -> None:
    """`socks4` and `socks5` tell it an address, the others the name; the request itself is as usual."""
    proxy = SocksProxy()
    url = f"{server.url}/a/".replace("127.0.0.1", "localhost")
    assert fetch(url, f"{scheme}://{proxy.address}") == 200
    assert proxy.asked == (host, int(server.origin.rpartition(":")[2]))
    assert server.paths() == ["/simple/a/"]


def test_encryption_is_with_the_server(tmp_path: Path) -> None:
    """Not with the proxy."""
    authority = Authority(tmp_path)
    with IndexServer({"a": [WHEEL]}, certificate=authority.issue()) as server:
        tls = TlsSettings(certificate_file=authority.file)
        assert fetch(f"{server.url}/a/", f"socks5h://{SocksProxy().address}", tls) == 200


def test_the_proxy_may_want_to_know_who_asks(server: IndexServer) -> None:
    """The user of its URL; without one, or with another, it refuses."""
    login = ("u", "p@")
    assert fetch(f"{server.url}/a/", f"socks5://u:p%40@{SocksProxy(login=login).address}") == 200
    for user, reason in (("", "no acceptable authentication method"), ("u:q@", "the credentials were refused")):
        assert refusal(server, f"socks5://{user}{SocksProxy(login=login).address}") == reason


def test_an_old_proxy_is_told_the_user(server: IndexServer) -> None:
    """There is no password; it may refuse."""
    proxy = SocksProxy()
    assert fetch(f"{server.url}/a/", f"socks4://me@{proxy.address}") == 200
    assert proxy.user == "me"
    assert refusal(server, f"socks4://{SocksProxy(reply=b'x').address}") == "request rejected or failed"


def test_a_proxy_that_is_not_there_is_told_apart_from_the_server(server: IndexServer) -> None:
    """Nothing goes past it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert refusal(server, f"socks5://127.0.0.1:{port}") == "failed to create underlying connection"
    assert server.requests == []


def test_a_proxy_that_refuses_says_why(server: IndexServer) -> None:
    """One that is none says nothing."""
    proxy = SocksProxy(reply=b"\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00")
    assert refusal(server, f"socks5://{proxy.address}") == "host unreachable"
    assert refusal(server, f"socks5://{SocksProxy(reply=b'').address}") == "io error during SOCKS handshake"


def refusal(server: IndexServer, proxy: str) -> str:
    """Return the reason at the end of the chain of causes."""
    with pytest.raises(FetchError) as caught:
        fetch(f"{server.url}/a/", proxy)
    last: BaseException = caught.value
    while last.__cause__ is not None:
        last = last.__cause__
    return str(last).removeprefix("SOCKS error: ")
