"""A page as it is kept: its files by version, in order, with what a resolution asks of most versions in front of them.

That is the label of a version, which are lines: for which Pythons all of its files are, the time behind which none was
uploaded (both may be empty), and the names of the files in the order of the page. Versions whose files differ in more
than that have none.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, TypeVar

from mauve.index.head import NO_TIME, Head
from mauve.index.row_values import milliseconds
from mauve.index.rows import SEPARATORS
from mauve.standards.filenames import sdist_extension
from mauve.standards.names import InvalidName, normalise
from mauve.standards.versions import InvalidVersion, parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mauve.index.rows import Page
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Key, Version

_T = TypeVar("_T")

_LONGEST: Final = 0xFFFF
"""How many bytes a label may have."""

_HALF: Final = 64
_LOW: Final = (1 << _HALF) - 1
_SECONDS: Final = len("2024-01-01T00:00:00")
_PIECES: Final = (5, 6)


def digest_page(page: Page, name: PackageName, *, etag: str = "", last_modified: str = "") -> tuple[Head, bytes]:
    """Return the head and the rows of the record of *page*.

    Files whose names are not valid, or that are neither wheels nor source archives of *name*, are left out, as the
    standard wants.
    """
    usual = name.replace("-", "_")
    by_text: dict[str, list[int]] = {}
    for place, filename in enumerate(page.filenames):
        # Wheels in place, since they are most of the files of the pages that are large.
        if filename.endswith(".whl"):
            pieces = filename.split("-")
            text = pieces[1] if len(pieces) in _PIECES and (pieces[0] == usual or _is_named(pieces[0], name)) else ""
        else:
            text = _sdist_version(filename, name)
        known = by_text.get(text)
        if known is None:
            by_text[text] = [place]
        else:
            known.append(place)
    by_key: dict[Key, tuple[Version, list[int]]] = {}
    for text, places in by_text.items():
        try:
            version = parse_version(text)
        except InvalidVersion:
            continue  # also the empty text of names without a version
        # Several spellings of one version are one version.
        other = by_key.setdefault(version.key, (version, places))[1]
        if other is not places:
            other[:] = sorted(other + places)
    keys = sorted(by_key)
    separator, rows, times = SEPARATORS[page.kind], page.rows, page.uploads
    label = _labeller(page)
    is_timed = _are_in_order(times)
    parts: list[bytes] = []
    labels: list[int] = []
    offsets = [0]
    uploads: list[int] = []
    halves: list[int] = []
    for key in keys:
        places = by_key[key][1]
        outline = label(places)
        part = separator.join(_at(rows, places))
        parts += (outline, part)
        labels.append(len(outline))
        offsets.append(offsets[-1] + len(outline) + len(part))
        uploads.append(_earliest(_at(times, places)) if is_timed else NO_TIME)
        whole = key if isinstance(key, int) else 0
        halves += (whole >> _HALF, whole & _LOW)
    count = len(keys)
    head = Head(
        etag,
        last_modified,
        page.url,
        page.kind,
        [by_key[key][0].text for key in keys],
        struct.pack(f">{2 * count}Q", *halves),
        [place for place, key in enumerate(keys) if not isinstance(key, int)],
        struct.pack(f">{count + 1}I", *offsets),
        struct.pack(f">{count}H", *labels),
        struct.pack(f">{count}q", *uploads),
    )
    return head, b"".join(parts)


def _is_named(text: str, name: PackageName) -> bool:
    try:
        return normalise(text) == name
    except InvalidName:
        return False


def _sdist_version(filename: str, name: PackageName) -> str:
    """Return the version in the name of a source archive, unchecked; empty if there is none."""
    extension = sdist_extension(filename)
    if extension is None:
        return ""
    length = len(name)
    if filename[length : length + 1] != "-":
        # Runs of separators make the name in the file longer than its normal form.
        length = filename.rfind("-", 0, -len(extension))
    try:
        if length <= 0 or normalise(filename[:length]) != name:
            return ""
    except InvalidName:
        return ""
    return filename[length + 1 : -len(extension)]


def _earliest(times: Sequence[str | None]) -> int:
    """Return the earliest of *times*, which are in one zone, in milliseconds.

    `NO_TIME` if one is missing or malformed. They sort like their texts, so one is parsed in place of all.
    """
    texts = [text for text in times if text]
    if len(texts) != len(times):
        return NO_TIME
    first = min(texts)
    whole = f"{first[:_SECONDS]}Z"
    # But for a time without fraction, which sorts behind those with one.
    moment = milliseconds(whole if whole in texts else first)
    return NO_TIME if moment is None else moment


def _at(values: Sequence[_T], places: Sequence[int]) -> Sequence[_T]:
    """Return what of *values* is at *places*, which ascend: the files of a version mostly stand together."""
    first, last = places[0], places[-1]
    return values[first : last + 1] if last - first < len(places) else [values[place] for place in places]


def _are_in_order(times: Sequence[str | None]) -> bool:
    """Return whether *times* are in one zone, so that they sort like their texts, but for fractions of a second."""
    return all([text is None or text.endswith("Z") for text in times])  # noqa: C419 - quicker


def _labeller(page: Page) -> Callable[[Sequence[int]], bytes]:
    """Return what makes the label of the version whose files are at some places of *page*; empty if it has none."""
    pythons, names, times, yanked = page.pythons, page.filenames, page.uploads, frozenset(page.yanked)
    if not pythons or "\n" in "".join(names):
        return lambda _: b""
    known = [text for text in times if text is not None]
    if not _are_in_order(times) or len(known) != len(times) or "\n" in "".join(known):
        known = []

    def label(places: Sequence[int]) -> bytes:
        python = pythons[places[0]] or ""
        needed = _at(pythons, places)
        if needed.count(python or None) != len(needed) or "\n" in python or not yanked.isdisjoint(places):
            return b""
        latest = max(_at(known, places)) if known else ""
        text = "\n".join((python, latest, *_at(names, places))).encode()
        return text if len(text) <= _LONGEST else b""

    return label
