"""Locks in the cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from mauve.lock.packed import InvalidPackedLock, pack_lock, unpack_lock
from mauve.lock.parse import parse_lock

LOCKFILES = sorted((Path(__file__).parents[3] / "fixtures" / "lockfiles").glob("*.lock"))


@pytest.mark.parametrize("path", LOCKFILES, ids=lambda path: path.stem)
def test_a_packed_lock_is_the_same_lock(path: Path):
    """Nothing may depend on whether the lock came from text or from the cache."""
    lock = parse_lock(path.read_text())
    assert unpack_lock(pack_lock(lock)) == lock


def test_a_packed_lock_can_be_packed_again_without_decoding_its_files():
    """Files stay opaque until they are asked for."""
    data = pack_lock(parse_lock(LOCKFILES[0].read_text()))
    assert pack_lock(unpack_lock(data)) == data


@pytest.mark.parametrize("data", [b"", b"\x00", b"not a lock"])
def test_foreign_bytes_are_refused(data: bytes):
    """A damaged cache entry must not end the command."""
    with pytest.raises(InvalidPackedLock):
        unpack_lock(data)
