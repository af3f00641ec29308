"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_counter = count()


def temporary_name(path: str) -> str:
    """Return a name beside *path* that no other process or thread uses."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name[:60]}.{os.getpid():x}-{next(_counter):x}.tmp")


def write_atomically(path: str | os.PathLike[str], data: bytes | str, *, mode: int | None = None) -> None:
    """Replace the file at *path* by *data* (text as UTF-8, line ends untouched); its folder is made if missing.

    Readers see the old content or the new one. A symbolic link is replaced, not followed. `mode` are the permission
    bits; by default those of the file that is replaced are not kept and the process's mask decides.
    """
    write_parts_atomically(path, (data.encode() if isinstance(data, str) else data,), mode=mode)


def write_parts_atomically(
    path: str | os.PathLike[str], parts: Iterable[bytes | memoryview], *, mode: int | None = None
) -> None:
    """As `write_atomically`, for content that is not one object; it is not joined in memory."""
    target = os.fspath(path)
    temporary = temporary_name(target)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    bits = 0o666 if mode is None else mode
    try:
        descriptor = os.open(temporary, flags, bits)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
        descriptor = os.open(temporary, flags, bits)
    try:
        with open(descriptor, "wb", buffering=0) as file:
            for part in parts:
                _write_all(file.fileno(), part)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):  # the first error is the one to report
            os.unlink(temporary)
        raise


def _write_all(descriptor: int, part: bytes | memoryview) -> None:
    written = os.write(descriptor, part)
    if written == len(part):
        return
    view = memoryview(part)
    while written < len(view):
        written += os.write(descriptor, view[written:])
