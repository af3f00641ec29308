"""A small world of packages from a table: the resolver's source of metadata without disk, thread or network.

universe = Universe()
universe.add("a", "1.0", requires=["b>=1"])
graph = universe.resolve(["a"])
assert versions(graph) == {"a": ["1.0"], "b": ["1.0"]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mauve.distributions.files import File, Sdist, Wheel
from mauve.distributions.index import Index, IndexLocations
from mauve.distributions.listing import VersionFiles
from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.sources import FromRegistry, VirtualSource
from mauve.resolver.manifest import Manifest, Member
from mauve.resolver.preferences import Preferences
from mauve.resolver.reporter import SilentReporter
from mauve.resolver.source import DistributionMetadata, Found, MetadataFound, NotFound
from mauve.resolver.universal import resolve
from mauve.standards.filenames import SdistFilename, parse_wheel_filename
from mauve.standards.markers.render import render
from mauve.standards.names import extra_name, group_name, package_name
from mauve.standards.requirements import parse_requirement
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mauve.resolver.graph import ResolutionGraph
    from mauve.resolver.source import DirectDistribution, DirectSource, MetadataResponse, VersionsResponse
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Version

INDEX = Index(url="https://packages.test/simple", default=True)
OTHER_INDEX = Index(url="https://others.test/simple", name="others", explicit=True)


def requirement(text: str, index: Index | None = None) -> SourcedRequirement:
    """Return *text* as a requirement on an index."""
    parsed = parse_requirement(text)
    source = FromRegistry(parsed.specifiers, None if index is None else index.url)
    return SourcedRequirement(parsed.name, source, parsed.marker, parsed.extras)


class _Listing:
    """All versions of one name, ascending."""

    def __init__(self, name: PackageName, index: Index, files: dict[Version, VersionFiles]) -> None:
        self.name = name
        self.index = index
        self._versions = sorted(files, key=lambda version: version.key)
        self._files = files
        self.keys = [version.key for version in self._versions]

    def version(self, place: int) -> Version:
        """Return the version at *place*."""
        return self._versions[place]

    def files(self, place: int) -> VersionFiles:
        """Return the files of the version at *place*."""
        return self._files[self._versions[place]]

    def earliest_upload(self, place: int) -> int | None:
        """Return nothing: the files have to be looked at."""
        return None

    def outline(self, place: int, before: int | None) -> None:
        """Return nothing: the files are at hand."""


class Universe:
    """Packages by name and version; implements `mauve.resolver.source.MetadataSource`.

    Attributes:
        asked: the names and versions whose metadata was read, in order.
        asked_ahead: the files whose metadata was asked for ahead, and how many metadata had been read then.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._files: dict[tuple[str, PackageName], dict[Version, VersionFiles]] = {}
        self._metadata: dict[tuple[PackageName, Version], DistributionMetadata] = {}
        self._listings: dict[tuple[str, PackageName], _Listing] = {}
        self.asked: list[tuple[str, str]] = []
        self.asked_ahead: list[tuple[str, int]] = []
        self.likely: Any = None

    def add(
        self,
        name: str,
        version: str,
        requires: Iterable[str] = (),
        *,
        python: str | None = None,
        extras: Iterable[str] = (),
        yanked: str | None = None,
        tags: Sequence[str] = ("py3-none-any",),
        sdist: bool = False,
        uploaded: int | None = 0,
        index: Index = INDEX,
    ) -> Universe:
        """Publish one version.

        Args:
            name: of the package.
            version: in any spelling.
            requires: `Requires-Dist` entries.
            python: `Requires-Python`.
            extras: `Provides-Extra` entries.
            yanked: the reason, for a yanked version.
            tags: one wheel for each.
            sdist: publish a source distribution, too.
            uploaded: the time of all files, milliseconds since the epoch.
            index: where.
        """
        normal, parsed = package_name(name), parse_version(version)
        common = {"upload_time": uploaded, "yanked": yanked, "requires_python": python, "has_metadata": True}
        wheels = []
        for tag in tags:
            filename = f"{normal.replace('-', '_')}-{parsed}-{tag}.whl"
            file = File(filename=filename, url=f"{index.url}/{filename}", **common)
            wheels.append(Wheel(file, parse_wheel_filename(filename)))
        sdists = []
        if sdist:
            filename = f"{normal.replace('-', '_')}-{parsed}.tar.gz"
            file = File(filename=filename, url=f"{index.url}/{filename}", **common)
            sdists.append(Sdist(file, SdistFilename(normal, parsed, ".tar.gz")))
        self._files.setdefault((index.url, normal), {})[parsed] = VersionFiles(tuple(sdists), tuple(wheels))
        self._metadata[normal, parsed] = DistributionMetadata(
            name=normal,
            version=parsed,
            requires_dist=tuple(map(requirement, requires)),
            requires_python=python,
            provides_extras=tuple(map(extra_name, extras)),
        )
        self._listings.clear()
        return self

    # --- MetadataSource

    heeds_hints = False

    def prefetch_versions(self, names: Iterable[tuple[PackageName, Index | None]]) -> None:
        """Do nothing: everything is here."""

    def prefetch_metadata(self, distributions: Iterable[Wheel | Sdist], index: Index) -> None:
        """Note what was asked for ahead, and how many metadata were read before."""
        del index
        self.asked_ahead += [(one.file.filename, len(self.asked)) for one in distributions]

    def versions(self, name: PackageName, index: Index | None) -> VersionsResponse:
        """Return the listing of *name*."""
        url = (index or INDEX).url
        files = self._files.get((url, name))
        if files is None:
            return NotFound()
        listing = self._listings.get((url, name))
        if listing is None:
            listing = self._listings[url, name] = _Listing(name, index or INDEX, files)
        return Found((listing,))

    def metadata(
        self, name: PackageName, version: Version, distribution: Wheel | Sdist, index: Index
    ) -> MetadataResponse:
        """Return the metadata of *version* of *name*."""
        self.asked.append((name, version.text))
        return MetadataFound(self._metadata[name, version])

    def direct(self, name: PackageName | None, source: DirectSource) -> DirectDistribution:
        """Refuse: there is nothing but indexes here."""
        raise LookupError(source)

    # --- asking

    def manifest(
        self,
        requires: Iterable[str] = (),
        *,
        python: str = ">=3.9",
        extras: dict[str, list[str]] | None = None,
        groups: dict[str, list[str]] | None = None,
        **more: Any,
    ) -> Manifest:
        """Return the inputs of a project `project` that requires *requires*."""
        optional = [
            f"{text.partition(';')[0]} ; {marker}"
            for name, texts in (extras or {}).items()
            for text in texts
            for marker in [" and ".join(filter(None, [text.partition(";")[2].strip(), f"extra == '{name}'"]))]
        ]
        metadata = DistributionMetadata(
            name=package_name("project"),
            version=parse_version("0.1.0"),
            requires_dist=tuple(
                one if isinstance(one, SourcedRequirement) else requirement(one) for one in (*requires, *optional)
            ),
            requires_python=python,
            provides_extras=tuple(map(extra_name, extras or ())),
            groups={group_name(name): tuple(map(requirement, texts)) for name, texts in (groups or {}).items()},
        )
        requires_python = RequiresPython.from_specifiers(parse_specifiers(python))
        assert requires_python is not None
        return Manifest(
            requires_python=requires_python,
            members=(Member(source=VirtualSource("/project"), metadata=metadata, is_root=True),),
            indexes=IndexLocations(indexes=(OTHER_INDEX, INDEX)),
            **more,
        )

    def resolve(
        self, requires: Iterable[str] = (), *, preferences: Preferences | None = None, **more: Any
    ) -> ResolutionGraph:
        """Resolve a project that requires *requires*; further arguments are those of `manifest`."""
        return resolve(self.manifest(requires, **more), self, preferences or Preferences(), SilentReporter())


def versions(graph: ResolutionGraph) -> dict[str, list[str]]:
    """Return the chosen versions by name, ascending, without the project."""
    found: dict[str, list[Version]] = {}
    for package in graph.packages:
        if package.name != "project":
            found.setdefault(package.name, []).append(package.version)
    return {name: [version.text for version in sorted(chosen)] for name, chosen in sorted(found.items())}


def forks(graph: ResolutionGraph) -> list[str]:
    """Return the markers of the forks in the order in which they were solved, relative to the project's Pythons."""
    return [render(graph.requires_python.simplify(marker)) or "" for marker in graph.fork_markers]


def edges(graph: ResolutionGraph) -> list[str]:
    """Return the edges as `a 1.0 -> b[x] 2.0 ; marker`, sorted."""
    found = []
    for edge in graph.edges:
        parent, child = graph.packages[edge.parent], graph.packages[edge.child]
        parent_extra = (
            f"[{edge.parent_extra}]" if edge.parent_extra else f":{edge.parent_group}" if edge.parent_group else ""
        )
        child_extra = f"[{edge.child_extra}]" if edge.child_extra else ""
        marker = render(graph.requires_python.simplify(edge.marker))
        condition = f" ; {marker}" if marker else ""
        found.append(
            f"{parent.name}{parent_extra} {parent.version} -> {child.name}{child_extra} {child.version}{condition}"
        )
    return sorted(found)
