"""Which proxy a request goes through. Pure."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from msgspec import Struct

if TYPE_CHECKING:
    from mauve.network.settings import ProxySettings


class Proxy(Struct, frozen=True):
    """An HTTP proxy.

    Attributes:
        authorization: value of `Proxy-Authorization`.
    """

    host: str
    port: int
    is_encrypted: bool = False
    authorization: bytes | None = None


def choose_proxy(settings: ProxySettings, scheme: str, host: str, port: int) -> Proxy | None:
    """Return the proxy for a request to *host*, None to go there directly."""
    url = (settings.https if scheme == "https" else settings.http) or settings.everything
    if not url or _is_exception(settings.exceptions, host, port):
        return None
    return parse_proxy(url)


def parse_proxy(url: str) -> Proxy:
    """Return the proxy at *url*, which may lack a scheme."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    is_encrypted = parts.scheme == "https"
    authorization = None
    if parts.username:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = b"Basic " + b64encode(user.encode())
    return Proxy(parts.hostname or "", parts.port or (443 if is_encrypted else 80), is_encrypted, authorization)


def _is_exception(exceptions: tuple[str, ...], host: str, port: int) -> bool:
    for text in exceptions:
        pattern = text.strip().lower()
        if pattern == "*":
            return True
        name, _, number = pattern.rpartition(":") if pattern.count(":") == 1 else (pattern, "", "")
        name = name.lstrip(".")
        if number and number != str(port):
            continue
        if name and (host == name or host.endswith(f".{name}") or _is_within(host, name)):
            return True
    return False


def _is_within(host: str, network: str) -> bool:
    """Return whether *host* is an address in the CIDR block *network*."""
    if "/" not in network or not (host[:1].isdigit() or ":" in host):
        return False
    import ipaddress

    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
