"""A lock in a compact form for the cache: decoded without reading text, its files only when asked for.

Keyed by the digest of the lockfile's text (the cache decides where), so nothing here checks anything.
"""

from __future__ import annotations

from typing import Final

from msgspec import DecodeError, msgpack

from mauve.lock.model import Lock, LockedFiles

PACKED_VERSION: Final = 2
"""Part of the cache's key; changes with every change of the model."""


class InvalidPackedLock(ValueError):
    """The bytes are not a packed lock of this version; read the lockfile instead."""


def _pack_files(value: object) -> bytes:
    if isinstance(value, LockedFiles):
        return value.pack()
    raise TypeError(value)


def _unpack_files(kind: type, value: object) -> LockedFiles:
    if kind is LockedFiles and isinstance(value, bytes):
        return LockedFiles.from_packed(value)
    raise TypeError(value)


def pack_lock(lock: Lock) -> bytes:
    """Return *lock* as bytes."""
    return msgpack.encode(lock, enc_hook=_pack_files)


def unpack_lock(data: bytes) -> Lock:
    """Return the lock that `pack_lock` was given, in about two milliseconds for 300 packages.

    Raises:
        InvalidPackedLock: *data* is something else.
    """
    try:
        return msgpack.decode(data, type=Lock, dec_hook=_unpack_files)
    except DecodeError as error:
        raise InvalidPackedLock from error
