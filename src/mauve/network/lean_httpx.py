"""httpx, imported without its command line (which imports click) and without what it has for cookies.

There are no cookies here: requests and answers go past httpx's own client, which alone looks at them. So its jar may be
of a type that does nothing, and the client of the standard library, on which the real one is built, stays out.
Together they are a third of the time that httpx takes.
"""

from __future__ import annotations

import email  # noqa: F401 - so that the stand-in for its module is found there
import urllib.parse  # noqa: F401 - likewise

from mauve.stand_ins import StandIns


class _Unseen:
    """A type that no value has."""


with StandIns(
    {"email.message": (), "urllib.request": ("getproxies", "parse_http_list")},
    missing=("httpx._main",),
    types={"http.cookiejar": {"Cookie": _Unseen, "CookieJar": _Unseen}, "urllib.request": {"Request": _Unseen}},
):
    import httpx as httpx  # noqa: PLC0414 - for those who import it from here
