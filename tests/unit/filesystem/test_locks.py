"""Locks between processes; within one process two descriptors exclude each other too."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from mauve.filesystem.locks import LockTimeout, file_lock

if TYPE_CHECKING:
    from pathlib import Path


def test_an_exclusive_lock_keeps_others_out(tmp_path: Path) -> None:
    """The one who waits is told so once, and gives up in the end."""
    waits: list[bool] = []
    with (
        file_lock(tmp_path / "new" / ".lock"),
        pytest.raises(LockTimeout) as caught,
        file_lock(tmp_path / "new" / ".lock", timeout=0, on_wait=lambda: waits.append(True)),
    ):
        pass
    assert (waits, caught.value.seconds) == ([True], 0)


def test_shared_locks_do_not_exclude_each_other(tmp_path: Path) -> None:
    """Every command holds the lock of the cache."""
    with file_lock(tmp_path / ".lock", exclusive=False), file_lock(tmp_path / ".lock", exclusive=False, timeout=0):
        pass


def test_a_shared_lock_keeps_the_exclusive_one_out(tmp_path: Path) -> None:
    """`cache clean` waits for running commands."""
    with (
        file_lock(tmp_path / ".lock", exclusive=False),
        pytest.raises(LockTimeout),
        file_lock(tmp_path / ".lock", timeout=0),
    ):
        pass


def test_a_lock_is_free_again_afterwards(tmp_path: Path) -> None:
    """Also after an error."""
    with pytest.raises(KeyError), file_lock(tmp_path / ".lock"):
        raise KeyError
    with file_lock(tmp_path / ".lock", timeout=0):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits as on Unix")
def test_everybody_may_take_a_lock_whatever_the_mask(tmp_path: Path) -> None:
    """A cache or an environment may be shared."""
    before = os.umask(0o077)
    try:
        with file_lock(tmp_path / "lock"):
            assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o666
    finally:
        os.umask(before)
