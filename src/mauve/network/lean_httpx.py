"""httpx, imported without its command line (which imports click), without what it has for cookies, and lean otherwise.

There are no cookies here: requests and answers go past httpx's own client, which alone looks at them. So its jar may be
of a type that does nothing, and the client of the standard library, on which the real one is built, stays out.
Digests, JSON, host names in other scripts, numeric ones, uploads, names of statuses and logs are loaded when somebody
asks for them. All this is half of the time that httpx takes.

Other threads import at the same time, and may get a stand-in while this does: so none but functions and types that
nobody else asks for are imported by name.
"""

from __future__ import annotations

import email  # noqa: F401 - so that the stand-in for its module is found there

from mauve.network.silent_logging import LOGGING
from mauve.stand_ins import StandIns, real_module

with StandIns({"ipaddress": ()}):
    import urllib.parse  # noqa: F401 - likewise; it looks at addresses in brackets only


class _Unseen:
    """A type that no value has."""


class _Codes:
    """Stands for the enumeration of statuses, which nobody here asks for their names."""

    def __getattr__(self, name: str) -> object:
        return getattr(real_module("httpx._status_codes").codes, name)


def _no_boundary(*, content_type: bytes | None) -> None:
    """Find no boundary: whoever uploads leaves the type of the content to httpx."""
    del content_type


with StandIns(
    {
        "email.message": (),
        "httpx._multipart": ("MultipartStream",),
        "hashlib": ("md5", "sha1", "sha256", "sha512"),
        "idna": (),
        "inspect": (),
        "ipaddress": (),
        "json": ("dumps",),
        "mimetypes": (),
        "urllib.request": ("getproxies", "parse_http_list"),
    },
    missing=("httpx._main",),
    values={
        "httpx._status_codes": {"__all__": ("codes",), "codes": _Codes()},
        "logging": LOGGING,
        "http.cookiejar": {"Cookie": _Unseen, "CookieJar": _Unseen},
        "httpx._multipart": {"get_multipart_boundary_from_content_type": _no_boundary},
        "urllib.request": {"Request": _Unseen},
    },
):
    import httpx as httpx  # noqa: PLC0414 - for those who import it from here
