"""URLs as text: taking credentials out, hiding them, comparing servers.

`urllib` (4 ms to import) is loaded only where a URL has more to it than text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mauve.network.settings import Credentials

__all__ = [
    "index_root",
    "is_below",
    "join",
    "mask",
    "path_of",
    "realm",
    "split_credentials",
    "with_username",
    "without_fragment",
]

_PORTS: Final = {"http": "80", "https": "443"}
"""Of a URL that names none."""
_IN_HOST: Final = "abcdefghijklmnopqrstuvwxyz0123456789.-_"
_LONGEST_PORT: Final = 4
"""Digits of a port that cannot be too large."""


def split_credentials(url: str) -> tuple[str, Credentials | None]:
    """Return *url* without its user part, and what was there."""
    if "@" not in url:
        return url, None
    scheme, separator, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    user, at, host = authority.rpartition("@")
    if not separator or not at:
        return url, None
    name, colon, password = user.partition(":")
    plain = f"{scheme}://{host}{slash}{path}"
    if not name and not colon:
        return plain, None
    from urllib.parse import unquote

    from mauve.network.settings import Credentials

    return plain, Credentials(unquote(name), unquote(password) if colon else None)


def with_username(url: str, username: str) -> str:
    """Return *url* with a user name in front of its host."""
    from urllib.parse import quote

    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{quote(username, safe='')}@{rest}"


def mask(url: str) -> str:
    """Return *url* with the password, if any, as `****`."""
    plain, credentials = split_credentials(url)
    if credentials is None:
        return url
    from urllib.parse import quote

    scheme, separator, rest = plain.partition("://")
    if credentials.password is None:
        return f"{scheme}{separator}{quote(credentials.username, safe='')}@{rest}"
    name = quote(credentials.username, safe="")
    return f"{scheme}{separator}{name}:****@{rest}"


def realm(url: str) -> str:
    """Return scheme, host and port of *url*, the port only if it is not the scheme's own."""
    end = url.find("/", len("https://"))
    server = url[:end] if end > 0 else url
    if _is_plain(server):
        return server
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    scheme, host, port = parts.scheme.lower(), (parts.hostname or ""), parts.port
    host = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(scheme)
    return f"{scheme}://{host}" if port is None or port == default else f"{scheme}://{host}:{port}"


@lru_cache(maxsize=64)
def _is_plain(server: str) -> bool:
    """Return whether a URL without a path is in normal form, as nearly all are."""
    scheme, _, authority = server.partition("://")
    host, colon, port = authority.partition(":")
    usual = _PORTS.get(scheme)
    if usual is None or not host or host.strip(_IN_HOST):
        return False
    if not colon:
        return True
    is_number = port.isascii() and port.isdecimal() and port[0] != "0"
    return is_number and port != usual and (len(port) <= _LONGEST_PORT or int(port) < 1 << 16)


def path_of(url: str) -> str:
    """Return the path of *url*, at least `/`; without query and fragment."""
    rest = url.partition("://")[2]
    path = rest[rest.find("/") :] if "/" in rest else "/"
    return path.partition("#")[0].partition("?")[0]


def is_below(path: str, start: str) -> bool:
    """Return whether *path* is *start* or continues it after a slash."""
    start = start.rstrip("/")
    return path.startswith(start) and path[len(start) : len(start) + 1] in ("", "/")


def index_root(url: str) -> str | None:
    """Return *url* without the `simple` (or `+simple`) that the path of an index ends in; None if it does not."""
    path = path_of(url)
    parts = path.rstrip("/").split("/") if path.count("/") and path.endswith("/") else path.split("/")
    if path.endswith("//") or parts[-1].lower() not in ("simple", "+simple"):
        return None
    start = len(url.partition("://")[0]) + 3
    start = url.find("/", start)
    return f"{url[:start]}{'/'.join(parts[:-1]) or '/'}{url[start + len(path) :]}"


def join(base: str, url: str) -> str:
    """Return *url* as seen from the page at *base*."""
    if url.startswith(("https://", "http://")):
        return url
    from urllib.parse import urljoin

    return urljoin(base, url)


def without_fragment(url: str) -> str:
    """Return *url* up to the `#`."""
    return url.partition("#")[0]
