"""Listings in their stored form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mauve.cache.layout import Cache
from mauve.distributions.index import Index
from mauve.index.listing import DamagedListing, StoredListing, digest_page, open_listing
from mauve.index.rows import Row
from mauve.index.storage import ListingStore
from mauve.network.cache_policy import NEVER_STORED, Freshness
from mauve.standards.hashes import HashDigest
from mauve.standards.names import package_name
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from pathlib import Path

A = package_name("a")
INDEX = Index(url="https://host.test/simple")
LONG = "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16"


def row(filename: str, **fields) -> Row:
    return Row(filename, f"https://files.test/packages/00/{filename}", **fields)


def listing(*rows: Row) -> StoredListing:
    opened = open_listing(INDEX, A, *digest_page(rows, A))
    assert opened is not None
    return opened


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
        "hashes": "sha256:00ff",
        "size": 5,
        "upload_time": 7,
        "requires_python": ">=3",
        "yanked": "",
        "has_metadata": True,
    }
    files = listing(*[row(name, **fields) for name in wheels], row("a-1.0.zip")).files(0)
    assert [wheel.file.filename for wheel in files.wheels] == wheels
    file = files.wheels[0].file
    assert file.url == f"https://files.test/packages/00/{wheels[0]}"
    assert file.hashes == (HashDigest.parse("sha256:00ff"),)
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
    opened = listing(row("a-0.zip"), Row("a-1.zip", url))
    assert opened.files(1).sdists[0].file.url == url


def test_names_that_cannot_be_read_are_left_out() -> None:
    """Old pages have plenty."""
    opened = listing(*map(row, ["a-1.0.tar.gz", "a-x.tar.gz", "a-1.0.exe", "a-2.0-py3-none.whl", "b-1.0.tar.gz"]))
    assert texts(opened) == ["1.0"]


def test_unknown_hashes_are_left_out() -> None:
    """The known one is enough to check a file."""
    file = listing(row("a-1.zip", hashes="future:12 md5:34 sha256:56")).files(0).sdists[0].file
    assert [str(digest) for digest in file.hashes] == ["md5:34", "sha256:56"]


def test_the_earliest_upload_is_known_without_decoding() -> None:
    """A cut-off is applied to thousands of versions; a file without a time makes it unknown."""
    opened = listing(
        row("a-1.zip", upload_time=9),
        row("a-1.tar.gz", upload_time=4),
        row("a-2.zip", upload_time=5),
        row("a-2.tar.gz"),
    )
    assert [opened.earliest_upload(place) for place in (0, 1)] == [4, None]


def test_a_page_without_files_is_a_listing() -> None:
    """A name may be registered and have no release."""
    assert listing().keys == []


def test_a_listing_is_stored_and_read(tmp_path: Path) -> None:
    """With its validators and its lifetime."""
    store = ListingStore(Cache(tmp_path))
    store.write(INDEX, A, [row("a-1.zip")], Freshness(100, 60), etag='"x"', last_modified="today")
    page = ListingStore(Cache(tmp_path)).read(INDEX, A)
    assert page is not None
    assert (page.freshness, page.listing.etag, page.listing.last_modified) == (Freshness(100, 60), '"x"', "today")
    assert texts(page.listing) == ["1"]


def test_no_store_is_obeyed(tmp_path: Path) -> None:
    """The answer is used in this run only."""
    store = ListingStore(Cache(tmp_path))
    assert texts(store.write(INDEX, A, [row("a-1.zip")], Freshness(100, NEVER_STORED))) == ["1"]
    assert store.read(INDEX, A) is None


def test_credentials_are_no_part_of_the_place(tmp_path: Path) -> None:
    """Paths are printed, and another password does not make another index."""
    store = ListingStore(Cache(tmp_path))
    path = store.path(Index(url="https://user:secret@host.test/simple/"), A)
    assert path == store.path(INDEX, A)


def test_a_damaged_record_is_removed(tmp_path: Path) -> None:
    """It is fetched again."""
    store = ListingStore(Cache(tmp_path))
    store.write(INDEX, A, [row("a-1.zip")], Freshness(100, 60))
    from pathlib import Path

    path = Path(store.path(INDEX, A))
    content = path.read_bytes()
    path.write_bytes(content[:40] + b"\xc1" * (len(content) - 40))
    assert store.read(INDEX, A) is None
    assert not path.exists()


def test_damaged_rows_are_an_error_and_removed(tmp_path: Path) -> None:
    """They are noticed late, but never used."""
    store = ListingStore(Cache(tmp_path))
    store.write(INDEX, A, [row("a-1.zip")], Freshness(100, 60))
    from pathlib import Path

    path = Path(store.path(INDEX, A))
    path.write_bytes(path.read_bytes()[:-5] + b"\xc1" * 5)
    page = store.read(INDEX, A)
    assert page is not None
    with pytest.raises(DamagedListing):
        page.listing.files(0)
    assert not path.exists()
