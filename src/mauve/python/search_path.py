"""Executables on a search path (`PATH`), generated lazily; folders that are named twice are looked at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.python.names import executable_names, minor_executables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.python.request import PythonRequest


class Executable(Struct, frozen=True):
    """An executable on a search path, and how many stand before it where its directories are listed as they are."""

    path: str
    place: int


def _directories(search_path: str | None) -> Iterator[str]:
    """Yield the directories of *search_path* that exist, each once."""
    seen: set[tuple[int, int]] = set()
    for directory in (search_path or "").split(os.pathsep):
        if not directory:
            continue
        try:
            status = os.stat(directory)
        except OSError:
            continue
        identity = (status.st_dev, status.st_ino)
        if identity not in seen:
            seen.add(identity)
            yield directory


def _is_executable(path: str) -> bool:
    return os.access(path, os.X_OK) and os.path.isfile(path)


def search(name: str, search_path: str | None) -> Iterator[Executable]:
    """Yield the executables called *name* on *search_path*, in its order."""
    names = (f"{name}.exe", name) if os.name == "nt" else (name,)
    place = 0
    for directory in _directories(search_path):
        for file in names:
            path = os.path.join(directory, file)
            if _is_executable(path):
                yield Executable(path, place)
                place += 1


def search_names(request: PythonRequest, search_path: str | None) -> Iterator[Executable]:
    """Yield the executables on *search_path* that may be what *request* asks for, directory by directory.

    In each, the names that say least come first, then those with a minor version, the newest first.
    """
    names = executable_names(request)
    extension = ".exe" if os.name == "nt" else ""
    place = 0
    for directory in _directories(search_path):
        for name in names:
            path = os.path.join(directory, name + extension)
            if _is_executable(path):
                yield Executable(path, place)
                place += 1
        minors = [
            (os.path.join(directory, minor.name), minor.place)
            for minor in minor_executables(request, directory, known=names)
        ]
        minors = [minor for minor in minors if _is_executable(minor[0])]
        before = {listed: number for number, listed in enumerate(sorted(listed for _, listed in minors))}
        for path, listed in minors:
            yield Executable(path, place + before[listed])
        place += len(minors)
