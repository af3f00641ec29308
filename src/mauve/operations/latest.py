"""The newest versions that indexes have of the packages of a lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from mauve.config.settings.resolution import Refresh
from mauve.distributions.index import Index
from mauve.lock.model import SourceKind
from mauve.lock.requirements import unlock_source
from mauve.network.urls import split_credentials
from mauve.resolver.candidates import cutoff_for, is_prerelease
from mauve.resolver.source import Found
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import InvalidSpecifier, parse_specifiers
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.distributions.files import File, Wheel
    from mauve.distributions.listing import Listing
    from mauve.lock.model import Lock, LockedPackage
    from mauve.operations.context import Services
    from mauve.standards.tags import Tags
    from mauve.standards.versions import Version


def newer_versions(lock: Lock, root: str, settings: ResolutionSettings, services: Services) -> dict[int, str]:
    """Return the newest version of each package of *lock* that has a newer one, by identity of the package.

    The indexes are asked, whatever the cache has.

    Raises:
        MauveError: an index cannot be reached.
    """
    packages = [package for package in lock.packages if package.source.kind is SourceKind.REGISTRY]
    source = services.metadata_source(structs.replace(settings, refresh=Refresh(everything=True)))
    indexes = {id(package): _index(package, root, settings) for package in packages}
    source.prefetch_versions([(package.name, indexes[id(package)]) for package in packages])
    requires_python = RequiresPython.from_specifiers(parse_specifiers(lock.requires_python)) or RequiresPython()
    allows_prereleases = lock.options.prerelease_mode == "allow"
    newer: dict[int, str] = {}
    for package in packages:
        index = indexes[id(package)]
        answer = source.versions(package.name, index)
        if package.version is None or not isinstance(answer, Found):
            continue
        cutoff = cutoff_for(settings.options.exclude_newer, package.name, index)
        current = parse_version(package.version)
        for listing in answer.listings:
            found = newest_usable(listing, current, Usable(requires_python, cutoff, allows_prereleases))
            if found is not None:
                newer[id(package)] = found[0].text
    return newer


def _index(package: LockedPackage, root: str, settings: ResolutionSettings) -> Index:
    """Return the index that *package* comes from, with what the user said about it."""
    location = package.source.location
    for index in settings.indexes.indexes:
        if split_credentials(index.url)[0].rstrip("/") == location.rstrip("/"):
            return index
    source = unlock_source(package.source, root)
    return Index(url=getattr(source, "location", location), explicit=True)


class Usable(Struct, frozen=True):
    """Which files may be used.

    Attributes:
        cutoff: seconds since the epoch; what was uploaded later does not exist.
        tags: of the wheels that fit; None = all.
    """

    requires_python: RequiresPython
    cutoff: int | None = None
    allows_prereleases: bool = False
    tags: Tags | None = None

    def admits(self, file: File) -> bool:
        """Return whether *file*, apart from its platform, may be used."""
        cutoff = self.cutoff
        if file.yanked is not None or (cutoff is not None and (file.upload_time is None or file.upload_time >= cutoff)):
            return False
        if file.requires_python is None:
            return True
        try:
            return self.requires_python.contains_lower_of(parse_specifiers(file.requires_python))
        except InvalidSpecifier:
            return True

    def admits_wheel(self, wheel: Wheel) -> bool:
        """Return whether *wheel* may be used."""
        return self.admits(wheel.file) and (self.tags is None or self.tags.priority(wheel.filename) is not None)


def newest_usable(listing: Listing, current: Version, usable: Usable) -> tuple[Version, bool] | None:
    """Return the newest version in *listing* above *current* that has a file to use, and whether that is a wheel."""
    for place in range(len(listing.keys) - 1, -1, -1):
        if listing.keys[place] <= current.key:
            return None
        version = listing.version(place)
        if is_prerelease(version) and not usable.allows_prereleases:
            continue
        files = listing.files(place)
        if any(usable.admits_wheel(wheel) for wheel in files.wheels):
            return version, True
        if any(usable.admits(sdist.file) for sdist in files.sdists):
            return version, False
    return None
