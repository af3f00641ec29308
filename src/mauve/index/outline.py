"""The files of one version by their names: what a resolution needs of most versions that it looks at.

Of twenty files of a version one is read, and all of them only if the version is locked in the end. So rows are skipped
over but for a few fields; a row is decoded when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.distributions.files import Sdist, Wheel
from mauve.index.json_pages import glance_at_json_rows, read_json_rows
from mauve.index.row_values import milliseconds
from mauve.standards.filenames import InvalidFilename, parse_sdist_filename, parse_wheel_filename
from mauve.standards.specifiers import InvalidSpecifier, parse_specifiers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import msgspec

    from mauve.index.json_pages import Glance
    from mauve.standards.names import PackageName

_PLAIN = 4
"""Dashes in the name of a wheel without a build tag."""

_valid_tags: set[str] = set()
"""What was behind the version in valid names of wheels; packages share most of that."""


class RowOutline:
    """Files of one version in JSON rows; implements `mauve.distributions.listing.Outline`."""

    __slots__ = ("_places", "_rows", "_url", "sdists", "wheels")

    def __init__(
        self, rows: list[msgspec.Raw], url: str, wheels: list[tuple[str, int]], sdists: tuple[Sdist, ...]
    ) -> None:
        """Store the names of wheels with the places of their *rows*, sorted."""
        self._rows = rows
        self._url = url
        self.wheels = [filename for filename, _ in wheels]
        self._places = [place for _, place in wheels]
        self.sdists = sdists

    def wheel(self, place: int) -> Wheel:
        """Return the wheel whose name is at *place* of `wheels`."""
        file = read_json_rows(memoryview(self._rows[self._places[place]]), self._url)[0]
        return Wheel(file, parse_wheel_filename(file.filename))


def outline_rows(rows: bytes | memoryview, url: str, name: PackageName, before: int | None) -> RowOutline | None:
    """Return the files in *rows*, JSON of one version of *name*, that were uploaded before the moment *before*.

    None if a closer look is needed: something was yanked, a time is missing where times count, or nobody can tell which
    Python a file is for.

    Raises:
        InvalidPage: the rows are damaged.
    """
    glances, pieces = glance_at_json_rows(rows)
    pythons = {glance.requires_python for glance in glances}
    if any(glance.yanked is not False for glance in glances) or not all(map(_is_readable, pythons)):
        return None
    early = [(glance.filename, place) for place, glance in enumerate(glances)]
    if before is not None:
        moments = [_moment(glance) for glance in glances]
        if None in moments:
            return None
        early = [entry for entry, moment in zip(early, moments, strict=True) if moment is not None and moment < before]
    wheels = sorted([entry for entry in early if entry[0].endswith(".whl")])
    sources = [pieces[place] for filename, place in early if not filename.endswith(".whl")]
    valid = [entry for entry, is_valid in zip(wheels, _valid(wheels), strict=True) if is_valid]
    return RowOutline(pieces, url, valid, tuple(_sdists(sources, url, name)))


def _is_readable(python: str | None) -> bool:
    if python is None:
        return True
    try:
        parse_specifiers(python)
    except InvalidSpecifier:
        return False
    return True


def _moment(glance: Glance) -> int | None:
    return milliseconds(glance.upload_time) if glance.upload_time else None


def _valid(wheels: list[tuple[str, int]]) -> Iterator[bool]:
    """Yield for each of *wheels* whether its name is valid, which that of its neighbour says of the first part."""
    subject = "-"
    for filename, _ in wheels:
        is_plain = filename.count("-") == _PLAIN
        if is_plain and filename.startswith(subject) and filename[len(subject) :] in _valid_tags:
            yield True
            continue
        try:
            parse_wheel_filename(filename)
        except InvalidFilename:
            yield False
            continue
        if is_plain:
            package, version, tags = filename.split("-", 2)
            subject = f"{package}-{version}-"
            _valid_tags.add(tags)
        yield True


def _sdists(rows: list[msgspec.Raw], url: str, name: PackageName) -> Iterator[Sdist]:
    for row in rows:
        file = read_json_rows(memoryview(row), url)[0]
        try:
            yield Sdist(file, parse_sdist_filename(file.filename, name))
        except InvalidFilename:
            continue
