"""The search for hints: what is behind the facts of a failed resolution.

Hints are found along the derivation, so that they come in the order of the argument, each kind once for a package.

Specification: docs/resolution.md "Hints".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.distributions.sources import without_credentials
from mauve.resolver.availability import (
    MetadataInconsistent,
    MetadataInvalid,
    MetadataOffline,
    MetadataRefused,
    NoMatchingTag,
    NoUsableSdist,
    NoUsableWheels,
    PackageNoIndex,
    PackageOffline,
)
from mauve.resolver.candidates import cutoff_for
from mauve.resolver.hints import (
    AskedPythonTooOld,
    BuildsDisabled,
    DependsOnItself,
    Forbidden,
    IndexesDisabled,
    MetadataContradictory,
    MetadataUnfetched,
    MetadataUnreadable,
    NameShadowed,
    NetworkDisabled,
    OtherEnvironment,
    OtherPlatforms,
    OtherPython,
    OtherPythons,
    OtherTags,
    PrereleaseAvailable,
    PrereleaseRequested,
    PythonTooOld,
    StructureInvalid,
    TooNew,
    Unauthorized,
    UncheckedIndex,
    WheelsDisabled,
)
from mauve.resolver.packages import Kind, Package, real_package
from mauve.resolver.phrases import TAG_KINDS, Role, range_text
from mauve.resolver.ranges import names_prerelease, single_version
from mauve.solver.explanation import facts
from mauve.solver.incompatibility import DependsOn, NoVersions, Unavailable
from mauve.standards.names import PackageName
from mauve.standards.range_text import bounds_of
from mauve.standards.tags import TagMismatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mauve.distributions.listing import Listing
    from mauve.resolver.errors import NoSolution
    from mauve.resolver.hints import Hint, Key
    from mauve.resolver.manifest import Manifest
    from mauve.resolver.target import Target
    from mauve.solver.explanation import Node
    from mauve.standards.filenames import WheelFilename
    from mauve.standards.version_sets import VersionSet
    from mauve.standards.versions import Key as Bound
    from mauve.standards.versions import Version


def find_hints(tree: Node[Package, VersionSet], failure: NoSolution, stable_only: frozenset[PackageName]) -> list[Hint]:
    """Return the hints for *failure*, in the order in which they are shown.

    Args:
        tree: its simplified derivation.
        failure: what failed.
        stable_only: names whose pre-releases are not to be used.
    """
    found: dict[Key, Hint] = {}
    for hint in _Finder(failure, stable_only).hints(tree):
        found.setdefault(hint.key, hint)
    return list(found.values())


class _Finder:
    """Looks for what applies to each fact of one failure."""

    def __init__(self, failure: NoSolution, stable_only: frozenset[PackageName]) -> None:
        self._failure = failure
        self._stable_only = stable_only
        self._manifest: Manifest = failure.manifest
        self._members = frozenset(member.name for member in self._manifest.members)
        self._asked: dict[PackageName, set[Bound]] = {}

    def hints(self, tree: Node[Package, VersionSet]) -> Iterator[Hint]:
        yield from self._of_environment()
        told = facts(tree)
        for fact in told:
            if isinstance(fact, DependsOn):
                asked = self._asked.setdefault(fact.child.name, set())
                asked.update(fact.child_versions.cuts)
        for fact in told:
            match fact:
                case NoVersions(package, versions) if package.kind not in {Kind.ROOT, Kind.PYTHON}:
                    yield from self._of_range(package, versions)
                    yield from self._of_cutoff(package.name, versions)
                case Unavailable(package, versions, reason) if package.kind not in {Kind.ROOT, Kind.PYTHON}:
                    yield from self._of_range(package, versions)
                    yield from self._of_reason(package.name, versions, reason)
                case DependsOn(parent, parent_versions, child, child_versions):
                    yield from self._of_dependency(parent, parent_versions, child, child_versions)
                case _:
                    pass

    def _of_environment(self) -> Iterator[Hint]:
        marker, current = self._failure.environment.marker, self._failure.current
        if current is None:
            return
        from mauve.standards.markers.environment import evaluate
        from mauve.standards.markers.parse import parse_marker

        if marker.is_disjoint(parse_marker(f"python_version == '{current.python_version}'")):
            yield OtherPython(current.python_version)
        elif not evaluate(marker, current):
            yield OtherEnvironment()

    # --- ranges

    def _of_range(self, package: Package, versions: VersionSet) -> Iterator[Hint]:
        name = package.name
        if name not in self._failure.direct:
            yield from self._of_prereleases(name, versions)
        if package.is_base:
            yield from self._of_package(name)
        yield from self._of_metadata(name, versions)
        yield from self._of_indexes(name, versions)

    def _of_prereleases(self, name: PackageName, versions: VersionSet) -> Iterator[Hint]:
        if name not in self._stable_only:
            return
        if names_prerelease(versions, self._asked.get(name, frozenset())):
            yield PrereleaseRequested(name, _wanted(name, versions))
            return
        for version in reversed(self._failure.available.get(name, ())):
            if version.is_prerelease and version in versions:
                yield PrereleaseAvailable(name, version.text)
                return

    def _of_package(self, name: PackageName) -> Iterator[Hint]:
        match self._failure.unavailable_packages.get(name):
            case PackageNoIndex() if not self._manifest.indexes.flat_indexes:
                yield IndexesDisabled()
            case PackageOffline():
                yield NetworkDisabled()
            case _:
                pass

    def _of_metadata(self, name: PackageName, versions: VersionSet) -> Iterator[Hint]:
        reasons = self._failure.unavailable_versions.get(name, {})
        for version in sorted(reasons, reverse=True):
            if version not in versions:
                continue
            match reasons[version]:
                case MetadataOffline():
                    yield NetworkDisabled()
                case MetadataInvalid(reason, is_structure):
                    yield (StructureInvalid if is_structure else MetadataUnreadable)(name, version.text, reason)
                case MetadataRefused(status):
                    yield MetadataUnfetched(name, version.text, status)
                case MetadataInconsistent(reason):
                    yield MetadataContradictory(name, version.text, reason)
                case _:
                    continue
            return

    def _of_indexes(self, name: PackageName, versions: VersionSet) -> Iterator[Hint]:
        locations = self._manifest.indexes
        listings = self._failure.listings.get(name, ())
        if locations.strategy.value == "first-index" and listings and not versions.is_full:
            searched = [index.url for index in locations.indexes if not (locations.no_index or index.explicit)]
            found_on = min(listing.index.url for listing in listings)
            if found_on in searched[:-1]:
                next_index = searched[searched.index(found_on) + 1]
                yield UncheckedIndex(name, _wanted(name, versions), found_on, next_index)
        configured = {without_credentials(index.url) for index in locations.indexes if not index.is_from_member}
        for url in self._failure.unauthorized:
            if url in configured:
                yield Unauthorized(url)
        for url in self._failure.forbidden:
            if url in configured:
                yield Forbidden(url)

    # --- reasons and cut-offs

    def _of_reason(self, name: PackageName, versions: VersionSet, reason: object) -> Iterator[Hint]:
        build = self._manifest.options.build
        match reason:
            case NoUsableWheels():
                yield BuildsDisabled(name, everywhere=build.no_build)
            case NoUsableSdist():
                yield WheelsDisabled(name, everywhere=build.no_binary)
            case NoMatchingTag(mismatch=mismatch):
                yield from self._of_tags(name, versions, mismatch)
            case _:
                pass

    def _of_tags(self, name: PackageName, versions: VersionSet, mismatch: TagMismatch | None) -> Iterator[Hint]:
        target = self._manifest.target
        available = set(self._failure.available.get(name, ()))
        for listing in self._failure.listings.get(name, ()):
            for place in reversed(range(len(listing.keys))):
                version = listing.version(place)
                if version not in versions or version not in available:
                    continue
                wheels = [wheel.filename for wheel in listing.files(place).wheels]
                tags = tuple(sorted(_offered(wheels, mismatch, target), key=_tag_order))
                if not tags:
                    return
                if mismatch is None or target is None:
                    yield OtherTags(name, version.text, tags)
                elif mismatch is TagMismatch.PLATFORM:
                    yield OtherPlatforms(name, version.text, tags)
                else:
                    yield OtherPythons(name, version.text, tags, target.name, TAG_KINDS[mismatch])
                return

    def _of_cutoff(self, name: PackageName, versions: VersionSet) -> Iterator[Hint]:
        excluded = self._manifest.options.exclude_newer
        if any(version in versions for version in self._failure.available.get(name, ())):
            return
        latest: tuple[Version, Listing, int] | None = None
        for listing in self._failure.listings.get(name, ()):
            for place in range(len(listing.keys)):
                version = listing.version(place)
                if version in versions and (latest is None or version.key > latest[0].key):
                    latest = (version, listing, place)
        if latest is None:
            return
        version, listing, place = latest
        url = listing.index.url
        if name in excluded.packages:
            cutoff, setting = excluded.packages[name], "package"
        elif url in excluded.indexes:
            cutoff, setting = excluded.indexes[url], "index"
        else:
            cutoff, setting = excluded.everything, "global"
        if cutoff is None or cutoff_for(excluded, name, listing.index) is None:
            return
        is_exact = single_version(versions) is not None
        yield TooNew(name, cutoff.text, setting, version.text, _published(listing, place), is_exact)

    # --- dependencies

    def _of_dependency(
        self, parent: Package, parent_versions: VersionSet, child: Package, child_versions: VersionSet
    ) -> Iterator[Hint]:
        members = self._members
        if parent.name and child.name in members and parent.name not in members:
            yield NameShadowed(parent.name, child.name, len(members) > 1)
        if (
            parent.name in members
            and parent.name == child.name
            and (child.extra is None or parent.extra == child.extra)
            and (child.group is None or child.group == parent.group)
        ):
            yield DependsOnItself(parent.name, len(members) > 1)
        if child.kind is Kind.PYTHON and parent.name:
            needed = " | ".join(str(bounds).replace(",", ", ") for bounds in bounds_of(child_versions))
            example, target = _wanted(parent.name, parent_versions), self._manifest.target
            if target is None:
                yield PythonTooOld(str(self._manifest.requires_python), example, needed)
            elif target.is_asked_for:
                yield AskedPythonTooOld(target.python, example, needed)


def _wanted(name: PackageName, versions: VersionSet) -> str:
    return range_text(real_package(name), versions, Role.MEANT)


def _published(listing: Listing, place: int) -> str | None:
    """Return when the first file of a version was uploaded."""
    files = listing.files(place)
    published = [wheel.file for wheel in files.wheels] + [sdist.file for sdist in files.sdists]
    times = [file.upload_time for file in published if file.upload_time is not None]
    if not times:
        return None
    from datetime import UTC, datetime

    from mauve.standards.cutoffs import render_timestamp

    return render_timestamp(datetime.fromtimestamp(min(times) / 1000, UTC))


def _offered(wheels: Iterable[WheelFilename], mismatch: TagMismatch | None, target: Target | None) -> set[str]:
    """Return the tags of *wheels* of the kind that is missing."""
    match mismatch:
        case TagMismatch.PYTHON:
            return {tag for wheel in wheels for tag in wheel.python_tags}
        case TagMismatch.PLATFORM if target is not None:
            return {tag for wheel in wheels if target.tags.runs(wheel) for tag in wheel.platform_tags}
        case _:
            return {tag for wheel in wheels for tag in wheel.abi_tags} - {"none"}


def _tag_order(tag: str) -> tuple[int, tuple[int, ...], str]:
    """Order ABI tags: `abi3`, then those of CPython by version, then others."""
    if tag == "abi3":
        return (0, (), tag)
    digits = "".join(character for character in tag[2:] if character.isdigit())
    if tag.startswith("cp") and digits:
        return (1, (int(digits[0]), int(digits[1:] or 0)), tag)
    return (2, (), tag)
