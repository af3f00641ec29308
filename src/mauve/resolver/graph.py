"""The universal result of a resolution: packages, what each requires, and under which markers."""

from __future__ import annotations

from msgspec import Struct

from mauve.distributions.files import Sdist, Wheel
from mauve.distributions.sources import Source
from mauve.resolver.source import DistributionMetadata
from mauve.standards.markers.diagram import TRUE, Marker
from mauve.standards.names import ExtraName, GroupName, PackageName
from mauve.standards.requires_python import RequiresPython
from mauve.standards.versions import Version


class ResolvedPackage(Struct, frozen=True, kw_only=True):
    """One chosen package.

    Attributes:
        version: None only for source trees with a dynamic version, which the lock does not record.
        sdist: the best source distribution inside the cut-off, if any.
        wheels: every wheel of the version inside the cut-off; filtered by tag only when the lock is written.
        metadata: as the resolver saw it, before overrides, constraints and exclusions.
        yanked: the reason (maybe empty) if the chosen distribution is yanked.
        marker: the or over this package's nodes of when it is reached, conflict knowledge included.
        fork_markers: of the forks that chose it, in the order they were solved.
    """

    name: PackageName
    version: Version
    source: Source
    metadata: DistributionMetadata
    marker: Marker
    fork_markers: tuple[Marker, ...] = ()
    sdist: Sdist | None = None
    wheels: tuple[Wheel, ...] = ()
    yanked: str | None = None


class Edge(Struct, frozen=True):
    """A dependency of one package (or of an extra or group of it) on another, under a marker.

    Attributes:
        parent: place in `ResolutionGraph.packages`; -1 = the root, for requirements that are not a member's.
        parent_extra: the extra of the parent that requires this, or None.
        parent_group: the group of the parent that requires this, or None.
        child: place in `ResolutionGraph.packages`.
        child_extra: the extra of the child that is required, or None for the package itself.
        child_group: the group of the child that is required, or None.
        marker: of this edge, fork markers and encoded conflicts included; not yet relative to the parent.
        parent_marker: when the parent (its extra, its group) is reached.
    """

    parent: int
    child: int
    marker: Marker
    parent_extra: ExtraName | None = None
    parent_group: GroupName | None = None
    child_extra: ExtraName | None = None
    child_group: GroupName | None = None
    parent_marker: Marker = TRUE


class ResolutionWarning(Struct, frozen=True):
    """Something worth a line after a successful resolution, in the words of the user."""

    text: str


class ResolutionGraph(Struct, frozen=True, kw_only=True):
    """What was chosen, for every platform and Python at once.

    Attributes:
        packages: in no particular order; unreachable ones are removed.
        edges: proxies are gone; an edge to an extra comes with one to its base package.
        fork_markers: in the order the forks were solved; empty if nothing was split.
        warnings: yanked versions, missing extras, unpinned lowest requirements.
    """

    packages: tuple[ResolvedPackage, ...]
    edges: tuple[Edge, ...]
    requires_python: RequiresPython
    fork_markers: tuple[Marker, ...] = ()
    warnings: tuple[ResolutionWarning, ...] = ()
