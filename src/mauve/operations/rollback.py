"""Undo the changes to a few files when what they were made for fails."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from mauve.filesystem.atomic import write_atomically

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
        for path, content in before.items():
            if _read(path) != content:
                _restore(path, content)
        raise


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _restore(path: str, content: bytes | None) -> None:
    if content is not None:
        write_atomically(path, content)
        return
    from mauve.filesystem.removal import remove

    remove(path)
