"""Places that are not a simple API: folders and pages of links (`--find-links`), and indexes in local folders.

Nothing of them is kept in the cache: a folder is read in less time, and a page of links carries no lifetime.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar

from mauve.distributions.index import IndexFormat
from mauve.errors import ExitStatus, MauveError
from mauve.filesystem.file_urls import file_path, file_url
from mauve.index.listing import StoredListing, listing_of
from mauve.index.rows import Page, RowKind
from mauve.index.strategy import Missing
from mauve.standards.filenames import InvalidFilename, parse_wheel_filename, sdist_extension
from mauve.standards.names import InvalidName, PackageName, package_name

if TYPE_CHECKING:
    from mauve.distributions.index import Index, IndexLocations


class UnreadableFindLinks(MauveError):
    """A `--find-links` location cannot be read; the cause says why.

    Attributes:
        location: folder or URL.
        is_url: which of the two.
    """

    def __init__(self, location: str, *, is_url: bool) -> None:
        """Name the *location*."""
        super().__init__(location)
        self.location = location
        self.is_url = is_url

    def __str__(self) -> str:
        """Name the location."""
        return f"Failed to read `--find-links` {'URL' if self.is_url else 'directory'}: {self.location}"


class MissingFindLinks(UnreadableFindLinks):
    """There is no page at a `--find-links` URL, or none of links."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE


def is_local(index: Index) -> bool:
    """Return whether *index* is a folder of this machine."""
    return index.url.startswith("file:") or "://" not in index.url


class FlatIndexes:
    """The `--find-links` locations of a run, and local indexes; each is read once.

    `_pages` holds what was read, by URL and name.
    """

    __slots__ = ("_flat", "_pages")

    def __init__(self, locations: IndexLocations) -> None:
        """Read nothing yet."""
        self._flat = locations.flat_indexes
        self._pages: dict[str, dict[PackageName, Page]] = {}

    @property
    def is_ready(self) -> bool:
        """Return whether no page has to be fetched before `listings` is complete."""
        return not self._flat or not self.missing()

    def missing(self) -> tuple[Index, ...]:
        """Return the locations that are URLs and not there yet."""
        return tuple([index for index in self._flat if not is_local(index) and index.url not in self._pages])

    def add(self, index: Index, page: Page) -> None:
        """Take the files that the page at *index* links to."""
        self._pages[index.url] = pages_by_name(page)

    def listings(self, name: PackageName) -> tuple[StoredListing, ...]:
        """Return what the locations have of *name*.

        Raises:
            UnreadableFindLinks: a folder cannot be read.
        """
        found: list[StoredListing] = []
        for index in self._flat:
            outcome = self.outcome(index, name)
            if not isinstance(outcome, Missing):
                found.append(outcome)
        return tuple(found)

    def local_outcome(self, index: Index, name: PackageName) -> StoredListing | Missing:
        """Return what the local *index*, a simple API or a flat folder, has of *name*."""
        if index.format is IndexFormat.FLAT:
            return self.outcome(index, name)
        from mauve.index.html_pages import cut_html_page

        folder = os.path.join(folder_of(index), name)
        try:
            with open(os.path.join(folder, "index.html"), "rb") as file:
                page = cut_html_page(file.read(), f"{file_url(os.path.abspath(folder))}/")
        except OSError:
            return Missing(index.url)
        return listing_of(page, index, name)

    def has(self, index: Index) -> bool:
        """Return whether the page of *index* is there."""
        return index.url in self._pages

    def outcome(self, index: Index, name: PackageName) -> StoredListing | Missing:
        """Return what the flat *index*, whose page is there if it is a URL, has of *name*."""
        if index.url not in self._pages and is_local(index):
            self._pages[index.url] = pages_by_name(read_flat_directory(index))
        page = self._pages.get(index.url, {}).get(name)
        return Missing(index.url) if page is None else listing_of(page, index, name)


def folder_of(index: Index) -> str:
    """Return the path of a local *index*."""
    if not index.url.startswith("file:"):
        return index.url
    return file_path(index.url)


def check_folders(locations: IndexLocations) -> None:
    """Refuse `--find-links` folders that cannot be read, which nothing may be needed from.

    Raises:
        UnreadableFindLinks: a folder cannot be read.
    """
    for index in filter(is_local, locations.flat_indexes):
        folder = folder_of(index)
        try:
            os.scandir(folder).close()
        except OSError as error:
            raise UnreadableFindLinks(folder, is_url=False) from error


def read_flat_directory(index: Index) -> Page:
    """Return the distributions in a folder, by name.

    Raises:
        UnreadableFindLinks: it cannot be read.
    """
    from urllib.parse import quote

    from mauve.index.json_pages import json_row

    folder = folder_of(index)
    try:
        found = sorted(os.listdir(folder))
    except OSError as error:
        raise UnreadableFindLinks(folder, is_url=False) from error
    url = file_url(os.path.abspath(folder))
    names = [name for name in found if name.endswith(".whl") or sdist_extension(name)]
    rows = [json_row(name, f"{url}/{quote(name)}") for name in names]
    return Page(RowKind.JSON, url, names, [None] * len(names), rows)


def pages_by_name(page: Page) -> dict[PackageName, Page]:
    """Return *page* cut up by the names of packages; files that are not distributions are left out."""
    by_name: dict[PackageName, list[int]] = {}
    for place, filename in enumerate(page.filenames):
        name = _name_of(filename)
        if name is not None:
            by_name.setdefault(name, []).append(place)
    return {
        name: Page(
            page.kind,
            page.url,
            [page.filenames[place] for place in places],
            [page.uploads[place] for place in places],
            [page.rows[place] for place in places],
        )
        for name, places in by_name.items()
    }


def _name_of(filename: str) -> PackageName | None:
    """Return the package of a file. In a source archive its name ends at the last dash before a digit."""
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename).name
        extension = sdist_extension(filename)
        if extension is None:
            return None
        stem = filename[: -len(extension)]
        at = max(
            (place for place, character in enumerate(stem[:-1]) if character == "-" and stem[place + 1].isdigit()),
            default=0,
        )
        return package_name(stem[:at])
    except (InvalidFilename, InvalidName):
        return None
