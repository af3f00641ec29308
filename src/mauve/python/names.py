"""The names under which an interpreter may lie in a directory of the search path.

Specification: docs/environments.md "PATH search".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.python.request import (
    IMPLEMENTATIONS,
    AnyRequest,
    ImplementationRequest,
    KeyRequest,
    RangePart,
    Variant,
    VersionPart,
    requested_version,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mauve.python.request import PythonRequest


def executable_names(request: PythonRequest) -> list[str]:
    """Return the names to try, best first, without an extension."""
    version = requested_version(request)
    stems = ["python"]
    if isinstance(request, ImplementationRequest | KeyRequest) and request.implementation:
        stems.insert(0, request.implementation)
    if version is None:
        if isinstance(request, AnyRequest):
            stems += IMPLEMENTATIONS
        return [stem + suffix for stem in stems for suffix in ("", "3")]
    suffixes = _version_suffixes(version)
    letters = version.variant.executable_suffix
    return [
        stem + suffix + letter
        for stem in stems
        for suffix in suffixes
        for letter in ((letters, "") if letters else ("",))
    ]


def _version_suffixes(version: VersionPart | RangePart) -> list[str]:
    if isinstance(version, RangePart):
        return ["3", ""]
    release = version.release
    suffixes = [".".join(map(str, release[:count])) for count in range(len(release), 0, -1)]
    if version.pre:
        suffixes.insert(0, suffixes[0] + version.pre)
    return [*suffixes, ""]


class ListedName(Struct, frozen=True, order=True):
    """The name of a file, and how many stand before it where its directory is listed."""

    name: str
    place: int


def minor_executables(request: PythonRequest, directory: str, known: Sequence[str]) -> Iterator[ListedName]:
    """Yield the names `python3.N` in *directory* that may fit, the newest first, except the *known* ones.

    They are looked at only for requests that do not name a minor version themselves; for another implementation, too,
    since that may be what is called so.
    """
    version = requested_version(request)
    if isinstance(version, VersionPart) and len(version.release) > 1:
        return
    prefixes = ["python3."]
    if isinstance(request, ImplementationRequest | KeyRequest) and request.implementation not in (None, "cpython"):
        prefixes.insert(0, f"{request.implementation}3.")
    try:
        names = os.listdir(directory)
    except OSError:
        return
    found: list[tuple[int, bool, int, ListedName]] = []
    for listed, name in enumerate(names):
        rank = next((place for place, prefix in enumerate(prefixes) if name.startswith(prefix)), None)
        if rank is None or name in known:
            continue
        rest = name[len(prefixes[rank]) :].removesuffix(".exe")
        is_free_threaded = rest.endswith("t")
        minor = rest[:-1] if is_free_threaded else rest
        if not minor.isdecimal() or int(minor) < 6:
            continue
        if isinstance(version, RangePart) and not minor_may_fit(version, int(minor)):
            continue
        found.append((int(minor), is_free_threaded == _wants_free_threaded(request), -rank, ListedName(name, listed)))
    for _, _, _, executable in sorted(found, reverse=True):
        yield executable


def _wants_free_threaded(request: PythonRequest) -> bool:
    version = requested_version(request)
    return (version.variant if version else Variant.DEFAULT).is_free_threaded


def minor_may_fit(wanted: RangePart, minor: int) -> bool:
    """Return whether some patch version of Python 3.*minor* is in the range."""
    from mauve.standards.version_sets import between
    from mauve.standards.versions import before_prereleases, release_version

    start = before_prereleases(release_version((3, minor)))
    end = before_prereleases(release_version((3, minor + 1)))
    return not wanted.specifiers.version_set().is_disjoint(between(start, end))
