"""A universal resolution and the manifest it came from -> Lock.

Specification: docs/lockfile.md.
"""

from __future__ import annotations

import os
from functools import cache
from time import gmtime
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import Struct, structs

from mauve.distributions.index import IndexFormat
from mauve.distributions.sources import RegistrySource
from mauve.lock.manifest import lock_default_groups, lock_manifest, lock_options
from mauve.lock.markers import EdgeMarkers, fork_texts, simplified_texts
from mauve.lock.model import (
    Lock,
    LockedDependency,
    LockedFile,
    LockedFiles,
    LockedMetadata,
    LockedPackage,
    LockedSource,
    SourceKind,
)
from mauve.lock.requirements import absolute_path, lock_requirements, lock_source, relative_path
from mauve.lock.wheel_order import flat_order
from mauve.resolver.registry import registry_source
from mauve.standards.hashes import HashAlgorithm, strongest
from mauve.standards.markers.diagram import TRUE, Marker, any_of
from mauve.standards.markers.extras import without_extras
from mauve.standards.markers.order import sort_key
from mauve.standards.markers.render import render
from mauve.standards.platforms import possible_environments

if TYPE_CHECKING:
    from collections.abc import Collection

    from mauve.distributions.files import File, Wheel
    from mauve.resolver.graph import Edge, ResolutionGraph, ResolvedPackage
    from mauve.resolver.manifest import Manifest, Member
    from mauve.standards.names import ExtraName, GroupName, PackageName

    _Name = TypeVar("_Name", ExtraName, GroupName)

_MUTABLE: Final = frozenset(SourceKind) - {SourceKind.REGISTRY, SourceKind.GIT}
"""Kinds whose declared metadata is kept, to notice that it changed."""
_REMOTE: Final = frozenset((SourceKind.URL, SourceKind.GIT))
"""Kinds whose metadata is kept in locks without metadata, as it would have to be fetched."""
_NO_METADATA: Final = LockedMetadata()
_SECONDS_PER_DAY: Final = 86_400
_MILLISECONDS_PER_DAY: Final = 1000 * _SECONDS_PER_DAY


def lock_resolution(graph: ResolutionGraph, manifest: Manifest, root: str, *, keeps_metadata: bool = True) -> Lock:
    """Return the lock of *graph*, for a lockfile in the folder *root*.

    Args:
        graph: the resolution.
        manifest: what it started from.
        root: absolute.
        keeps_metadata: whether what local packages declare is written down (and not what those of repositories do).
    """
    requires_python = graph.requires_python
    return Lock(
        requires_python=requires_python.lock_text(),
        resolution_markers=fork_texts(graph.fork_markers, requires_python),
        supported_markers=simplified_texts(manifest.environments, requires_python),
        required_markers=simplified_texts(manifest.required_environments, requires_python),
        conflicts=manifest.conflicts,
        options=lock_options(manifest.options),
        manifest=lock_manifest(manifest, root),
        packages=_Packages(graph, manifest, root, keeps_metadata=keeps_metadata).build(),
    )


def without_absent_cutoffs(lock: Lock) -> Lock:
    """Return *lock* without the cut-offs of packages that are not in it."""
    names = {package.name for package in lock.packages}
    cutoffs = {name: cutoff for name, cutoff in lock.options.exclude_newer_package.items() if name in names}
    return structs.replace(lock, options=structs.replace(lock.options, exclude_newer_package=cutoffs))


class _Packages:
    """Turns the packages and edges of one graph into entries.

    Attributes:
        ambiguous: names of more than one package; edges to these name version and source.
        flat: locations of flat indexes.
        sources: of each package, by its place.
        versions: of each package as written, None if it has none.
        orders: keys that sort packages by name, version, source.
    """

    def __init__(self, graph: ResolutionGraph, manifest: Manifest, root: str, *, keeps_metadata: bool) -> None:
        self.graph = graph
        self.keeps_metadata = keeps_metadata
        self.root = root
        self.members = {member.name: member for member in manifest.members}
        self.markers = EdgeMarkers(graph.requires_python, manifest.environments)
        self.environments = any_of(manifest.environments) if manifest.environments else TRUE
        self.sources: list[LockedSource] = [lock_source(package.source, root) for package in graph.packages]
        self.versions = [_version(package) for package in graph.packages]
        self.orders = [self._order(place) for place in range(len(graph.packages))]
        self.flat = _flat_locations(manifest)
        self.demands = _demands(manifest)
        seen: set[PackageName] = set()
        self.ambiguous: set[PackageName] = set()
        for package in graph.packages:
            (self.ambiguous if package.name in seen else seen).add(package.name)
        self.outgoing: dict[int, list[Edge]] = {}
        for edge in graph.edges:
            self.outgoing.setdefault(edge.parent, []).append(edge)
        # Extras that lead somewhere: only these are kept on edges to their package.
        self.extras = {(edge.parent, edge.parent_extra) for edge in graph.edges if edge.parent_extra is not None}
        # Extras that do not exist; without metadata, only the edges tell that they were asked for.
        self.missing = set() if keeps_metadata else _missing_extras(graph)
        self.extras |= self.missing

    def build(self) -> tuple[LockedPackage, ...]:
        """Return every entry, sorted by name, version, source."""
        places = sorted(range(len(self.graph.packages)), key=self.orders.__getitem__)
        return tuple([self._package(place) for place in places])

    def _order(self, place: int) -> tuple[object, ...]:
        package = self.graph.packages[place]
        version = () if self.versions[place] is None else (package.version.key,)
        return (package.name, version, self.sources[place].sort_key)

    def _package(self, place: int) -> LockedPackage:
        package = self.graph.packages[place]
        source = self.sources[place]
        plain: list[Edge] = []
        by_extra: dict[ExtraName, list[Edge]] = {}
        by_group: dict[GroupName, list[Edge]] = {}
        for edge in self.outgoing.get(place, ()):
            if edge.parent_extra is not None:
                by_extra.setdefault(edge.parent_extra, []).append(edge)
            elif edge.parent_group is not None:
                by_group.setdefault(edge.parent_group, []).append(edge)
            else:
                plain.append(edge)
        member = self.members.get(package.name) if source.is_tree else None
        return LockedPackage(
            name=package.name,
            version=self.versions[place],
            source=source,
            default_groups=None if member is None else lock_default_groups(member.default_groups),
            resolution_markers=self._fork_texts(package),
            dependencies=self._edges(plain),
            files=self._files(package, source),
            optional_dependencies=self._sections(by_extra, self._empty_extras(place, source)),
            dev_dependencies=self._sections(by_group, self._empty_groups(member)),
            group_requires_python={} if member is None else dict(sorted(member.group_requires_python.items())),
            metadata=self._metadata(package, source, member),
        )

    def _fork_texts(self, package: ResolvedPackage) -> tuple[str, ...]:
        if package.name not in self.ambiguous:
            return ()
        forks = [marker for marker in self.graph.fork_markers if not marker.is_disjoint(package.marker)]
        return fork_texts(forks, self.graph.requires_python)

    # --- edges

    def _sections(
        self, edges: dict[_Name, list[Edge]], empty: Collection[_Name]
    ) -> dict[_Name, tuple[LockedDependency, ...]]:
        """Return the entries of each extra or group that has any, or is in *empty*; sorted by its name."""
        sections: dict[_Name, tuple[LockedDependency, ...]] = {}
        names = set(edges)
        names.update(empty)
        for name in sorted(names):
            entries = self._edges(edges.get(name, []))
            if entries or name in empty:
                sections[name] = entries
        return sections

    def _empty_extras(self, place: int, source: LockedSource) -> Collection[ExtraName]:
        """Return the extras that are listed even if they lead nowhere: those that nothing else would tell of."""
        if self.keeps_metadata:
            return ()
        missing = {extra for child, extra in self.missing if child == place}
        return missing.union(self.graph.packages[place].metadata.provides_extras) if source.is_local else missing

    def _empty_groups(self, member: Member | None) -> Collection[GroupName]:
        return () if self.keeps_metadata or member is None else member.metadata.groups

    def _edges(self, edges: list[Edge]) -> tuple[LockedDependency, ...]:
        """Return the entries for *edges* of one package, extra or group: sorted, extras under one marker united."""
        united: dict[tuple[int, Marker], set[ExtraName]] = {}
        for edge in edges:
            marker = self.markers.relative(edge.marker, edge.parent_marker)
            extras = united.setdefault((edge.child, marker), set())
            if edge.child_extra is not None:
                extras.add(edge.child_extra)
        ordered = sorted(
            united.items(),
            key=lambda item: (self.orders[item[0][0]], sorted(item[1]), sort_key(item[0][1])),
        )
        return tuple([self._edge(child, extras, marker) for (child, marker), extras in ordered])

    def _edge(self, child: int, extras: set[ExtraName], marker: Marker) -> LockedDependency:
        name = self.graph.packages[child].name
        ambiguous = name in self.ambiguous
        return LockedDependency(
            name=name,
            version=self.versions[child] if ambiguous else None,
            source=self.sources[child] if ambiguous else None,
            extra=tuple(sorted(extra for extra in extras if (child, extra) in self.extras)),
            marker=render(self.markers.written(marker)),
        )

    # --- files and metadata

    def _files(self, package: ResolvedPackage, source: LockedSource) -> LockedFiles:
        match source.kind:
            case SourceKind.REGISTRY:
                folder = absolute_path(source.location, self.root) if source.is_registry_path else None
                if os.path.isabs(source.location):
                    # The user wrote an absolute path, so those of the files are absolute, too.
                    folder = ""
                demanded = self.demands.get(package.source) if isinstance(package.source, RegistrySource) else None
                sdist = None if package.sdist is None else package.sdist.file
                return LockedFiles(
                    None if sdist is None else _registry_file(sdist, folder, _hash_of(sdist, demanded)),
                    tuple(
                        [
                            _registry_file(wheel.file, folder, _hash_of(wheel.file, demanded))
                            for wheel in self._needed_wheels(package)
                        ]
                    ),
                )
            case SourceKind.URL | SourceKind.PATH:
                return LockedFiles(
                    None if package.sdist is None else LockedFile("", "", _hash(package.sdist.file)),
                    tuple([_direct_wheel(wheel, source) for wheel in package.wheels]),
                )
            case _:
                return LockedFiles()

    def _needed_wheels(self, package: ResolvedPackage) -> list[Wheel]:
        """Return the wheels that some environment of the lock may need, sorted by file name."""
        fits = self.graph.requires_python.wheel_fits
        where = without_extras(package.marker) & self.environments
        needed = [
            wheel
            for wheel in package.wheels
            if fits(wheel.filename) and not possible_environments(wheel.filename).is_disjoint(where)
        ]
        if isinstance(package.source, RegistrySource) and package.source.location in self.flat:
            return sorted(needed, key=lambda wheel: flat_order(wheel.filename))
        return sorted(needed, key=lambda wheel: wheel.file.filename)

    def _metadata(self, package: ResolvedPackage, source: LockedSource, member: Member | None) -> LockedMetadata | None:
        if source.kind not in (_MUTABLE if self.keeps_metadata else _REMOTE):
            return None
        declared = package.metadata if member is None else member.metadata
        metadata = LockedMetadata(
            lock_requirements(declared.requires_dist, self.root),
            declared.provides_extras,
            {group: lock_requirements(declared.groups[group], self.root) for group in sorted(declared.groups)},
        )
        return metadata if metadata != _NO_METADATA else None


def _missing_extras(graph: ResolutionGraph) -> set[tuple[int, ExtraName]]:
    """Return the packages, by place, with the extras that edges ask them for and that they do not have."""
    return {
        (edge.child, edge.child_extra)
        for edge in graph.edges
        if edge.child_extra is not None and edge.child_extra not in graph.packages[edge.child].metadata.provides_extras
    }


def _flat_locations(manifest: Manifest) -> frozenset[str]:
    indexes = manifest.indexes
    flat = [index for index in indexes.indexes if index.format is IndexFormat.FLAT]
    return frozenset([registry_source(index).location for index in (*flat, *indexes.flat_indexes)])


def _version(package: ResolvedPackage) -> str | None:
    return None if package.metadata.dynamic_version else str(package.version)


def _hash(file: File) -> str | None:
    digest = file.hashes[0] if len(file.hashes) == 1 else strongest(file.hashes)
    return None if digest is None else str(digest)


def _hash_of(file: File, demanded: _Demand | None) -> str | None:
    """Return the digest to record for *file*, whose index may demand one algorithm.

    Raises:
        MissingHash: the file has no such digest.
    """
    if demanded is None:
        return _hash(file)
    for digest in file.hashes:
        if digest.algorithm is demanded.algorithm:
            return str(digest)
    from mauve.lock.errors import MissingHash

    raise MissingHash(demanded.index, demanded.algorithm, file.filename)


class _Demand(Struct, frozen=True):
    """An index and the algorithm that it demands."""

    index: str
    algorithm: HashAlgorithm


def _demands(manifest: Manifest) -> dict[RegistrySource, _Demand]:
    found: dict[RegistrySource, _Demand] = {}
    for index in manifest.indexes.indexes:
        if index.hash_algorithm is not None:
            source = registry_source(index)
            found[source] = _Demand(source.location, index.hash_algorithm)
    return found


def _registry_file(file: File, folder: str | None, digest: str | None) -> LockedFile:
    """Return the entry of a file of an index; *folder* = what the path of a file of a local index is relative to."""
    time = None if file.upload_time is None else upload_time_text(file.upload_time)
    if folder is None:
        return LockedFile("url", file.url, digest, file.size, time)
    from urllib.parse import unquote

    path = unquote(file.url.removeprefix("file://"))
    return LockedFile("path", relative_path(path, folder) if folder else path, digest, file.size, time)


def _direct_wheel(wheel: Wheel, source: LockedSource) -> LockedFile:
    if source.kind is SourceKind.URL:
        return LockedFile("url", source.location, _hash(wheel.file))
    return LockedFile("filename", wheel.file.filename, _hash(wheel.file))


def upload_time_text(milliseconds: int) -> str:
    """Return *milliseconds* since the epoch in RFC 3339, UTC, without trailing zeros."""
    day, rest = divmod(milliseconds, _MILLISECONDS_PER_DAY)
    seconds, fraction = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    end = f".{fraction:03}".rstrip("0") if fraction else ""
    return f"{_date_text(day)}T{hour:02}:{minute:02}:{second:02}{end}Z"


@cache
def _date_text(day: int) -> str:
    year, month, date = gmtime(day * _SECONDS_PER_DAY)[:3]
    return f"{year:04}-{month:02}-{date:02}"
