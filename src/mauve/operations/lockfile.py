"""The lockfile on disk: read, kept packed in the cache under the digest of its text, and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.filesystem.text import read_text

if TYPE_CHECKING:
    from mauve.lock.model import Lock
    from mauve.operations.context import Services


def read_lock_text(path: str) -> str | None:
    """Return the text of the lockfile, None if there is none.

    Raises:
        UnreadableFile: it cannot be read.
    """
    try:
        return read_text(path)
    except FileNotFoundError:
        return None


def parse_cached_lock(text: str, shown: str, services: Services) -> Lock:
    """Return the lock of *text*, from its packed form in the cache if it was read before.

    Raises:
        MauveError: the text is no lock.
    """
    from mauve.cache.entries import read_entry
    from mauve.lock.packed import InvalidPackedLock, unpack_lock

    packed = read_entry(_packed_path(text, services))
    if packed is not None:
        try:
            return unpack_lock(packed)
        except InvalidPackedLock:
            # A damaged or foreign entry: the text says everything.
            packed = None
    from mauve.lock.parse import parse_lock

    lock = parse_lock(text, shown, check_wheel_names=services.checks_wheel_filenames)
    _keep_packed(lock, text, services)
    return lock


def write_lock(lock: Lock, path: str, services: Services, previous: str | None = None) -> None:
    """Replace the lockfile, whole or not at all; a text equal to *previous* is there already."""
    from mauve.filesystem.atomic import replace_document
    from mauve.lock.render import render_lock

    text = render_lock(lock)
    if text == previous:
        return
    replace_document(path, text)
    _keep_packed(lock, text, services)


def _keep_packed(lock: Lock, text: str, services: Services) -> None:
    """Keep *lock* for the next reader of *text*, which says the same."""
    if services.cache.is_temporary:
        return
    from mauve.cache.entries import write_entry
    from mauve.lock.packed import pack_lock

    write_entry(_packed_path(text, services), (pack_lock(lock),))


def _packed_path(text: str, services: Services) -> str:
    from mauve.cache.layout import CacheBucket
    from mauve.fastpath.verdicts import digest
    from mauve.lock.packed import PACKED_VERSION

    unchecked = "" if services.checks_wheel_filenames else "u"
    return services.cache.path(CacheBucket.VERDICTS, f"{digest(text.encode()).hex()}-{PACKED_VERSION}{unchecked}.lock")
