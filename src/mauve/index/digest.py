"""A page as it is kept: its files by version, in order, with what a resolution asks of most versions in front of them.

That is the label of a version, which are lines: for which Pythons all of its files are, the time behind which none was
uploaded (both may be empty), and the names of the files in the order of the page. Versions whose files differ in more
than that have none.
"""

from __future__ import annotations

import struct
from itertools import accumulate
from operator import add
from typing import TYPE_CHECKING, Final, TypeVar

from mauve.index.head import Head
from mauve.index.rows import SEPARATORS
from mauve.standards.filenames import sdist_extension
from mauve.standards.names import InvalidName, normalise
from mauve.standards.versions import KEY_BYTES, InvalidVersion, parse_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeGuard

    from mauve.index.rows import Page
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Key, Version

_T = TypeVar("_T")

_LONGEST: Final = 0xFFFF
"""How many bytes a label may have."""

_SECONDS: Final = len("2024-01-01T00:00:00")
_DASHES: Final = (4, 5)
"""In the name of a wheel, without and with a build tag."""
_USUAL_EXTENSION: Final = ".tar.gz"


def digest_page(page: Page, name: PackageName, *, etag: str = "", last_modified: str = "") -> tuple[Head, bytes]:
    """Return the head and the rows of the record of *page*.

    Files whose names are not valid, or that are neither wheels nor source archives of *name*, are left out, as the
    standard wants.
    """
    by_key: dict[Key, tuple[Version, list[int]]] = {}
    for text, places in _by_version(page.filenames, name).items():
        try:
            version = parse_version(text)
        except InvalidVersion:
            continue  # also the empty text of names without a version
        # Several spellings of one version are one version.
        other = by_key.setdefault(version.key, (version, places))[1]
        if other is not places:
            other[:] = sorted(other + places)
    sortable = _are_sortable(page.uploads)
    has_labels = bool(page.pythons) and "\n" not in "".join(page.filenames)
    yanked = frozenset(page.yanked)
    separator = SEPARATORS[page.kind]
    keys = sorted(by_key)
    ordered = [by_key[key] for key in keys]
    parts: list[bytes] = []
    uploads: list[str] = []
    for _, places in ordered:
        here = slice(places[0], places[-1] + 1)
        if here.stop - here.start == len(places):
            # The files of a version mostly stand together.
            rows, names, times, pythons = page.rows[here], page.filenames[here], page.uploads[here], page.pythons[here]
        else:
            rows, names, times = _at(page.rows, places), _at(page.filenames, places), _at(page.uploads, places)
            pythons = _at(page.pythons, places) if has_labels else ()
        is_labelled = has_labels and yanked.isdisjoint(places)
        known = times if sortable and _are_known(times) else ()
        parts.append(_label(names, known, pythons) if is_labelled else b"")
        parts.append(separator.join(rows))
        uploads.append(_earliest(known) if known else "")
    count = len(keys)
    head = Head(
        etag,
        last_modified,
        page.url,
        page.kind,
        [version.text for version, _ in ordered],
        b"".join([key.to_bytes(KEY_BYTES) if isinstance(key, int) else bytes(KEY_BYTES) for key in keys]),
        [place for place, key in enumerate(keys) if not isinstance(key, int)],
        struct.pack(f">{count + 1}I", 0, *accumulate(map(add, map(len, parts[::2]), map(len, parts[1::2])))),
        struct.pack(f">{count}H", *map(len, parts[::2])),
        "\n".join(uploads),
    )
    return head, b"".join(parts)


def _by_version(filenames: Sequence[str], name: PackageName) -> dict[str, list[int]]:
    """Return the places of the files of each version, as it is written in their names, unchecked.

    Mostly the files of a version stand together, and their names start alike.
    """
    usual = name.replace("-", "_")
    by_text: dict[str, list[int]] = {}
    places: list[int] = []
    start, append = "\n", places.append
    for place, filename in enumerate(filenames):
        if filename.endswith(".whl"):
            if filename.startswith(start) and filename.count("-") in _DASHES:
                append(place)
                continue
            pieces = filename.split("-", 2)
            is_wheel = filename.count("-") in _DASHES and (pieces[0] == usual or _is_named(pieces[0], name))
            text = pieces[1] if is_wheel else ""
            start = f"{pieces[0]}-{text}-" if is_wheel else "\n"
            append = by_text.setdefault(text, []).append
            append(place)
        else:
            text = _sdist_version(filename, name, usual)
            known = by_text.get(text)
            if known is None:
                by_text[text] = [place]
            else:
                known.append(place)
    return by_text


def _is_named(text: str, name: PackageName) -> bool:
    try:
        return normalise(text) == name
    except InvalidName:
        return False


def _sdist_version(filename: str, name: PackageName, usual: str) -> str:
    """Return the version in the name of a source archive, unchecked; empty if there is none."""
    length = len(name)
    if filename.endswith(_USUAL_EXTENSION) and filename.startswith((usual, name)) and filename[length] == "-":
        return filename[length + 1 : -len(_USUAL_EXTENSION)]
    extension = sdist_extension(filename)
    if extension is None:
        return ""
    if filename[length : length + 1] != "-":
        # Runs of separators make the name in the file longer than its normal form.
        length = filename.rfind("-", 0, -len(extension))
    try:
        if length <= 0 or normalise(filename[:length]) != name:
            return ""
    except InvalidName:
        return ""
    return filename[length + 1 : -len(extension)]


def _are_sortable(times: Sequence[str | None]) -> bool:
    """Return whether *times* are lines and in one zone, so that they sort like their texts, but for fractions."""
    known = [text for text in times if text is not None]
    text = "\n".join((*known, ""))
    return text.count("\n") == text.count("Z\n") == len(known)


def _are_known(times: Sequence[str | None]) -> TypeGuard[Sequence[str]]:
    return None not in times


def _earliest(times: Sequence[str]) -> str:
    """Return the earliest of *times*, which sort like their texts, as it is written."""
    first = min(times)
    # But for a time without fraction, which sorts behind those with one.
    whole = f"{first[:_SECONDS]}Z"
    return whole if whole in times else first


def _at(values: Sequence[_T], places: Sequence[int]) -> Sequence[_T]:
    return [values[place] for place in places]


def _label(names: Sequence[str], times: Sequence[str], pythons: Sequence[str | None]) -> bytes:
    """Return the label of the version with these files, of which some have no time if there are no *times*.

    Empty if it has none.
    """
    python = pythons[0]
    if pythons.count(python) != len(pythons):
        return b""
    if python is None:
        python = ""
    elif "\n" in python:
        return b""
    label = "\n".join((python, max(times, default=""), *names)).encode()
    return label if len(label) <= _LONGEST else b""
