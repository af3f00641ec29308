"""Time of an index page: cut into rows, digested for the cache, and asked for versions and files.

Run: `python tests/benchmarks/bench_pages.py`.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

from mauve.distributions.index import Index
from mauve.index.digest import digest_page
from mauve.index.json_pages import cut_json_page
from mauve.index.listing import listing_of
from mauve.standards.names import package_name

if TYPE_CHECKING:
    from collections.abc import Callable

TAGS = ("cp310-cp310-manylinux_2_17_x86_64", "cp311-cp311-win_amd64", "cp312-cp312-macosx_11_0_arm64", "py3-none-any")


def page_of(versions: int) -> bytes:
    """Return a page with *versions*, each with four wheels and a source archive."""
    files = [
        {
            "filename": filename,
            "url": f"http://localhost/files/{filename}",
            "hashes": {"sha256": f"{number:064x}"},
            "requires-python": ">=3.10",
            "size": 12345,
            "upload-time": "2024-01-02T03:04:05.678901Z",
            "yanked": False,
            "core-metadata": {"sha256": f"{number:064x}"},
        }
        for number in range(versions)
        for version in (f"{number // 50}.{number % 50}.1",)
        for filename in (*(f"some_name-{version}-{tags}.whl" for tags in TAGS), f"some_name-{version}.tar.gz")
    ]
    return json.dumps({"meta": {"api-version": "1.1"}, "name": "some-name", "files": files}).encode()


def _time(label: str, function: Callable[[], object], files: int) -> None:
    start = time.process_time()
    function()
    seconds = time.process_time() - start
    sys.stdout.write(f"{label:<36} {seconds * 1e3:>8.2f} ms  {seconds / files * 1e6:>8.2f} us a file\n")


def main() -> None:
    """Print one row per step."""
    url, name = "http://localhost/simple/some-name/", package_name("some-name")
    for versions in (100, 2000):
        body, files = page_of(versions), versions * (len(TAGS) + 1)
        page = cut_json_page(body, url)
        listing = listing_of(page, Index(url="http://localhost/simple/"), name)
        sys.stdout.write(f"{versions} versions, {len(body) >> 10} KiB\n")
        _time("cut into rows", lambda body=body: cut_json_page(body, url), files)
        _time("digested", lambda page=page: digest_page(page, name), files)
        _time("keys of all versions", lambda listing=listing: listing.keys, files)
        _time(
            "files of all versions",
            lambda listing=listing, versions=versions: [listing.files(place) for place in range(versions)],
            files,
        )


if __name__ == "__main__":
    main()
