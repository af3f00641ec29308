"""Which proxy a request goes through. Pure."""

from __future__ import annotations

from binascii import b2a_base64
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.enumerations import StrEnum

if TYPE_CHECKING:
    from mauve.network.settings import ProxySettings


class ProxyKind(StrEnum):
    """How a proxy is spoken to."""

    HTTP = "http"
    HTTPS = "https"
    SOCKS4 = "socks4"
    """It is told addresses, and only such of IPv4."""
    SOCKS4A = "socks4a"
    """It is told names."""
    SOCKS5 = "socks5"
    """It is told addresses."""
    SOCKS5H = "socks5h"
    """It is told names, and looks them up itself."""


_PORTS: Final = {ProxyKind.HTTP: 80, ProxyKind.HTTPS: 443}
_SOCKS_PORT: Final = 1080


class SocksRefused(ConnectionError):
    """A SOCKS proxy did not open a connection, or is none."""


class Proxy(Struct, frozen=True):
    """A proxy; *password* is meaningless without *username*."""

    host: str
    port: int
    kind: ProxyKind = ProxyKind.HTTP
    username: str | None = None
    password: str = ""

    @property
    def is_socks(self) -> bool:
        """Return whether connections through it are like direct ones once they are open."""
        return self.kind not in _PORTS

    @property
    def authorization(self) -> bytes | None:
        """Return the value of `Proxy-Authorization`."""
        if self.username is None:
            return None
        return b"Basic " + b2a_base64(f"{self.username}:{self.password}".encode(), newline=False)

    def __repr__(self) -> str:
        """Return a form that is safe in logs."""
        return f"Proxy({self.kind}://{self.host}:{self.port})"

    __str__ = __repr__


def choose_proxy(settings: ProxySettings, scheme: str, host: str, port: int) -> Proxy | None:
    """Return the proxy for a request to *host*, None to go there directly."""
    url = (settings.https if scheme == "https" else settings.http) or settings.everything
    if not url or _is_exception(settings.exceptions, host, port):
        return None
    return parse_proxy(url)


def parse_proxy(url: str) -> Proxy | None:
    """Return the proxy at *url*, which may lack a scheme; None if it is none that we can speak to."""
    from urllib.parse import unquote, urlsplit

    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        kind = ProxyKind(parts.scheme)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    username = unquote(parts.username) if parts.username else None
    return Proxy(parts.hostname, port or _PORTS.get(kind, _SOCKS_PORT), kind, username, unquote(parts.password or ""))


def _is_exception(exceptions: tuple[str, ...], host: str, port: int) -> bool:
    for text in exceptions:
        pattern = text.strip().lower()
        if pattern == "*":
            return True
        name, _, number = pattern.rpartition(":") if pattern.count(":") == 1 else (pattern, "", "")
        name = name.lstrip(".")
        if number and number != str(port):
            continue
        # An address is no name, of which the end may be told.
        is_end = host.endswith(f".{name}") and not _is_address(host)
        if name and (host == name or is_end or _is_within(host, name)):
            return True
    return False


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _is_within(host: str, network: str) -> bool:
    """Return whether *host* is an address in the CIDR block *network*."""
    if "/" not in network or not _is_address(host):
        return False
    import ipaddress

    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
