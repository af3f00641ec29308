"""The verbs of the network: fetch an answer, stream a file. Retries, redirects and credentials happen here.

httpx is imported when a client is made, not with this module. Every failure leaves as a `MauveError` of
`mauve.network.errors`; an HTTP status is not a failure here unless it is transient and stays so.
"""

from __future__ import annotations

import socket
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

import anyio
import anyio.to_thread
from msgspec import Struct

from mauve.distributions.index import AuthPolicy
from mauve.network.auth.authenticator import REFUSALS, Authenticator
from mauve.network.auth.authorization import authorization
from mauve.network.decoding import ACCEPTED, LARGE, UndecodableBody, decode_body, decoded_parts
from mauve.network.errors import (
    FetchError,
    HashMismatch,
    IncompleteCredentials,
    MissingCredentials,
    NetworkFailure,
    OfflineError,
    RetriesExhausted,
    UnexpectedStatus,
    UntrustedIssuer,
    UnusableUrl,
    chain,
    unexpected_status,
)
from mauve.network.http1 import IncompleteAnswer
from mauve.network.lean_httpx import httpx
from mauve.network.proxies import SocksRefused
from mauve.network.redirects import redirect_target
from mauve.network.retry import RetryPolicy, is_transient
from mauve.network.settings import Credentials
from mauve.network.transport import WHOLE, Transport
from mauve.network.turns import Turns
from mauve.network.urls import realm, split_credentials

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping

    from mauve.network.settings import Authentication, NetworkSettings, TlsSettings
    from mauve.network.statistics import Statistics
    from mauve.standards.hashes import HashDigest

T = TypeVar("T")

MAX_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NO_BODY = httpx.ByteStream(b"")
_IDENTITY = {"Accept": "*/*", "Accept-Encoding": "identity"}


class Answer(Struct, frozen=True):
    """A complete answer.

    Attributes:
        url: after redirects, without credentials.
        headers: names in lower case.
        body: without content encoding.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Download:
    """An answer whose body is still arriving."""

    __slots__ = ("_failed", "_response", "_statistics", "headers", "status", "url")

    def __init__(
        self, response: httpx.Response, statistics: Statistics, failed: Callable[[httpx.HTTPError], Exception]
    ) -> None:
        self._response = response
        self._statistics = statistics
        self._failed = failed
        self.url = str(response.request.url)
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers

    async def parts(self) -> AsyncIterator[bytes]:
        """Yield the body in pieces, as they arrive."""
        try:
            async for part in _stream(self._response):
                self._statistics.received += len(part)
                yield part
        except httpx.HTTPError as error:
            raise self._failed(error)  # noqa: B904  # the chain of causes is in uv's words


class Sink(Protocol):
    """Where a download goes."""

    def write(self, part: bytes) -> None:
        """Take the next piece."""
        ...

    def restart(self) -> None:
        """Forget all pieces: the download begins again."""
        ...


class Client:
    """Asks servers. Made and used within one event loop.

    Args:
        settings: who we are, whom we trust, how patient we are.
        statistics: counts what is done.
        chance: source of jitter, for tests.
        sleep: waits between tries, for tests.
    """

    def __init__(
        self,
        settings: NetworkSettings,
        statistics: Statistics,
        *,
        chance: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        """Make a client without a connection."""
        self.settings = settings
        self.statistics = statistics
        self._retry = RetryPolicy(settings.retries)
        self._chance = chance or _chance
        self._sleep = sleep
        self._turns = Turns()
        self._limiter = anyio.Semaphore(settings.concurrent_downloads, fast_acquire=True)
        self._authenticator = Authenticator(settings)
        self._transport = Transport(settings, connections=settings.concurrent_downloads)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def fetch(self, url: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Answer:
        """Return the answer at *url*, whatever its status; transient failures are repeated.

        Raises:
            FetchError, RetriesExhausted: no usable answer.
            OfflineError: the network is disabled.
        """

        async def attempt() -> Answer:
            async with self._limiter:
                response = await self._request(
                    method, url, {"Accept-Encoding": ACCEPTED, **(headers or {})}, whole=True
                )
                body = b"".join([part async for part in _stream(response)])
            self.statistics.received += len(body)
            received = {field.decode(): value.decode("latin-1") for field, value in response.headers.raw}
            encoding = received.get("content-encoding") if body else None
            if encoding and len(body) > LARGE:
                body, encoding = await anyio.to_thread.run_sync(decode_body, body, encoding), None
            # What follows from this answer is asked for before the next one is looked at, though both are there.
            await self._turns.take()
            if encoding:
                body = decode_body(body, encoding)
            return Answer(str(response.url), response.status_code, received, body)

        return await self._with_retries(url, attempt)

    @asynccontextmanager
    async def stream(self, url: str, headers: Mapping[str, str] | None = None) -> AsyncGenerator[Download, None]:
        """Give the answer at *url* before its body has arrived; only its beginning is retried."""

        async def attempt() -> httpx.Response:
            return await self._request("GET", url, {**_IDENTITY, **(headers or {})}, whole=False)

        async with self._limiter:
            response = await self._with_retries(url, attempt)
            try:
                yield Download(response, self.statistics, self._failed(url))
            finally:
                await response.aclose()

    @property
    def is_offline(self) -> bool:
        """Return whether nothing may be asked."""
        return self.settings.offline

    async def is_unchanged(self, url: str, headers: Mapping[str, str]) -> bool:
        """Return whether the server answers the question in *headers* with "not modified"; the body is not read.

        Raises:
            FetchError, RetriesExhausted, OfflineError: there is no such file, or no usable answer.
        """
        async with self.stream(url, headers) as answer:
            if answer.status not in (200, 304):
                raise unexpected_status(_plain(url), answer.status)
            return answer.status == 304

    async def fetch_file(
        self,
        url: str,
        hashes: tuple[HashDigest, ...],
        sink: Sink,
        *,
        name: str | None = None,
        heard: Callable[[Mapping[str, str]], None] | None = None,
    ) -> tuple[HashDigest, ...]:
        """Write the file at *url* to *sink* and return the digests computed; the whole is retried.

        Args:
            url: of the file; a fragment is not sent.
            hashes: if any are given, the strongest algorithm among them decides.
            sink: takes the pieces in order.
            name: of the file, for messages; the URL by default.
            heard: called with the headers of each answer that brings the file.

        Raises:
            HashMismatch: the file is another one.
            FetchError, RetriesExhausted, OfflineError: it cannot be had.
        """
        from mauve.network.digests import Digester

        async def attempt() -> tuple[HashDigest, ...]:
            sink.restart()
            digester = Digester(hashes)
            async with self._limiter:
                response = await self._request("GET", url, _IDENTITY, whole=False)
                try:
                    if response.status_code != 200:
                        raise unexpected_status(_plain(url), response.status_code)
                    if heard is not None:
                        heard(response.headers)
                    download = Download(response, self.statistics, self._failed(url))
                    async for part in decoded_parts(download.parts(), url, response.headers.get("content-encoding")):
                        digester.update(part)
                        sink.write(part)
                finally:
                    await response.aclose()
            actual = digester.digests()
            if not digester.is_expected():
                raise HashMismatch(name or _plain(url), hashes, actual)
            return actual

        return await self._with_retries(url, attempt)

    # --- one request

    async def _request(self, method: str, url: str, headers: Mapping[str, str], *, whole: bool) -> httpx.Response:
        """Return the answer after redirects; each server on the way gets its own credentials, if it needs some."""
        given: Authentication | None
        try:
            target, given = split_credentials(url)
            realm(target)
        except ValueError as error:
            raise _unusable(url, error)  # noqa: B904  # the chain of causes is in uv's words
        if self.settings.offline:
            raise OfflineError(target)
        for _ in range(MAX_REDIRECTS + 1):
            response, used = await self._authenticated(method, target, headers, given, whole=whole)
            if response.status_code not in _REDIRECTS:
                if is_transient(response.status_code):
                    await response.aclose()
                    raise UnexpectedStatus(target, response.status_code)
                return response
            await response.aclose()
            location = response.headers.get("location")
            following, named = split_credentials(redirect_target(target, response.status_code, location))
            # Credentials are for the server they were configured for.
            given = named or (used if realm(following) == realm(target) else None)
            target = following
        plain = _plain(url)
        raise FetchError(plain) from chain((f"error following redirect for url ({plain})", "too many redirects"))

    async def _authenticated(
        self, method: str, url: str, headers: Mapping[str, str], given: Authentication | None, *, whole: bool
    ) -> tuple[httpx.Response, Authentication | None]:
        """Return the answer of one server, and the credentials that it got; *given* are those in the URL."""
        known = self._authenticator
        policy = known.policy(url)
        if policy is AuthPolicy.NEVER:
            return await self._send(method, url, headers, given, whole=whole), given
        if given is not None:
            used = (
                await known.complete(url, given) if isinstance(given, Credentials) and not given.is_complete else given
            )
            return await self._open(method, url, headers, used, policy, whole=whole), used
        first = known.first(url)
        if first is not None and first.is_complete:
            return await self._send(method, url, headers, first, whole=whole), first
        response = None
        if policy is not AuthPolicy.ALWAYS:
            response = await self._send(method, url, headers, first, whole=whole)
            if response.status_code not in REFUSALS:
                return response, first
        second = await known.after_refusal(url, first)
        if second is None:
            if response is None:
                raise FetchError(url) from MissingCredentials(url)
            return response, first
        if response is not None:
            await response.aclose()
        return await self._open(method, url, headers, second, policy, whole=whole), second

    async def _open(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        credentials: Authentication,
        policy: AuthPolicy,
        *,
        whole: bool,
    ) -> httpx.Response:
        """Return the answer to a request with *credentials*, which are remembered if they are good."""
        if policy is AuthPolicy.ALWAYS and not credentials.is_complete:
            raise FetchError(url) from IncompleteCredentials(url)
        response = await self._send(method, url, headers, credentials, whole=whole)
        if response.status_code < 400:
            self._authenticator.accept(url, credentials)
        return response

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], credentials: Authentication | None, *, whole: bool
    ) -> httpx.Response:
        if not url[:8].lower().startswith(("http://", "https://")):
            plain = _plain(url)
            raise FetchError(plain) from chain((f"builder error for url ({plain})", "URL scheme is not allowed"))
        try:
            target = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise _unusable(url, error)  # noqa: B904  # the chain of causes is in uv's words
        sent = {"Host": target.netloc.decode(), "User-Agent": self.settings.user_agent, **headers}
        if credentials is not None:
            sent["Authorization"] = authorization(credentials)
        # Not `build_request`, which merges headers, and with a stream: what else there would be is all given here.
        request = httpx.Request(method, target, headers=sent, stream=_NO_BODY, extensions={WHOLE: whole})
        self.statistics.requests += 1
        try:
            # Not through httpx's client: it looks for cookies, credentials and redirects, which are ours to handle.
            response = await self._transport.handle_async_request(request)
        except httpx.HTTPError as error:
            raise _failure(url, error, self.settings.tls)  # noqa: B904  # the chain of causes is in uv's words
        response.request = request
        return response

    def _failed(self, url: str) -> Callable[[httpx.HTTPError], Exception]:
        """Return what makes the error for a body of *url* that did not arrive."""
        return lambda error: _failure(url, error, self.settings.tls)

    # --- repetition

    async def _with_retries(self, url: str, attempt: Callable[[], Awaitable[T]]) -> T:
        started = time.monotonic()
        number = 0
        while True:
            number += 1
            try:
                return await attempt()
            except UndecodableBody as error:
                failure: FetchError = FetchError(_plain(url))
                lines = (f"error decoding response body for url ({_plain(url)})", "request or response body error")
                failure.__cause__ = chain((*lines, str(error)))
            except FetchError as error:
                failure = error
            if not _is_repeatable(failure):
                raise failure
            delay = self._retry.delay(number, self._chance())
            if delay is None:
                if number == 1:
                    raise failure
                raise RetriesExhausted(number - 1, time.monotonic() - started) from failure
            self.statistics.retries += 1
            await self._sleep(delay)


def _stream(response: httpx.Response) -> httpx.AsyncByteStream:
    """Return the body of *response* as it arrives; `aiter_raw` does the same at twice the cost."""
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError(response.stream)
    return response.stream


def _plain(url: str) -> str:
    return split_credentials(url)[0]


def _unusable(url: str, error: Exception) -> UnusableUrl:
    from mauve.standards.web_urls import InvalidUrl, normalise_url

    reason = str(error)
    try:
        normalise_url(url)
    except InvalidUrl as fault:
        reason = str(fault)
    failure = UnusableUrl(url)
    failure.__cause__ = NetworkFailure(reason)
    return failure


def _is_repeatable(failure: FetchError) -> bool:
    if isinstance(failure, UnexpectedStatus):
        return is_transient(failure.code)
    return isinstance(failure, _Interrupted) and failure.is_repeatable


class _Interrupted(FetchError):
    """A request that got no complete answer."""

    def __init__(self, url: str, *, is_repeatable: bool) -> None:
        super().__init__(url)
        self.is_repeatable = is_repeatable


def _failure(url: str, error: httpx.HTTPError, tls: TlsSettings) -> FetchError:
    """Return *error* in the words of uv, as the head of its chain of causes."""
    # Not with this module: where nothing is encrypted and nothing fails, it is 8 ms for nothing.
    import ssl

    plain = _plain(url)
    cause = error.__cause__
    lines = [f"error sending request for url ({plain})"]
    is_repeatable = True
    last: NetworkFailure | None = None
    match error:
        case httpx.TimeoutException():
            lines.append("operation timed out")
        case httpx.ConnectError() if isinstance(cause, socket.gaierror):
            text = f"failed to lookup address information: {cause.strerror}"
            lines += ["client error (Connect)", "dns error", "error resolving DNS", text]
        case httpx.ConnectError() if isinstance(cause, ssl.SSLCertVerificationError):
            fault = _certificate_fault(cause)
            lines.append("client error (Connect)")
            if fault == "UnknownIssuer":
                last = UntrustedIssuer(is_bundled=tls.trusts_bundled)
            else:
                lines.append(f"invalid peer certificate: {fault}")
            is_repeatable = False
        case httpx.ConnectError() if isinstance(cause, SocksRefused):
            lines += ["client error (Connect)", "error connecting to socks proxy", f"SOCKS error: {cause}"]
        case httpx.ConnectError() if isinstance(cause, OSError) and cause.errno and not isinstance(cause, ssl.SSLError):
            lines += ["client error (Connect)", "tcp connect error", f"{_strerror(cause)} (os error {cause.errno})"]
        case httpx.ConnectError() | httpx.ProxyError():
            lines += ["client error (Connect)", str(cause or error)]
        case _ if isinstance(cause, IncompleteAnswer):
            lines = [
                f"error decoding response body for url ({plain})",
                "request or response body error",
                "error reading a body from connection",
                str(cause),
            ]
        case _ if isinstance(cause, ssl.SSLError) and "_ALERT_" in (cause.reason or ""):
            alert = cause.reason.partition("_ALERT_")[2].title().replace("_", "")
            lines += ["client error (SendRequest)", "connection error", f"received fatal alert: {alert}"]
        case _:
            lines += ["client error (SendRequest)", "connection closed before message completed"]
    failure = _Interrupted(plain, is_repeatable=is_repeatable)
    failure.__cause__ = chain(lines, last)
    return failure


def _strerror(error: OSError) -> str:
    import os

    # asyncio puts the address into the text of the error; the system's own words do not have it.
    return os.strerror(error.errno) if error.errno else str(error)


def _certificate_fault(error: ssl.SSLCertVerificationError) -> str:
    match error.verify_code:
        case 10:
            return "Expired"
        case 9:
            return "NotValidYet"
        case 62 | 64:
            return "NotValidForName"
        case 2 | 18 | 19 | 20 | 21:
            return "UnknownIssuer"
        case _:
            return error.verify_message


__all__ = ["Answer", "Client", "Download", "NetworkFailure", "Sink"]


def _chance() -> float:
    import random  # takes longer than a request, and is rarely needed

    return random.random()  # noqa: S311 - spreads tries
