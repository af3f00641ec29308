"""What a user may do about a failed resolution, and what is behind it that the argument does not tell.

Each hint is a value; its text is that of the terminal. Hints are found along the derivation, so that they come in the
order of the argument, each kind once for a package.

Specification: docs/resolution.md "Hints".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from msgspec import Struct

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
from mauve.resolver.packages import Kind, Package, real_package
from mauve.resolver.phrases import Role, range_text
from mauve.resolver.ranges import names_prerelease, single_version
from mauve.solver.explanation import facts
from mauve.solver.incompatibility import DependsOn, NoVersions, Unavailable
from mauve.standards.names import PackageName
from mauve.standards.range_text import bounds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.distributions.listing import Listing
    from mauve.resolver.errors import NoSolution
    from mauve.resolver.manifest import Manifest
    from mauve.solver.explanation import Node
    from mauve.standards.version_sets import VersionSet
    from mauve.standards.versions import Key as Bound
    from mauve.standards.versions import Version

Key: TypeAlias = tuple[object, ...]


class Hint(Protocol):
    """One advice. `str` gives its text; hints with equal keys are shown once."""

    @property
    def key(self) -> Key:
        """Return what tells this hint from others of its kind."""
        ...


class _OfPackage(Struct, frozen=True):
    package: PackageName

    @property
    def key(self) -> Key:
        """Return kind and package."""
        return (type(self), self.package)


class _Once(Struct, frozen=True):
    @property
    def key(self) -> Key:
        """Return the kind."""
        return (type(self),)


class PrereleaseAvailable(_OfPackage, frozen=True):
    """There are pre-releases in the range, and they are not allowed."""

    version: str

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"Pre-releases are available for `{self.package}` in the requested range (e.g., {self.version}), but "
            "pre-releases weren't enabled (try: `--prerelease=allow`)"
        )


class PrereleaseRequested(_OfPackage, frozen=True):
    """A bound of the range is a pre-release, and they are not allowed."""

    wanted: str

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"`{self.package}` was requested with a pre-release marker (e.g., {self.wanted}), but pre-releases weren't "
            "enabled (try: `--prerelease=allow`)"
        )


class IndexesDisabled(_Once, frozen=True):
    """`--no-index` without flat indexes."""

    def __str__(self) -> str:
        """Return the text."""
        return (
            "Packages were unavailable because index lookups were disabled and no additional package locations were "
            "provided (try: `--find-links <uri>`)"
        )


class NetworkDisabled(_Once, frozen=True):
    """`--offline`."""

    def __str__(self) -> str:
        """Return the text."""
        return (
            "Packages were unavailable because the network was disabled. When the network is disabled, registry "
            "packages may only be read from the cache."
        )


class MetadataUnreadable(_OfPackage, frozen=True):
    """The metadata of a version cannot be parsed."""

    version: str
    reason: str

    def __str__(self) -> str:
        """Return the text."""
        return f"Metadata for `{self.package}` (v{self.version}) could not be parsed:\n{_indented(self.reason)}"


class MetadataUnfetched(_OfPackage, frozen=True):
    """The metadata of a version is not given out."""

    version: str
    status: str

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"Metadata for `{self.package}` (v{self.version}) could not be fetched; the server returned: "
            f"`{self.status}`"
        )


class MetadataContradictory(_OfPackage, frozen=True):
    """The metadata of a version speaks of something else."""

    version: str
    reason: str

    def __str__(self) -> str:
        """Return the text."""
        return f"Metadata for `{self.package}` (v{self.version}) was inconsistent:\n{_indented(self.reason)}"


class PythonTooOld(Struct, frozen=True):
    """A dependency does not support all Pythons of the project."""

    requires_python: str
    example: str
    needed: str

    @property
    def key(self) -> Key:
        """Return the kind: one example is enough."""
        return (type(self),)

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"The `requires-python` value ({self.requires_python}) includes Python versions that are not supported by "
            f"your dependencies (e.g., {self.example} only supports {self.needed}). Consider using a more restrictive "
            f"`requires-python` value (like {self.needed})."
        )


class NameShadowed(Struct, frozen=True):
    """A package depends on a name that a first-party project has taken."""

    package: PackageName
    dependency: PackageName
    is_workspace: bool

    @property
    def key(self) -> Key:
        """Return both packages."""
        return (type(self), self.package, self.dependency)

    def __str__(self) -> str:
        """Return the text."""
        ours = "one of your workspace members" if self.is_workspace else "your project"
        theirs = "the workspace member" if self.is_workspace else "the project"
        return (
            f"The package `{self.package}` depends on the package `{self.dependency}` but the name is shadowed by "
            f"{ours}. Consider changing the name of {theirs}."
        )


class DependsOnItself(_OfPackage, frozen=True):
    """A first-party project requires another version of itself."""

    is_workspace: bool

    def __str__(self) -> str:
        """Return the text."""
        project = "workspace member" if self.is_workspace else "project"
        return (
            f"The {project} `{self.package}` depends on itself at an incompatible version. This is likely a mistake. "
            f"If you intended to depend on a third-party package named `{self.package}`, consider renaming the "
            f"{project} `{self.package}` to avoid creating a conflict."
        )


class UncheckedIndex(_OfPackage, frozen=True):
    """The first index that knows the package was the only one that was asked."""

    wanted: str
    found_on: str
    next_index: str

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"`{self.package}` was found on {self.found_on}, but not at the requested version ({self.wanted}). A "
            f"compatible version may be available on a subsequent index (e.g., {self.next_index}). By default, uv will "
            "only consider versions that are published on the first index that contains a given package, to avoid "
            "dependency confusion attacks. If all indexes are equally trusted, use `--index-strategy "
            "unsafe-best-match` to consider all versions from all indexes, regardless of the order in which they were "
            "defined."
        )


class Unauthorized(Struct, frozen=True):
    """An index answered 401."""

    index: str

    @property
    def key(self) -> Key:
        """Return the index."""
        return (type(self), self.index)

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"An index URL ({self.index}) could not be queried due to a lack of valid authentication credentials "
            "(401 Unauthorized)"
        )


class Forbidden(Struct, frozen=True):
    """An index answered 403."""

    index: str

    @property
    def key(self) -> Key:
        """Return the index."""
        return (type(self), self.index)

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"An index ({self.index}) returned a 403 Forbidden error. Check that the index URL is correct and the "
            "credentials are valid."
        )


class BuildsDisabled(_OfPackage, frozen=True):
    """There is no wheel, and nothing may be built."""

    everywhere: bool

    def __str__(self) -> str:
        """Return the text."""
        scope = _scope(self.package, "--no-build", everywhere=self.everywhere)
        return f"Wheels are required for `{self.package}` because building from source is disabled {scope}"


class WheelsDisabled(_OfPackage, frozen=True):
    """There is no source distribution, and no wheel may be used."""

    everywhere: bool

    def __str__(self) -> str:
        """Return the text."""
        scope = _scope(self.package, "--no-binary", everywhere=self.everywhere)
        return (
            f"A source distribution is required for `{self.package}` because using pre-built wheels is disabled {scope}"
        )


class OtherTags(_OfPackage, frozen=True):
    """There are wheels with these ABI tags only."""

    version: str
    tags: tuple[str, ...]

    def __str__(self) -> str:
        """Return the text."""
        plural = "" if len(self.tags) == 1 else "s"
        tags = ", ".join(f"`{tag}`" for tag in self.tags)
        return (
            f"Wheels are available for `{self.package}` (v{self.version}) with the following Python ABI "
            f"tag{plural}: {tags}"
        )


class TooNew(_OfPackage, frozen=True):
    """Every version in the range was uploaded after the cut-off."""

    cutoff: str
    setting: str
    latest: str
    published: str | None
    is_exact: bool

    @property
    def key(self) -> Key:
        """Return package and setting."""
        return (type(self), self.package, self.setting)

    def __str__(self) -> str:
        """Return the text."""
        detail = ""
        if self.is_exact and self.published:
            detail = f" The requested version, v{self.latest}, was published at {self.published}."
        elif not self.is_exact:
            published = f", published at {self.published}" if self.published else ""
            detail = f" The latest version satisfying the requirement is v{self.latest}{published}."
        match self.setting:
            case "package":
                by, advice = "`exclude-newer-package`", "Consider removing the setting or updating it to a later date."
            case "index":
                by = "the index-specific `exclude-newer` setting"
                advice = (
                    "Consider updating that index's cutoff, setting it to `false`, or using `exclude-newer-package` to "
                    "override the cutoff for this package."
                )
            case _:
                by = "`exclude-newer`"
                advice = "Consider using `exclude-newer-package` to override the cutoff for this package."
        return (
            f"`{self.package}` was filtered by {by} to only include packages uploaded before {self.cutoff}."
            f"{detail} {advice}"
        )


class OtherPython(_Once, frozen=True):
    """The fork is not for the running Python."""

    python_version: str

    def __str__(self) -> str:
        """Return the text."""
        return (
            f"While the active Python version is {self.python_version}, the resolution failed for other Python "
            "versions supported by your project. Consider limiting your project's supported Python versions using "
            "`requires-python`."
        )


class OtherEnvironment(_Once, frozen=True):
    """The fork is not for the running platform."""

    def __str__(self) -> str:
        """Return the text."""
        return (
            "The resolution failed for an environment that is not the current one, consider limiting the environments "
            "with `tool.uv.environments`."
        )


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
                    yield from self._of_range(package.name, versions)
                    yield from self._of_cutoff(package.name, versions)
                case Unavailable(package, versions, reason) if package.kind not in {Kind.ROOT, Kind.PYTHON}:
                    yield from self._of_range(package.name, versions)
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

    def _of_range(self, name: PackageName, versions: VersionSet) -> Iterator[Hint]:
        if name not in self._failure.direct:
            yield from self._of_prereleases(name, versions)
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
                case MetadataInvalid(reason):
                    yield MetadataUnreadable(name, version.text, reason)
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
            case NoMatchingTag():
                yield from self._of_tags(name, versions)
            case _:
                pass

    def _of_tags(self, name: PackageName, versions: VersionSet) -> Iterator[Hint]:
        available = set(self._failure.available.get(name, ()))
        for listing in self._failure.listings.get(name, ()):
            for place in reversed(range(len(listing.keys))):
                version = listing.version(place)
                if version not in versions or version not in available:
                    continue
                tags = {tag for wheel in listing.files(place).wheels for tag in wheel.filename.abi_tags}
                tags.discard("none")
                if tags:
                    yield OtherTags(name, version.text, tuple(sorted(tags, key=_tag_order)))
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
            yield PythonTooOld(str(self._manifest.requires_python), _wanted(parent.name, parent_versions), needed)


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


def _scope(package: PackageName, option: str, *, everywhere: bool) -> str:
    if everywhere:
        return f"for all packages (i.e., with `{option}`)"
    return f"for `{package}` (i.e., with `{option}-package {package}`)"


def _tag_order(tag: str) -> tuple[int, tuple[int, ...], str]:
    """Order ABI tags: `abi3`, then those of CPython by version, then others."""
    if tag == "abi3":
        return (0, (), tag)
    digits = "".join(character for character in tag[2:] if character.isdigit())
    if tag.startswith("cp") and digits:
        return (1, (int(digits[0]), int(digits[1:] or 0)), tag)
    return (2, (), tag)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line.strip() else line for line in text.split("\n"))
