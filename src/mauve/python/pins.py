"""Version files: `.python-version` and `.python-versions`, found, read and written.

Specification: docs/environments.md "Version files".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError
from mauve.python.request import NameRequest, parse_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.python.request import PathKind, PythonRequest

FILE = ".python-version"
FILES = ".python-versions"


class VersionFile(Struct, frozen=True):
    """A version file.

    Attributes:
        path: absolute.
        requests: what it asks for; only the first counts for most commands.
        ignored: lines that no version file may have, to warn about.
    """

    path: str
    requests: tuple[PythonRequest, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def request(self) -> PythonRequest | None:
        """Return the first request; an empty file is no request, but ends the search."""
        return self.requests[0] if self.requests else None


class UnsupportedPin(MauveError):
    """A version file cannot hold the name of an executable."""

    def __init__(self, name: str) -> None:
        """Name what was to be pinned."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message."""
        return f"Requests for arbitrary names (e.g., `{self.name}`) are not supported in version files"


def find_version_file(
    directory: str,
    *,
    stop_at: str | None = None,
    user_directory: str | None = None,
    several: bool = False,
    path_kind: Callable[[str], PathKind] | None = None,
) -> VersionFile | None:
    """Return the nearest version file at or above *directory*, else the user's one.

    *stop_at* is the last directory to look into, the root of the workspace; None goes up to the file system's root.
    *user_directory* is that of the user's configuration. *several* prefers `.python-versions` where both exist, as
    `python install` does. *path_kind* tells files and directories from names.
    """
    names = (FILES, FILE) if several else (FILE, FILES)
    while True:
        for name in names:
            path = os.path.join(directory, name)
            if os.path.isfile(path):
                return read_version_file(path, path_kind)
        parent = os.path.dirname(directory)
        if directory == stop_at or parent == directory:
            break
        directory = parent
    if user_directory is not None:
        path = os.path.join(user_directory, FILE)
        if os.path.isfile(path):
            return read_version_file(path, path_kind)
    return None


def read_version_file(path: str, path_kind: Callable[[str], PathKind] | None = None) -> VersionFile:
    """Return the version file at *path*."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return parse_version_file(file.read(), path, path_kind)


def parse_version_file(text: str, path: str, path_kind: Callable[[str], PathKind] | None = None) -> VersionFile:
    """Return what *text*, the content of the version file at *path*, asks for.

    Blank lines and lines that start with `#` are skipped; names of executables are not allowed.
    """
    requests: list[PythonRequest] = []
    ignored: list[str] = []
    for line in text.splitlines():
        trimmed = line.strip()
        if not trimmed or trimmed.startswith("#"):
            continue
        request = parse_request(trimmed, path_kind) if path_kind else parse_request(trimmed)
        if isinstance(request, NameRequest):
            ignored.append(trimmed)
        else:
            requests.append(request)
    return VersionFile(path, tuple(requests), tuple(ignored))


def write_version_file(path: str, request: PythonRequest | str) -> None:
    """Pin *request*, or the text of an executable's path, in the version file at *path*.

    Raises:
        UnsupportedPin: it is the name of an executable.
    """
    from mauve.filesystem.atomic import replace_document

    if isinstance(request, NameRequest):
        raise UnsupportedPin(request.name)
    replace_document(path, f"{request}\n")
