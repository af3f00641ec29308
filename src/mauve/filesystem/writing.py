"""Write new files through descriptors.

Standard library only, and little of it: `mauve.fastpath` uses it before anything is imported.
"""

from __future__ import annotations

import errno
import os

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def write_all(descriptor: int, content: bytes | memoryview) -> None:
    """Write all of *content*, however many calls that takes."""
    written = os.write(descriptor, content)
    if written == len(content):
        return
    view = memoryview(content)
    while written < len(view):
        step = os.write(descriptor, view[written:])
        if step == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written += step


def write_new(path: str, content: bytes, folder_fd: int | None = None, mode: int = 0o666) -> None:
    """Write a new file; one that is in the way is unlinked first, since it may be a link to a file of somebody else.

    *path* is relative to the folder *folder_fd* if that is given. The process's mask takes bits from *mode*.
    """
    try:
        descriptor = os.open(path, _NEW, mode, dir_fd=folder_fd)
    except FileExistsError:
        os.unlink(path, dir_fd=folder_fd)
        descriptor = os.open(path, _NEW, mode, dir_fd=folder_fd)
    try:
        if content:
            write_all(descriptor, content)
    finally:
        os.close(descriptor)
