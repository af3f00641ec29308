"""httpx, imported for what is used of it: requests, answers, URLs, errors and the interface of transports.

Its client, which looks for cookies, credentials and redirects, is not: those are ours to handle. So the client comes
with the first who asks for it, and with it the transports, the command line, uploads, decoders and what a cookie jar
is built on; and so do digests, JSON, host names in other scripts, numeric ones, names of statuses and logs.
All this is more than half of the time that httpx takes.

Other threads import at the same time, and may get a stand-in while this does: so none but functions and types that
nobody else asks for are imported by name.
"""

from __future__ import annotations

import email  # noqa: F401 - so that the stand-in for its module is found there
import urllib  # noqa: F401 - likewise
from typing import Final

from mauve.network.silent_logging import LOGGING
from mauve.stand_ins import StandIns, real_module


class _Unseen:
    """A type that no value has."""


class _Codes:
    """Stands for the enumeration of statuses, which nobody here asks for their names."""

    def __getattr__(self, name: str) -> object:
        return getattr(real_module("httpx._status_codes").codes, name)


class _Decoders:
    """Stands for the table of content encodings."""

    def __getitem__(self, name: str) -> object:
        return real_module("httpx._decoders").SUPPORTED_DECODERS[name]


def _no_boundary(*, content_type: bytes | None) -> None:
    """Find no boundary: whoever uploads leaves the type of the content to httpx."""
    del content_type


_DECODERS: Final = (
    "ByteChunker",
    "ContentDecoder",
    "IdentityDecoder",
    "LineDecoder",
    "MultiDecoder",
    "TextChunker",
    "TextDecoder",
)
_PUBLIC: Final = {
    "httpx._api": ("delete", "get", "head", "options", "patch", "post", "put", "request", "stream"),
    "httpx._auth": ("Auth", "BasicAuth", "DigestAuth", "NetRCAuth"),
    "httpx._client": ("AsyncClient", "Client", "USE_CLIENT_DEFAULT"),
    "httpx._config": ("Limits", "Proxy", "Timeout", "create_ssl_context"),
    "httpx._transports.asgi": ("ASGITransport",),
    "httpx._transports.default": ("AsyncHTTPTransport", "HTTPTransport"),
    "httpx._transports.mock": ("MockTransport",),
    "httpx._transports.wsgi": ("WSGITransport",),
}
"""Modules that are not used, and what httpx itself has of them."""

with StandIns(
    {
        **_PUBLIC,
        "email.message": (),
        "httpx._decoders": _DECODERS,
        "httpx._multipart": ("MultipartStream",),
        "idna": (),
        "inspect": (),
        "ipaddress": (),
        "json": ("dumps",),
        "mimetypes": (),
        "urllib.parse": ("parse_qs", "unquote", "urlencode"),
        "urllib.request": ("getproxies",),
    },
    missing=("httpx._main",),
    values={
        **{module: {"__all__": names} for module, names in _PUBLIC.items()},
        "http.cookiejar": {"Cookie": _Unseen, "CookieJar": _Unseen},
        "httpx._decoders": {"SUPPORTED_DECODERS": _Decoders()},
        "httpx._multipart": {"get_multipart_boundary_from_content_type": _no_boundary},
        "httpx._status_codes": {"__all__": ("codes",), "codes": _Codes()},
        "logging": LOGGING,
        "urllib.request": {"Request": _Unseen},
    },
):
    import httpx as httpx  # noqa: PLC0414 - for those who import it from here
