"""Why a package or one of its versions cannot be used; recorded in incompatibilities, read by failure reports."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from mauve.standards.markers.diagram import Marker
from mauve.standards.names import PackageName
from mauve.standards.tags import TagMismatch

# --- a whole package


class PackageNotFound(Struct, frozen=True):
    """No index knows the name."""


class PackageNoIndex(Struct, frozen=True):
    """Indexes are disabled."""


class PackageOffline(Struct, frozen=True):
    """The network is disabled and the cache does not have the listing."""


UnavailablePackage: TypeAlias = PackageNotFound | PackageNoIndex | PackageOffline


# --- one version


class Yanked(Struct, frozen=True):
    """Every file that fits was yanked; the reason may be empty."""

    reason: str


class NoMatchingTag(Struct, frozen=True):
    """There are wheels, but none for the Pythons that are asked for, or for the one environment.

    Attributes:
        mismatch: what of the tags does not fit the environment, if there is one.
        example: a tag that would.
    """

    mismatch: TagMismatch | None = None
    example: str = ""


class NoUsableWheels(Struct, frozen=True):
    """Building is disabled and there is no wheel."""


class NoUsableSdist(Struct, frozen=True):
    """Wheels are disabled and there is no source distribution."""


class NoDistributions(Struct, frozen=True):
    """Nothing that could be installed."""


class MissingPlatform(Struct, frozen=True):
    """No wheel fits a platform that has to be covered, and the resolution cannot be split over it."""

    marker: Marker


class RequiresPython(Struct, frozen=True):
    """The version needs newer Pythons than the oldest that is asked for."""

    specifiers: str


class MetadataInvalid(Struct, frozen=True):
    """The metadata cannot be read, or (*is_structure*) not be found; *reason* is one line."""

    reason: str
    is_structure: bool = False


class MetadataRefused(Struct, frozen=True):
    """The server does not give the metadata; it says *status*."""

    status: str


class MetadataInconsistent(Struct, frozen=True):
    """The metadata speaks of another name or version; *reason* is one line."""

    reason: str


class MetadataOffline(Struct, frozen=True):
    """The network is disabled and the cache does not have the metadata."""


class UnsatisfiableRequirement(Struct, frozen=True):
    """One of its requirements allows no version at all, such as `a<1,>2`."""

    name: PackageName
    specifiers: str


UnavailableVersion: TypeAlias = (
    Yanked
    | NoMatchingTag
    | NoUsableWheels
    | NoUsableSdist
    | NoDistributions
    | MissingPlatform
    | RequiresPython
    | MetadataInvalid
    | MetadataRefused
    | MetadataInconsistent
    | MetadataOffline
    | UnsatisfiableRequirement
)
