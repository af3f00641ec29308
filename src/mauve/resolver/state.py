"""Everything that one fork knows; copied when a fork splits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.resolver.direct import direct_key, direct_text
from mauve.resolver.environments import EVERYWHERE
from mauve.resolver.packages import ROOT
from mauve.resolver.priority import ConflictCounts, Priorities
from mauve.solver.solver import Solver

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mauve.resolver.candidates import Candidate
    from mauve.resolver.environments import ForkEnvironment
    from mauve.resolver.packages import Package
    from mauve.resolver.preferences import Preference
    from mauve.resolver.source import DirectSource
    from mauve.solver.incompatibility import Incompatibility
    from mauve.solver.term import Term
    from mauve.standards.markers.diagram import Marker
    from mauve.standards.names import PackageName
    from mauve.standards.requires_python import RequiresPython
    from mauve.standards.version_sets import VersionSet
    from mauve.standards.versions import Key, Version


class ForkState:
    """One branch of the search.

    Attributes:
        requires_python: of the project, narrowed to this fork.
        python: the same as a marker.
        next: the package whose change is to be propagated.
        forced: a package (and version) to decide before anything else, because the fork was split over it.
        direct: the direct source of each name that has one here.
        pins: the URL of the index of each name that is pinned here.
        candidates: the files that stand for each version that was selected at some time.
        choices: what was chosen for a name and a range before; after going back the same is asked again and again.
        preferences: of each name, and the index it is pinned to, the best for this fork first.
        settled: the same for what is known of a package, if nothing but that version can come of it here.
        covered: for which ranges of a package the choice was found to run wherever it must.
        expanded: versions whose dependencies are known to the solver.
        tried: how many versions of a name were tried.
    """

    __slots__ = (
        "candidates",
        "choices",
        "counts",
        "covered",
        "direct",
        "environment",
        "expanded",
        "forced",
        "forced_version",
        "next",
        "pins",
        "preferences",
        "priorities",
        "python",
        "requires_python",
        "settled",
        "solver",
        "tried",
    )

    solver: Solver[Package, Version, VersionSet]
    candidates: dict[tuple[PackageName, Key], Candidate]
    choices: dict[tuple[PackageName, VersionSet], Candidate | None]
    direct: dict[PackageName, DirectSource]
    preferences: dict[tuple[PackageName, str | None], Sequence[Preference]]
    settled: dict[Term[VersionSet], Candidate]
    covered: set[tuple[Package, VersionSet]]
    expanded: dict[Package, set[Key]]
    environment: ForkEnvironment
    forced: Package | None
    forced_version: Version | None
    next: Package
    pins: dict[PackageName, str]
    tried: dict[PackageName, int]

    def __init__(self, requires_python: RequiresPython, root_versions: VersionSet) -> None:
        """Start with the root undecided, everywhere."""
        self.solver = Solver(ROOT, root_versions)
        self.environment = EVERYWHERE
        self.requires_python = requires_python
        self.python: Marker = requires_python.marker()
        self.next = ROOT
        self.forced = None
        self.forced_version = None
        self.priorities = Priorities({}, {})
        self.counts = ConflictCounts({}, {})
        self.direct = {}
        self.pins = {}
        self.candidates = {}
        self.choices = {}
        self.preferences = {}
        self.settled = {}
        self.covered = set()
        self.expanded = {}
        self.tried = {}

    def branch(self, environment: ForkEnvironment) -> ForkState:
        """Return an independent copy for *environment*, its Python range narrowed accordingly."""
        twin: ForkState = ForkState.__new__(ForkState)
        twin.solver = self.solver.copy()
        twin.environment = environment
        twin.requires_python = self.requires_python.narrow(environment.marker) or self.requires_python
        twin.python = twin.requires_python.marker()
        twin.next = self.next
        twin.forced = self.forced
        twin.forced_version = self.forced_version
        twin.priorities = self.priorities.copy()
        twin.counts = self.counts.copy()
        twin.direct = self.direct.copy()
        twin.pins = self.pins.copy()
        twin.candidates = self.candidates.copy()
        twin.choices = {}
        twin.preferences = {}
        twin.settled = {}
        twin.covered = set()
        twin.expanded = {package: versions.copy() for package, versions in self.expanded.items()}
        twin.tried = self.tried.copy()
        return twin

    def add_direct(self, name: PackageName, source: DirectSource) -> None:
        """Take *name* from *source* in this fork.

        Raises:
            ConflictingUrls: it is taken from elsewhere already.
        """
        known = self.direct.setdefault(name, source)
        if known is not source and direct_key(known) != direct_key(source):
            from mauve.resolver.errors import ConflictingUrls

            raise ConflictingUrls(name, (direct_text(known), direct_text(source)), self.environment)

    def add_pin(self, name: PackageName, index: str) -> None:
        """Take *name* from the index at URL *index* in this fork.

        Raises:
            ConflictingIndexes: it is pinned to another one already.
        """
        known = self.pins.setdefault(name, index)
        if known != index:
            from mauve.resolver.errors import ConflictingIndexes

            raise ConflictingIndexes(name, (known, index), self.environment)

    # --- conflicts

    def count_conflict(self, affected: Package, incompatibility: Incompatibility[Package, VersionSet]) -> bool:
        """Count who was rejected and who is to blame; return whether anybody but the package itself is.

        A proxy that follows its own name is not a conflict between packages.
        """
        is_real = False
        for package in incompatibility.terms:
            if package is not affected and package.name != affected.name:
                is_real = True
                self.counts.add_culprit(package)
        if is_real:
            self.counts.add_affected(self.next)
        return is_real

    def reprioritise(self) -> Sequence[str]:
        """Change the order of packages that were in conflict too often, going back if need be.

        Returns:
            What was done, for the log.
        """
        counts = self.counts
        if not counts.to_prefer and not counts.to_defer:
            return ()
        done = [
            f"Package {package} has too many conflicts (affected), prioritizing"
            for package in counts.to_prefer
            if self.priorities.prefer(package)
        ]
        for package in counts.to_defer:
            if self.priorities.defer(package):
                done.append(f"Package {package} has too many conflicts (culprit), deprioritizing and backtracking")
                undone = self.solver.backtrack_before(package)
                if undone is None:
                    done.append(f"Package {package} is not decided, cannot backtrack")
                else:
                    done.append(f"Backtracked {undone} decisions")
        counts.to_prefer = []
        counts.to_defer = []
        return done
