"""One HTTP/1.1 connection: an asyncio protocol that writes a request and reads the answer.

It exists for speed: the pool of httpx costs 5 ms of CPU per request at fifty connections, this 0.1 ms. It knows
no redirects, no content encodings and no retries; bytes come out as they arrived, without transfer encoding.

Specification: RFC 9112.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mauve.enumerations import Enum

if TYPE_CHECKING:
    from collections.abc import Callable

HIGH_WATER = 1 << 20
"""Bytes waiting for a reader before the socket is left to fill up; large enough for one read of any page."""

_LONGEST_HEAD = 1 << 17


class ConnectionClosed(ConnectionError):
    """The peer closed the connection before the first byte of an answer."""


class IncompleteAnswer(ConnectionError):
    """The connection ended within an answer."""


class MalformedAnswer(ValueError):
    """What the peer sent is not HTTP/1.1."""


class ReadTimeout(TimeoutError):
    """No byte arrived within the limit."""


class _State(Enum):
    IDLE = 0
    HEAD = 1
    LENGTH = 2
    CHUNKED = 3
    UNTIL_CLOSE = 4
    DONE = 5
    CLOSED = 6


class Head:
    """Status line and header fields of an answer; names in lower case."""

    __slots__ = ("headers", "reason", "status")

    def __init__(self, status: int, reason: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        self.status = status
        self.reason = reason
        self.headers = headers


class Connection(asyncio.Protocol):
    """A connection that answers one request at a time.

    Attributes:
        requests: how many were sent so far.
        on_done: called when an answer is complete and the connection may be used again, or will not be.
    """

    __slots__ = (
        "_buffer",
        "_deadline",
        "_error",
        "_head",
        "_keep_alive",
        "_loop",
        "_parts",
        "_paused",
        "_remaining",
        "_size",
        "_state",
        "_timeout",
        "_timer",
        "_transport",
        "_waiter",
        "_whole",
        "_without_body",
        "on_done",
        "requests",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make a connection that is not connected yet."""
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._state = _State.IDLE
        self._buffer = bytearray()
        self._parts: list[bytes] = []
        self._size = 0
        self._remaining = 0
        self._head: Head | None = None
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._whole = False
        self._keep_alive = True
        self._paused = False
        self._without_body = False
        self._timer: asyncio.TimerHandle | None = None
        self._timeout = 0.0
        self._deadline = 0.0
        self.requests = 0
        self.on_done: Callable[[Connection], None] | None = None

    @property
    def is_reusable(self) -> bool:
        """Return whether another request can be sent."""
        return self._state is _State.IDLE and self._transport is not None and not self._transport.is_closing()

    @property
    def transport(self) -> asyncio.Transport:
        """Return the connected transport."""
        if self._transport is None:
            raise ConnectionClosed
        return self._transport

    async def send(self, request: bytes, *, method: bytes, patience: float, whole: bool) -> Head:
        """Write *request* and return the head of the answer.

        Args:
            request: everything, body included.
            method: decides whether an answer has a body.
            patience: seconds without an arriving byte.
            whole: return only once the body is complete, so that it costs one wake-up.
        """
        self.requests += 1
        self._state = _State.HEAD
        self._head = None
        self._whole = whole
        self._without_body = method == b"HEAD"
        self._timeout = patience
        self._deadline = self._loop.time() + patience
        self._timer = self._loop.call_at(self._deadline, self._check_timeout)
        self.transport.write(request)
        while self._head is None or (whole and self._state not in {_State.DONE, _State.IDLE, _State.CLOSED}):
            await self._wait()
        if whole and self._error is not None:
            raise self._error
        return self._head

    async def read(self) -> bytes:
        """Return the bytes of the body that have arrived, waiting for some; empty at its end."""
        while not self._parts:
            if self._state in {_State.DONE, _State.IDLE}:
                return b""
            await self._wait()
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts.clear()
        self._size = 0
        if self._paused and self._transport is not None:
            self._paused = False
            self._deadline = self._loop.time() + self._timeout
            self._transport.resume_reading()
        return body

    def release(self) -> None:
        """Take note that the caller is through with the answer; an unread rest costs the connection."""
        if self._state is _State.DONE and self._keep_alive and not self._parts:
            self._state = _State.IDLE
        elif self._state is not _State.IDLE:
            self.close()
        if self.on_done is not None:
            self.on_done(self)

    def close(self) -> None:
        """Close the socket."""
        self._state = _State.CLOSED
        self._stop_timer()
        if self._transport is not None:
            # Not `close`, which waits for the other side to agree on the end of encryption.
            self._transport.abort()

    # --- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the transport (also the encrypted one that replaces a plain one)."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what arrived."""
        self._deadline = self._loop.time() + self._timeout
        try:
            if self._state is _State.HEAD:
                self._buffer += data
                self._read_head()
            elif self._state in {_State.LENGTH, _State.CHUNKED, _State.UNTIL_CLOSE}:
                self._read_body(data)
            else:
                self.close()  # nobody asked
        except MalformedAnswer as error:
            self._fail(error)
            self.close()

    def eof_received(self) -> bool:
        """Let the transport close itself."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Finish or fail what was under way."""
        state = self._state
        if state is _State.UNTIL_CLOSE and exc is None:
            self._finish(keep_alive=False)
        elif state is _State.HEAD and not self._buffer:
            self._fail(ConnectionClosed() if exc is None else exc)
        elif state in {_State.HEAD, _State.LENGTH, _State.CHUNKED, _State.UNTIL_CLOSE}:
            self._fail(exc or IncompleteAnswer("end of file before message length reached"))
        elif state is _State.DONE:
            self._keep_alive = False
        else:
            self._state = _State.CLOSED
            if self.on_done is not None:
                self.on_done(self)

    # --- waiting

    async def _wait(self) -> None:
        if self._error is not None:
            raise self._error
        if self._state is _State.CLOSED:
            raise ConnectionClosed
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None
        if self._error is not None:
            raise self._error

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, error: Exception) -> None:
        self._error = error
        self._state = _State.CLOSED
        self._stop_timer()
        self._wake()

    def _finish(self, *, keep_alive: bool) -> None:
        self._keep_alive = self._keep_alive and keep_alive
        self._state = _State.DONE
        self._stop_timer()
        self._wake()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _check_timeout(self) -> None:
        # One timer for the whole answer: arriving data only moves the deadline.
        if self._paused:
            self._deadline = self._loop.time() + self._timeout
        if self._loop.time() < self._deadline:
            self._timer = self._loop.call_at(self._deadline, self._check_timeout)
            return
        self._timer = None
        transport = self._transport
        self._fail(ReadTimeout())
        if transport is not None:
            transport.abort()

    # --- parsing

    def _read_head(self) -> None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > _LONGEST_HEAD:
                raise MalformedAnswer("header fields are too long")
            return
        head = parse_head(bytes(self._buffer[:end]))
        rest = bytes(self._buffer[end + 4 :])
        self._buffer.clear()
        if head.status < 200:
            self._buffer += rest
            self._read_head()
            return
        self._begin_body(head)
        self._head = head
        if self._state is _State.DONE:
            if rest:
                self._keep_alive = False
        elif rest:
            self._read_body(rest)
        if not self._whole:
            self._wake()

    def _begin_body(self, head: Head) -> None:
        length: int | None = None
        chunked = False
        for name, value in head.headers:
            if name == b"content-length":
                if not value.isdigit():
                    raise MalformedAnswer("invalid content-length")
                length = int(value)
            elif name == b"transfer-encoding":
                chunked = value.lower().endswith(b"chunked")
            elif name == b"connection" and b"close" in value.lower():
                self._keep_alive = False
        if self._without_body or head.status in {204, 304}:
            self._finish(keep_alive=True)
        elif chunked:
            self._state = _State.CHUNKED
            self._remaining = 0
        elif length is None:
            self._state = _State.UNTIL_CLOSE
        elif length == 0:
            self._finish(keep_alive=True)
        else:
            self._state = _State.LENGTH
            self._remaining = length

    def _read_body(self, data: bytes) -> None:
        if self._state is _State.LENGTH:
            if len(data) > self._remaining:
                data = data[: self._remaining]
                self._keep_alive = False
            self._remaining -= len(data)
            self._deliver(data)
            if not self._remaining:
                self._finish(keep_alive=True)
                return
        elif self._state is _State.UNTIL_CLOSE:
            self._deliver(data)
        else:
            self._buffer += data
            if self._read_chunks():
                return
        if not self._whole:
            self._wake()
            if self._size > HIGH_WATER and self._transport is not None and not self._paused:
                self._paused = True
                self._transport.pause_reading()

    def _deliver(self, data: bytes) -> None:
        self._parts.append(data)
        self._size += len(data)

    def _read_chunks(self) -> bool:
        """Move complete pieces of the buffer to the reader; return whether the last one has arrived.

        `_remaining` counts the bytes left in the current chunk, its final line end included.
        """
        buffer = self._buffer
        while buffer:
            if self._remaining > 2:
                part = bytes(buffer[: self._remaining - 2])
                del buffer[: len(part)]
                self._remaining -= len(part)
                self._deliver(part)
            elif self._remaining:
                if len(buffer) < self._remaining:
                    return False
                del buffer[: self._remaining]
                self._remaining = 0
            else:
                end = buffer.find(b"\r\n")
                if end < 0:
                    return False
                try:
                    size = int(bytes(buffer[:end]).partition(b";")[0], 16)
                except ValueError as error:
                    raise MalformedAnswer("invalid chunk size") from error
                if size == 0:
                    return self._read_trailer(end)
                del buffer[: end + 2]
                self._remaining = size + 2
        return False

    def _read_trailer(self, end: int) -> bool:
        # The empty line that ends the trailer directly follows the last chunk if there are no trailer fields.
        stop = self._buffer.find(b"\r\n\r\n", end)
        if stop < 0:
            return False
        rest = len(self._buffer) - stop - 4
        self._buffer.clear()
        self._finish(keep_alive=not rest)
        return True


def parse_head(head: bytes) -> Head:
    """Return status and header fields of *head*, which has no empty line at its end.

    Raises:
        MalformedAnswer: it does not start with an HTTP/1 status line, or a field has no colon.
    """
    lines = head.split(b"\r\n")
    protocol, _, rest = lines[0].partition(b" ")
    status, _, reason = rest.partition(b" ")
    if not protocol.startswith(b"HTTP/1.") or len(status) != 3 or not status.isdigit():
        raise MalformedAnswer("invalid HTTP status line")
    headers: list[tuple[bytes, bytes]] = []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if not colon:
            raise MalformedAnswer("invalid HTTP header field")
        headers.append((name.lower(), value.strip()))
    if protocol == b"HTTP/1.0" and (b"connection", b"keep-alive") not in headers:
        headers.append((b"connection", b"close"))
    return Head(int(status), reason, headers)
