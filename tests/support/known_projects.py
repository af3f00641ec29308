"""Source distributions of projects that many people know, from PyPI. Nothing of them is kept."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import urljoin
from urllib.request import urlopen

from packaging.utils import InvalidSdistFilename, parse_sdist_filename
from packaging.version import Version

from mauve.config.default_index import default_index_url


class Answer(NamedTuple):
    """What an index or a file host says, and where (after redirects)."""

    url: str
    body: bytes


def fetch(url: str) -> Answer:
    """Return what is at *url*; a network that fails twice is tried a third time."""
    for attempts_left in (2, 1, 0):
        try:
            with urlopen(url, timeout=60) as answer:
                return Answer(answer.url, answer.read())
        except (URLError, TimeoutError, ConnectionError):
            if not attempts_left:
                raise
    raise AssertionError("the last attempt returns or raises")


@cache
def source_distribution(name: str, version: str) -> bytes:
    """Return the archive of *version* of *name*."""
    page = fetch(f"{default_index_url()}/{name}/")
    for link in re.findall(r'href="([^"#]+\.tar\.gz)[#"]', page.body.decode()):
        try:
            found = parse_sdist_filename(link.rpartition("/")[2])[1]
        except InvalidSdistFilename:
            continue
        if found == Version(version):
            return fetch(urljoin(page.url, link)).body
    raise LookupError(f"{name} {version} has no source distribution")
