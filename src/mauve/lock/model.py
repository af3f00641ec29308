"""What a lockfile says, as values: every field of `uv.lock`, in the words of the file.

Texts stay texts (versions, markers, specifiers, times), paths stay relative to the lockfile's folder, and
nothing is looked up or checked. So reading and writing are inverse, a stored lock decodes without a single
conversion, and each consumer parses only the fields it needs.

Specification: docs/lockfile.md.

Annotations are no texts in this module, since msgspec would compile each of them in every run.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from msgspec import Struct, msgpack

from mauve.distributions.conflicts import Conflicts
from mauve.distributions.sources import GitReference, GitReferenceKind
from mauve.standards.names import ExtraName, GroupName, PackageName

SCHEMA_VERSION: Final = 1
REVISION: Final = 5
"""Written into every new lockfile."""


class SourceKind(StrEnum):
    """The key of a source table, in the order of sorting."""

    REGISTRY = "registry"
    GIT = "git"
    URL = "url"
    PATH = "path"
    DIRECTORY = "directory"
    EDITABLE = "editable"
    VIRTUAL = "virtual"


_KIND_RANK: Final = {kind: rank for rank, kind in enumerate(SourceKind)}
TREE_KINDS: Final = frozenset((SourceKind.DIRECTORY, SourceKind.EDITABLE, SourceKind.VIRTUAL))
"""Kinds of source trees: they have no files and may have no version."""
LOCAL_KINDS: Final = frozenset((SourceKind.PATH, SourceKind.DIRECTORY, SourceKind.EDITABLE, SourceKind.VIRTUAL))


class LockedSource(Struct, frozen=True, array_like=True, cache_hash=True):
    """Where a locked package comes from.

    Attributes:
        location: a URL or a path; for git the repository with reference (query) and commit (fragment).
        subdirectory: of a direct URL only; git keeps it in the query.
    """

    kind: SourceKind
    location: str
    subdirectory: str | None = None

    @property
    def is_registry_path(self) -> bool:
        """Return whether this is an index in a local directory."""
        return self.kind is SourceKind.REGISTRY and "://" not in self.location

    @property
    def is_tree(self) -> bool:
        """Return whether this is a local source tree."""
        return self.kind in TREE_KINDS

    @property
    def is_root(self) -> bool:
        """Return whether this is the source tree beside the lockfile."""
        return self.is_tree and self.location == "."

    @property
    def is_local(self) -> bool:
        """Return whether this is a local archive or source tree."""
        return self.kind in LOCAL_KINDS

    @property
    def scheme(self) -> str:
        """Return what identifiers begin with."""
        return "direct" if self.kind is SourceKind.URL else self.kind.value

    @property
    def sort_key(self) -> tuple[int, bool, str, str]:
        """Order by kind, URLs before paths, then by text."""
        return (_KIND_RANK[self.kind], self.is_registry_path, self.location, self.subdirectory or "")

    def __str__(self) -> str:
        """Return the form used in messages and package ids, such as `virtual+.`."""
        return f"{self.scheme}+{self.location}"


class GitLocation(Struct, frozen=True, kw_only=True, array_like=True):
    """The parts of a git source's `location`."""

    url: str
    reference: GitReference = GitReference()
    commit: str | None = None
    subdirectory: str | None = None
    lfs: bool = False


class ZstdFile(Struct, frozen=True, array_like=True):
    """A zstandard-compressed twin of a wheel."""

    hash: str | None = None
    size: int | None = None


class LockedFile(Struct, frozen=True, array_like=True, gc=False):
    """An sdist or wheel of a locked package. `location` is the value of the key `kind` names.

    Attributes:
        kind: "url", "path" or "filename" (the wheel of a local archive); "" = only the hash is recorded.
        hash: `algorithm:hex`.
        size: bytes.
        upload_time: RFC 3339, UTC.
    """

    kind: Literal["url", "path", "filename", ""]
    location: str
    hash: str | None = None
    size: int | None = None
    upload_time: str | None = None
    zstd: ZstdFile | None = None

    @property
    def filename(self) -> str:
        """Return the decoded last segment of the location."""
        location = self.location
        if "?" in location and self.kind == "url":
            location = location.partition("?")[0]
        name = location.rpartition("/")[2]
        if "%" in name:
            from urllib.parse import unquote

            return unquote(name)
        return name


class LockedDependency(Struct, frozen=True, array_like=True):
    """An edge to another package of the lock.

    Attributes:
        version: with `source`, only where the name is ambiguous in this lock.
        marker: given that the parent is installed; None = always.
    """

    name: PackageName
    version: str | None = None
    source: LockedSource | None = None
    extra: tuple[ExtraName, ...] = ()
    marker: str | None = None


class LockedRequirement(Struct, frozen=True, kw_only=True, array_like=True):
    """A declared requirement after sources were applied.

    Attributes:
        source: None = an index; a git, URL or local source otherwise.
        specifier: clauses joined by a comma, only for an index.
        index: URL of the pinned index.
        conflict: the item of a conflict set that the pinned index belongs to, as (package, extra, group).
        hashes: what a constraint of builds trusts.
    """

    name: PackageName
    extras: tuple[ExtraName, ...] = ()
    groups: tuple[GroupName, ...] = ()
    marker: str | None = None
    specifier: str | None = None
    index: str | None = None
    conflict: tuple[PackageName, ExtraName | None, GroupName | None] | None = None
    source: LockedSource | None = None
    hashes: tuple[str, ...] = ()


class LockedMetadata(Struct, frozen=True, array_like=True):
    """What a package that may change (a source tree, a URL, a local archive) declared when it was locked."""

    requires_dist: tuple[LockedRequirement, ...] = ()
    provides_extras: tuple[ExtraName, ...] = ()
    requires_dev: dict[GroupName, tuple[LockedRequirement, ...]] = {}


DefaultGroups: TypeAlias = tuple[GroupName, ...] | Literal["all"] | None
"""Groups installed unless refused; None = not declared (`dev`)."""


class LockedFiles:
    """The files of one package; those of a stored lock are decoded when first asked for."""

    __slots__ = ("_packed", "_sdist", "_wheels")

    _packed: bytes | None
    _sdist: LockedFile | None
    _wheels: tuple[LockedFile, ...]

    def __init__(self, sdist: LockedFile | None = None, wheels: tuple[LockedFile, ...] = ()) -> None:
        """Store the files."""
        self._packed = None
        self._sdist = sdist
        self._wheels = wheels

    @classmethod
    def from_packed(cls, packed: bytes) -> "LockedFiles":
        """Return the files that `pack` gave."""
        files = cls()
        files._packed = packed
        return files

    def pack(self) -> bytes:
        """Return the files as one opaque value for a stored lock."""
        return self._packed if self._packed is not None else msgpack.encode((self._sdist, self._wheels))

    def _decode(self, packed: bytes) -> None:
        self._sdist, self._wheels = msgpack.decode(packed, type=_PACKED_FILES)
        self._packed = None

    @property
    def sdist(self) -> LockedFile | None:
        """Return the source distribution."""
        if self._packed is not None:
            self._decode(self._packed)
        return self._sdist

    @property
    def wheels(self) -> tuple[LockedFile, ...]:
        """Return the wheels, sorted by file name."""
        if self._packed is not None:
            self._decode(self._packed)
        return self._wheels

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        return isinstance(other, LockedFiles) and self.sdist == other.sdist and self.wheels == other.wheels

    def __hash__(self) -> int:
        """Hash by content."""
        return hash((self.sdist, self.wheels))

    def __repr__(self) -> str:
        """Show the files."""
        return f"LockedFiles({self.sdist!r}, {self.wheels!r})"


_PACKED_FILES: Final = tuple[LockedFile | None, tuple[LockedFile, ...]]
_NO_FILES: Final = LockedFiles()


class LockedPackage(Struct, frozen=True, kw_only=True, array_like=True):
    """One entry of the lock.

    Attributes:
        version: None for a source tree with a dynamic version.
        resolution_markers: forks that contain this entry, only if the name is ambiguous.
        metadata: None if the table is missing.
    """

    name: PackageName
    version: str | None = None
    source: LockedSource
    default_groups: DefaultGroups = None
    resolution_markers: tuple[str, ...] = ()
    dependencies: tuple[LockedDependency, ...] = ()
    files: LockedFiles = _NO_FILES
    optional_dependencies: dict[ExtraName, tuple[LockedDependency, ...]] = {}
    dev_dependencies: dict[GroupName, tuple[LockedDependency, ...]] = {}
    group_requires_python: dict[GroupName, str] = {}
    metadata: LockedMetadata | None = None

    @property
    def sdist(self) -> LockedFile | None:
        """Return the source distribution."""
        return self.files.sdist

    @property
    def wheels(self) -> tuple[LockedFile, ...]:
        """Return the wheels, sorted by file name."""
        return self.files.wheels

    @property
    def identity(self) -> tuple[PackageName, str | None, LockedSource]:
        """Return what no two entries of a lock share."""
        return (self.name, self.version, self.source)

    def __str__(self) -> str:
        """Return the form used in messages, such as `p==0.1.0 @ virtual+.`."""
        version = "" if self.version is None else f"=={self.version}"
        return f"{self.name}{version} @ {self.source}"

    def edges(self) -> Iterator[LockedDependency]:
        """Yield every edge: plain ones, then those of extras, then those of groups."""
        yield from self.dependencies
        for edges in self.optional_dependencies.values():
            yield from edges
        for edges in self.dev_dependencies.values():
            yield from edges


class LockedScope(Struct, frozen=True, array_like=True):
    """The parent that a scoped override or exclusion is limited to."""

    name: PackageName
    version: str | None = None


class LockedScopedOverride(Struct, frozen=True, array_like=True):
    """Requirements that replace those of one parent."""

    package: LockedScope
    dependencies: tuple[LockedRequirement, ...]


class LockedScopedExclude(Struct, frozen=True, array_like=True):
    """Names dropped from the requirements of one parent."""

    package: LockedScope
    dependencies: tuple[PackageName, ...]


class LockedStaticMetadata(Struct, frozen=True, kw_only=True, array_like=True):
    """One `dependency-metadata` entry; requirements as texts."""

    name: PackageName
    version: str | None = None
    requires_dist: tuple[str, ...] = ()
    requires_python: str | None = None
    provides_extras: tuple[ExtraName, ...] = ()


class LockedManifest(Struct, frozen=True, kw_only=True, array_like=True):
    """The inputs of the resolution that no package entry shows.

    Attributes:
        members: empty if the workspace is one project at its root.
        default_groups: of a root without `[project]`.
        requirements: of a script.
        overrides: scoped ones first.
        excludes: scoped ones first.
        dependency_groups: of a root without `[project]`.
    """

    members: tuple[PackageName, ...] = ()
    default_groups: DefaultGroups = None
    requirements: tuple[LockedRequirement, ...] = ()
    constraints: tuple[LockedRequirement, ...] = ()
    scoped_overrides: tuple[LockedScopedOverride, ...] = ()
    overrides: tuple[LockedRequirement, ...] = ()
    scoped_excludes: tuple[LockedScopedExclude, ...] = ()
    excludes: tuple[PackageName, ...] = ()
    build_constraints: tuple[LockedRequirement, ...] = ()
    dependency_groups: dict[GroupName, tuple[LockedRequirement, ...]] = {}
    group_requires_python: dict[GroupName, str] = {}
    dependency_metadata: tuple[LockedStaticMetadata, ...] = ()


class LockedCutoff(Struct, frozen=True, array_like=True):
    """An `exclude-newer` value: RFC 3339, and the ISO 8601 duration if it was relative (then the time is unused)."""

    timestamp: str
    span: str | None = None


UNUSED_TIMESTAMP: Final = "0001-01-01T00:00:00Z"
"""Stands where a relative cut-off has no time of its own."""


class LockedOptions(Struct, frozen=True, kw_only=True, array_like=True):
    """Options that may change the outcome; None and empty = the default."""

    resolution_mode: str | None = None
    prerelease_mode: str | None = None
    fork_strategy: str | None = None
    exclude_newer: LockedCutoff | None = None
    minimum_libc_version: dict[str, str] = {}
    prerelease_package: dict[PackageName, str] = {}
    exclude_newer_package: dict[PackageName, LockedCutoff | None] = {}


class Lock(Struct, frozen=True, kw_only=True, array_like=True):
    """A whole lockfile.

    Attributes:
        resolution_markers: of the forks, in the order they were solved; without the bounds of `requires_python`.
        supported_markers: `tool.uv.environments`.
        required_markers: `tool.uv.required-environments`.
        packages: sorted by name, version, source.
    """

    revision: int = REVISION
    requires_python: str
    resolution_markers: tuple[str, ...] = ()
    supported_markers: tuple[str, ...] = ()
    required_markers: tuple[str, ...] = ()
    conflicts: Conflicts = Conflicts()
    options: LockedOptions = LockedOptions()
    manifest: LockedManifest = LockedManifest()
    packages: tuple[LockedPackage, ...] = ()


def split_git_location(location: str) -> GitLocation:
    """Return the parts of a git *location*, as written by `join_git_location`."""
    rest, _, commit = location.partition("#")
    url, _, query = rest.partition("?")
    reference, subdirectory, lfs = GitReference(), None, False
    if query:
        from urllib.parse import unquote_plus

        for pair in query.split("&"):
            key, _, value = pair.partition("=")
            text = unquote_plus(value)
            if key == "subdirectory":
                subdirectory = text
            elif key == "lfs":
                lfs = text == "true"
            elif key in ("branch", "tag", "rev"):
                reference = GitReference(GitReferenceKind(key), text)
    return GitLocation(url=url, reference=reference, commit=commit or None, subdirectory=subdirectory, lfs=lfs)


def join_git_location(location: GitLocation) -> str:
    """Return the text of a git source: repository, query in a fixed order, commit as fragment."""
    from urllib.parse import quote_plus

    pairs: list[str] = []
    if location.subdirectory is not None:
        pairs.append(f"subdirectory={quote_plus(location.subdirectory)}")
    if location.lfs:
        pairs.append("lfs=true")
    if location.reference.kind is not GitReferenceKind.DEFAULT:
        pairs.append(f"{location.reference.kind.value}={quote_plus(location.reference.value)}")
    query = "?" + "&".join(pairs) if pairs else ""
    fragment = f"#{location.commit}" if location.commit else ""
    return f"{location.url}{query}{fragment}"
