"""Cleaning and pruning."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mauve.cache.layout import Cache, CacheBucket
from mauve.cache.locking import CacheBusy, cache_lock
from mauve.cache.removal import clean_cache, clean_packages, prune_cache
from mauve.cache.size import cache_size, human_size
from mauve.standards.names import package_name

A = package_name("a")


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """Return a cache with entries of two packages, a foreign bucket and one of an earlier format."""
    cache = Cache(tmp_path / "cache")
    cache.initialise()
    for name in ("a", "b"):
        for bucket in (CacheBucket.INDEX, CacheBucket.METADATA):
            _file(cache.path(bucket, "host+simple", name, "entry"))
        _file(cache.path(CacheBucket.WHEELS, name, "0123", "manifest"))
    _file(cache.path(CacheBucket.BUILDS, "temporary", "x"))
    _file(f"{cache.root}/mauve-index-v0/old")
    _file(f"{cache.root}/simple-v28/theirs")
    return cache


def _file(path: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(b"1234")


def _names(cache: Cache) -> set[str]:
    return set(os.listdir(cache.root))


def test_cleaning_leaves_what_is_not_ours(cache: Cache) -> None:
    """Uv may use the same folder."""
    assert clean_cache(cache).files == 8
    assert _names(cache) == {"simple-v28", "CACHEDIR.TAG", ".gitignore"}


def test_environments_that_were_left_are_removed_whoever_made_them(cache: Cache) -> None:
    """They are where uv has its own; no process is at work while something is removed."""
    for bucket in (CacheBucket.BUILDS, CacheBucket.ENVIRONMENTS):
        _file(cache.path(bucket, ".tmpAb12Cd", "bin", "python"))
    prune_cache(cache)
    assert os.listdir(cache.path(CacheBucket.BUILDS)) == os.listdir(cache.path(CacheBucket.ENVIRONMENTS)) == []
    _file(cache.path(CacheBucket.BUILDS, ".tmpAb12Cd", "bin", "python"))
    clean_cache(cache)
    assert not _names(cache) & {"builds-v0", "environments-v2"}


def test_cleaning_an_own_folder_leaves_only_the_lock(cache: Cache) -> None:
    """As uv does; the tags count as files."""
    root = Path(cache.root)
    (root / "simple-v28" / "theirs").unlink()
    (root / "simple-v28").rmdir()
    (root / ".lock").touch()
    assert clean_cache(cache).files == 10
    assert _names(cache) == {".lock"}


def test_cleaning_one_package_leaves_the_others(cache: Cache) -> None:
    """In every bucket and for every index."""
    assert clean_packages(cache, [A]).files == 3
    assert clean_packages(cache, [A]).files == 0
    assert os.path.exists(cache.path(CacheBucket.WHEELS, "b", "0123", "manifest"))


def test_pruning_removes_old_formats_and_leftovers(cache: Cache) -> None:
    """And nothing that a later run would use."""
    _file(cache.path(CacheBucket.INDEX, "host+simple", ".a.1-2.tmp"))
    assert prune_cache(cache).files == 3
    assert clean_packages(cache, [A]).files == 3


def test_pruning_removes_what_interpreters_were_unpacked_from(cache: Cache) -> None:
    """They are of no use once they are installed, whichever tool fetched them."""
    archive = os.path.join(cache.root, "python-v0", "python.tar.gz")
    _file(archive)
    prune_cache(cache)
    assert not os.path.exists(archive)


def test_pruning_for_ci_keeps_what_was_built_and_no_downloads(cache: Cache) -> None:
    """Those are fetched as quickly as a stored cache is restored."""
    for name in ("a/built/files/a.py", "a/other/files/a.py", "a/1.pointer", "a/2.pointer"):
        _file(os.path.join(cache.path(CacheBucket.WHEELS), name))
    prune_cache(cache, lambda name: {"built", "1.pointer"} if name == "a" else set())
    assert os.listdir(cache.path(CacheBucket.WHEELS)) == ["a"]
    assert sorted(os.listdir(cache.path(CacheBucket.WHEELS, "a"))) == ["1.pointer", "built"]


def test_a_missing_cache_is_empty(tmp_path: Path) -> None:
    """Every operation works before the first run."""
    cache = Cache(tmp_path / "none")
    assert (clean_cache(cache).files, prune_cache(cache).files, cache_size(cache)) == (0, 0, 0)


def test_the_size_is_that_of_all_files(cache: Cache) -> None:
    """Also of those that are not ours."""
    assert cache_size(cache) == 9 * 4 + len("*") + 43


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0B"), (1023, "1023B"), (12288, "12.0KiB"), (1077248, "1.0MiB"), (5 << 30, "5.0GiB")]
)
def test_sizes_are_rounded_to_one_decimal(count: int, text: str) -> None:
    """As uv prints them."""
    assert human_size(count) == text


def test_a_busy_cache_is_reported_in_the_words_of_uv(cache: Cache) -> None:
    """With the way out of it."""
    with (
        cache_lock(cache, exclusive=False),
        pytest.raises(CacheBusy) as caught,
        cache_lock(cache, exclusive=True, timeout=0),
    ):
        pass
    assert str(caught.value) == (
        f"Timeout (0s) when waiting for lock on `{cache.root}` at `{cache.root}/.lock`, is another uv process running? "
        "You can set `UV_LOCK_TIMEOUT` to increase the timeout."
    )
