"""Removal of files and trees, with a count of what went."""

from __future__ import annotations

import os
import stat


class Removal:
    """What was removed: entries that are not folders, folders, and the bytes of the former.

    A plain class: `mauve.fastpath` removes things before anything is imported.
    """

    __slots__ = ("directories", "files", "size")

    def __init__(self, files: int = 0, directories: int = 0, size: int = 0) -> None:
        """Store the numbers."""
        self.files = files
        self.directories = directories
        self.size = size

    def __add__(self, other: Removal) -> Removal:
        """Add up two removals."""
        return Removal(self.files + other.files, self.directories + other.directories, self.size + other.size)


def remove(path: str | os.PathLike[str]) -> Removal:
    """Remove the file, link or tree at *path*; nothing if there is none. Links are not followed.

    Another process may remove parts of the tree at the same time: what is already gone is not counted.
    """
    target = os.fspath(path)
    try:
        status = os.lstat(target)
    except FileNotFoundError:
        return Removal()
    if not stat.S_ISDIR(status.st_mode) or _is_junction(target):
        return _remove_file(target, status.st_size)
    return remove_contents(target) + _remove_directory(target)


def remove_contents(path: str | os.PathLike[str]) -> Removal:
    """Remove everything in the folder *path*, not the folder."""
    total = Removal()
    try:
        entries = list(os.scandir(path))
    except FileNotFoundError:
        return total
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False) and not _is_junction(entry.path):
                total += remove_contents(entry.path) + _remove_directory(entry.path)
            else:
                total += _remove_file(entry.path, entry.stat(follow_symlinks=False).st_size)
        except FileNotFoundError:
            continue  # somebody else was faster
    return total


def _remove_file(path: str, size: int) -> Removal:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return Removal()
    except PermissionError:
        # Windows refuses to remove read-only files.
        os.chmod(path, stat.S_IWRITE)
        os.unlink(path)
    return Removal(files=1, size=size)


def _remove_directory(path: str) -> Removal:
    try:
        os.rmdir(path)
    except FileNotFoundError:
        return Removal()
    return Removal(directories=1)


def _is_junction(path: str) -> bool:
    check = getattr(os.path, "isjunction", None)
    return bool(check and check(path))
