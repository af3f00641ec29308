"""The files of one version by their names: what a resolution needs of most versions that it looks at.

Of twenty files of a version one is read, and all of them only if the version is locked in the end. So rows are skipped
over but for a few fields; a row is decoded when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.distributions.files import Wheel
from mauve.index.json_pages import glance_at_json_rows, read_json_rows
from mauve.index.row_values import milliseconds
from mauve.standards.filenames import InvalidFilename, parse_sdist_filename, parse_wheel_filename
from mauve.standards.specifiers import readable_specifiers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import msgspec

    from mauve.index.json_pages import Glance
    from mauve.standards.filenames import SdistFilename
    from mauve.standards.names import PackageName

_PLAIN = 4
"""Dashes in the name of a wheel without a build tag."""

_valid_tags: set[str] = set()
"""What was behind the version in valid names of wheels; packages share most of that."""


class RowOutline:
    """Files of one version in JSON rows; implements `mauve.distributions.listing.Outline`."""

    __slots__ = ("_places", "_rows", "_url", "sdist", "wheels")

    def __init__(
        self,
        rows: list[msgspec.Raw],
        url: str,
        places: dict[str, int],
        wheels: list[str],
        sdist: SdistFilename | None,
    ) -> None:
        """Store the names of files and the *places* of their *rows*."""
        self._rows = rows
        self._url = url
        self._places = places
        self.wheels = wheels
        self.sdist = sdist

    def wheel(self, place: int) -> Wheel:
        """Return the wheel whose name is at *place* of `wheels`."""
        filename = self.wheels[place]
        file = read_json_rows(memoryview(self._rows[self._places[filename]]), self._url)[0]
        return Wheel(file, parse_wheel_filename(filename))


def outline_rows(rows: bytes | memoryview, url: str, package: PackageName, before: int | None) -> RowOutline | None:
    """Return the files in *rows*, JSON of one version of *package*, that were uploaded before the moment *before*.

    None if a closer look is needed: something was yanked, a name is there twice, a time is missing where times count,
    or nobody can tell which Python a file is for.

    Raises:
        InvalidPage: the rows are damaged.
    """
    glances, pieces = glance_at_json_rows(rows)
    if {glance.yanked for glance in glances} - {False}:
        return None
    if not all(map(_is_readable, {glance.requires_python for glance in glances})):
        return None
    names = [glance.filename for glance in glances]
    places = {filename: place for place, filename in enumerate(names)}
    if len(places) != len(names):
        return None
    if before is not None:
        moments = [_moment(glance) for glance in glances]
        if None in moments:
            return None
        names = [name for name, moment in zip(names, moments, strict=True) if moment is not None and moment < before]
    wheels = sorted([filename for filename in names if filename.endswith(".whl")])
    if not _are_valid(wheels):
        wheels = [filename for filename in wheels if _is_valid(filename)]
    sources = () if len(wheels) == len(names) else [name for name in names if not name.endswith(".whl")]
    return RowOutline(pieces, url, places, wheels, _first_sdist(sources, package))


def _is_readable(python: str | None) -> bool:
    return python is None or readable_specifiers(python) is not None


def _moment(glance: Glance) -> int | None:
    return milliseconds(glance.upload_time) if glance.upload_time else None


def _are_valid(wheels: list[str]) -> bool:
    """Return whether the names of *wheels* are plainly valid: all of the first one's version, without a build tag."""
    if not wheels:
        return True
    first = wheels[0]
    if not _is_valid(first):
        return False
    subject = "-".join((*first.split("-", 2)[:2], ""))
    length = len(subject)
    tags = {filename[length:] for filename in wheels}
    if not tags <= _valid_tags:
        new = [text for text in tags - _valid_tags if text.count("-") == _PLAIN - 2 and _is_valid(subject + text)]
        _valid_tags.update(new)
    return tags <= _valid_tags and all([filename.startswith(subject) for filename in wheels])  # noqa: C419 - quicker


def _is_valid(filename: str) -> bool:
    try:
        parse_wheel_filename(filename)
    except InvalidFilename:
        return False
    return True


def _first_sdist(names: Sequence[str], package: PackageName) -> SdistFilename | None:
    for name in names:
        try:
            return parse_sdist_filename(name, package)
        except InvalidFilename:
            continue
    return None
