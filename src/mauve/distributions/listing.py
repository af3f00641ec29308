"""What one index publishes about one package: versions in order, files decoded when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mauve.distributions.files import Sdist, Wheel
    from mauve.distributions.index import Index
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

    def files(self, place: int) -> VersionFiles:
        """Return the files of the version at *place*, decoded once and kept."""
        ...
