"""The port through which the resolver asks about the world, and the closed set of answers.

The resolver runs in the main thread and never does I/O. An implementation answers from memory, from the
cache on disk, or by waiting for its worker thread; `prefetch_*` never wait. Laws: the same question
always gets the same answer within one run; an expected outcome is a value; only what must end the
resolution (an unreachable index, a broken archive of a direct URL) is raised, in the waiting call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias

from msgspec import Struct

from mauve.distributions.files import Sdist, Wheel
from mauve.distributions.index import Index
from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.sources import FromDirectory, FromGit, FromPath, FromUrl, Source
from mauve.standards.hashes import HashDigest
from mauve.standards.names import ExtraName, GroupName, PackageName
from mauve.standards.versions import Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.distributions.listing import Listing

    Likely: TypeAlias = Callable[[PackageName, tuple[Listing, ...]], Iterable[tuple[Wheel, Index]]]

DirectSource: TypeAlias = FromUrl | FromGit | FromPath | FromDirectory


class DistributionMetadata(Struct, frozen=True, kw_only=True):
    """What a distribution requires, whatever it was read from (METADATA, PKG-INFO, pyproject.toml, a build).

    Attributes:
        requires_dist: in the order of the metadata; markers still contain `extra == …`. What is required for extras
            only may be left out if *complete* is there.
        complete: reads all requirements.
        requires_python: as published.
        provides_extras: in order of declaration.
        groups: dependency groups (source trees only), flattened, in order of declaration.
        dynamic_version: the version of this source tree is computed by its build backend.
    """

    name: PackageName
    version: Version
    requires_dist: tuple[SourcedRequirement, ...] = ()
    complete: Callable[[], tuple[SourcedRequirement, ...]] | None = None
    requires_python: str | None = None
    provides_extras: tuple[ExtraName, ...] = ()
    groups: dict[GroupName, tuple[SourcedRequirement, ...]] = {}
    dynamic_version: bool = False

    def all_requirements(self) -> tuple[SourcedRequirement, ...]:
        """Return what is required, for extras, too."""
        return self.requires_dist if self.complete is None else self.complete()


# --- versions of a name


class Found(Struct, frozen=True):
    """One listing per index that knows the name, in the order in which indexes are searched."""

    listings: tuple[Listing, ...]


class NotFound(Struct, frozen=True):
    """No index knows the name. The URLs are those that answered 401 and 403 (without credentials)."""

    unauthorized: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


class NoIndex(Struct, frozen=True):
    """Indexes are disabled (`--no-index`) and no flat index has the name."""


class Offline(Struct, frozen=True):
    """The network is disabled and the cache does not have the answer."""


VersionsResponse: TypeAlias = Found | NotFound | NoIndex | Offline


# --- metadata of one distribution


class MetadataFound(Struct, frozen=True):
    """The metadata of the distribution that was asked for."""

    metadata: DistributionMetadata


class MetadataOffline(Struct, frozen=True):
    """The network is disabled and the cache does not have it."""


class InvalidMetadata(Struct, frozen=True):
    """The metadata cannot be used; *reason* is one line. The version is passed over.

    Attributes:
        is_structure: the file is not made as a distribution is, so that its metadata cannot even be found.
    """

    reason: str
    is_structure: bool = False


class RefusedMetadata(Struct, frozen=True):
    """The server answered with a *status* (`401 Unauthorized`) that its index ignores. The version is passed over."""

    status: str


class InconsistentMetadata(Struct, frozen=True):
    """The metadata names another package or version than the file; *reason* is one line."""

    reason: str


class RequiresPythonMismatch(Struct, frozen=True):
    """The source needs another Python to be built at all."""

    requires_python: str


MetadataResponse: TypeAlias = (
    MetadataFound | MetadataOffline | InvalidMetadata | RefusedMetadata | InconsistentMetadata | RequiresPythonMismatch
)


class DirectDistribution(Struct, frozen=True, kw_only=True):
    """A URL, git, path or directory requirement, looked at.

    Attributes:
        source: with the commit known and `editable`/`virtual` decided.
        sdist: present for source archives; its hash is known.
        wheel: present for wheels.
        hashes: of the archive.
    """

    source: Source
    metadata: DistributionMetadata
    sdist: Sdist | None = None
    wheel: Wheel | None = None
    hashes: tuple[HashDigest, ...] = ()


class MetadataSource(Protocol):
    """Answers questions about packages; implemented by `mauve.metadata.worker` and by a dictionary in tests.

    Attributes:
        likely: set by the resolver; may be called, in any thread, when the listings of a name have arrived, and names
            the wheels whose metadata will be asked for next.
    """

    likely: Likely | None

    @property
    def heeds_hints(self) -> bool:
        """Return whether `prefetch_metadata` is worth a call; False as long as the disk had every answer."""
        ...

    def prefetch_versions(self, names: Iterable[tuple[PackageName, Index | None]]) -> None:
        """Start to fetch the listings of *names* (each from a pinned index, or from those searched)."""
        ...

    def prefetch_metadata(self, distributions: Iterable[Wheel | Sdist], index: Index) -> None:
        """Start to fetch the metadata of *distributions* of *index*, the most useful first."""
        ...

    def versions(self, name: PackageName, index: Index | None) -> VersionsResponse:
        """Return every listing of *name*; wait if need be."""
        ...

    def metadata(
        self, name: PackageName, version: Version, distribution: Wheel | Sdist, index: Index
    ) -> MetadataResponse:
        """Return the metadata of *distribution*; wait, or build, if need be."""
        ...

    def direct(self, name: PackageName | None, source: DirectSource) -> DirectDistribution:
        """Return the distribution at a direct source; raise a `MauveError` if it cannot be had."""
        ...
