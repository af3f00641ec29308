"""A resolution for one environment: which wheels it can use, and what it has already.

Specification: docs/resolution.md "One environment".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from mauve.distributions.files import File, Wheel
from mauve.distributions.index import ENVIRONMENT, Index
from mauve.distributions.listing import VersionFiles
from mauve.resolver.source import DistributionMetadata
from mauve.standards.filenames import WheelFilename
from mauve.standards.names import PackageName
from mauve.standards.tags import TagMismatch
from mauve.standards.versions import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mauve.standards.versions import Key


class FittingTags(Protocol):
    """Knows which wheels an environment can use; implemented by `mauve.standards.tags`."""

    @property
    def python_tag(self) -> str:
        """Return the most specific tag of its Python."""
        ...

    @property
    def abi_tag(self) -> str:
        """Return its native ABI."""
        ...

    @property
    def platform_tag(self) -> str:
        """Return its best platform."""
        ...

    def priority(self, wheel: WheelFilename) -> int | None:
        """Return the rank of *wheel*, None if it does not fit."""
        ...

    def mismatch(self, wheel: WheelFilename) -> TagMismatch | None:
        """Return what of *wheel* does not fit."""
        ...

    def runs(self, wheel: WheelFilename) -> bool:
        """Return whether *wheel* would fit on another platform."""
        ...


class InstalledVersion:
    """A version that an environment has; what it requires is read when it is asked for, once."""

    __slots__ = ("_known", "_read", "name", "version")

    def __init__(self, name: PackageName, version: Version, read: Callable[[], DistributionMetadata | None]) -> None:
        """Have the metadata read by *read*, which returns None if it cannot be."""
        self.name = name
        self.version = version
        self._read = read
        self._known: tuple[DistributionMetadata | None] | None = None

    @property
    def metadata(self) -> DistributionMetadata | None:
        """Return what is required, None if nobody can tell."""
        if self._known is None:
            self._known = (self._read(),)
        return self._known[0]


class Target(Struct, frozen=True, kw_only=True):
    """The one environment that is resolved for.

    Attributes:
        tags: of the wheels that it can use.
        python: its version, or with `>=` the one that is chosen for.
        name: of its Python with version and tag, as messages have it.
        no_deps: what requirements require in turn does not count.
        installed: what it has, by name; each is as good as published, and kept unless something newer is wanted.
        upgraded: names of which something newer is wanted; None for all.
    """

    tags: FittingTags
    python: str
    name: str
    no_deps: bool = False
    installed: dict[PackageName, InstalledVersion] = {}
    upgraded: frozenset[PackageName] | None = frozenset()

    @property
    def is_asked_for(self) -> bool:
        """Return whether the version is not that of the environment, but one that is asked for."""
        return self.python.startswith(">=")

    def keeps(self, name: PackageName) -> bool:
        """Return whether an installed version of *name* is kept though there may be newer ones."""
        return self.upgraded is not None and name not in self.upgraded


class InstalledListing:
    """What an environment has of a package, as if an index published it."""

    def __init__(self, installed: InstalledVersion) -> None:
        """List one version."""
        self._installed = installed

    @property
    def index(self) -> Index:
        """Return what stands for the environment."""
        return ENVIRONMENT

    @property
    def name(self) -> PackageName:
        """Return the package."""
        return self._installed.name

    @property
    def keys(self) -> Sequence[Key]:
        """Return the position of the version."""
        return (self._installed.version.key,)

    def version(self, place: int) -> Version:
        """Return the version."""
        del place
        return self._installed.version

    def earliest_upload(self, place: int) -> None:
        """Return nothing: nobody knows."""

    def outline(self, place: int, before: int | None) -> None:
        """Return nothing: there is no page."""

    def files(self, place: int) -> VersionFiles:
        """Return a wheel that fits everywhere: it is there, so it fits."""
        del place
        name, version = self._installed.name, self._installed.version
        text = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        filename = WheelFilename(name, version, None, ("py3",), ("none",), ("any",))
        return VersionFiles((), (Wheel(File(filename=text, url=f"{ENVIRONMENT.url}{text}"), filename),))
