"""What an index publishes about one name, as it is kept: sorted by version, files decoded when asked for.

Opening the record of a project with thousands of files costs about a tenth of a millisecond: the versions and
their positions are unpacked; the rows of a large record are not even read from the disk before they are needed.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace

from mauve.cache.entries import drop_entry
from mauve.distributions.files import Sdist, Wheel
from mauve.distributions.listing import VersionFiles
from mauve.errors import ExitStatus, MauveError
from mauve.index.head import Head
from mauve.index.rows import SEPARATORS, InvalidPage, RowKind
from mauve.standards.filenames import (
    InvalidFilename,
    parse_sdist_filename,
    parse_wheel_filename,
    sdist_extension,
)
from mauve.standards.names import InvalidName, normalise
from mauve.standards.specifiers import InvalidSpecifier, parse_specifiers
from mauve.standards.versions import InvalidVersion, parse_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.distributions.files import File
    from mauve.distributions.index import Index
    from mauve.index.outline import RowOutline
    from mauve.index.rows import Page
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Key, Version

    Rows = Callable[[int, int], bytes | memoryview]

_NO_TIME = -1
_HALF = 64
_LOW = (1 << _HALF) - 1
_SECONDS = len("2024-01-01T00:00:00")
_PIECES = (5, 6)


class DamagedListing(MauveError):
    """A stored page cannot be decoded; it has been removed, so that the next run asks the index again."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Name the file."""
        return f"Failed to deserialize cache entry: {self.path}"


class UnreadablePage(MauveError):
    """An index page does not have the form of the simple API; the cause says where."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, url: str, kind: RowKind) -> None:
        """Name the page and what it claims to be."""
        super().__init__(url, kind)
        self.url = url
        self.kind = kind

    def __str__(self) -> str:
        """Name the page."""
        return f"Received some unexpected {self.kind.upper()} from `{self.url}`"


def digest_page(page: Page, name: PackageName, *, etag: str = "", last_modified: str = "") -> tuple[Head, bytes]:
    """Return the head and the rows of the record of *page*.

    Files whose names are not valid, or that are neither wheels nor source archives of *name*, are left out, as the
    standard wants.
    """
    from mauve.index.row_values import milliseconds

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
        by_key.setdefault(version.key, (version, []))[1].extend(places)
    keys = sorted(by_key)
    separator, rows, times = SEPARATORS[page.kind], page.rows, page.uploads
    parts: list[bytes] = []
    offsets = [0]
    uploads: list[int] = []
    halves: list[int] = []
    for key in keys:
        places = by_key[key][1]
        part = separator.join([rows[place] for place in places])
        parts.append(part)
        offsets.append(offsets[-1] + len(part))
        uploads.append(_earliest([times[place] for place in places], milliseconds))
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


def _earliest(times: list[str | None], read: Callable[[str], int | None]) -> int:
    """Return the earliest of *times* in milliseconds, `_NO_TIME` if one is missing or malformed.

    Times in one zone sort like their texts, so one is parsed in place of all.
    """
    texts = [text for text in times if text is not None]
    if len(texts) != len(times) or not all(text.endswith("Z") for text in texts):
        return _NO_TIME
    first = min(texts)
    whole = f"{first[:_SECONDS]}Z"
    # But for a time without fraction, which sorts behind those with one.
    moment = read(whole if whole in texts else first)
    return _NO_TIME if moment is None else moment


class StoredListing:
    """A page in its stored form, from the disk or just made; implements `mauve.distributions.listing.Listing`.

    `_head` and what `_rows` returns are the truth; `_keys` and `_files` are derived when asked for.
    """

    __slots__ = ("_files", "_head", "_is_new", "_keys", "_offsets", "_rows", "_uploads", "index", "name", "path")

    def __init__(
        self, index: Index, name: PackageName, head: Head, rows: Rows, path: str = "", *, is_new: bool = False
    ) -> None:
        """Show the record with this *head*.

        Args:
            index: who published it.
            name: of the package.
            head: of the record.
            rows: returns a part of the second section.
            path: where the record is kept.
            is_new: the page was just read, so what cannot be read is the fault of the index.
        """
        self.index = index
        self.name = name
        self.path = path
        self._is_new = is_new
        self._head = head
        self._rows = rows
        self._keys: list[Key] | None = None
        self._offsets: tuple[int, ...] | None = None
        self._uploads: tuple[int, ...] | None = None
        self._files: dict[int, VersionFiles] = {}

    @property
    def etag(self) -> str:
        """Return the validator of the page, empty without one."""
        return self._head.etag

    @property
    def last_modified(self) -> str:
        """Return the date the page was changed, as the server wrote it."""
        return self._head.last_modified

    @property
    def keys(self) -> list[Key]:
        """Return the positions of the versions in ascending order."""
        if self._keys is None:
            blob = self._head.keys
            halves = struct.unpack(f">{len(blob) // 8}Q", blob)
            keys: list[Key] = [high << _HALF | low for high, low in zip(halves[::2], halves[1::2], strict=True)]
            for place in self._head.odd:
                keys[place] = parse_version(self._head.versions[place]).key
            self._keys = keys
        return self._keys

    def version(self, place: int) -> Version:
        """Return the version at *place*."""
        return parse_version(self._head.versions[place])

    def earliest_upload(self, place: int) -> int | None:
        """Return when the first file of the version at *place* was uploaded, in milliseconds; None if one has no time.

        Unlike `files` this decodes nothing.
        """
        if self._uploads is None:
            blob = self._head.uploads
            self._uploads = struct.unpack(f">{len(blob) // 8}q", blob)
        time = self._uploads[place]
        return None if time == _NO_TIME else time

    def outline(self, place: int, before: int | None) -> RowOutline | None:
        """Return the files of the version at *place* that were uploaded before a moment, in milliseconds.

        None if they have to be decoded to tell, and for a page that was just read: its faults are to be told.

        Raises:
            DamagedListing: the stored bytes make no sense.
        """
        if self._is_new or self._head.kind is not RowKind.JSON:
            return None
        from mauve.index.outline import outline_rows

        try:
            return outline_rows(self._rows_of(place), self._head.url, self.name, before)
        except InvalidPage as error:
            drop_entry(self.path)
            raise DamagedListing(self.path) from error

    def files(self, place: int) -> VersionFiles:
        """Return the files of the version at *place*.

        Raises:
            DamagedListing: the stored bytes make no sense.
            UnreadablePage: those of the page do not.
        """
        known = self._files.get(place)
        if known is None:
            known = self._files[place] = self._decode(place)
        return known

    def _rows_of(self, place: int) -> bytes | memoryview:
        if self._offsets is None:
            blob = self._head.offsets
            self._offsets = struct.unpack(f">{len(blob) // 4}I", blob)
        return self._rows(self._offsets[place], self._offsets[place + 1])

    def _decode(self, place: int) -> VersionFiles:
        from mauve.index.simple import read_rows

        rows = self._rows_of(place)
        wheels: list[Wheel] = []
        sdists: list[Sdist] = []
        try:
            for file in read_rows(self._head.kind, rows, self._head.url):
                try:
                    checked = _with_readable_python(file) if file.requires_python else file
                    if file.filename.endswith(".whl"):
                        wheels.append(Wheel(checked, parse_wheel_filename(file.filename)))
                    else:
                        sdists.append(Sdist(checked, parse_sdist_filename(file.filename, self.name)))
                except (InvalidFilename, InvalidSpecifier):
                    continue  # its version could be read, another part cannot
        except InvalidPage as error:
            drop_entry(self.path)
            if self._is_new:
                from mauve.network.errors import chain

                raise UnreadablePage(self._head.url, self._head.kind) from chain(error.args)
            raise DamagedListing(self.path) from error
        return VersionFiles(tuple(sdists), tuple(wheels))


def listing_of(
    page: Page, index: Index, name: PackageName, *, etag: str = "", last_modified: str = ""
) -> StoredListing:
    """Return the listing of *page* without keeping it anywhere."""
    head, rows = digest_page(page, name, etag=etag, last_modified=last_modified)
    return StoredListing(index, name, head, lambda start, stop: rows[start:stop], is_new=True)


def _with_readable_python(file: File) -> File:
    """Return *file* with the versions of Python that it is for as they are meant.

    Raises:
        InvalidSpecifier: nobody can tell.
    """
    text = file.requires_python or ""
    try:
        parse_specifiers(text)
    except InvalidSpecifier:
        from mauve.standards.lenient import parse_specifiers_leniently

        return replace(file, requires_python=str(parse_specifiers_leniently(text)))
    return file
