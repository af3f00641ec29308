"""What can go wrong with a request, in the words of uv; foreign exceptions are translated in `client` only."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from mauve.errors import ExitStatus, MauveError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mauve.standards.hashes import HashDigest


class NetworkFailure(Exception):
    """One link of the chain of causes below a `FetchError`: a line of text."""


def chain(lines: Sequence[str], last: NetworkFailure | None = None) -> NetworkFailure:
    """Return the first of *lines* as an exception whose causes are the others, and *last*."""
    failure = last or NetworkFailure(lines[-1])
    for line in reversed(lines if last is not None else lines[:-1]):
        outer = NetworkFailure(line)
        outer.__cause__ = failure
        failure = outer
    return failure


class UntrustedIssuer(NetworkFailure, MauveError):
    """The certificate of a server was issued by somebody whom we do not know.

    Attributes:
        is_bundled: whether only the bundled roots were asked.
    """

    def __init__(self, *, is_bundled: bool) -> None:
        """Remember who was asked."""
        super().__init__("invalid peer certificate: UnknownIssuer")
        self.is_bundled = is_bundled

    def hints(self) -> tuple[str, ...]:
        """Name the other roots there may be."""
        if not self.is_bundled:
            return ()
        return ("Consider enabling use of system TLS certificates with the `--system-certs` command-line flag",)


class FetchError(MauveError):
    """A URL could not be fetched; the cause says why.

    Attributes:
        url: without credentials.
    """

    def __init__(self, url: str) -> None:
        """Name the *url*."""
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        """Name the URL."""
        return f"Failed to fetch: {self.url}"


class UnexpectedStatus(FetchError):
    """The server answered with an HTTP status that is an error.

    Attributes:
        code: the HTTP status.
    """

    def __init__(self, url: str, code: int) -> None:
        """Name the *url* and the *code*."""
        super().__init__(url)
        self.code = code
        self.__cause__ = NetworkFailure(status_line(code, url))


class MissingFile(UnexpectedStatus):
    """The server says that there is nothing at the URL: the answer to the request, not a failure."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE


def unexpected_status(url: str, code: int) -> UnexpectedStatus:
    """Return the error for an HTTP status that is one."""
    return MissingFile(url, code) if code == HTTP_NOT_FOUND else UnexpectedStatus(url, code)


HTTP_NOT_FOUND: Final = 404


class UnusableUrl(MauveError):
    """A URL that a server named cannot be asked for; the cause says why."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, url: str) -> None:
        """Name the *url*."""
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        """Name the URL."""
        return f"Could not parse absolute URL `{self.url}` as a valid URL"


class RetriesExhausted(MauveError):
    """A request was repeated and still failed; the cause is the last failure.

    Attributes:
        retries: how often it was repeated.
        seconds: from the first try to the end of the last.
    """

    def __init__(self, retries: int, seconds: float) -> None:
        """Count the retries."""
        super().__init__(retries, seconds)
        self.retries = retries
        self.seconds = seconds

    def __str__(self) -> str:
        """Say how hard it was tried."""
        noun = "retry" if self.retries == 1 else "retries"
        return f"Request failed after {self.retries} {noun} in {self.seconds:.1f}s"


class OfflineError(MauveError):
    """The network is disabled and the answer is not stored."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, url: str) -> None:
        """Name the *url*."""
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        """Name the URL."""
        return f"Network connectivity is disabled, but the requested data wasn't found in the cache: {self.url}"


class MissingCredentials(MauveError):
    """An index demands credentials (`authenticate = "always"`) and none are known."""

    def __init__(self, url: str) -> None:
        """Name the *url*."""
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        """Name the URL."""
        return f"Missing credentials for: {self.url}"


class IncompleteCredentials(MauveError):
    """An index demands credentials (`authenticate = "always"`) and there is a user name without a password."""

    def __init__(self, url: str) -> None:
        """Name the *url*."""
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        """Name the URL."""
        return f"Incomplete credentials for `{self.url}`"


class UnsupportedContentType(MauveError):
    """An index page is neither JSON nor HTML."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, content_type: str, url: str) -> None:
        """Name the type and the page."""
        super().__init__(content_type, url)
        self.content_type = content_type
        self.url = url

    def __str__(self) -> str:
        """Say what is expected."""
        if not self.content_type:
            return f"Missing `Content-Type` header for `{self.url}`"
        return f'Unsupported `Content-Type` "{self.content_type}" for `{self.url}`. Expected JSON or HTML.'


class HashMismatch(MauveError):
    """A file does not have the hash that was promised.

    Attributes:
        name: what was downloaded.
        expected: all digests that would have been right.
        actual: the digests that were computed.
    """

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, name: str, expected: tuple[HashDigest, ...], actual: tuple[HashDigest, ...]) -> None:
        """Record both sides."""
        super().__init__(name, expected, actual)
        self.name = name
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        """List both sides, one digest a line."""
        expected = "\n".join(f"  {digest}" for digest in self.expected)
        actual = "\n".join(f"  {digest}" for digest in self.actual)
        return f"Hash mismatch for `{self.name}`\n\nExpected:\n{expected}\n\nComputed:\n{actual}"


def status_of(error: UnexpectedStatus | RetriesExhausted) -> int | None:
    """Return the HTTP status that is behind *error*, after repetitions or not."""
    cause = error if isinstance(error, UnexpectedStatus) else error.__cause__
    return cause.code if isinstance(cause, UnexpectedStatus) else None


def status_text(code: int) -> str:
    """Return an HTTP status with its meaning, such as `401 Unauthorized`."""
    from http import HTTPStatus

    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


def status_line(code: int, url: str) -> str:
    """Return the text for an HTTP status that is an error."""
    side = "client" if code < 500 else "server"
    return f"HTTP status {side} error ({status_text(code)}) for url ({url})"
