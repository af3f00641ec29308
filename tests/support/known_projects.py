"""Source distributions of projects that many people know, from PyPI. Nothing of them is kept."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urljoin

import httpx
from packaging.utils import InvalidSdistFilename, parse_sdist_filename
from packaging.version import Version

from mauve.config.default_index import default_index_url


def fetch(url: str) -> httpx.Response:
    """Return what is at *url*; a network that fails twice is tried a third time."""
    with httpx.Client(follow_redirects=True, timeout=60, transport=httpx.HTTPTransport(retries=2)) as client:
        response = client.get(url)
    response.raise_for_status()
    return response


@cache
def source_distribution(name: str, version: str) -> bytes:
    """Return the archive of *version* of *name*."""
    page = fetch(f"{default_index_url()}/{name}/")
    for link in re.findall(r'href="([^"#]+\.tar\.gz)[#"]', page.text):
        try:
            found = parse_sdist_filename(link.rpartition("/")[2])[1]
        except InvalidSdistFilename:
            continue
        if found == Version(version):
            return fetch(urljoin(str(page.url), link)).content
    raise LookupError(f"{name} {version} has no source distribution")
