"""Everything a resolution starts from, as one value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from mauve.distributions.conflicts import Conflicts
from mauve.distributions.index import IndexLocations
from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.sources import Source
from mauve.enumerations import StrEnum
from mauve.resolver.source import DistributionMetadata
from mauve.standards.libc import Libc
from mauve.standards.markers.diagram import Marker
from mauve.standards.names import GroupName, PackageName
from mauve.standards.requires_python import RequiresPython
from mauve.standards.versions import Version

if TYPE_CHECKING:
    from mauve.resolver.target import Target
    from mauve.standards.cutoffs import Cutoff


class ResolutionMode(StrEnum):
    """Which end of a range is preferred."""

    HIGHEST = "highest"
    LOWEST = "lowest"
    LOWEST_DIRECT = "lowest-direct"


class PrereleaseMode(StrEnum):
    """When pre-releases may be chosen. The alias `if-necessary-or-explicit` is read as `IF_NECESSARY`."""

    DISALLOW = "disallow"
    ALLOW = "allow"
    IF_NECESSARY = "if-necessary"
    EXPLICIT = "explicit"


class ForkStrategy(StrEnum):
    """Whether a version that needs a newer Python splits the resolution."""

    REQUIRES_PYTHON = "requires-python"
    FEWEST = "fewest"


class ExcludeNewer(Struct, frozen=True):
    """Cut-offs: global, per package (None = exempt), and per index URL (None = exempt)."""

    everything: Cutoff | None = None
    packages: dict[PackageName, Cutoff | None] = {}
    indexes: dict[str, Cutoff | None] = {}


class BuildPolicy(Struct, frozen=True):
    """`no-build`, `no-binary` and their per-package forms.

    What is said of one package excepts it from what the other rule says of all.

    Attributes:
        exempt: built whatever is said: what is developed here.
    """

    no_build: bool = False
    no_build_packages: frozenset[PackageName] = frozenset()
    no_binary: bool = False
    no_binary_packages: frozenset[PackageName] = frozenset()
    exempt: frozenset[PackageName] = frozenset()

    def forbids_build(self, name: PackageName) -> bool:
        """Return whether *name* may not be built from source."""
        if name in self.exempt:
            return False
        if self.no_build:
            return self.no_binary or name not in self.no_binary_packages
        return name in self.no_build_packages

    def forbids_wheel(self, name: PackageName) -> bool:
        """Return whether *name* may not be installed from a published wheel."""
        if self.no_binary:
            return self.no_build or name not in self.no_build_packages
        return name in self.no_binary_packages


class ResolverOptions(Struct, frozen=True, kw_only=True):
    """How to choose; all of it may change the outcome.

    Attributes:
        published_before: where there is no cut-off, files that were uploaded later are as good as not there, in
            milliseconds since the epoch; unlike a cut-off it leaves no trace.
    """

    resolution: ResolutionMode = ResolutionMode.HIGHEST
    prerelease: PrereleaseMode = PrereleaseMode.IF_NECESSARY
    prerelease_packages: dict[PackageName, PrereleaseMode] = {}
    fork_strategy: ForkStrategy = ForkStrategy.REQUIRES_PYTHON
    exclude_newer: ExcludeNewer = ExcludeNewer()
    build: BuildPolicy = BuildPolicy()
    minimum_libc: tuple[Libc, ...] = ()
    published_before: int | None = None


class Member(Struct, frozen=True, kw_only=True):
    """A first-party project. Every extra and group of it is resolved.

    Attributes:
        source: editable, virtual or directory.
        metadata: with requirements lowered; `groups` in order of declaration with their `requires-python` applied.
        is_root: of the workspace.
        default_groups: as declared; None if not declared, `"all"` for every group.
        group_requires_python: the bound of each group that has one, included groups counted, as the lockfile writes it.
    """

    source: Source
    metadata: DistributionMetadata
    is_root: bool = False
    default_groups: tuple[GroupName, ...] | str | None = None
    group_requires_python: dict[GroupName, str] = {}

    @property
    def name(self) -> PackageName:
        """Return the name of the project."""
        return self.metadata.name


class PackageScope(Struct, frozen=True):
    """The parent to which a scoped override or exclusion applies; `version` None = all versions."""

    name: PackageName
    version: Version | None = None


class ScopedOverride(Struct, frozen=True):
    """Requirements that replace those of the same names in one parent."""

    package: PackageScope
    dependencies: tuple[SourcedRequirement, ...]


class ScopedExclude(Struct, frozen=True):
    """Names that are dropped from the requirements of one parent."""

    package: PackageScope
    dependencies: tuple[PackageName, ...]


class StaticMetadata(Struct, frozen=True):
    """One `dependency-metadata` entry: replaces fetching and building; `version` None = all versions."""

    name: PackageName
    version: Version | None
    metadata: DistributionMetadata


def told_metadata(told: Iterable[StaticMetadata], name: PackageName, version: Version) -> DistributionMetadata | None:
    """Return what the user says of *version* of *name*: of that version, else of all versions."""
    entries = [entry for entry in told if entry.name == name]
    for wanted in (version, None):
        for entry in entries:
            if entry.version == wanted:
                return replace(entry.metadata, version=version)
    return None


def told_tree(told: Iterable[StaticMetadata], name: PackageName) -> DistributionMetadata | None:
    """Return what the user says of a source tree, whose version is not known: a single entry that has one."""
    entries = [entry for entry in told if entry.name == name]
    return entries[0].metadata if len(entries) == 1 and entries[0].version is not None else None


class Manifest(Struct, frozen=True, kw_only=True):
    """The inputs of one resolution.

    Attributes:
        members: first-party projects, sorted by name.
        requirements: further direct requirements (a script's, `pip`'s).
        groups: dependency groups of a root without `[project]`, lowered and flattened.
        default_groups: of such a root, as declared.
        group_requires_python: of such a root, as for members.
        constraints: apply to every requirement of their name, never introduce it.
        environments: initial forks, simplified; empty = everywhere.
        target: the one environment that is resolved for; None for all that `environments` and bounds allow.
        project_name: whose requirements these are, if messages are to name it where there is no member.
    """

    requires_python: RequiresPython
    members: tuple[Member, ...] = ()
    requirements: tuple[SourcedRequirement, ...] = ()
    groups: dict[GroupName, tuple[SourcedRequirement, ...]] = {}
    default_groups: tuple[GroupName, ...] | str | None = None
    group_requires_python: dict[GroupName, str] = {}
    constraints: tuple[SourcedRequirement, ...] = ()
    overrides: tuple[SourcedRequirement, ...] = ()
    scoped_overrides: tuple[ScopedOverride, ...] = ()
    excludes: tuple[PackageName, ...] = ()
    scoped_excludes: tuple[ScopedExclude, ...] = ()
    build_constraints: tuple[SourcedRequirement, ...] = ()
    dependency_metadata: tuple[StaticMetadata, ...] = ()
    environments: tuple[Marker, ...] = ()
    required_environments: tuple[Marker, ...] = ()
    conflicts: Conflicts = Conflicts()
    indexes: IndexLocations = IndexLocations()
    options: ResolverOptions = ResolverOptions()
    target: Target | None = None
    project_name: PackageName | None = None
