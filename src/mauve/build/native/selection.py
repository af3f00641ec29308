"""The files of a source tree, in the order in which archives hold them: folder by folder, by name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.build.native.errors import EnvironmentInSources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_ENVIRONMENT: Final = "pyvenv.cfg"
"""Comes before everything else in its folder."""


class SourceFile(Struct, frozen=True):
    """A file, or a link to one.

    Attributes:
        path: relative to the source tree, with `/`.
        location: the same, absolute.
    """

    path: str
    location: str


def walk(tree: str, start: str, enters: Callable[[str, str], object]) -> Iterator[SourceFile]:
    """Yield the files below the folder *start* of *tree*; links to folders are not followed.

    *enters* is asked with relative and absolute path before anything in a folder is looked at, *start* included.

    Raises:
        EnvironmentInSources: a folder that is entered is a virtual environment.
    """
    folder = os.path.join(tree, start) if start else tree
    if not start or enters(start, folder):
        yield from _walk(folder, f"{start}/" if start else "", enters)


def _walk(folder: str, prefix: str, enters: Callable[[str, str], object]) -> Iterator[SourceFile]:
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=lambda entry: (entry.name != _ENVIRONMENT, entry.name))
    if ordered and ordered[0].name == _ENVIRONMENT and _is_environment(folder):
        raise EnvironmentInSources(prefix.rstrip("/") or ".")
    for entry in ordered:
        path = prefix + entry.name
        if not entry.is_dir(follow_symlinks=False):
            yield SourceFile(path, entry.path)
        elif enters(path, entry.path):
            yield from _walk(entry.path, f"{path}/", enters)


def _is_environment(folder: str) -> bool:
    """Return whether there is an interpreter besides `pyvenv.cfg`."""
    return os.path.islink(os.path.join(folder, "bin", "python")) or os.path.isfile(
        os.path.join(folder, "Scripts", "python.exe")
    )
