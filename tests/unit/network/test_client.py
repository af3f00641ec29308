"""The client against a server that misbehaves."""

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.wheel_factory import make_sdist, make_wheel

from mauve.distributions.index import AuthPolicy
from mauve.network.client import Client
from mauve.network.errors import FetchError, HashMismatch, OfflineError, RetriesExhausted, UnexpectedStatus
from mauve.network.settings import Credentials, IndexAccess, NetworkSettings, ProxySettings
from mauve.network.statistics import Statistics
from mauve.standards.hashes import HashDigest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

WHEEL = make_wheel("a", "1.0", files={"a/big.txt": bytes(range(256)) * 4096}, compression=0)
JSON = {"Accept": "application/vnd.pypi.simple.v1+json"}


class Memory:
    """A sink in memory."""

    def __init__(self) -> None:
        self.content = b""
        self.starts = 0

    def restart(self) -> None:
        """Forget."""
        self.content = b""
        self.starts += 1

    def write(self, part: bytes) -> None:
        """Append."""
        self.content += part


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer({"a": [WHEEL]}) as running:
        yield running


@asynccontextmanager
async def open_client(settings: NetworkSettings) -> AsyncIterator[tuple[Client, list[float]]]:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    client = Client(settings, Statistics(), chance=lambda: 0.5, sleep=sleep)
    try:
        yield client, pauses
    finally:
        await client.aclose()


def ask(work: Callable[[Client], Awaitable], **settings) -> tuple:
    """Return what *work* returns, the pauses it made, and the statistics."""

    async def run() -> tuple:
        async with open_client(NetworkSettings(**settings)) as (client, pauses):
            return await work(client), pauses, client.statistics

    return asyncio.run(run())


def causes(error: BaseException) -> list[str]:
    """Return the text of *error* and of each cause."""
    lines = []
    current: BaseException | None = error
    while current is not None:
        lines.append(str(current))
        current = current.__cause__
    return lines


def test_a_page_is_fetched_and_unpacked(server: IndexServer) -> None:
    """Gzip is taken off; the headers are in lower case."""
    answer, _, statistics = ask(lambda client: client.fetch(f"{server.url}/a/", JSON))
    assert (answer.status, answer.body) == (200, server.page("a", as_json=True))
    assert answer.headers["cache-control"] == "max-age=600"
    assert 0 < statistics.received < len(answer.body)


def test_connections_are_kept(server: IndexServer) -> None:
    """A handshake costs more than a request."""

    async def work(client: Client) -> None:
        for _ in range(5):
            await client.fetch(f"{server.url}/a/", JSON)

    ask(work)
    assert server.connections == 1


def test_many_requests_share_few_connections(server: IndexServer) -> None:
    """Never more than are allowed at once."""

    async def work(client: Client) -> None:
        await asyncio.gather(*(client.fetch(f"{server.url}/a/", JSON) for _ in range(30)))

    ask(work, concurrent_downloads=4)
    assert (server.connections <= 4, len(server.requests)) == (True, 30)


def test_a_kept_connection_that_was_closed_is_replaced_without_a_retry(server: IndexServer) -> None:
    """Servers close idle connections at any moment; that is not a failure."""
    path = "/simple/a/"

    async def work(client: Client) -> int:
        await client.fetch(f"{server.url}/a/", JSON)
        server.faults.failures[path] = 1
        return (await client.fetch(f"{server.url}/a/", JSON)).status

    status, pauses, _ = ask(work)
    assert (status, pauses) == (200, [])


def test_a_503_is_repeated(server: IndexServer) -> None:
    """With growing pauses."""
    server.faults.unstable["/simple/a/"] = 2
    answer, pauses, statistics = ask(lambda client: client.fetch(f"{server.url}/a/", JSON))
    assert (answer.status, pauses, statistics.retries) == (200, [1.5, 2.5], 2)


def test_a_503_that_stays_is_reported_as_uv_does(server: IndexServer) -> None:
    """The number of retries, then the URL, then the status."""
    server.faults.statuses["/simple/a/"] = 503
    with pytest.raises(RetriesExhausted) as caught:
        ask(lambda client: client.fetch(f"{server.url}/a/", JSON))
    first, *rest = causes(caught.value)
    assert first.startswith("Request failed after 3 retries in ")
    url = f"{server.url}/a/"
    assert rest == [f"Failed to fetch: {url}", f"HTTP status server error (503 Service Unavailable) for url ({url})"]


@pytest.mark.parametrize("status", [400, 404, 410])
def test_other_statuses_are_returned_at_once(server: IndexServer, status: int) -> None:
    """What they mean depends on who asks."""
    server.faults.statuses["/simple/a/"] = status
    answer, pauses, _ = ask(lambda client: client.fetch(f"{server.url}/a/", JSON))
    assert (answer.status, pauses) == (status, [])


def test_a_cut_body_is_repeated(server: IndexServer) -> None:
    """And fails with the reason if it stays cut."""
    server.faults.truncated.add("/simple/a/")
    with pytest.raises(RetriesExhausted) as caught:
        ask(lambda client: client.fetch(f"{server.url}/a/", JSON), retries=1)
    assert "end of file before message length reached" in causes(caught.value)[-1]
    assert len(server.requests) == 2


def test_a_refused_connection_is_explained_as_uv_does() -> None:
    """Five links of the chain; without retries there is no headline about them."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/simple/a/"
        with pytest.raises(FetchError) as caught:
            ask(lambda client: client.fetch(url), retries=0)
    assert causes(caught.value) == [
        f"Failed to fetch: {url}",
        f"error sending request for url ({url})",
        "client error (Connect)",
        "tcp connect error",
        "Connection refused (os error 111)",
    ]


def test_silence_is_explained_as_uv_does(server: IndexServer) -> None:
    """Nothing arrives within the read timeout."""
    server.faults.held.add("/simple/a/")
    with pytest.raises(FetchError) as caught:
        ask(lambda client: client.fetch(f"{server.url}/a/"), retries=0, read_timeout=0.05)
    assert causes(caught.value)[-1] == "operation timed out"


def test_offline_nothing_is_sent(server: IndexServer) -> None:
    """Not even a connection is opened."""
    with pytest.raises(OfflineError):
        ask(lambda client: client.fetch(f"{server.url}/a/"), offline=True)
    assert server.connections == 0


# --- credentials


def authorizations(server: IndexServer) -> list[bool]:
    """Return for each request whether it carried credentials."""
    return ["authorization" in request.headers for request in server.requests]


def test_credentials_of_the_url_are_sent_at_once(server: IndexServer) -> None:
    """And not printed: the answer's URL has none."""
    server.credentials = "u:p"
    url = server.url.replace("http://", "http://u:p@")
    answer, _, _ = ask(lambda client: client.fetch(f"{url}/a/"))
    assert (answer.status, answer.url, authorizations(server)) == (200, f"{server.url}/a/", [True])


def test_credentials_that_opened_the_index_open_its_files(server: IndexServer) -> None:
    """Files are on the same server, but not below the index: it is asked once whether they need any."""
    server.credentials = "u:p"
    url = server.url.replace("http://", "http://u:p@")

    async def work(client: Client) -> list[int]:
        await client.fetch(f"{url}/a/")
        return [(await client.fetch(server.file_url(WHEEL.filename))).status for _ in range(2)]

    statuses, _, _ = ask(work)
    assert (statuses, authorizations(server)) == ([200, 200], [True, False, True, True])


def test_netrc_is_read_after_a_refusal(server: IndexServer, tmp_path) -> None:
    """Most requests need no credentials, so the first one goes without."""
    server.credentials = "u:p"
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login u password p\n")
    netrc.chmod(0o600)
    answer, _, _ = ask(lambda client: client.fetch(f"{server.url}/a/"), netrc=str(netrc))
    assert (answer.status, authorizations(server)) == (200, [False, True])


def test_without_credentials_a_refusal_is_returned(server: IndexServer) -> None:
    """Whoever asked decides what it means."""
    server.credentials = "u:p"
    answer, pauses, _ = ask(lambda client: client.fetch(f"{server.url}/a/"))
    assert (answer.status, pauses) == (401, [])


def test_always_sends_no_plain_request(server: IndexServer) -> None:
    """`authenticate = "always"` without credentials is an error before anything is sent."""
    access = IndexAccess(url=server.url, policy=AuthPolicy.ALWAYS)
    with pytest.raises(FetchError) as caught:
        ask(lambda client: client.fetch(f"{server.url}/a/"), indexes=(access,))
    assert causes(caught.value)[-1] == f"Missing credentials for: {server.url}/a/"
    assert server.requests == []


def test_never_sends_no_credentials(server: IndexServer) -> None:
    """Not even those that are configured."""
    access = IndexAccess(url=server.url, policy=AuthPolicy.NEVER, credentials=Credentials("u", "p"))
    ask(lambda client: client.fetch(f"{server.url}/a/"), indexes=(access,))
    assert authorizations(server) == [False]


def test_a_redirect_to_another_server_loses_the_credentials(server: IndexServer) -> None:
    """They are for the server they were configured for."""
    with IndexServer({"a": [WHEEL]}) as other:
        server.redirects["/simple/a/"] = f"{other.url}/a/"
        url = server.url.replace("http://", "http://u:p@")
        answer, _, _ = ask(lambda client: client.fetch(f"{url}/a/"))
        assert (answer.status, authorizations(server), authorizations(other)) == (200, [True], [False])


def test_a_redirect_on_the_same_server_keeps_them(server: IndexServer) -> None:
    """Only the path changed."""
    server.redirects["/simple/a/"] = "/simple/a/?moved"
    url = server.url.replace("http://", "http://u:p@")
    ask(lambda client: client.fetch(f"{url}/a/"))
    assert authorizations(server) == [True, True]


def test_a_redirect_finds_the_credentials_of_the_other_server(server: IndexServer, tmp_path: Path) -> None:
    """Each server on the way is asked as if it had been asked directly."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login x password y\n")
    netrc.chmod(0o600)
    with IndexServer({"a": [WHEEL]}) as other:
        other.credentials = "x:y"
        server.credentials = "u:p"
        server.redirects["/simple/a/"] = f"{other.url}/a/".replace("127.0.0.1", "localhost")
        url = server.url.replace("http://", "http://u:p@")
        answer, _, _ = ask(lambda client: client.fetch(f"{url}/a/"), netrc=str(netrc))
        assert (answer.status, authorizations(server), authorizations(other)) == (200, [True], [False, True])


@pytest.mark.parametrize(
    ("location", "fault"),
    [
        ("ftp://x/", "scheme needs to be https or http"),
        ("http://[x/", "invalid IPv6 address"),
        ("http://x:y/", "invalid port number"),
        ("http:///", "empty host"),
    ],
)
def test_a_redirect_to_nowhere_is_refused(server: IndexServer, location: str, fault: str) -> None:
    """Before anything is looked up."""
    server.redirects["/simple/a/"] = location
    with pytest.raises(FetchError) as caught:
        ask(lambda client: client.fetch(f"{server.url}/a/"))
    assert causes(caught.value)[-1] == f"Invalid HTTP 302 Found 'Location' value `{location}`: {fault}"


def test_a_page_elsewhere_shows_no_credentials(server: IndexServer) -> None:
    """A location that names a password is not quoted with it."""
    server.redirects["/simple/a/"] = "ftp://u:secret@x/"
    with pytest.raises(FetchError) as caught:
        ask(lambda client: client.fetch(f"{server.url}/a/"))
    assert "secret" not in "".join(causes(caught.value))


def test_redirects_in_a_circle_end(server: IndexServer) -> None:
    """After ten of them."""
    server.redirects["/simple/a/"] = "/simple/a/"
    with pytest.raises(FetchError) as caught:
        ask(lambda client: client.fetch(f"{server.url}/a/"))
    assert (causes(caught.value)[-1], len(server.requests)) == ("too many redirects", 11)


# --- files


def test_a_file_is_streamed_and_checked(server: IndexServer) -> None:
    """The digest that was computed is returned."""
    sink = Memory()
    expected = (HashDigest.parse(f"sha256:{WHEEL.sha256}"),)
    actual, _, _ = ask(lambda client: client.fetch_file(server.file_url(WHEEL.filename), expected, sink))
    assert (actual, sink.content) == (expected, WHEEL.content)


@pytest.mark.parametrize(("encoding", "encode"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_file_may_be_packed_once_more(server: IndexServer, encoding: str, encode: Callable[[bytes], bytes]) -> None:
    """Some servers do so although they are asked not to; the digest is that of the file."""
    path = f"/files/{WHEEL.filename}"
    server.answers[path] = ({"Content-Encoding": encoding}, encode(WHEEL.content))
    expected, sink = HashDigest.parse(f"sha256:{WHEEL.sha256}"), Memory()
    ask(lambda client: client.fetch_file(server.file_url(WHEEL.filename), (expected,), sink))
    assert sink.content == WHEEL.content


def test_an_archive_is_not_taken_for_a_packed_file(server: IndexServer) -> None:
    """A server that calls a `.tar.gz` gzip-encoded means the file as it is."""
    sdist = make_sdist("a", "1.0")
    server.answers[f"/files/{sdist.filename}"] = ({"Content-Encoding": "gzip"}, sdist.content)
    expected, sink = HashDigest.parse(f"sha256:{sdist.sha256}"), Memory()
    ask(lambda client: client.fetch_file(server.file_url(sdist.filename), (expected,), sink))
    assert sink.content == sdist.content


def test_a_wrong_hash_is_an_error_in_the_words_of_uv(server: IndexServer) -> None:
    """It is not repeated: the file would be the same."""
    expected = HashDigest.parse(f"sha256:{'0' * 64}")
    with pytest.raises(HashMismatch) as caught:
        ask(lambda client: client.fetch_file(server.file_url(WHEEL.filename), (expected,), Memory(), name="a==1.0"))
    assert str(caught.value) == (
        f"Hash mismatch for `a==1.0`\n\nExpected:\n  {expected}\n\nComputed:\n  sha256:{WHEEL.sha256}"
    )
    assert len(server.requests) == 1


def test_an_interrupted_download_begins_again(server: IndexServer) -> None:
    """The sink forgets the half that had arrived."""
    path = f"/files/{WHEEL.filename}"
    server.faults.truncated.add(path)
    sink = Memory()

    async def work(client: Client) -> None:
        client._sleep = heal
        await client.fetch_file(server.file_url(WHEEL.filename), (), sink)

    async def heal(seconds: float) -> None:
        server.faults.truncated.clear()

    ask(work)
    assert (sink.starts, sink.content) == (2, WHEEL.content)


def test_a_missing_file_is_an_error(server: IndexServer) -> None:
    """Unlike a missing page."""
    with pytest.raises(UnexpectedStatus) as caught:
        ask(lambda client: client.fetch_file(server.file_url("b.whl"), (), Memory()))
    assert caught.value.code == 404


def test_a_stream_gives_the_body_in_pieces(server: IndexServer) -> None:
    """For readers that may stop early."""

    async def work(client: Client) -> tuple[int, bytes]:
        async with client.stream(server.file_url(WHEEL.filename)) as download:
            return download.status, b"".join([part async for part in download.parts()])

    assert ask(work)[0] == (200, WHEEL.content)


def test_requests_go_through_a_proxy(server: IndexServer) -> None:
    """A plain proxy gets the whole URL."""
    proxies = ProxySettings(http=server.origin)
    answer, _, _ = ask(lambda client: client.fetch("http://somewhere.test/simple/a/"), proxies=proxies)
    assert (answer.status, server.paths()) == (404, ["http://somewhere.test/simple/a/"])


def test_a_name_that_nobody_can_be_asked_for_is_told_of() -> None:
    """Such a part of a name is too long to be sent; whoever waits for the connection must hear of it."""

    async def work(client: Client) -> None:
        async with asyncio.timeout(20):
            await client.fetch(f"http://{'a' * 70}.test/simple/")

    with pytest.raises(RetriesExhausted) as caught:
        ask(work, connect_timeout=5)
    assert causes(caught.value)[-3:] == [
        "dns error",
        "error resolving DNS",
        "failed to lookup address information: Name or service not known",
    ]


def test_the_scheme_of_a_link_may_be_in_capitals(server: IndexServer) -> None:
    """Links on pages are taken as they are written."""
    answer, _, _ = ask(lambda client: client.fetch(f"{server.url}/a/".replace("http", "HTTP", 1), JSON))
    assert answer.status == 200


# --- encodings


def test_deflate_comes_in_two_forms() -> None:
    """With and without the header of zlib."""
    from mauve.network.decoding import decode_body

    bare = zlib.compressobj(wbits=-15)
    assert decode_body(zlib.compress(b"text"), "deflate") == b"text"
    assert decode_body(bare.compress(b"text") + bare.flush(), "deflate") == b"text"


def test_a_damaged_body_is_not_returned() -> None:
    """It would be parsed as an empty page."""
    from mauve.network.decoding import UndecodableBody, decode_body

    with pytest.raises(UndecodableBody):
        decode_body(b"not gzip", "gzip")
