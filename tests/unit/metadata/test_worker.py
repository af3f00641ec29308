"""The resolver's questions, answered from a loopback index, from the disk, and when things go wrong."""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.wheel_factory import make_sdist, make_wheel, render_metadata

from mauve.cache.layout import Cache, CacheBucket
from mauve.distributions.index import Index, IndexLocations, IndexStrategy
from mauve.metadata.records import UnexpectedName
from mauve.metadata.wheel_metadata import UnzipFailed
from mauve.metadata.worker import MetadataWorker
from mauve.network.cache_policy import CacheUse
from mauve.network.errors import FetchError, HashMismatch, MissingFile, UnexpectedStatus, UnsupportedContentType
from mauve.network.settings import NetworkSettings
from mauve.network.statistics import Statistics
from mauve.network.thread import NetworkThread
from mauve.resolver.source import (
    Found,
    InvalidMetadata,
    MetadataFound,
    MetadataOffline,
    NoIndex,
    NotFound,
    Offline,
)
from mauve.standards.names import package_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

A = package_name("a")
NOW = int(time.time())
WHEEL = make_wheel("a", "1.0", requires=["b>=1", "c ; extra == 'x'"], requires_python=">=3.8", extras=["x"])


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer({"a": [WHEEL]}) as running:
        yield running


@contextmanager
def worker(
    root: Path,
    *servers: IndexServer,
    after: int = 0,
    builder=None,
    offline: bool = False,
    refresh: bool = False,
    **locations,
) -> Iterator[MetadataWorker]:
    """Run a worker as a new process would, *after* so many seconds."""
    indexes = tuple(Index(url=server.url, default=place == len(servers) - 1) for place, server in enumerate(servers))
    settings = NetworkSettings(offline=offline, retries=0)
    network = NetworkThread(settings, Statistics())
    use = CacheUse(started_at=NOW + after, offline=offline, refresh_all=refresh)
    made = MetadataWorker(
        cache=Cache(root),
        locations=IndexLocations(**{"indexes": indexes, **locations}),
        network=network,
        use=use,
        builder=builder,
        now=lambda: NOW + after,
    )
    try:
        yield made
    finally:
        network.close()


def ask(made: MetadataWorker, place: int = 0):
    """Return the metadata of the first file of the version at *place* of `a`."""
    found = made.versions(A, None)
    assert isinstance(found, Found)
    listing = found.listings[0]
    files = listing.files(place)
    return made.metadata(A, listing.version(place), (files.wheels or files.sdists)[0], listing.index)


def requirements(response) -> list[str]:
    """Return the names of what is required."""
    assert isinstance(response, MetadataFound), response
    return [requirement.name for requirement in response.metadata.all_requirements()]


def started(made: MetadataWorker) -> bool:
    return made._network.is_started


# --- where the answer comes from


def test_page_and_metadata_are_fetched(server: IndexServer, tmp_path: Path) -> None:
    """Two requests, and everything the resolver needs."""
    with worker(tmp_path, server) as made:
        response = ask(made)
        assert requirements(response) == ["b", "c"]
        assert (response.metadata.requires_python, response.metadata.provides_extras) == (">=3.8", ("x",))
    assert server.paths() == ["/simple/a/", f"/files/{WHEEL.filename}.metadata"]


def test_a_second_run_needs_no_network(server: IndexServer, tmp_path: Path) -> None:
    """Nor the thread, whose start imports httpx."""
    with worker(tmp_path, server) as made:
        ask(made)
    server.requests.clear()
    with worker(tmp_path, server, after=599) as made:
        made.prefetch_versions([(A, None)])
        assert requirements(ask(made)) == ["b", "c"]
        assert not started(made)
    assert server.requests == []


def test_a_stale_page_is_validated(server: IndexServer, tmp_path: Path) -> None:
    """304 makes it fresh again; metadata named by a hash does not age."""
    with worker(tmp_path, server) as made:
        ask(made)
    server.requests.clear()
    with worker(tmp_path, server, after=601) as made:
        assert requirements(ask(made)) == ["b", "c"]
        assert made._network.statistics.not_modified == 1
    with worker(tmp_path, server, after=1200) as made:
        ask(made)
        assert not started(made)
    assert server.paths() == ["/simple/a/"]


def test_a_changed_page_is_taken(server: IndexServer, tmp_path: Path) -> None:
    """The validator differs."""
    with worker(tmp_path, server) as made:
        ask(made)
    server.publish("a", make_wheel("a", "2.0", requires=["d"]))
    with worker(tmp_path, server, after=601) as made:
        assert requirements(ask(made, 1)) == ["d"]


def test_a_file_replaced_under_its_name_is_read_again(server: IndexServer, tmp_path: Path) -> None:
    """Its hash is another one."""
    with worker(tmp_path, server) as made:
        ask(made)
    server.packages["a"].clear()
    server.publish("a", make_wheel("a", "1.0", requires=["new"]))
    with worker(tmp_path, server, after=601) as made:
        assert requirements(ask(made)) == ["new"]


def test_without_cache_control_every_run_asks(server: IndexServer, tmp_path: Path) -> None:
    """But not every question."""
    server.cache_control = None
    for _ in range(2):
        with worker(tmp_path, server, after=1) as made:
            made.versions(A, None)
            made.versions(A, None)
    assert server.paths().count("/simple/a/") == 2


def test_refreshing_asks_past_every_cache(server: IndexServer, tmp_path: Path) -> None:
    """With `Cache-Control: no-cache`, once."""
    with worker(tmp_path, server) as made:
        ask(made)
    server.requests.clear()
    with worker(tmp_path, server, after=5, refresh=True) as made:
        ask(made)
    assert server.paths() == ["/simple/a/", f"/files/{WHEEL.filename}.metadata"]
    assert server.requests[0].headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("said", "asked"), [("max-age=9, immutable", []), ("max-age=9", [f"/files/{WHEEL.filename}.metadata"])]
)
def test_what_a_server_calls_immutable_is_not_refreshed(
    server: IndexServer, tmp_path: Path, said: str, asked: list[str]
) -> None:
    """As uv: the page is asked for again, and if the file is the same there, so is its metadata."""
    server.file_cache_control = said
    with worker(tmp_path, server) as made:
        ask(made)
    server.requests.clear()
    with worker(tmp_path, server, after=5, refresh=True) as made:
        assert requirements(ask(made)) == ["b", "c"]
    assert server.paths() == ["/simple/a/", *asked]


@pytest.mark.parametrize("ranges", [True, False])
def test_metadata_within_an_immutable_wheel_is_not_refreshed(
    server: IndexServer, tmp_path: Path, *, ranges: bool
) -> None:
    """Whether it was read by ranges or from the whole wheel."""
    server.file_cache_control = "immutable"
    server.sidecars = False
    server.ranges = ranges
    with worker(tmp_path, server) as made:
        ask(made)
    server.requests.clear()
    with worker(tmp_path, server, after=5, refresh=True) as made:
        ask(made)
    assert server.paths() == ["/simple/a/"]


def test_a_cache_that_vanishes_is_made_again(server: IndexServer, tmp_path: Path) -> None:
    """`cache clean` in another window."""
    with worker(tmp_path, server) as made:
        made.versions(A, None)
        shutil.rmtree(tmp_path)
        assert requirements(ask(made)) == ["b", "c"]


def test_damaged_entries_are_fetched_again(server: IndexServer, tmp_path: Path) -> None:
    """A full disk leaves short ones."""
    with worker(tmp_path, server) as made:
        ask(made)
    for bucket in (CacheBucket.INDEX, CacheBucket.METADATA):
        for path in (tmp_path / bucket).rglob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes()[:-3])
    with worker(tmp_path, server) as made:
        assert requirements(ask(made)) == ["b", "c"]
    assert len(server.requests) == 4


# --- prefetching


def test_prefetched_answers_are_not_fetched_twice(server: IndexServer, tmp_path: Path) -> None:
    """Whoever asks first, each key is produced once."""
    with worker(tmp_path, server) as made:
        for _ in range(3):
            made.prefetch_versions([(A, None)])
        listing = made.versions(A, None).listings[0]
        for _ in range(3):
            made.prefetch_metadata(listing.files(0).wheels, listing.index)
        assert requirements(ask(made)) == ["b", "c"]
    assert len(server.requests) == 2


def test_prefetching_what_is_stored_costs_nothing(server: IndexServer, tmp_path: Path) -> None:
    """Neither a request nor reading it before it is wanted."""
    with worker(tmp_path, server) as made:
        ask(made)
    with worker(tmp_path, server) as made:
        listing = made.versions(A, None).listings[0]
        made.prefetch_metadata(listing.files(0).wheels, listing.index)
        assert not started(made)


def test_likely_metadata_comes_with_the_page(server: IndexServer, tmp_path: Path) -> None:
    """One wave in place of two."""
    with worker(tmp_path, server) as made:
        made.likely = lambda name, listings: [(listings[0].files(0).wheels[0], listings[0].index)]
        made.versions(A, None)
        ask(made)
    assert len(server.requests) == 2


# --- ways to metadata


def test_without_a_metadata_file_ranges_are_read(tmp_path: Path) -> None:
    """HEAD and one range, though the wheel is large."""
    large = make_wheel("a", "1.0", requires=["b"], files={"a/data": bytes(range(256)) * 1000}, compression=0)
    with IndexServer({"a": [large]}) as server, worker(tmp_path, server) as made:
        server.sidecars = False
        assert requirements(ask(made)) == ["b"]
        assert [request.method for request in server.requests] == ["GET", "HEAD", "GET"]
        assert server.requests[-1].headers["range"] == f"bytes={len(large.content) - 16384}-{len(large.content) - 1}"
        assert made._network.statistics.received < 20000


def test_a_large_directory_takes_more_ranges(tmp_path: Path) -> None:
    """When it does not fit into the first one."""
    files = {f"a/{'long' * 20}{number}": "" for number in range(300)}
    with IndexServer({"a": [make_wheel("a", "1.0", requires=["b"], files=files)]}) as server:
        server.sidecars = False
        with worker(tmp_path, server) as made:
            assert requirements(ask(made)) == ["b"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405])
def test_a_server_may_refuse_to_tell_the_size(server: IndexServer, tmp_path: Path, status: int) -> None:
    """What signs its URLs for GET alone refuses HEAD in many ways; the file itself is given."""
    server.sidecars = False
    server.faults.heads[f"/files/{WHEEL.filename}"] = status
    with worker(tmp_path, server) as made:
        assert requirements(ask(made)) == ["b", "c"]


def test_without_ranges_the_wheel_is_fetched(server: IndexServer, tmp_path: Path) -> None:
    """And the index is not asked for ranges again."""
    server.sidecars = server.ranges = False
    server.publish("a", make_wheel("a", "2.0", requires=["d"]))
    with worker(tmp_path, server) as made:
        assert requirements(ask(made, 0)) == ["b", "c"]
        assert requirements(ask(made, 1)) == ["d"]
    assert [request.method for request in server.requests] == ["GET", "HEAD", "GET", "GET"]


def test_a_promised_metadata_file_must_be_there(server: IndexServer, tmp_path: Path) -> None:
    """An index that loses files may have lost more: as uv, nothing is made up for it."""
    server.faults.statuses[f"/files/{WHEEL.filename}.metadata"] = 404
    with worker(tmp_path, server) as made, pytest.raises(MissingFile):
        ask(made)


def test_html_pages_do_as_well(server: IndexServer, tmp_path: Path) -> None:
    """The oldest form of the API."""
    server.json = False
    with worker(tmp_path, server) as made:
        assert requirements(ask(made)) == ["b", "c"]


def test_static_metadata_of_a_source_archive_needs_no_build(tmp_path: Path) -> None:
    """PKG-INFO of version 2.2 (PEP 643)."""
    with IndexServer({"a": [make_sdist("a", "1.0", requires=["b"])]}) as server, worker(tmp_path, server) as made:
        assert requirements(ask(made)) == ["b"]


@pytest.mark.parametrize("refresh", [False, True])
def test_dynamic_metadata_is_built_once(tmp_path: Path, *, refresh: bool) -> None:
    """In the thread that asks, and kept for the next run, as the archive is; a refresh asks for the page alone."""
    built: list[str] = []

    class Builder:
        def build_metadata(self, archive, name, version) -> bytes:
            built.append(name)
            return render_metadata(name, str(version), requires=["built"])

    sdist = make_sdist("a", "1.0", dynamic=["Requires-Dist"])
    with IndexServer({"a": [sdist]}) as server:
        for after in (0, 5):
            with worker(tmp_path, server, builder=Builder(), after=after, refresh=refresh) as made:
                assert requirements(ask(made)) == ["built"]
        assert server.paths().count(f"/files/{sdist.filename}") == 1
    assert built == ["a"]


def test_an_archive_with_another_hash_is_refused(tmp_path: Path) -> None:
    """Its setup script would run."""
    sdist = make_sdist("a", "1.0", requires=["b"])
    with IndexServer({"a": [sdist]}) as server, worker(tmp_path, server) as made:
        server.faults.wrong_hashes.add(sdist.filename)
        with pytest.raises(HashMismatch):
            ask(made)
    assert [path for path in (tmp_path / CacheBucket.SDISTS).rglob("*") if path.is_file()] == []


# --- metadata that is of no use


@pytest.mark.parametrize(
    ("metadata", "kind"),
    [
        (b"Metadata-Version: 2.1\nName: a\n\n", InvalidMetadata),
        (b"Metadata-Version: 2.1\nName: a\nVersion: 1.0\nRequires-Dist: b==x==y\n\n", InvalidMetadata),
        (b"Metadata-Version: 2.1\nName: a\nVersion: 1.1\n\n", MetadataFound),
    ],
    ids=["no version", "bad requirement", "other version"],
)
def test_useless_metadata_is_a_value(tmp_path: Path, metadata: bytes, kind: type) -> None:
    """The resolver passes the version over and says why; another version is looked at when the wheel is installed."""
    with IndexServer({"a": [make_wheel("a", "1.0", metadata=metadata)]}) as server, worker(tmp_path, server) as made:
        assert isinstance(ask(made), kind)


def test_a_wheel_of_another_package_ends_the_run(tmp_path: Path) -> None:
    """Somebody mistook it, or wants it to be mistaken."""
    metadata = b"Metadata-Version: 2.1\nName: other\nVersion: 1.0\n\n"
    wheel = make_wheel("a", "1.0", metadata=metadata)
    with IndexServer({"a": [wheel]}) as server, worker(tmp_path, server) as made, pytest.raises(UnexpectedName):
        ask(made)


def test_parts_of_a_wheel_that_make_no_sense_end_the_run(server: IndexServer, tmp_path: Path) -> None:
    """As in uv: it may be the server that gave wrong parts."""
    from msgspec.structs import replace

    server.sidecars = False
    server.packages["a"][0].file = replace(WHEEL, content=b"nonsense" * 10)
    with worker(tmp_path, server) as made, pytest.raises(UnzipFailed):
        ask(made)


def test_a_wheel_that_is_no_archive_is_a_value(server: IndexServer, tmp_path: Path) -> None:
    """Another version may be better."""
    from msgspec.structs import replace

    server.sidecars = server.ranges = False
    server.packages["a"][0].file = replace(WHEEL, content=b"nonsense" * 10)
    with worker(tmp_path, server) as made:
        assert isinstance(ask(made), InvalidMetadata)


# --- indexes that do not answer


def test_an_unknown_name_is_a_value(server: IndexServer, tmp_path: Path) -> None:
    """404."""
    with worker(tmp_path, server) as made:
        assert made.versions(package_name("unknown"), None) == NotFound()


@pytest.mark.parametrize(("status", "field"), [(401, "unauthorized"), (403, "forbidden")])
def test_a_refusal_is_a_value_and_ends_the_search(server: IndexServer, tmp_path: Path, status: int, field: str) -> None:
    """Otherwise a private name would be taken from a public index."""
    with IndexServer() as private:
        private.faults.statuses["/simple/a/"] = status
        with worker(tmp_path, private, server) as made:
            assert getattr(made.versions(A, None), field) == (private.url,)
    assert server.requests == []


def test_ignored_statuses_go_on_to_the_next_index(server: IndexServer, tmp_path: Path) -> None:
    """`ignore-error-codes = [403]`."""
    with IndexServer() as private:
        private.faults.statuses["/simple/a/"] = 403
        indexes = (Index(url=private.url, ignore_error_codes=(403,)), Index(url=server.url, default=True))
        with worker(tmp_path, indexes=indexes) as made:
            assert isinstance(made.versions(A, None), Found)


def test_an_error_status_ends_the_resolution(server: IndexServer, tmp_path: Path) -> None:
    """In the waiting call, and again for whoever asks again."""
    server.faults.statuses["/simple/a/"] = 410
    with worker(tmp_path, server) as made:
        for _ in range(2):
            with pytest.raises(UnexpectedStatus) as caught:
                made.versions(A, None)
    assert str(caught.value.__cause__) == f"HTTP status client error (410 Gone) for url ({server.url}/a/)"


def test_a_broken_server_ends_the_resolution(server: IndexServer, tmp_path: Path) -> None:
    """The connection is cut each time."""
    server.faults.failures["/simple/a/"] = 99
    with worker(tmp_path, server) as made, pytest.raises(FetchError):
        made.versions(A, None)


def test_a_page_of_another_type_is_refused(server: IndexServer, tmp_path: Path) -> None:
    """In the words of uv."""
    server.redirects["/simple/a/"] = f"{server.origin}/files/{WHEEL.filename}"
    with worker(tmp_path, server) as made, pytest.raises(UnsupportedContentType) as caught:
        made.versions(A, None)
    assert 'Unsupported `Content-Type` "application/octet-stream"' in str(caught.value)


# --- offline


def test_offline_stale_answers_are_used(server: IndexServer, tmp_path: Path) -> None:
    """However old."""
    with worker(tmp_path, server) as made:
        ask(made)
    with worker(tmp_path, server, after=10**6, offline=True) as made:
        assert requirements(ask(made)) == ["b", "c"]


def test_offline_what_is_not_stored_is_a_value(server: IndexServer, tmp_path: Path) -> None:
    """Names and metadata alike."""
    with worker(tmp_path, server) as made:
        made.versions(A, None)
    with worker(tmp_path, server, offline=True) as made:
        assert made.versions(package_name("b"), None) == Offline()
        assert ask(made) == MetadataOffline()


# --- several indexes


@pytest.mark.parametrize(("strategy", "count"), [(IndexStrategy.FIRST_INDEX, 1), (IndexStrategy.UNSAFE_BEST_MATCH, 2)])
def test_the_strategy_decides_who_is_asked(server: IndexServer, tmp_path: Path, strategy, count: int) -> None:
    """The first that knows the name, or all."""
    with (
        IndexServer({"a": [make_wheel("a", "2.0")]}) as second,
        worker(tmp_path, server, second, strategy=strategy) as made,
    ):
        found = made.versions(A, None)
        assert [listing.index.url for listing in found.listings] == [server.url, second.url][:count]
        assert len(second.requests) == count - 1


def test_the_next_index_is_asked_after_a_404(server: IndexServer, tmp_path: Path) -> None:
    """Also when the first one's answer is asked for again in a later run."""
    with IndexServer() as empty:
        for _ in range(2):
            with worker(tmp_path, empty, server) as made:
                assert made.versions(A, None).listings[0].index.url == server.url


def test_a_pinned_index_is_the_only_one_asked(server: IndexServer, tmp_path: Path) -> None:
    """`tool.uv.sources` with `index`."""
    with IndexServer({"a": [make_wheel("a", "2.0")]}) as pinned, worker(tmp_path, server) as made:
        found = made.versions(A, Index(url=pinned.url, explicit=True))
        assert [listing.index.url for listing in found.listings] == [pinned.url]
    assert server.requests == []


def test_without_indexes_there_is_nothing(tmp_path: Path) -> None:
    """`--no-index`."""
    with worker(tmp_path, no_index=True) as made:
        assert made.versions(A, None) == NoIndex()


def test_find_links_are_merged(server: IndexServer, tmp_path: Path) -> None:
    """A folder and a page of links, before the index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    local = make_wheel("a", "3.0", requires=["local"])
    (folder / local.filename).write_bytes(local.content)
    (folder / "README").write_text("x")
    with IndexServer({"a": [make_wheel("a", "4.0")]}) as links:
        flat = (Index(url=folder.as_uri()), Index(url=f"{links.url}/a/"))
        with worker(tmp_path / "cache", server, flat_indexes=flat) as made:
            listings = made.versions(A, None).listings
            assert [listing.version(0).text for listing in listings] == ["3.0", "4.0", "1.0"]
            assert requirements(ask(made)) == ["local"]
            made.versions(package_name("b"), None)
        assert len(links.requests) == 1


def test_find_links_alone_need_no_network(tmp_path: Path) -> None:
    """`--no-index --find-links folder`."""
    local = make_wheel("a", "3.0", requires=["local"])
    (tmp_path / local.filename).write_bytes(local.content)
    with worker(tmp_path / "cache", no_index=True, flat_indexes=(Index(url=str(tmp_path)),)) as made:
        assert requirements(ask(made)) == ["local"]
        assert not started(made)


def test_an_index_in_a_folder_is_read(tmp_path: Path) -> None:
    """A mirror that was copied to a disk."""
    (tmp_path / "simple" / "a").mkdir(parents=True)
    local = make_wheel("a", "3.0", requires=["local"])
    (tmp_path / local.filename).write_bytes(local.content)
    (tmp_path / "simple" / "a" / "index.html").write_text(f'<a href="../../{local.filename}">a</a>')
    index = Index(url=(tmp_path / "simple").as_uri(), default=True)
    with worker(tmp_path / "cache", indexes=(index,)) as made:
        assert requirements(ask(made)) == ["local"]
        assert made.versions(package_name("b"), None) == NotFound()
