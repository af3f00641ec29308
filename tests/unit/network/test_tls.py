"""Encrypted connections, directly and through a tunnel."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tests.support.certificates import Authority
from tests.support.index_server import IndexServer
from tests.support.wheel_factory import make_wheel

from mauve.network.client import Client
from mauve.network.errors import FetchError, UntrustedIssuer
from mauve.network.settings import NetworkSettings, ProxySettings, TlsSettings
from mauve.network.statistics import Statistics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mauve.network.client import Answer

WHEEL = make_wheel("a", "1.0")
REFUSALS = (
    "received fatal alert: CertificateRequired",
    "connection closed before message completed",
    "Connection reset by peer (os error 104)",
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> str:
    """Return the file of the authority that signed the server's certificate."""
    return authority.file


@pytest.fixture
def server(authority: Authority) -> Iterator[IndexServer]:
    with IndexServer({"a": [WHEEL]}, certificate=authority.issue()) as running:
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


def last_cause(error: BaseException) -> BaseException:
    """Return the end of the chain of causes."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def fault(url: str, **settings) -> BaseException:
    """Return why *url* cannot be fetched."""
    with pytest.raises(FetchError) as caught:
        fetch(url, retries=0, **settings)
    return last_cause(caught.value)


def test_an_unknown_certificate_is_refused_at_once(server: IndexServer) -> None:
    """In the words of uv, and without repetition: it would be the same."""
    with pytest.raises(FetchError) as caught:
        fetch(f"{server.url}/a/")
    last = last_cause(caught.value)
    assert str(last) == "invalid peer certificate: UnknownIssuer"
    assert isinstance(last, UntrustedIssuer)
    assert "--system-certs" in last.hints()[0]
    assert server.requests == []


def test_other_roots_are_no_help_where_roots_were_named(server: IndexServer, tmp_path: Path) -> None:
    """So nothing is hinted at."""
    other = Authority(tmp_path)
    last = fault(f"{server.url}/a/", tls=TlsSettings(certificate_file=other.file))
    assert isinstance(last, UntrustedIssuer)
    assert last.hints() == ()


@pytest.mark.parametrize(
    ("host", "begin", "end", "expected"),
    [
        ("other.example", None, None, "NotValidForName"),
        ("127.0.0.1", datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC), "Expired"),
        ("127.0.0.1", datetime(2090, 1, 1, tzinfo=UTC), datetime(2091, 1, 1, tzinfo=UTC), "NotValidYet"),
    ],
)
def test_a_certificate_for_another_name_or_time_is_refused(
    authority: Authority, host: str, begin: datetime | None, end: datetime | None, expected: str
) -> None:
    """Although the authority is trusted."""
    with IndexServer({"a": [WHEEL]}, certificate=authority.issue(host, begin=begin, end=end)) as server:
        last = fault(f"{server.url}/a/", tls=TlsSettings(certificate_file=authority.file))
    assert str(last) == f"invalid peer certificate: {expected}"


@pytest.mark.parametrize("name", ["ca.pem", "ca.crt", "hashed"])
def test_a_folder_of_certificates_is_trusted(server: IndexServer, certificate: str, tmp_path: Path, name: str) -> None:
    """`SSL_CERT_DIR`, whatever the files are called; what is no certificate is passed over."""
    if name == "hashed":
        name = f"{Authority.hash_of(certificate)}.0"
    shutil.copy(certificate, tmp_path / name)
    (tmp_path / "README").write_text("x")
    (tmp_path / "folder").mkdir()
    tls = TlsSettings(certificate_directories=(str(tmp_path / "missing"), str(tmp_path)))
    assert fetch(f"{server.url}/a/", tls=tls).status == 200


@pytest.mark.parametrize("content", [None, "", "x"])
def test_a_file_without_certificates_trusts_nobody(server: IndexServer, tmp_path: Path, content: str | None) -> None:
    """And is no reason to fail otherwise."""
    path = tmp_path / "certificates.pem"
    if content is not None:
        path.write_text(content)
    last = fault(f"{server.url}/a/", tls=TlsSettings(certificate_file=str(path)))
    assert str(last) == "invalid peer certificate: UnknownIssuer"


def test_the_system_decides_if_it_is_asked(server: IndexServer) -> None:
    """`--system-certs`: this authority is not known there either."""
    assert str(fault(f"{server.url}/a/", tls=TlsSettings(system_certificates=True))).startswith(
        "invalid peer certificate: "
    )


def test_a_server_may_demand_a_certificate_of_ours(authority: Authority) -> None:
    """`SSL_CLIENT_CERT`; one that cannot be read is as good as none."""
    with IndexServer({"a": [WHEEL]}, certificate=authority.issue(), clients=authority.file) as server:
        own = TlsSettings(certificate_file=authority.file, client_certificate=authority.issue("me.example"))
        assert fetch(f"{server.url}/a/", tls=own).status == 200
        for unusable in (None, authority.file, os.devnull, "missing"):
            tls = TlsSettings(certificate_file=authority.file, client_certificate=unusable)
            # The reason may be lost when the server closes the connection at once.
            assert str(fault(f"{server.url}/a/", tls=tls)) in REFUSALS


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:PORT", "*"])
def test_an_insecure_host_is_believed(server: IndexServer, host: str) -> None:
    """`--allow-insecure-host`."""
    tls = TlsSettings(insecure_hosts=(host.replace("PORT", server.origin.rpartition(":")[2]),))
    assert fetch(f"{server.url}/a/", tls=tls).status == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1"])
def test_another_host_is_not(server: IndexServer, host: str) -> None:
    """Name and port have to be the same."""
    assert isinstance(fault(f"{server.url}/a/", tls=TlsSettings(insecure_hosts=(host,))), UntrustedIssuer)


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
