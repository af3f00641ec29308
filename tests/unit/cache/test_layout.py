"""Names of buckets and index folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mauve.cache.layout import PREFIX, Cache, CacheBucket, index_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_only_buckets_without_a_format_can_be_those_of_uv() -> None:
    """Both may use one folder; what they keep there is not written alike, but for environments."""
    names = {bucket.value for bucket in CacheBucket}
    assert all(name.rpartition("-v")[2].isdigit() for name in names)
    assert {name for name in names if not name.startswith(PREFIX)} == {"builds-v0", "environments-v2"}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://host.test/simple", "host.test+simple"),
        ("https://host.test/simple/", "host.test+simple"),
        ("http://host:80/s", "http%3ahost%3a80+s"),
        ("https://host/a+b", "host+a%2bb"),
        ("https://host/A", "host+%41"),
    ],
)
def test_an_index_folder_can_be_read_by_people(url: str, name: str) -> None:
    """And is one to one: what could be confused is escaped."""
    assert index_folder(url) == name


def test_long_urls_are_cut_and_stay_different() -> None:
    """File systems allow 255 bytes."""
    names = {index_folder(f"https://host/{'x' * 300}/{number}") for number in range(3)}
    assert len(names) == 3
    assert max(map(len, names)) < 200


def test_a_cache_folder_is_tagged(tmp_path: Path) -> None:
    """So that backups pass over it."""
    cache = Cache(tmp_path / "cache")
    cache.initialise()
    assert (tmp_path / "cache" / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert (tmp_path / "cache" / ".gitignore").read_text() == "*"
