"""Entries of the wheel store appear whole, whoever else is at work."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.installation import cache
from tests.support.wheel_factory import BuiltFile, make_wheel

from mauve.installer.archive import InvalidArchive
from mauve.installer.manifest import FILES, MANIFEST
from mauve.installer.store import Pointed
from mauve.standards.names import PackageName

if TYPE_CHECKING:
    from mauve.installer.store import WheelStore

AA = PackageName("aa")


def test_the_later_of_two_equal_entries_is_thrown_away(store: WheelStore) -> None:
    """Files that another process is linking right now must not vanish."""
    built = make_wheel("aa", "1.0")
    first = cache(store, built)
    inode = os.stat(f"{first.entry}/{FILES}/aa/__init__.py").st_ino
    second = cache(store, built)
    assert os.stat(f"{second.entry}/{FILES}/aa/__init__.py").st_ino == inode
    assert os.listdir(store.scratch()) == []


def test_a_broken_entry_makes_room(store: WheelStore) -> None:
    """One without manifest is what an interrupted removal leaves."""
    built = make_wheel("aa", "1.0")
    entry = cache(store, built).entry
    os.unlink(f"{entry}/{MANIFEST}")
    os.unlink(f"{entry}/{FILES}/aa/__init__.py")
    assert cache(store, built).entry == entry
    assert Path(entry, FILES, "aa/__init__.py").exists()


def test_a_discarded_entry_is_gone(store: WheelStore) -> None:
    """It is fetched again."""
    wheel = cache(store, make_wheel("aa", "1.0"))
    store.discard(AA, wheel.manifest.sha256)
    assert store.find(AA, wheel.manifest.sha256) is None
    assert not os.path.exists(wheel.entry)


def test_a_failed_unpacking_leaves_nothing(store: WheelStore) -> None:
    """Neither an entry nor a temporary folder."""
    built = make_wheel("aa", "1.0", compression=0)
    broken = BuiltFile(filename=built.filename, content=built.content.replace(b'"1.0"', b'"1.1"', 1), metadata=b"")
    with pytest.raises(InvalidArchive, match="Bad CRC"):
        cache(store, broken)
    assert os.listdir(store.scratch()) == []
    assert os.listdir(os.path.dirname(store.scratch())) == [os.path.basename(store.scratch())]


def test_pointers_keep_one_wheel_for_each_file_name(store: WheelStore) -> None:
    """The latest one."""
    store.point(AA, "origin", Pointed("a.whl", "1"))
    store.point(AA, "origin", Pointed("b.whl", "2"))
    store.point(AA, "origin", Pointed("a.whl", "3"))
    assert store.pointed(AA, "origin") == (Pointed("b.whl", "2"), Pointed("a.whl", "3"))
    assert store.pointed(AA, "other") == ()


def test_a_cache_that_is_removed_while_in_use_is_made_again(store: WheelStore) -> None:
    """`cache clean` may run between two wheels."""
    cache(store, make_wheel("aa", "1.0"))
    shutil.rmtree(os.path.dirname(store.scratch()))
    assert cache(store, make_wheel("aa", "2.0")).manifest.metadata_version == "2.0"
