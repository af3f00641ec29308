"""Listings in their stored form."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mauve.cache.layout import Cache
from mauve.distributions.index import Index
from mauve.index.json_pages import cut_json_page
from mauve.index.listing import DamagedListing, StoredListing, listing_of
from mauve.index.rows import Page
from mauve.index.storage import ListingStore, OpenFile
from mauve.network.cache_policy import NEVER_STORED, Freshness
from mauve.standards.hashes import HashDigest
from mauve.standards.names import package_name
from mauve.standards.versions import parse_version

A = package_name("a")
INDEX = Index(url="https://host.test/simple")
SUFFIXES = (".zip", ".tar.gz", ".tar.bz2")
LONG = "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16"


def row(filename: str, **fields) -> dict[str, object]:
    return {"filename": filename, "url": f"https://files.test/packages/00/{filename}", "hashes": {}, **fields}


def page(*rows: dict[str, object]) -> Page:
    return cut_json_page(json.dumps({"files": rows}).encode(), "https://host.test/simple/a/")


def listing(*rows: dict[str, object]) -> StoredListing:
    return listing_of(page(*rows), INDEX, A)


def texts(opened: StoredListing) -> list[str]:
    return [opened.version(place).text for place in range(len(opened.keys))]


def test_versions_are_in_order_and_equal_ones_together() -> None:
    """By PEP 440, whatever the order of the page."""
    opened = listing(*[row(f"a-{text}.tar.gz") for text in ("1.10", "1.9", "1.0", "1.0.0", "1.0rc1", "1.0+cpu")])
    assert texts(opened) == ["1.0rc1", "1.0", "1.0+cpu", "1.9", "1.10"]
    assert [sdist.file.filename for sdist in opened.files(1).sdists] == ["a-1.0.tar.gz", "a-1.0.0.tar.gz"]


def test_positions_are_those_of_the_versions() -> None:
    """Also where they do not fit into an integer."""
    opened = listing(*[row(f"a-{text}.tar.gz") for text in ("1.0", LONG, "2.0+abc", "3")])
    assert opened.keys == sorted(parse_version(text).key for text in ("1.0", LONG, "2.0+abc", "3"))


def test_a_file_comes_back_as_it_was() -> None:
    """Every field, wheels apart from source archives and in the order of the page."""
    wheels = [f"a-1.0-cp3{minor}-cp3{minor}-win32.whl" for minor in (13, 11, 12)]
    fields = {
        "hashes": {"sha256": "0f" * 32},
        "size": 5,
        "upload-time": "1970-01-01T00:00:00.007Z",
        "requires-python": ">=3",
        "yanked": True,
        "core-metadata": True,
    }
    files = listing(*[row(name, **fields) for name in wheels], row("a-1.0.zip")).files(0)
    assert [wheel.file.filename for wheel in files.wheels] == wheels
    file = files.wheels[0].file
    assert file.url == f"https://files.test/packages/00/{wheels[0]}"
    assert file.hashes == (HashDigest.parse(f"sha256:{'0f' * 32}"),)
    assert (file.size, file.upload_time, file.requires_python, file.yanked, file.has_metadata) == (
        5,
        7,
        ">=3",
        "",
        True,
    )
    assert files.sdists[0].file.yanked is None


@pytest.mark.parametrize(
    "url", ["https://other.test/a-1.zip", "https://files.test/packages/a-1.zip?x=1", "file:///x/a-1.zip"]
)
def test_urls_that_do_not_follow_the_pattern_come_back_too(url: str) -> None:
    """Only the common start and the file name are left out of what is stored."""
    opened = listing(row("a-0.zip"), row("a-1.zip", url=url))
    assert opened.files(1).sdists[0].file.url == url


def test_names_that_cannot_be_read_are_left_out() -> None:
    """Old pages have plenty."""
    opened = listing(*map(row, ["a-1.0.tar.gz", "a-x.tar.gz", "a-1.0.exe", "a-2.0-py3-none.whl", "b-1.0.tar.gz"]))
    assert texts(opened) == ["1.0"]


def test_files_that_begin_alike_may_be_of_different_kinds() -> None:
    """Nor do those of a version always stand together, or have a name in normal form."""
    ordinary = ["a-1.0-cp311-cp311-win32.whl", "a-1.0-cp312-cp312-win32.whl", "A-1.0-1-py3-none-any.whl"]
    odd = ["a-1.0-1.tar.gz", "a-1.0-x.whl", "a-1.0-1-2-py3-none-any.whl", "a-1.0-py3-none-any.whl.zip", "a.tar.gz"]
    opened = listing(*map(row, [ordinary[0], *odd, ordinary[1], "a-2.0-py3-none-any.whl", "A-1.0.tar.gz", ordinary[2]]))
    assert texts(opened) == ["1.0", "1.0.post1", "2.0"]
    files = opened.files(0)
    assert [wheel.file.filename for wheel in files.wheels] == ordinary
    assert [sdist.file.filename for sdist in files.sdists] == ["A-1.0.tar.gz"]


def test_a_time_of_two_lines_is_none() -> None:
    """Times are kept as lines; those of other versions must not be taken for it."""
    times = ["1970-01-01T00:00:01Z\n1970-01-01T00:00:02Z", "1970-01-01T00:00:03Z"]
    opened = listing(*[row(f"a-{place}.zip", **{"upload-time": time}) for place, time in enumerate(times)])
    assert opened.earliest_upload(0) is None


def test_the_earliest_upload_is_known_without_decoding() -> None:
    """A cut-off is applied to thousands of versions; a file without a time makes it unknown."""
    times = ["1970-01-01T00:00:09Z", "1970-01-01T00:00:04.5Z", "1970-01-01T00:00:04Z"]
    first = [row(f"a-1{suffix}", **{"upload-time": time}) for suffix, time in zip(SUFFIXES, times, strict=True)]
    opened = listing(*first, row("a-2.zip", **{"upload-time": times[0]}), row("a-2.tar.gz"))
    assert [opened.earliest_upload(place) for place in (0, 1)] == [4000, None]


def test_a_page_without_files_is_a_listing() -> None:
    """A name may be registered and have no release."""
    assert listing().keys == []


def test_a_listing_is_stored_and_read(tmp_path: Path) -> None:
    """With its validators and its lifetime."""
    store = ListingStore(Cache(tmp_path))
    store.write(INDEX, A, page(row("a-1.zip")), Freshness(100, 60), etag='"x"', last_modified="today")
    found = ListingStore(Cache(tmp_path)).read(INDEX, A)
    assert found is not None
    assert (found.freshness, found.listing.etag, found.listing.last_modified) == (Freshness(100, 60), '"x"', "today")
    assert texts(found.listing) == ["1"]


def test_no_store_is_obeyed(tmp_path: Path) -> None:
    """The answer is used in this run only."""
    store = ListingStore(Cache(tmp_path))
    assert texts(store.write(INDEX, A, page(row("a-1.zip")), Freshness(100, NEVER_STORED))) == ["1"]
    assert store.read(INDEX, A) is None


def test_credentials_are_no_part_of_the_place(tmp_path: Path) -> None:
    """Paths are printed, and another password does not make another index."""
    store = ListingStore(Cache(tmp_path))
    path = store.path(Index(url="https://user:secret@host.test/simple/"), A)
    assert path == store.path(INDEX, A)


def test_a_damaged_record_is_removed(tmp_path: Path) -> None:
    """It is fetched again."""
    store = ListingStore(Cache(tmp_path))
    store.write(INDEX, A, page(row("a-1.zip")), Freshness(100, 60))
    path = Path(store.path(INDEX, A))
    content = path.read_bytes()
    path.write_bytes(content[:40] + b"\xc1" * (len(content) - 40))
    assert store.read(INDEX, A) is None
    assert not path.exists()


def test_damaged_rows_are_an_error_and_removed(tmp_path: Path) -> None:
    """They are noticed late, but never used."""
    store = ListingStore(Cache(tmp_path))
    store.write(INDEX, A, page(row("a-1.zip")), Freshness(100, 60))
    path = Path(store.path(INDEX, A))
    path.write_bytes(path.read_bytes()[:-5] + b"\xc1" * 5)
    found = store.read(INDEX, A)
    assert found is not None
    with pytest.raises(DamagedListing):
        found.listing.files(0)
    assert not path.exists()


def large(version: str = "1") -> Page:
    """Return a page whose record is not read at once."""
    return page(*[row(f"a-{version}.{number}.tar.gz", note="x" * 200) for number in range(1000)])


def names(opened: StoredListing, place: int) -> list[str]:
    return [sdist.file.filename for sdist in opened.files(place).sdists]


def test_rows_of_a_large_record_are_read_when_asked_for(tmp_path: Path) -> None:
    """Opening it costs no more than its versions."""
    store = ListingStore(Cache(tmp_path))
    store.write(INDEX, A, large(), Freshness(100, 60))
    found = store.read(INDEX, A)
    assert found is not None
    assert os.path.getsize(found.listing.path) > 1 << 16
    assert names(found.listing, 999) == ["a-1.999.tar.gz"]


def test_a_large_record_may_vanish_meanwhile(tmp_path: Path) -> None:
    """`cache clean --force`, or a newer page stored by another process."""
    store = ListingStore(Cache(tmp_path))
    store.write(INDEX, A, large(), Freshness(100, 60))
    found = store.read(INDEX, A)
    assert found is not None
    Path(found.listing.path).unlink()
    assert names(found.listing, 5) == ["a-1.5.tar.gz"]


def test_records_are_closed_with_their_listings(tmp_path: Path) -> None:
    """Descriptors are few."""
    store = ListingStore(Cache(tmp_path))
    store.write(INDEX, A, large(), Freshness(100, 60))
    before = OpenFile.open
    found = [store.read(INDEX, A) for _ in range(5)]
    assert OpenFile.open == before + 5
    del found
    assert OpenFile.open == before
