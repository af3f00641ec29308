"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

from mauve.filesystem.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Iterable

_counter = count()


def temporary_name(path: str) -> str:
    """Return a name beside *path* that no other process or thread uses."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name[:60]}.{os.getpid():x}-{next(_counter):x}.tmp")


def write_atomically(
    path: str | os.PathLike[str], data: bytes | str, *, mode: int | None = None, exact: bool = False
) -> None:
    """Replace the file at *path* by *data* (text as UTF-8, line ends untouched); its folder is made if missing.

    Readers see the old content or the new one. A symbolic link is replaced, not followed. `mode` are the permission
    bits, from which the process's mask takes some away unless they are *exact*; those of the file that is replaced are
    not kept.
    """
    write_parts_atomically(path, (data.encode() if isinstance(data, str) else data,), mode=mode, exact=exact)


def write_parts_atomically(
    path: str | os.PathLike[str],
    parts: Iterable[bytes | memoryview],
    *,
    mode: int | None = None,
    exact: bool = False,
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
    except OSError as error:
        error.filename = target
        raise
    try:
        with open(descriptor, "wb", buffering=0) as file:
            if exact and os.name != "nt":
                os.fchmod(file.fileno(), bits)
            for part in parts:
                write_all(file.fileno(), part)
        os.replace(temporary, target)
    except BaseException as error:
        if isinstance(error, OSError):
            # The user knows nothing of the temporary name.
            error.filename, error.filename2 = target, None
        with suppress(OSError):  # the first error is the one to report
            os.unlink(temporary)
        raise


def replace_document(path: str, data: bytes | str) -> None:
    """Replace the content of a file that belongs to the user, whole or not at all, where that is possible.

    Other than `write_atomically`: a symbolic link is followed, the permission bits are kept, and a file that cannot
    be replaced (its folder is not writable, or it is a mount point) is overwritten.
    """
    content = data.encode() if isinstance(data, str) else data
    target = os.path.realpath(path) if os.path.islink(path) else path
    try:
        status = os.stat(target)
    except FileNotFoundError:
        write_atomically(target, content)
        return
    if status.st_nlink == 1 and not stat.S_ISDIR(status.st_mode) and os.access(target, os.W_OK):
        try:
            write_atomically(target, content, mode=stat.S_IMODE(status.st_mode), exact=True)
        except OSError as error:
            if error.errno not in _NOT_REPLACEABLE:
                raise
        else:
            return
    with open(target, "r+b", buffering=0) as file:
        write_all(file.fileno(), content)
        file.truncate(len(content))


_NOT_REPLACEABLE = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS, errno.EXDEV, errno.ETXTBSY})
