"""Where an answer sends us next. Pure."""

from __future__ import annotations

from mauve.network.errors import FetchError, NetworkFailure, status_text
from mauve.network.urls import join, split_credentials


def redirect_target(url: str, status: int, location: str | None) -> str:
    """Return the URL of the next request, credentials included.

    Raises:
        FetchError: *location* cannot be asked, or the answer has none.
    """
    from urllib.parse import urlsplit

    if location is None:
        hint = "This may indicate a server configuration issue"
        what = f"Server returned redirect (HTTP {status_text(status)}) without destination URL"
        raise FetchError(url) from NetworkFailure(f"{what}. {hint}")

    try:
        target = join(url, location)
        parts = urlsplit(target)
        number = parts.port
    except ValueError:
        fault = "invalid IPv6 address" if "[" in location or "]" in location else "invalid port number"
        raise FetchError(url) from _fault(status, location, fault)
    if parts.scheme.lower() not in ("http", "https"):
        raise FetchError(url) from _fault(status, location, "scheme needs to be https or http")
    if not parts.hostname and number is None:
        raise FetchError(url) from _fault(status, location, "empty host")
    return target


def _fault(status: int, location: str, fault: str) -> NetworkFailure:
    return NetworkFailure(
        f"Invalid HTTP {status_text(status)} 'Location' value `{split_credentials(location)[0]}`: {fault}"
    )
