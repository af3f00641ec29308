"""Where a request goes, read from a URL.

Nearly all URLs of indexes are in normal form already: of those the parts are taken as they are. Any other (a host in
another script, a default port, a query, dots or odd characters in the path) is read and normalised by httpx, whose
import takes longer than a dozen requests.
"""

from __future__ import annotations

from typing import Final

from mauve.network.urls import PORTS, plain_server

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_IN_PATH: Final = f"{_LETTERS}{_LETTERS.upper()}0123456789-._~!$&'()*+,;=:@/%"
_IN_NUMBER: Final = "0123456789abcdefABCDEF"


class InvalidTarget(ValueError):
    """A URL cannot be asked for."""


class Target:
    """The parts of a URL that make a request.

    Attributes:
        url: normalised.
        host: as it is looked up, without brackets.
        port: that of the scheme if none is named.
        authority: host and port as the header `Host` has them.
        path: path and query, as they are sent.
    """

    __slots__ = ("authority", "host", "path", "port", "scheme", "url")

    def __init__(self, url: str, scheme: str, host: str, port: int, authority: bytes, path: bytes) -> None:
        """Use `read_target`."""
        self.url = url
        self.scheme = scheme
        self.host = host
        self.port = port
        self.authority = authority
        self.path = path


def read_target(url: str) -> Target:
    """Return where *url*, which has no credentials, leads.

    Raises:
        InvalidTarget: nowhere.
    """
    start = url.find("/", 8)
    server = plain_server(url[:start]) if start > 0 else None
    if server is not None:
        path = url[start:].partition("#")[0]
        if _is_plain_path(path):
            return Target(url, server.scheme, server.host, server.port, server.authority.encode(), path.encode())
    return _read_any(url)


def _is_plain_path(path: str) -> bool:
    """Return whether *path* is sent as it is written."""
    if path.strip(_IN_PATH) or "/." in path:
        return False
    return all(len(part) > 1 and not part[:2].strip(_IN_NUMBER) for part in path.split("%")[1:])


def _read_any(url: str) -> Target:
    from mauve.network.lean_httpx import httpx

    try:
        parsed = httpx.URL(url)
        host = parsed.raw_host.decode()
    except (httpx.InvalidURL, UnicodeError) as error:
        raise InvalidTarget(str(error)) from error
    port = parsed.port or PORTS.get(parsed.scheme, 80)
    return Target(str(parsed), parsed.scheme, host, port, parsed.netloc, parsed.raw_path)
