"""Put files of the cache into an environment: clone, hard link, symbolic link or copy, with uv's order of fallbacks.

Whole folders are handled at once through descriptors of both sides.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from mauve.enumerations import StrEnum
from mauve.filesystem.placing import hard_link

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_FICLONE: Final = 0x40049409
_CHUNK: Final = 1 << 20
_IMPOSSIBLE: Final = frozenset(
    {
        errno.EXDEV,
        errno.EPERM,
        errno.EOPNOTSUPP,
        errno.ENOTSUP,
        errno.ENOSYS,
        errno.ENOTTY,
        errno.EINVAL,
    }
)
"""What file systems answer to a kind of link that they do not have."""

HARDLINK_WARNING: Final = (
    "Failed to hardlink files; falling back to full copy. This may lead to degraded performance.\n"
    "         If the cache and target directories are on different filesystems, hardlinking may not be supported.\n"
    "         If this is intentional, set `export UV_LINK_MODE=copy` or use `--link-mode=copy` to suppress this "
    "warning."
)
"""The text shown once when files have to be copied; printed by the command."""


class LinkMode(StrEnum):
    """How files get from the cache into an environment."""

    CLONE = "clone"
    COPY = "copy"
    HARDLINK = "hardlink"
    SYMLINK = "symlink"


DEFAULT_MODE: Final = LinkMode.HARDLINK if sys.platform == "win32" else LinkMode.CLONE


class Linker:
    """Links files and remembers, for one run, which kind of link works.

    `mode` is the truth about what is tried next; it only ever moves towards `COPY`.
    """

    __slots__ = ("_is_settled", "_on_fallback", "mode")

    def __init__(self, mode: LinkMode, on_fallback: Callable[[], None] | None = None) -> None:
        """Start with *mode*; *on_fallback* is called once if links turn out to be impossible."""
        self.mode = mode
        self._on_fallback = on_fallback
        self._is_settled = False

    def settle(self) -> None:
        """Try no other kind of link from now on: what is impossible then is an error."""
        self._is_settled = True

    def link_files(self, source: str, source_fd: int, target_fd: int, names: Sequence[str]) -> None:
        """Put the files *names* of the folder *source* into the folder *target_fd*; files that exist are replaced.

        Raises:
            FileNotFoundError: a file of *source* is gone.
        """
        done = 0
        while done < len(names):
            mode = self.mode
            if mode is LinkMode.HARDLINK:
                done = self._hard_link(source_fd, target_fd, names, done)
                continue
            name = names[done]
            try:
                if mode is LinkMode.CLONE:
                    _replacing(_clone, name, source_fd, target_fd)
                elif mode is LinkMode.SYMLINK:
                    _symlink(f"{source}/{name}", name, target_fd)
                else:
                    _replacing(_copy, name, source_fd, target_fd)
            except OSError as error:
                if error.errno not in _IMPOSSIBLE or mode is LinkMode.COPY or self._is_settled:
                    raise
                self._fall_back()
                continue
            done += 1

    def _hard_link(self, source_fd: int, target_fd: int, names: Sequence[str], done: int) -> int:
        """Return how many of *names* are done: all, unless hard links turned out to be impossible."""
        while True:
            done, error = hard_link(source_fd, target_fd, names, done)
            if error is None:
                return done
            if error.errno == errno.EMLINK:  # this file has all the links it can have; others may not
                _replacing(_copy, names[done], source_fd, target_fd)
                done += 1
            elif error.errno in _IMPOSSIBLE and not self._is_settled:
                self._fall_back()
                return done
            else:
                raise error

    def _fall_back(self) -> None:
        if self.mode is LinkMode.CLONE:
            self.mode = LinkMode.HARDLINK
            return
        self.mode = LinkMode.COPY
        if self._on_fallback is not None:
            self._on_fallback()


def _replacing(make: Callable[[str, int, int], None], name: str, source_fd: int, target_fd: int) -> None:
    try:
        make(name, source_fd, target_fd)
    except FileExistsError:
        os.unlink(name, dir_fd=target_fd)
        make(name, source_fd, target_fd)


def _open_pair(name: str, source_fd: int, target_fd: int) -> tuple[int, int]:
    """Return descriptors of the existing and of the new file, the latter with the mode of the former."""
    source = os.open(name, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0), dir_fd=source_fd)
    try:
        mode = os.fstat(source).st_mode & 0o777
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
        return source, os.open(name, flags, mode, dir_fd=target_fd)
    except BaseException:
        os.close(source)
        raise


def _copy(name: str, source_fd: int, target_fd: int) -> None:
    from mauve.filesystem.writing import write_all

    source, target = _open_pair(name, source_fd, target_fd)
    try:
        while piece := os.read(source, _CHUNK):
            write_all(target, piece)
    except OSError as error:
        error.filename = name  # a write only knows the descriptor
        with suppress(OSError):  # the first error is the one to report
            os.unlink(name, dir_fd=target_fd)
        raise
    finally:
        os.close(source)
        os.close(target)


if sys.platform == "darwin":
    _libc: list[object] = []

    def _clone(name: str, source_fd: int, target_fd: int) -> None:
        import ctypes

        if not _libc:
            _libc.append(ctypes.CDLL(None, use_errno=True))
        raw = os.fsencode(name)
        function = getattr(_libc[0], "clonefileat", None)
        if function is None:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
        if function(source_fd, raw, target_fd, raw, 0):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), name)

elif sys.platform == "win32":

    def _clone(name: str, source_fd: int, target_fd: int) -> None:
        del source_fd, target_fd
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), name)

else:

    def _clone(name: str, source_fd: int, target_fd: int) -> None:
        import fcntl

        source, target = _open_pair(name, source_fd, target_fd)
        try:
            fcntl.ioctl(target, _FICLONE, source)
        except BaseException:
            os.unlink(name, dir_fd=target_fd)
            raise
        finally:
            os.close(source)
            os.close(target)


def _symlink(path: str, name: str, target_fd: int) -> None:
    os.stat(path)  # a dangling link would hide that the cache is damaged
    try:
        os.symlink(path, name, dir_fd=target_fd)
    except FileExistsError:
        os.unlink(name, dir_fd=target_fd)
        os.symlink(path, name, dir_fd=target_fd)
