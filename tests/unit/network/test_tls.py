"""Encrypted connections, directly and through a tunnel."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.wheel_factory import make_wheel

from mauve.network.client import Client
from mauve.network.errors import FetchError
from mauve.network.settings import NetworkSettings, ProxySettings, TlsSettings
from mauve.network.statistics import Statistics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mauve.network.client import Answer

WHEEL = make_wheel("a", "1.0")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a PEM file with a key and a certificate for the loopback address, signed by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder: Path = tmp_path_factory.mktemp("certificate")
    key, signed = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=loopback", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", signed],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "both.pem").write_bytes(key.read_bytes() + signed.read_bytes())
    return str(folder / "both.pem")


@pytest.fixture
def server(certificate: str) -> Iterator[IndexServer]:
    with IndexServer({"a": [WHEEL]}, certificate=certificate) as running:
        yield running


def fetch(url: str, **settings) -> Answer:
    async def run() -> Answer:
        client = Client(NetworkSettings(**settings), Statistics())
        try:
            await client.fetch(url)
            return await client.fetch(url)
        finally:
            await client.aclose()

    return asyncio.run(run())


def test_a_named_certificate_is_trusted(server: IndexServer, certificate: str) -> None:
    """`SSL_CERT_FILE`; the connection is kept like any other."""
    assert fetch(f"{server.url}/a/", tls=TlsSettings(certificate_file=certificate)).status == 200
    assert server.connections == 1


def test_an_unknown_certificate_is_refused_at_once(server: IndexServer) -> None:
    """In the words of uv, and without repetition: it would be the same."""
    with pytest.raises(FetchError) as caught:
        fetch(f"{server.url}/a/")
    last: BaseException = caught.value
    while last.__cause__ is not None:
        last = last.__cause__
    assert str(last) == "invalid peer certificate: UnknownIssuer"
    assert server.requests == []


@pytest.mark.parametrize("with_port", [False, True])
def test_an_insecure_host_is_believed(server: IndexServer, with_port: bool) -> None:
    """`--allow-insecure-host`."""
    host = server.origin.removeprefix("https://")
    tls = TlsSettings(insecure_hosts=(host if with_port else "127.0.0.1",))
    assert fetch(f"{server.url}/a/", tls=tls).status == 200


class Tunnel(threading.Thread):
    """A proxy for one connection."""

    def __init__(self, answer: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n") -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://u:p@127.0.0.1:{self.listener.getsockname()[1]}"
        self.answer = answer
        self.head = b""

    def run(self) -> None:
        """Open one tunnel and carry bytes both ways."""
        with self.listener, self.listener.accept()[0] as client:
            while b"\r\n\r\n" not in self.head:
                self.head += client.recv(4096)
            client.sendall(self.answer)
            if b" 200 " not in self.answer:
                return
            host, _, port = self.head.split()[1].decode().partition(":")
            with socket.create_connection((host, int(port))) as server:
                back = threading.Thread(target=self.carry, args=(server, client), daemon=True)
                back.start()
                self.carry(client, server)
                back.join()

    @staticmethod
    def carry(source: socket.socket, target: socket.socket) -> None:
        """Copy until the end."""
        try:
            while part := source.recv(65536):
                target.sendall(part)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return


def test_a_proxy_gives_a_tunnel(server: IndexServer, certificate: str) -> None:
    """It sees its own credentials and the name of the server, nothing else."""
    tunnel = Tunnel()
    tunnel.start()
    tls = TlsSettings(certificate_file=certificate)
    answer = fetch(f"{server.url}/a/", tls=tls, proxies=ProxySettings(https=tunnel.url))
    tunnel.join(10)
    host = server.origin.removeprefix("https://").encode()
    assert (answer.status, len(server.requests)) == (200, 2)
    assert tunnel.head == (
        b"CONNECT " + host + b" HTTP/1.1\r\nHost: " + host + b"\r\nProxy-Authorization: Basic dTpw\r\n\r\n"
    )


def test_a_proxy_may_refuse(server: IndexServer) -> None:
    """That is a failure of the connection."""
    tunnel = Tunnel(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    tunnel.start()
    with pytest.raises(FetchError) as caught:
        fetch(f"{server.url}/a/", retries=0, proxies=ProxySettings(https=tunnel.url))
    tunnel.join(10)
    last: BaseException = caught.value
    while last.__cause__ is not None:
        last = last.__cause__
    assert str(last) == "unsuccessful tunnel: 407 Proxy Authentication Required"
