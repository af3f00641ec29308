"""What `auth` commands log in to: a domain or the URL of an index, in one spelling."""

from __future__ import annotations

from urllib.parse import urlsplit

from mauve.network.urls import index_root
from mauve.standards.web_urls import InvalidUrl, RelativeUrl, normalise_url, scheme_of

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class InvalidService(ValueError):
    """A text that names no service; `str()` says why."""


def parse_service(text: str) -> str:
    """Return the URL of the service that *text* names: `https` is meant without a scheme, and asked for elsewhere.

    Raises:
        InvalidService: it is no URL, or credentials would go over an open network.
    """
    try:
        try:
            url = normalise_url(text)
        except RelativeUrl:
            url = normalise_url(f"https://{text}")
    except InvalidUrl as error:
        raise InvalidService(str(error)) from error
    scheme = scheme_of(url)
    if scheme == "http":
        if urlsplit(url).hostname not in _LOCAL:
            raise InvalidService("HTTPS is required for non-local hosts")
    elif scheme != "https":
        raise InvalidService(f"Unsupported scheme: {scheme}")
    return url


def service_of_index(url: str) -> str:
    """Return the service that an index at *url* belongs to: without the `simple` in which its path ends."""
    return index_root(url) or url
