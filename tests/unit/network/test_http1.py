"""The parser of answers, fed byte by byte and in other pieces."""

from __future__ import annotations

import asyncio

import pytest

from mauve.network.http1 import Connection, ConnectionClosed, IncompleteAnswer, MalformedAnswer, ReadTimeout, parse_head


class Wire(asyncio.Transport):
    """A transport without a socket."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.is_closed = False
        self.is_paused = False

    def write(self, data) -> None:
        """Keep it."""
        self.sent += data

    def close(self) -> None:
        """Take note."""
        self.is_closed = True

    abort = close

    def is_closing(self) -> bool:
        """Answer."""
        return self.is_closed

    def pause_reading(self) -> None:
        """Take note."""
        self.is_paused = True

    def resume_reading(self) -> None:
        """Take note."""
        self.is_paused = False


async def _exchange(
    answer: list[bytes], *, method: bytes = b"GET", whole: bool = True, closes: bool = False
) -> tuple[int, bytes, Connection]:
    connection = Connection(asyncio.get_running_loop())
    connection.connection_made(Wire())
    task = asyncio.create_task(connection.send(b"request", method=method, patience=5, whole=whole))
    await asyncio.sleep(0)
    for part in answer:
        connection.data_received(part)
        await asyncio.sleep(0)
    if closes:
        connection.connection_lost(None)
    head = await task
    body = b""
    while part := await connection.read():
        body += part
    connection.release()
    return head.status, body, connection


def exchange(answer: list[bytes], **options) -> tuple[int, bytes, bool]:
    """Return status, body, and whether the connection can be used again."""
    status, body, connection = asyncio.run(_exchange(answer, **options))
    return status, body, connection.is_reusable


LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;name=value\r\nlo\r\n0\r\nTrailer: x\r\n\r\n"
)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("answer", [LENGTH, CHUNKED], ids=["length", "chunked"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_an_answer_may_arrive_in_any_pieces(answer: bytes, size: int, whole: bool) -> None:
    """Networks cut where they like."""
    pieces = [answer[at : at + size] for at in range(0, len(answer), size)]
    assert exchange(pieces, whole=whole) == (200, b"hello", True)


def test_without_a_length_the_body_ends_with_the_connection() -> None:
    """HTTP/1.0 servers do that."""
    assert exchange([b"HTTP/1.0 200 OK\r\n\r\nhel", b"lo"], closes=True) == (200, b"hello", False)


def test_the_answer_to_head_has_no_body() -> None:
    """Its Content-Length is that of the file."""
    assert exchange([b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"], method=b"HEAD") == (200, b"", True)


def test_not_modified_has_no_body() -> None:
    """Whatever its headers say."""
    assert exchange([b"HTTP/1.1 304 Not Modified\r\nContent-Length: 999\r\n\r\n"]) == (304, b"", True)


def test_interim_answers_are_passed_over() -> None:
    """103 Early Hints comes before the answer proper."""
    assert exchange([b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + LENGTH]) == (200, b"hello", True)


def test_connection_close_is_obeyed() -> None:
    """The next request would be lost."""
    answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"
    assert exchange([answer]) == (200, b"hello", False)


def test_bytes_after_the_answer_cost_the_connection() -> None:
    """They would be taken for the next answer."""
    assert exchange([LENGTH + b"HTTP/1.1 200"]) == (200, b"hello", False)


def test_a_cut_body_is_an_error() -> None:
    """Half a wheel is not a wheel."""
    with pytest.raises(IncompleteAnswer):
        exchange([LENGTH[:-1]], closes=True)


def test_a_connection_closed_before_the_answer_is_told_apart() -> None:
    """A kept connection that the server gave up may be replaced without counting as a failure."""
    with pytest.raises(ConnectionClosed):
        exchange([], closes=True)


def test_what_is_not_http_is_refused() -> None:
    """Such as the greeting of another protocol."""
    with pytest.raises(MalformedAnswer):
        exchange([b"220 mail ready\r\n\r\n"])


def test_silence_is_a_timeout() -> None:
    """Whoever waits must get an answer."""

    async def silent() -> None:
        connection = Connection(asyncio.get_running_loop())
        connection.connection_made(Wire())
        await connection.send(b"request", method=b"GET", patience=0.01, whole=True)

    with pytest.raises(ReadTimeout):
        asyncio.run(silent())


def test_a_slow_reader_stops_the_sender() -> None:
    """A large download must not fill the memory."""

    async def slow() -> tuple[bool, bool]:
        connection = Connection(asyncio.get_running_loop())
        wire = Wire()
        connection.connection_made(wire)
        task = asyncio.create_task(connection.send(b"request", method=b"GET", patience=5, whole=False))
        await asyncio.sleep(0)
        connection.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + bytes(2 << 20))
        await task
        was_paused = wire.is_paused
        await connection.read()
        connection.close()
        return was_paused, wire.is_paused

    assert asyncio.run(slow()) == (True, False)


def test_header_names_are_in_lower_case() -> None:
    """They are compared as bytes."""
    head = parse_head(b"HTTP/1.1 200 OK\r\nX-Thing:  value \r\nEmpty:")
    assert head.headers == [(b"x-thing", b"value"), (b"empty", b"")]
