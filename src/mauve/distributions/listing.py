"""What one index publishes about one package: versions in order, files decoded when asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mauve.distributions.files import Sdist, Wheel
    from mauve.distributions.index import Index
    from mauve.standards.filenames import SdistFilename
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Key, Version


class VersionFiles:
    """The files of one version, as published: nothing filtered, wheels in the order of the page."""

    __slots__ = ("sdists", "wheels")

    sdists: tuple[Sdist, ...]
    wheels: tuple[Wheel, ...]

    def __init__(self, sdists: tuple[Sdist, ...], wheels: tuple[Wheel, ...]) -> None:
        """Store the files."""
        self.sdists = sdists
        self.wheels = wheels


class Outline(Protocol):
    """The files of one version, nothing yanked among them, decoded where they are asked for.

    Attributes:
        wheels: file names in ascending order, which need not be valid.
        sdist: the name of the first source distribution of the page.
        requires_python: of all files, as published.
    """

    @property
    def wheels(self) -> Sequence[str]:
        """Return the names of the wheels."""
        ...

    @property
    def sdist(self) -> SdistFilename | None:
        """Return the name of the source distribution, None if there is none."""
        ...

    @property
    def requires_python(self) -> str | None:
        """Return for which Pythons the files are."""
        ...

    def wheel(self, place: int) -> Wheel:
        """Return the wheel whose name is at *place* of `wheels`."""
        ...


class Listing(Protocol):
    """One answer of one index. Opening it costs nothing per file; `files` decodes one version.

    Attributes:
        index: who published it.
        name: of the package.
        keys: positions of the versions (`mauve.standards.versions`), strictly ascending.
    """

    @property
    def index(self) -> Index:
        """Return the index that published this listing."""
        ...

    @property
    def name(self) -> PackageName:
        """Return the package."""
        ...

    @property
    def keys(self) -> Sequence[Key]:
        """Return the versions' positions in ascending order."""
        ...

    def version(self, place: int) -> Version:
        """Return the version at *place* of `keys`."""
        ...

    def earliest_upload(self, place: int) -> int | None:
        """Return when the first file of the version at *place* was uploaded, in milliseconds; None if one has no time.

        Unlike `files` this decodes nothing.
        """
        ...

    def outline(self, place: int, before: int | None) -> Outline | None:
        """Return the files of the version at *place*, which were uploaded before a moment, in milliseconds.

        None if they have to be decoded to tell, or some were uploaded later.
        """
        ...

    def files(self, place: int) -> VersionFiles:
        """Return the files of the version at *place*, decoded once and kept."""
        ...


class EarlierListing:
    """A listing as it was at an earlier moment: without the files that were uploaded later.

    Files whose time is not known were always there.
    """

    def __init__(self, listing: Listing, moment: int) -> None:
        """Show what of *listing* was there before *moment*, in milliseconds since the epoch."""
        self._listing = listing
        self._moment = moment

    @property
    def index(self) -> Index:
        """Return the index that published this listing."""
        return self._listing.index

    @property
    def name(self) -> PackageName:
        """Return the package."""
        return self._listing.name

    @cached_property
    def _places(self) -> list[int]:
        """Return the places in the whole listing of the versions that had files."""
        return [place for place in range(len(self._listing.keys)) if self._had_files(place)]

    def _had_files(self, place: int) -> bool:
        earliest = self._listing.earliest_upload(place)
        if earliest is not None:
            return earliest < self._moment
        files = self._filtered(place)
        return bool(files.sdists or files.wheels)

    def _filtered(self, place: int) -> VersionFiles:
        files, moment = self._listing.files(place), self._moment
        return VersionFiles(
            tuple(
                [sdist for sdist in files.sdists if sdist.file.upload_time is None or sdist.file.upload_time < moment]
            ),
            tuple(
                [wheel for wheel in files.wheels if wheel.file.upload_time is None or wheel.file.upload_time < moment]
            ),
        )

    @cached_property
    def keys(self) -> Sequence[Key]:
        """Return the versions' positions in ascending order."""
        keys = self._listing.keys
        return [keys[place] for place in self._places]

    def version(self, place: int) -> Version:
        """Return the version at *place* of `keys`."""
        return self._listing.version(self._places[place])

    def earliest_upload(self, place: int) -> int | None:
        """Return when the first file of the version at *place* was uploaded; None if one has no time."""
        return self._listing.earliest_upload(self._places[place])

    def outline(self, place: int, before: int | None) -> None:
        """Return nothing: files without a time count here."""

    def files(self, place: int) -> VersionFiles:
        """Return the files of the version at *place* that were there."""
        return self._filtered(self._places[place])
