"""The search through one fork: propagate, pick a package, choose a version, take over its dependencies.

Specification: docs/resolution.md "The search".
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from mauve.distributions.errors import DistributionError
from mauve.errors import MauveError
from mauve.resolver.availability import MissingPlatform, NoMatchingTag, RequiresPython
from mauve.resolver.candidates import CandidateSelector
from mauve.resolver.coverage import (
    Uncovered,
    VersionSplit,
    first_missed,
    plain_candidate,
    reachable_environments,
    split_on_local,
    split_on_required,
)
from mauve.resolver.dependencies import Needs, RequirementReader, Unsatisfiable, proxied, root_requirements
from mauve.resolver.first_party import FirstParty
from mauve.resolver.forks import sort_branches, split_on_dependencies, split_on_python
from mauve.resolver.judgements import Usable, newer_python
from mauve.resolver.listings import Listings
from mauve.resolver.lower_bounds import unbounded_directly
from mauve.resolver.manifest import ForkStrategy, ResolutionMode
from mauve.resolver.packages import PYTHON, Kind
from mauve.resolver.ranges import exactly
from mauve.resolver.source import DistributionMetadata
from mauve.solver.solver import Unsolvable
from mauve.standards.platforms import wheel_marker
from mauve.standards.requires_python import release_set
from mauve.standards.specifiers import parse_specifiers, readable_specifiers
from mauve.standards.version_sets import FULL
from mauve.standards.versions import Version, parse_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mauve.resolver.availability import UnavailableVersion
    from mauve.resolver.batches import TriedVersions
    from mauve.resolver.candidates import Candidate
    from mauve.resolver.dependencies import Dependency
    from mauve.resolver.errors import NoSolution
    from mauve.resolver.judgements import ListingTable
    from mauve.resolver.manifest import Manifest
    from mauve.resolver.packages import Package
    from mauve.resolver.preferences import Preference, Preferences
    from mauve.resolver.reporter import ResolverReporter
    from mauve.resolver.source import MetadataSource
    from mauve.resolver.state import ForkState
    from mauve.solver.term import Term
    from mauve.standards.names import PackageName
    from mauve.standards.specifiers import Specifiers
    from mauve.standards.version_sets import VersionSet
    from mauve.standards.versions import Key

ROOT_VERSION: Final = parse_version("0a0.dev0")


class Rejected(Struct, frozen=True):
    """A version was found and cannot be used."""

    version: Version
    reason: UnavailableVersion


class Search:
    """Solves forks of one manifest; what is learnt about packages is shared by all of them.

    Attributes:
        listings: what was asked of the source.
        decisions: how many versions were tried, in all forks; the measure of effort.
    """

    def __init__(
        self, manifest: Manifest, source: MetadataSource, preferences: Preferences, reporter: ResolverReporter
    ) -> None:
        """Prepare the rules of *manifest*."""
        self._manifest = manifest
        self._options = manifest.options
        self._reporter = reporter
        self._first_party = FirstParty(manifest, preferences)
        self._selector = CandidateSelector(manifest, self._first_party, reporter)
        self.listings = Listings(manifest, source, self._selector, preferences)
        if self._first_party.direct:
            self._first_party.look_ahead(manifest, self.listings.direct)
        self._reader = RequirementReader(manifest)
        self._members = {member.name for member in manifest.members}
        self._root = root_requirements(manifest)
        self._required = () if manifest.target else (*manifest.environments, *manifest.required_environments)
        self._installed = {} if manifest.target is None else manifest.target.installed
        self._preferences: dict[PackageName, list[Preference]] = {}
        for preference in preferences.versions:
            self.prefer(preference)
        self._exact: dict[Key, VersionSet] = {}
        self._tried: TriedVersions | None = None
        self._looked_ahead: set[tuple[PackageName, VersionSet, Key]] = set()
        self.decisions = 0

    def prefer(self, preference: Preference) -> None:
        """Keep to *preference* from now on where it fits."""
        known = self._preferences.setdefault(preference.name, [])
        if preference.markers and not preference.from_lock:
            # Forks mostly choose the same. What several prefer is preferred once, wherever one of them applies.
            for place, other in enumerate(known):
                if other.version == preference.version and other.index == preference.index and not other.from_lock:
                    known[place] = replace(other, markers=(*other.markers, *preference.markers))
                    return
        known.append(preference)

    # --- the loop

    def solve(self, state: ForkState) -> list[ForkState]:
        """Search *state* to its end.

        Returns:
            Nothing if the fork is solved; otherwise the forks it was split into, the last to be solved first.

        Raises:
            NoSolution: the fork has no solution.
        """
        solver, verbose = state.solver, self._reporter.is_verbose
        while True:
            package = state.forced
            if package is None:
                self._propagate(state)
                self._look_ahead(state)
                for line in state.reprioritise():
                    if verbose:
                        self._reporter.debug(line)
                if not verbose:
                    self.decisions += solver.redo(state.priorities.rank, state.priorities.order, state.settled)
                package = solver.solution.pick(state.priorities.rank, state.priorities.order)
                if package is None:
                    return []
            state.forced = None
            state.next = package
            choice = self._choose(state, package)
            match choice:
                case Version():
                    version = choice
                case list():
                    return self._split_on_version(state, package, choice)
                case Rejected():
                    self._reject(state, package, choice)
                    continue
                case _:
                    self._exclude_all(state, package)
                    continue
            self.decisions += 1
            expanded = state.expanded.setdefault(package, set())
            if version.key in expanded:
                solver.solution.decide(package, version, self._exactly(version))
                continue
            expanded.add(version.key)
            if package.kind is Kind.PACKAGE:
                self._reporter.selected(package.name, version)
            forks = self._expand(state, package, version)
            if forks:
                if verbose:
                    self._reporter.debug(f"Splitting resolution on {package}=={version}")
                return forks

    def _propagate(self, state: ForkState) -> None:
        try:
            conflicts = state.solver.propagate(state.next, keep=not self._reporter.is_verbose)
        except Unsolvable:
            failure = self._no_solution(state)
            raise failure from failure.explanation()
        for affected, incompatibility in conflicts:
            if state.count_conflict(affected, incompatibility) and self._reporter.is_verbose:
                packages = ", ".join(map(str, incompatibility.terms))
                self._reporter.debug(
                    f"Recording unit propagation conflict of {affected} from incompatibility of ({packages})"
                )

    def _no_solution(self, state: ForkState) -> NoSolution:
        from mauve.resolver.errors import NoSolution

        return NoSolution(
            state.solver.conclusion,
            state.environment,
            state.requires_python,
            self._manifest,
            self.listings.available_versions(),
            self.listings.unavailable,
            self.listings.rejected,
            listings=self.listings.published(state.pins),
            direct=state.direct,
            pinned=state.pins,
            unauthorized=tuple(self.listings.unauthorized),
            forbidden=tuple(self.listings.forbidden),
        )

    def _look_ahead(self, state: ForkState) -> None:
        """Ask for the metadata of what will probably be chosen, as far as listings are at hand."""
        listings = self.listings
        if not listings.looks_ahead:
            return
        looked, python = self._looked_ahead, state.requires_python.lower_position
        for package, versions in state.solver.solution.changed_packages():
            name = package.name
            if (name, versions, python) in looked or not package.is_base or name in state.direct or name in state.pins:
                continue
            tables = listings.known_tables(name)
            if tables:
                # The same for every fork with the same Pythons, almost always.
                looked.add((name, versions, python))
                candidate = self._selector.choose_without_preference(name, versions, tables, state.environment)
                if candidate is not None:
                    self._request_ahead(state, candidate)

    def _request_ahead(self, state: ForkState, candidate: Candidate) -> None:
        """Ask for the metadata of *candidate*, unless it will be rejected without."""
        judgement = candidate.judgement
        if isinstance(judgement, Usable) and newer_python(judgement, state.requires_python) is None:
            self.listings.request_metadata(candidate, judgement)

    def _exactly(self, version: Version) -> VersionSet:
        exact = self._exact.get(version.key)
        if exact is None:
            exact = self._exact[version.key] = exactly(version)
        return exact

    def _exclude_all(self, state: ForkState, package: Package) -> None:
        """Record that nothing in the range of *package* can be chosen."""
        term = state.solver.solution.assignments[package].term
        if package.is_base:
            reason = self.listings.unavailable.get(package.name)
            if reason is not None and package.name not in state.direct:
                state.solver.add_unavailable(package, term.versions, reason)
                return
        state.solver.add_no_versions(package, term.versions)

    def _reject(self, state: ForkState, package: Package, rejected: Rejected) -> None:
        """Record that one version of *package* cannot be used."""
        version, reason = rejected.version, rejected.reason
        exact = self._exactly(version)
        if isinstance(reason, RequiresPython):
            # A version that needs a newer Python depends on it; the conflict is derived like any other.
            needed = release_set(parse_specifiers(reason.specifiers))
            widened, keep = self._widened(state, package, version, exact), not self._reporter.is_verbose
            state.solver.decide_in_vain(package, version, exact, widened, (PYTHON, needed), keep=keep)
        else:
            state.solver.add_unavailable(package, self._widened(state, package, version, exact), reason)

    # --- choosing a version

    def _choose(self, state: ForkState, package: Package) -> Version | Rejected | list[VersionSplit] | None:
        if state.forced_version is not None:
            version, state.forced_version = state.forced_version, None
            return version
        if package.kind is Kind.ROOT:
            return ROOT_VERSION
        if package.kind is Kind.PYTHON:
            return None
        term = state.solver.solution.assignments[package].term
        if package.name in state.direct:
            return self._choose_direct(state, package, term.versions)
        candidate = state.settled.get(term)
        if candidate is not None:
            state.candidates[package.name, candidate.version.key] = candidate
            return candidate.version
        return self._choose_published(state, package, term)

    def _choose_direct(self, state: ForkState, package: Package, versions: VersionSet) -> Version | Rejected | None:
        distribution = self.listings.direct(package.name, state.direct[package.name])
        metadata = distribution.metadata
        version = metadata.version
        if version not in versions:
            return None
        if distribution.wheel is not None and not state.requires_python.wheel_fits(distribution.wheel.filename):
            return Rejected(version, NoMatchingTag())
        needed = readable_specifiers(metadata.requires_python)
        if needed is not None and not state.requires_python.contains_lower_of(needed):
            return Rejected(version, RequiresPython(str(needed)))
        if distribution.wheel is not None and self._required:
            # There is no other version to fall back on, so no split either.
            reachable = reachable_environments(package, state.solver)
            covered = wheel_marker(distribution.wheel.filename)
            missed = first_missed(covered, state.environment, reachable, self._required)
            if missed is not None:
                return Rejected(version, MissingPlatform(missed))
        return version

    def _choose_published(
        self, state: ForkState, package: Package, term: Term[VersionSet]
    ) -> Version | Rejected | list[VersionSplit] | None:
        name, versions, pin = package.name, term.versions, state.pins.get(package.name)
        key = (name, versions)
        if key in state.choices:
            candidate = state.choices[key]
        else:
            if self._reporter.is_verbose:
                self._reporter.debug(f"Searching for a compatible version of {package}")
            candidate = state.choices[key] = self._choose_among(state, name, versions, pin)
        if candidate is None:
            return None
        version, judgement = candidate.version, candidate.judgement
        if not isinstance(judgement, Usable):
            self.listings.rejected.setdefault(name, {})[version] = judgement.reason
            return Rejected(version, judgement.reason)
        needed = newer_python(judgement, state.requires_python)
        if needed is not None:
            return self._split_on_python(state, needed) or Rejected(version, RequiresPython(str(needed)))
        newest = state.requires_python.bounds.cuts[1:]
        if newest and not judgement.serves_before(newest[0]):
            return Rejected(version, NoMatchingTag())
        if not judgement.is_built_anywhere and (self._required or version.is_local):
            # What ran wherever it must is not judged again when it was undone, though more may be known to need it.
            if (package, versions) not in state.covered:
                tables = self.listings.tables(name, pin)
                covered = self._cover(state, package, candidate, judgement, versions, tables)
                if covered is not None:
                    return covered
                state.covered.add((package, versions))
        elif not self._reporter.is_verbose:
            # Everything asked so far depends on the fork alone.
            state.settled[term] = candidate
        self._select(state, package, candidate, judgement)
        return version

    def _choose_among(
        self, state: ForkState, name: PackageName, versions: VersionSet, pin: str | None
    ) -> Candidate | None:
        """Return the candidate to try next; what is installed is looked at before anybody is asked."""
        target = self._manifest.target
        installed = None if target is None else self._selector.choose_installed(name, versions)
        if installed is not None and target is not None and target.keeps(name):
            return installed
        preferences = self._preferences_in(state, name, pin)
        tables = self.listings.tables(name, pin)
        candidate = self._selector.choose(name, versions, tables, preferences, state.environment)
        return candidate if installed is None else self._selector.better_of(installed, candidate, state.environment)

    def _preferences_in(self, state: ForkState, name: PackageName, pin: str | None) -> Sequence[Preference]:
        known = self._preferences.get(name)
        if known is None:
            return ()
        found = state.preferences.get((name, pin))
        if found is None:
            found = state.preferences[name, pin] = self._selector.sort_preferences(name, known, state.environment, pin)
        return found

    def _split_on_python(self, state: ForkState, needed: Specifiers) -> list[VersionSplit]:
        """Return the forks below and above the oldest Python of *needed*; none if older versions are to be used."""
        if self._options.fork_strategy is not ForkStrategy.REQUIRES_PYTHON:
            return []
        parts = split_on_python(needed, state.requires_python, state.environment)
        return [VersionSplit(part) for part in parts]

    def _cover(
        self,
        state: ForkState,
        package: Package,
        candidate: Candidate,
        judgement: Usable,
        versions: VersionSet,
        tables: tuple[ListingTable, ...],
    ) -> Version | Rejected | list[VersionSplit] | None:
        """Return a split or another version if *candidate* does not run everywhere it must, else None."""
        environment = state.environment
        if self._required:
            reachable = reachable_environments(package, state.solver)
            sides = split_on_required(judgement, environment, reachable, self._required)
            if isinstance(sides, Uncovered):
                return Rejected(candidate.version, MissingPlatform(sides.environment))
            if sides is not None:
                return sides
        if not candidate.version.is_local:
            return None
        preferences = self._preferences_in(state, package.name, None)
        base = plain_candidate(candidate, versions, self._selector, tables, preferences, environment)
        if base is None or not isinstance(base.judgement, Usable):
            return None
        choice = split_on_local(candidate, judgement, environment, base, base.judgement)
        if choice is not None:
            self._select(state, package, base, base.judgement)
            if isinstance(choice, list):
                self._select(state, package, candidate, judgement)
        return choice

    def _select(self, state: ForkState, package: Package, candidate: Candidate, judgement: Usable) -> None:
        state.candidates[package.name, candidate.version.key] = candidate
        if package.kind is Kind.PACKAGE:
            self.listings.request_metadata(candidate, judgement)
            if self.listings.looks_ahead:
                self._request_next(state, package, candidate)
        if self._reporter.is_verbose:
            self._reporter.debug(
                f"Selecting: {package.name}=={candidate.version} [{candidate.choice.value}] "
                f"({judgement.artifact.file.filename})"
            )

    def _request_next(self, state: ForkState, package: Package, candidate: Candidate) -> None:
        """Ask for the metadata of the versions after *candidate*, if many were tried already."""
        # Only a resolution that has to wait for the network needs this.
        from mauve.resolver.batches import TriedVersions, next_candidates

        if package.name in self._installed:
            return
        if self._tried is None:
            self._tried = TriedVersions()
        count = self._tried.note(package.name, candidate.version)
        if not count:
            return
        solution = state.solver.solution
        # What the project itself asks for holds whatever is rejected.
        others = (level for level, made in enumerate(solution.decided[1:], 1) if made.package.name not in self._members)
        lasting = solution.term_at(package, next(others, solution.level))
        beyond = lasting.versions if lasting is not None and lasting.positive else FULL
        ranges = (solution.assignments[package].term.versions, beyond)
        tables = self.listings.tables(package.name, state.pins.get(package.name))
        for following in islice(next_candidates(self._selector, candidate, ranges, tables, state.environment), count):
            self._request_ahead(state, following)

    def _split_on_version(self, state: ForkState, package: Package, sides: list[VersionSplit]) -> list[ForkState]:
        forks: list[ForkState] = []
        for side in sides:
            fork = state.branch(side.environment)
            fork.forced = package
            fork.forced_version = side.version
            forks.append(fork)
        return forks

    # --- taking over dependencies

    def _expand(self, state: ForkState, package: Package, version: Version) -> list[ForkState]:
        """Tell the solver what *version* of *package* needs; return the forks if that splits the fork."""
        found = self._dependencies(state, package, version)
        if not isinstance(found, Needs):
            if isinstance(found, RequiresPython):
                # An index need not tell what the metadata says.
                sides = self._split_on_python(state, parse_specifiers(found.specifiers))
                if sides:
                    state.expanded[package].discard(version.key)
                    return self._split_on_version(state, package, sides)
                self.listings.rejected.setdefault(package.name, {})[version] = found
            exact = self._exactly(version)
            state.solver.add_unavailable(package, self._widened(state, package, version, exact), found)
            return []
        if package.kind is not Kind.ROOT and package.kind is not Kind.PACKAGE:
            self._take_over(state, package, version, found.dependencies)
            return []
        if self._manifest.target is not None:
            self._take_over(state, package, version, found.within(state.environment))
            return []
        branches, diverging = split_on_dependencies(
            found, state.environment, state.requires_python, self._manifest.conflicts
        )
        if not branches:
            self._take_over(state, package, version, [])
            return []
        if len(branches) == 1:
            self._take_over(state, package, version, branches[0].dependencies)
            return []
        if self._reporter.is_verbose:
            self._reporter.debug(
                f"Splitting resolution on {package}=={version} over {', '.join(diverging)} into {len(branches)} "
                "resolutions with separate markers"
            )
        sort_branches(branches, self._options.fork_strategy, self._options.resolution)
        forks: list[ForkState] = []
        for branch in branches:
            fork = state.branch(branch.environment)
            self._take_over(fork, package, version, branch.dependencies)
            forks.append(fork)
        return forks

    def _dependencies(self, state: ForkState, package: Package, version: Version) -> Needs | UnavailableVersion:
        if package.kind is Kind.ROOT:
            requirements = self._reader.root_requirements(self._root, state.environment, state.python)
        elif package.kind is Kind.PACKAGE:
            metadata = self._metadata(state, package, version)
            if not isinstance(metadata, DistributionMetadata):
                return metadata
            needed = readable_specifiers(metadata.requires_python)
            if needed is not None and not state.requires_python.contains_lower_of(needed):
                return RequiresPython(str(needed))
            if self._manifest.target is not None and self._manifest.target.no_deps:
                return Needs([])
            requirements = self._reader.requirements(
                metadata, package.extra, package.group, state.environment, state.python
            )
        else:
            return Needs(proxied(package, self._exactly(version)))
        try:
            return self._reader.dependencies(requirements, package)
        except Unsatisfiable as error:
            return error.requirement

    def _metadata(
        self, state: ForkState, package: Package, version: Version
    ) -> DistributionMetadata | UnavailableVersion:
        direct = state.direct.get(package.name)
        if direct is not None:
            return self.listings.direct(package.name, direct).metadata
        candidate = state.candidates[package.name, version.key]
        judgement = candidate.judgement
        if not isinstance(judgement, Usable):
            return judgement.reason  # only usable candidates are ever selected
        try:
            return self.listings.metadata(candidate, judgement)
        except DistributionError as error:
            from mauve.resolver.inclusion import describe_inclusion

            error.inclusion = describe_inclusion(package, version, state.solver)
            raise

    def _take_over(self, state: ForkState, package: Package, version: Version, dependencies: list[Dependency]) -> None:
        """Record *dependencies* of *version*, and decide it unless they forbid that."""
        self._meet(state, package, version, dependencies)
        solver = state.solver
        for dependency in dependencies:
            base = dependency.package.base
            if base is not None:
                solver.add_dependency(dependency.package, dependency.versions, base, dependency.versions)
        exact = self._exactly(version)
        conflict = solver.add_dependencies(
            package,
            version,
            exact,
            self._widened(state, package, version, exact),
            [(dependency.package, dependency.versions) for dependency in dependencies],
        )
        if conflict is not None and state.count_conflict(package, conflict) and self._reporter.is_verbose:
            packages = ", ".join(map(str, conflict.terms))
            self._reporter.debug(
                f"Recording dependency conflict of {package}=={version} from incompatibility of ({packages})"
            )

    def _widened(self, state: ForkState, package: Package, version: Version, exact: VersionSet) -> VersionSet:
        if package.kind is Kind.ROOT or package.name in state.direct:
            return exact
        if self._installed and package.name in self._installed:
            return exact
        tables = self.listings.tables(package.name, state.pins.get(package.name))
        return tables[0].widened(version) if len(tables) == 1 else exact

    def _meet(self, state: ForkState, package: Package, version: Version, dependencies: list[Dependency]) -> None:
        """Note sources, pins and priorities of *dependencies*, and ask for their listings."""
        verbose = self._reporter.is_verbose
        is_direct = package.kind is Kind.ROOT or package.name in self._members
        priorities, first_party = state.priorities, self._first_party
        wanted: list[tuple[PackageName, str | None]] = []
        if is_direct and self._options.resolution is not ResolutionMode.HIGHEST:
            for warning in unbounded_directly(dependencies):
                self._reporter.warning(warning)
        for dependency in dependencies:
            child = dependency.package
            name = child.name
            try:
                for source in first_party.sources_of(name, dependency.direct, state.environment):
                    state.add_direct(name, source)
                for pin in first_party.pins.get(name, ()):
                    if pin.counts_in(state.environment):
                        state.add_pin(name, pin.index)
            except MauveError as error:
                from mauve.resolver.errors import (
                    ConflictingIndexes,
                    ConflictingUrls,
                    DependencyFailed,
                    DisallowedUrl,
                )

                known = ConflictingIndexes | ConflictingUrls | DisallowedUrl
                if package.kind is Kind.ROOT or not isinstance(error, known):
                    raise
                from mauve.resolver.inclusion import describe_inclusion

                failed = DependencyFailed(package.name, version)
                failed.inclusion = describe_inclusion(package, version, state.solver)
                raise failed from error
            if verbose:
                parent = "direct dependency" if is_direct else f"transitive dependency for {package.name}=={version}"
                self._reporter.debug(f"Adding {parent}: {child}")
            has_direct = name in state.direct
            priorities.add(child, is_direct=has_direct, is_single=dependency.is_single)
            if child.base is not None:
                # What the solver learns of a proxy it learns of the name, too.
                priorities.add(child.base, is_direct=has_direct, is_single=dependency.is_single)
            if (
                not has_direct
                and name not in first_party.direct
                and not self._selector.keeps(name, dependency.versions)
            ):
                self.listings.expect(name, dependency.versions)
                wanted.append((name, state.pins.get(name)))
        if wanted:
            self.listings.request(wanted)
