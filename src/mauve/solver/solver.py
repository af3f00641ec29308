"""PubGrub, one step at a time: the caller chooses packages and versions, the solver draws the conclusions.

The loop is the caller's, so that it may split a state in two and solve both:

    while True:
        conflicts = solver.propagate(package)
        package = solver.solution.pick(priority)
        ...                                     # add_dependencies, add_no_versions, ... or finished

Two details follow the solver that uv uses, because they decide which of several solutions is found: the
newest incompatibilities are looked at first, and dependencies of several versions of one package on the
same range are merged into one incompatibility.

Specification: docs/resolution.md "The solver".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from mauve.solver.incompatibility import (
    DependsOn,
    Incompatibility,
    P,
    RootSelected,
    dependency,
    no_versions,
    resolve_on,
    unavailable,
)
from mauve.solver.partial_solution import PartialSolution, V
from mauve.solver.term import CONTRADICTED, INCONCLUSIVE, S, Term

if TYPE_CHECKING:
    from collections.abc import Iterable


class Unsolvable(Exception):
    """The root cannot be selected; `Solver.conclusion` says so and leads to all causes."""


class Solver(Generic[P, V, S]):
    """The state of one resolution; `copy` it to follow two branches.

    Attributes:
        solution: the partial solution.
        incompatibilities: of each package, in the order in which they were learnt.
        conclusion: once `Unsolvable` was raised, that the root is impossible; before, that it is needed.
    """

    __slots__ = ("_contradicted", "_merged", "conclusion", "incompatibilities", "root", "root_versions", "solution")

    solution: PartialSolution[P, V, S]
    conclusion: Incompatibility[P, S]
    incompatibilities: dict[P, list[Incompatibility[P, S]]]
    _merged: dict[tuple[P, P, S], Incompatibility[P, S]]
    _contradicted: dict[Incompatibility[P, S], int]

    def __init__(self, root: P, root_versions: S) -> None:
        """Start with the demand that *root* is selected."""
        self.root = root
        self.root_versions = root_versions
        self.solution = PartialSolution()
        cause = RootSelected(root, root_versions)
        self.conclusion = Incompatibility({root: Term(root_versions, False)}, cause)
        self.incompatibilities = {root: [self.conclusion]}
        self._merged = {}
        self._contradicted = {}

    def copy(self) -> Solver[P, V, S]:
        """Return an independent copy; incompatibilities themselves are shared."""
        twin: Solver[P, V, S] = Solver.__new__(Solver)
        twin.root = self.root
        twin.root_versions = self.root_versions
        twin.conclusion = self.conclusion
        twin.solution = self.solution.copy()
        twin.incompatibilities = {package: known.copy() for package, known in self.incompatibilities.items()}
        twin._merged = self._merged.copy()
        twin._contradicted = self._contradicted.copy()
        return twin

    # --- learning

    def add_no_versions(self, package: P, versions: S) -> None:
        """Record that nothing in *versions* of *package* can be selected."""
        self._add(no_versions(package, versions))

    def add_unavailable(self, package: P, versions: S, reason: object) -> None:
        """Record that *versions* of *package* cannot be used."""
        self._add(unavailable(package, versions, reason))

    def add_dependency(self, parent: P, versions: S, child: P, child_versions: S) -> None:
        """Record a dependency without deciding the parent."""
        self._add(dependency(parent, versions, child, child_versions))

    def add_dependencies(
        self, package: P, version: V, exact: S, versions: S, children: Iterable[tuple[P, S]]
    ) -> Incompatibility[P, S] | None:
        """Record the dependencies of *version* and select it, unless they forbid that.

        Args:
            package: the parent.
            version: about to be decided.
            exact: the set of only that version.
            versions: all versions known to have these dependencies; contains *version*.
            children: what is needed, in order.

        Returns:
            The incompatibility that would be violated at once, in which case *version* is not selected.
        """
        learnt = [dependency(package, versions, child, child_versions) for child, child_versions in children]
        for incompatibility in learnt:
            self._add(incompatibility)
        solution = self.solution
        if solution.backtracked:
            # Before the first conflict it is cheaper to trust and, once, to backtrack.
            term = Term(exact, True)
            for incompatibility in learnt:
                if solution.would_violate(incompatibility, package, term):
                    return incompatibility
        solution.decide(package, version, exact)
        return None

    def dependencies(self, package: P) -> Iterable[DependsOn[P, S]]:
        """Yield every known dependency of, or on, *package*."""
        for incompatibility in self.incompatibilities.get(package, ()):
            cause = incompatibility.cause
            if isinstance(cause, DependsOn):
                yield cause

    def _add(self, incompatibility: Incompatibility[P, S]) -> None:
        known = self.incompatibilities
        cause = incompatibility.cause
        if isinstance(cause, DependsOn) and cause.parent != cause.child:
            key = (cause.parent, cause.child, cause.child_versions)
            past = self._merged.get(key)
            if past is not None and isinstance(past.cause, DependsOn):
                versions = past.cause.parent_versions | cause.parent_versions
                incompatibility = dependency(cause.parent, versions, cause.child, cause.child_versions)
                for package in past.terms:
                    known[package].remove(past)
            self._merged[key] = incompatibility
        for package in incompatibility.terms:
            if package in known:
                known[package].append(incompatibility)
            else:
                known[package] = [incompatibility]

    # --- concluding

    def propagate(self, package: P) -> list[tuple[P, Incompatibility[P, S]]]:
        """Derive all that follows from the latest change of *package*, resolving conflicts on the way.

        Returns:
            For each conflict, the packages and incompatibilities passed on the way to its root cause.

        Raises:
            Unsolvable: there is no solution.
        """
        passed: list[tuple[P, Incompatibility[P, S]]] = []
        solution = self.solution
        contradicted = self._contradicted
        stack = [package]
        while stack:
            violated = None
            assignments = solution.assignments
            for incompatibility in reversed(self.incompatibilities.get(stack.pop(), ())):
                if incompatibility in contradicted:
                    continue
                unsatisfied = None
                for name, term in incompatibility.terms.items():
                    known = assignments.get(name)
                    relation = INCONCLUSIVE if known is None else term.relation(known.term)
                    if relation == INCONCLUSIVE:
                        if unsatisfied is not None:
                            break
                        unsatisfied = name
                    elif relation == CONTRADICTED:
                        contradicted[incompatibility] = solution.level
                        break
                else:
                    if unsatisfied is None:
                        violated = incompatibility
                        break
                    if unsatisfied not in stack:
                        stack.append(unsatisfied)
                    solution.derive(unsatisfied, incompatibility)
                    contradicted[incompatibility] = solution.level
            if violated is not None:
                almost, cause = self._resolve_conflict(violated, passed)
                stack = [almost]
                solution.derive(almost, cause)
                contradicted = self._contradicted
                contradicted[cause] = solution.level
        return passed

    def _resolve_conflict(
        self, violated: Incompatibility[P, S], passed: list[tuple[P, Incompatibility[P, S]]]
    ) -> tuple[P, Incompatibility[P, S]]:
        """Go back to where *violated* could have been foreseen; return what to derive there and why."""
        current, is_new = violated, False
        while not current.is_terminal(self.root, self.root_versions):
            package, cause, level = self.solution.find_satisfier(current)
            if cause is None:
                self._backtrack(level)
                if is_new:
                    self._add(current)
                passed.append((package, current))
                return package, current
            current, is_new = resolve_on(current, cause, package), True
            passed.append((package, current))
        self.conclusion = current
        raise Unsolvable

    def _backtrack(self, level: int) -> None:
        self.solution.backtrack(level)
        self._contradicted = {known: at for known, at in self._contradicted.items() if at <= level}

    def backtrack_before(self, package: P) -> int | None:
        """Undo the decision on *package* and all later ones; return how many, or None if it is undecided."""
        undone = self.solution.backtrack_before(package)
        if undone is not None:
            level = self.solution.level
            self._contradicted = {known: at for known, at in self._contradicted.items() if at <= level}
        return undone
