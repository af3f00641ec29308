"""Undo the changes to a few files when what they were made for fails."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from mauve.filesystem.atomic import replace_document

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def restored_on_failure(*paths: str) -> Iterator[None]:
    """Give every file in *paths* its old content back when the body ends in an exception, an interruption too.

    A file that was not there before is deleted. Each file is replaced whole.
    """
    before = {path: _read(path) for path in paths}
    try:
        yield
    except BaseException:
        with _uninterrupted():
            for path, content in before.items():
                if _read(path) != content:
                    _restore(path, content)
        raise


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ignore Ctrl-C within the block: whoever presses it twice must not keep half of a change."""
    import signal
    from threading import current_thread, main_thread

    if current_thread() is not main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _restore(path: str, content: bytes | None) -> None:
    if content is not None:
        replace_document(path, content)
        return
    from mauve.filesystem.removal import remove

    remove(path)
