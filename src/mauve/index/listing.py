"""What an index publishes about one name, as it is kept: sorted by version, files decoded when asked for.

Opening the record of a project with thousands of files costs about a tenth of a millisecond: the versions and
their positions are unpacked; the rows of a large record are not even read from the disk before they are needed.
"""

from __future__ import annotations

import struct
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace

from mauve.cache.entries import drop_entry
from mauve.distributions.files import Sdist, Wheel
from mauve.distributions.listing import VersionFiles
from mauve.errors import ExitStatus, MauveError
from mauve.index.rows import InvalidPage, RowKind
from mauve.standards.filenames import (
    InvalidFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from mauve.standards.specifiers import InvalidSpecifier, parse_specifiers
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mauve.distributions.files import File
    from mauve.distributions.index import Index
    from mauve.index.head import Head
    from mauve.index.outline import RowOutline
    from mauve.index.rows import Page
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Key, Version

    Rows = Callable[[int, int], bytes | memoryview]

_HALF = 64
_TWO = struct.Struct(">2I")


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


class StoredListing:
    """A page in its stored form, from the disk or just made; implements `mauve.distributions.listing.Listing`.

    `_head` and what `_rows` returns are the truth; `_keys` and `_files` are derived when asked for.
    """

    __slots__ = ("_files", "_head", "_is_new", "_keys", "_rows", "_uploads", "index", "name", "path")

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
        self._uploads: list[str] | None = None
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
        from mauve.index.row_values import milliseconds

        if self._uploads is None:
            self._uploads = self._head.uploads.split("\n")
        return milliseconds(self._uploads[place]) if place < len(self._uploads) else None

    def outline(self, place: int, before: int | None) -> RowOutline | None:
        """Return the files of the version at *place*, which were uploaded before a moment, in milliseconds.

        None if they have to be decoded to tell, or some were uploaded later, and for a page that was just read, whose
        faults are to be told.

        Raises:
            DamagedListing: the stored bytes make no sense.
        """
        if self._is_new:
            return None
        start, end, _ = self._bounds(place)
        if start == end:
            return None
        from mauve.index.outline import read_outline

        try:
            return read_outline(self._rows(start, end), partial(self._file, place), self.name, before)
        except ValueError as error:
            drop_entry(self.path)
            raise DamagedListing(self.path) from error

    def _file(self, place: int, filename: str, names: Sequence[str]) -> File:
        """Return the file called *filename* of the version at *place*, which has files with these *names*."""
        from mauve.index.json_pages import cut_json_rows, read_json_rows

        try:
            rows = cut_json_rows(self._rows_of(place))
            file = read_json_rows(memoryview(rows[names.index(filename)]), self._head.url)[0]
        except (InvalidPage, IndexError) as error:
            drop_entry(self.path)
            raise DamagedListing(self.path) from error
        if file.filename != filename:
            drop_entry(self.path)
            raise DamagedListing(self.path)
        return file

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

    def _bounds(self, place: int) -> tuple[int, int, int]:
        """Return where the label of the version at *place* starts, its rows start, and they end."""
        start, end = _TWO.unpack_from(self._head.offsets, 4 * place)
        return start, start + int.from_bytes(self._head.labels[2 * place : 2 * place + 2]), end

    def _rows_of(self, place: int) -> bytes | memoryview:
        _, start, end = self._bounds(place)
        return self._rows(start, end)

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
    from mauve.index.digest import digest_page

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
