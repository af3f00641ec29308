"""PubGrub, one step at a time: the caller chooses packages and versions, the solver draws the conclusions.

The loop is the caller's, so that it may split a state in two and solve both:

    while True:
        conflicts = solver.propagate(package)
        package = solver.solution.pick(priority)
        ...                                     # add_dependencies, add_no_versions, ... or finished

Two details follow the solver that uv uses, because they decide which of several solutions is found: the
newest incompatibilities are looked at first, and dependencies of several versions of one package on the
same range are merged into one incompatibility.

For each term that a package can be known by, the solver remembers which incompatibilities that term does
not contradict (a view). Decisions are taken again and again after going back, so views are filled once
and only read from then on.

Specification: docs/resolution.md "The solver".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeAlias

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

Side: TypeAlias = "tuple[Incompatibility[P, S], Term[S], tuple[tuple[P, Term[S]], ...]]"
"""An incompatibility as seen from one of its packages: its term, and the terms of the others."""


class Unsolvable(Exception):
    """The root cannot be selected; `Solver.conclusion` says so and leads to all causes."""


class View(Generic[P, S]):
    """The incompatibilities that one term of a package may not contradict, out of the first `seen` ones.

    Attributes:
        is_outdated: it was found out that some of `sides` are contradicted.
    """

    __slots__ = ("is_outdated", "seen", "sides")

    def __init__(self) -> None:
        """Start with nothing."""
        self.is_outdated = False
        self.seen = 0
        self.sides: list[Side[P, S]] = []


class Solver(Generic[P, V, S]):
    """The state of one resolution; `copy` it to follow two branches.

    Attributes:
        solution: the partial solution.
        incompatibilities: of each package, in the order in which they were learnt.
        conclusion: once `Unsolvable` was raised, that the root is impossible; before, that it is needed.
    """

    __slots__ = (
        "_contradicted",
        "_facts",
        "_merged",
        "_replaced",
        "_sides",
        "_trail",
        "_trail_starts",
        "_views",
        "conclusion",
        "incompatibilities",
        "root",
        "root_versions",
        "solution",
    )

    solution: PartialSolution[P, V, S]
    conclusion: Incompatibility[P, S]
    incompatibilities: dict[P, list[Incompatibility[P, S]]]
    _merged: dict[tuple[P, P, S], Incompatibility[P, S]]
    _contradicted: set[Incompatibility[P, S]]
    """Need not be looked at: replaced by others, or contradicted by what is known now."""
    _trail: list[Incompatibility[P, S]]
    """What was contradicted, in this order; each level begins at its place in `_trail_starts`."""
    _trail_starts: list[int]
    _replaced: set[Incompatibility[P, S]]
    _sides: dict[P, list[Side[P, S]]]
    """`incompatibilities`, and those that were replaced."""
    _views: dict[Term[S], View[P, S]]
    _facts: dict[tuple[P, S, P, S], Incompatibility[P, S]]

    def __init__(self, root: P, root_versions: S) -> None:
        """Start with the demand that *root* is selected."""
        self.root = root
        self.root_versions = root_versions
        self.solution = PartialSolution()
        cause = RootSelected(root, root_versions)
        self.conclusion = Incompatibility({root: Term(root_versions, False)}, cause)
        self.incompatibilities = {root: [self.conclusion]}
        self._merged = {}
        self._contradicted = set()
        self._trail = []
        self._trail_starts = [0]
        self._replaced = set()
        self._sides = {root: [(self.conclusion, self.conclusion.terms[root], ())]}
        self._views = {}
        self._facts = {}

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
        twin._trail = self._trail.copy()
        twin._trail_starts = self._trail_starts.copy()
        twin._replaced = self._replaced.copy()
        twin._sides = {package: sides.copy() for package, sides in self._sides.items()}
        twin._views = {}
        twin._facts = self._facts  # only remembers objects
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
        self._add(self._dependency(parent, versions, child, child_versions))

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
        learnt = [self._dependency(package, versions, child, child_versions) for child, child_versions in children]
        for incompatibility in learnt:
            self._add(incompatibility)
        solution = self.solution
        if solution.backtracked:
            # Before the first conflict it is cheaper to trust and, once, to backtrack.
            term = solution.selection(package, exact)
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

    def _dependency(self, parent: P, versions: S, child: P, child_versions: S) -> Incompatibility[P, S]:
        """Return one object for the same dependency in all copies, so that all gain from what its terms remember."""
        key = (parent, versions, child, child_versions)
        known = self._facts.get(key)
        if known is None:
            known = self._facts[key] = dependency(parent, versions, child, child_versions)
        return known

    def _add(self, incompatibility: Incompatibility[P, S]) -> None:
        known = self.incompatibilities
        cause = incompatibility.cause
        if isinstance(cause, DependsOn) and cause.parent != cause.child:
            key = (cause.parent, cause.child, cause.child_versions)
            past = self._merged.get(key)
            if past is not None and isinstance(past.cause, DependsOn):
                versions = past.cause.parent_versions | cause.parent_versions
                incompatibility = self._dependency(cause.parent, versions, cause.child, cause.child_versions)
                for package in past.terms:
                    known[package].remove(past)
                if incompatibility is not past:
                    self._replaced.add(past)
                    self._contradicted.add(past)
            self._merged[key] = incompatibility
        terms = tuple(incompatibility.terms.items())
        for package, term in terms:
            others = tuple([entry for entry in terms if entry[0] != package])
            if package in known:
                known[package].append(incompatibility)
                self._sides[package].append((incompatibility, term, others))
            else:
                known[package] = [incompatibility]
                self._sides[package] = [(incompatibility, term, others)]

    # --- concluding

    def propagate(self, package: P) -> list[tuple[P, Incompatibility[P, S]]]:
        """Derive all that follows from the latest change of *package*, resolving conflicts on the way.

        Returns:
            For each conflict, the packages and incompatibilities passed on the way to its root cause.

        Raises:
            Unsolvable: there is no solution.
        """
        passed: list[tuple[P, Incompatibility[P, S]]] = []
        stack = [package]
        starts, level = self._trail_starts, self.solution.level
        starts += [len(self._trail)] * (level + 1 - len(starts))
        while stack:
            violated = self._follow(stack.pop(), stack)
            if violated is not None:
                almost, cause = self._resolve_conflict(violated, passed)
                stack = [almost]
                self.solution.derive(almost, cause)
                self._note_contradicted(cause)
        return passed

    def _follow(self, package: P, stack: list[P]) -> Incompatibility[P, S] | None:
        """Derive what follows from what is known of *package*, and put what changed on the *stack*.

        Returns:
            An incompatibility that is violated.
        """
        solution, contradicted = self.solution, self._contradicted
        assignments = solution.assignments
        own = assignments.get(package)
        if own is None:
            known, view, sides = None, None, self._sides.get(package, [])
        else:
            known = own.term
            view = self._view(package, known)
            sides = view.sides
        for incompatibility, term, others in reversed(sides):
            if incompatibility in contradicted:
                continue
            unsatisfied = None
            if known is None or (relation := known.relation(term)) == INCONCLUSIVE:
                unsatisfied = package
            elif relation == CONTRADICTED:
                self._note_contradicted(incompatibility)
                if view is not None:
                    view.is_outdated = True
                continue
            for name, other in others:
                found = assignments.get(name)
                if found is None or (relation := found.term.relation(other)) == INCONCLUSIVE:
                    if unsatisfied is not None:
                        break
                    unsatisfied = name
                elif relation == CONTRADICTED:
                    self._note_contradicted(incompatibility)
                    break
            else:
                if unsatisfied is None:
                    return incompatibility
                if unsatisfied not in stack:
                    stack.append(unsatisfied)
                solution.derive(unsatisfied, incompatibility)
                self._note_contradicted(incompatibility)
                if unsatisfied == package:
                    known = assignments[package].term
        return None

    def _view(self, package: P, known: Term[S]) -> View[P, S]:
        """Return the incompatibilities of *package* but for those that *known* was found to contradict."""
        view = self._views.get(known)
        if view is None:
            view = self._views[known] = View()
        sides, relations = self._sides[package], known.relations
        if view.is_outdated:
            view.sides = [side for side in view.sides if relations.get(side[1]) != CONTRADICTED]
            view.is_outdated = False
        if view.seen < len(sides):
            new = sides[view.seen :]
            view.sides += [side for side in new if relations.get(side[1]) != CONTRADICTED] if relations else new
            view.seen = len(sides)
        return view

    def _note_contradicted(self, incompatibility: Incompatibility[P, S]) -> None:
        self._contradicted.add(incompatibility)
        self._trail.append(incompatibility)

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
        starts, trail = self._trail_starts, self._trail
        if level + 1 < len(starts):
            start = starts[level + 1]
            self._contradicted.difference_update(trail[start:])
            self._contradicted.update(self._replaced.intersection(trail[start:]))
            del trail[start:], starts[level + 1 :]

    def backtrack_before(self, package: P) -> int | None:
        """Undo the decision on *package* and all later ones; return how many, or None if it is undecided."""
        undone = self.solution.decisions_since(package)
        if undone is not None:
            self._backtrack(self.solution.level - undone)
        return undone
