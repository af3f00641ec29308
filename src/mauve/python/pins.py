"""Version files: `.python-version` and `.python-versions`, found, read and written.

Specification: docs/environments.md "Version files".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError
from mauve.python.request import NameRequest, VersionPart, parse_request, requested_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.python.request import PythonRequest
    from mauve.standards.versions import Version

FILE = ".python-version"
FILES = ".python-versions"


class VersionFile(Struct, frozen=True):
    """A version file.

    Attributes:
        path: absolute.
        requests: what it asks for; only the first counts for most commands.
        ignored: lines that no version file may have, to warn about.
        is_global: it lies in the folder of the user's configuration.
    """

    path: str
    requests: tuple[PythonRequest, ...] = ()
    ignored: tuple[str, ...] = ()
    is_global: bool = False

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
    parse: Callable[[str], PythonRequest] = parse_request,
) -> VersionFile | None:
    """Return the nearest version file at or above *directory*, else the user's one.

    *stop_at* is the last directory to look into, the root of the workspace; None goes up to the file system's root.
    *user_directory* is that of the user's configuration. *parse* reads a line.
    """
    while True:
        path = _in_directory(directory)
        if path is not None:
            return read_version_file(path, parse)
        parent = os.path.dirname(directory)
        if directory == stop_at or parent == directory:
            return find_global_version_file(user_directory, parse)
        directory = parent


def find_global_version_file(
    user_directory: str | None, parse: Callable[[str], PythonRequest] = parse_request
) -> VersionFile | None:
    """Return the version file in the folder of the user's configuration, which counts where no other one is found."""
    path = None if user_directory is None else _in_directory(user_directory)
    if path is None:
        return None
    found = read_version_file(path, parse)
    return VersionFile(path, found.requests, found.ignored, is_global=True)


def _in_directory(directory: str) -> str | None:
    for name in (FILE, FILES):
        path = os.path.join(directory, name)
        if os.path.isfile(path):
            return path
    return None


def read_version_file(path: str, parse: Callable[[str], PythonRequest] = parse_request) -> VersionFile:
    """Return the version file at *path*."""
    with open(path, encoding="utf-8", errors="replace") as file:
        return parse_version_file(file.read(), path, parse)


def parse_version_file(text: str, path: str, parse: Callable[[str], PythonRequest] = parse_request) -> VersionFile:
    """Return what *text*, the content of the version file at *path*, asks for.

    Blank lines and lines that start with `#` are skipped; names of executables are not allowed.
    """
    requests: list[PythonRequest] = []
    ignored: list[str] = []
    for line in text.splitlines():
        trimmed = line.strip()
        if not trimmed or trimmed.startswith("#"):
            continue
        request = parse(trimmed)
        if isinstance(request, NameRequest):
            ignored.append(trimmed)
        else:
            requests.append(request)
    return VersionFile(path, tuple(requests), tuple(ignored))


def pinned_version(request: PythonRequest) -> Version | None:
    """Return the version that *request* names, as far as it was given; None for ranges, paths and mere names."""
    part = requested_version(request)
    if not isinstance(part, VersionPart):
        return None
    from mauve.standards.versions import parse_version

    return parse_version(".".join(map(str, part.release)) + part.pre)


def check_pin(request: PythonRequest) -> None:
    """Raise `UnsupportedPin` if *request* is the name of an executable, which reading would ignore."""
    if isinstance(request, NameRequest):
        raise UnsupportedPin(request.name)


def write_version_file(path: str, request: PythonRequest) -> None:
    """Pin *request* in the version file at *path*; its folder is made if missing.

    Raises:
        UnsupportedPin: it is the name of an executable.
    """
    from mauve.filesystem.atomic import replace_document

    check_pin(request)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    replace_document(path, f"{request}\n")
