"""Put directories, links and files on disk that were planned before.

Standard library only, and little of it: `mauve.fastpath` uses it before anything is imported.
"""

from __future__ import annotations

import os


class Tree:
    """What is to be made, with absolute paths.

    Attributes:
        directories: in the order in which they are made.
        links: path and target of each symbolic link.
        copies: destination, and the files of which the first that exists is copied there.
        files: path and text; the first one, in the first directory, tells what the tree is.
    """

    __slots__ = ("copies", "directories", "files", "links")

    def __init__(self) -> None:
        """Start empty."""
        self.directories: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.copies: list[tuple[str, tuple[str, ...]]] = []
        self.files: list[tuple[str, str]] = []


def write_tree(tree: Tree) -> None:
    """Put *tree* on disk; links and files that exist are replaced, directories are kept.

    What tells what the tree is comes first, and what makes it usable (links and copies) last: half a tree, left by who
    was killed, can be told from a whole one, and from what somebody else has in its place.
    """
    _make_directories(tree.directories[:1])
    _write_files(tree.files[:1])
    _make_directories(tree.directories[1:])
    _write_files(tree.files[1:])
    for destination, sources in tree.copies:
        _copy_first(sources, destination)
    for path, target in reversed(tree.links):
        try:
            os.symlink(target, path)
        except FileExistsError:
            if not os.path.islink(path) and os.path.isdir(path):
                continue  # a real `lib64` of an older layout
            os.unlink(path)
            os.symlink(target, path)


def _make_directories(directories: list[str]) -> None:
    for directory in directories:
        try:
            os.mkdir(directory)
        except FileExistsError:
            continue
        except FileNotFoundError:
            os.makedirs(directory, exist_ok=True)


def _write_files(files: list[tuple[str, str]]) -> None:
    for path, text in files:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0), 0o666)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def _copy_first(sources: tuple[str, ...], destination: str) -> None:
    """Copy the first of *sources* that exists."""
    from shutil import copyfile

    for source in sources:
        if os.path.exists(source):
            copyfile(source, destination)
            return
    raise FileNotFoundError(sources[0])
