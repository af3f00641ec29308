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
from mauve.solver.knowledge import Knowledge
from mauve.solver.open_sides import FEW, OpenSides
from mauve.solver.partial_solution import PartialSolution, V
from mauve.solver.term import CONTRADICTED, INCONCLUSIVE, S, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from mauve.solver.foregone import Foregone
    from mauve.solver.knowledge import Side
    from mauve.solver.undone import Undone


class Unsolvable(Exception):
    """The root cannot be selected; `Solver.conclusion` says so and leads to all causes."""


class Solver(Generic[P, V, S]):
    """The state of one resolution; `copy` it to follow two branches.

    Attributes:
        solution: the partial solution.
        incompatibilities: of each package, in the order in which they were learnt.
        conclusion: once `Unsolvable` was raised, that the root is impossible; before, that it is needed.
    """

    __slots__ = (
        "_facts",
        "_foregone",
        "_kept_above",
        "_knowledge",
        "_learnt_starts",
        "_merged",
        "_open",
        "_passed",
        "_replaced",
        "_terms",
        "_trail",
        "_trail_starts",
        "_undone",
        "_unions",
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
    _knowledge: Knowledge[P, S]
    """`incompatibilities`, and those that were replaced."""
    _trail: list[Incompatibility[P, S]]
    """What was contradicted, in this order; each level begins at its place in `_trail_starts`."""
    _trail_starts: list[int]
    _learnt_starts: list[int]
    """How many incompatibilities there were when each level began."""
    _replaced: set[Incompatibility[P, S]]
    _undone: Undone[P, V, S] | None
    _kept_above: int | None
    """The level that was gone back to, if those above stay unless it turns out that others come now."""
    _open: OpenSides[P, S]
    _passed: list[tuple[P, Incompatibility[P, S]]]
    """Of a conflict that was resolved before it came to be, until it is told of."""
    _foregone: Foregone[P, S] | None
    _facts: dict[tuple[P, S, P, S], Incompatibility[P, S]]
    _unions: dict[tuple[int, int], S]
    """By the identity of versions, which the facts keep alive."""
    _terms: dict[tuple[P, int], Term[S]]
    """By the identity of versions, which the terms keep alive: equal sets may be spelled differently."""

    def __init__(self, root: P, root_versions: S) -> None:
        """Start with the demand that *root* is selected."""
        self.root = root
        self.root_versions = root_versions
        self.solution = PartialSolution()
        cause = RootSelected(root, root_versions)
        self.conclusion = Incompatibility({root: Term(root_versions, False)}, cause)
        self.incompatibilities = {root: [self.conclusion]}
        self._merged = {}
        self._knowledge = Knowledge()
        self._knowledge.add(self.conclusion)
        self._trail = []
        self._trail_starts = [0]
        self._replaced = set()
        self._learnt_starts = [1]
        self._undone = None
        self._kept_above = None
        self._open = OpenSides()
        self._passed = []
        self._foregone = None
        self._facts = {}
        self._terms = {}
        self._unions = {}

    def copy(self) -> Solver[P, V, S]:
        """Return an independent copy; incompatibilities themselves are shared."""
        twin: Solver[P, V, S] = Solver.__new__(Solver)
        twin.root = self.root
        twin.root_versions = self.root_versions
        twin.conclusion = self.conclusion
        twin.solution = self.solution.copy()
        twin.incompatibilities = {package: known.copy() for package, known in self.incompatibilities.items()}
        twin._merged = self._merged.copy()
        twin._knowledge = self._knowledge.copy()
        twin._trail = self._trail.copy()
        twin._trail_starts = self._trail_starts.copy()
        twin._replaced = self._replaced.copy()
        twin._learnt_starts = self._learnt_starts.copy()
        twin._undone = None
        twin._kept_above = None
        twin._open = self._open.copy()
        twin._passed = []
        twin._foregone = self._foregone and self._foregone.copy()
        twin._facts = self._facts  # only remembers objects
        twin._terms = self._terms  # the same
        twin._unions = self._unions
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

    def decide_in_vain(
        self, package: P, version: V, exact: S, versions: S, needed: tuple[P, S], *, keep: bool = False
    ) -> None:
        """Record a dependency of *version* that is unlikely to be met, and select it, which `propagate` tells.

        Where it is certain that this is a conflict at once, only the conflict is resolved: see `mauve.solver.foregone`.

        Args:
            package: the parent, of which something is known.
            version: about to be decided.
            exact: the set of only that version.
            versions: all versions known to have this dependency; contains *version*.
            needed: the child and its range.
            keep: as for `propagate`.
        """
        child, child_versions = needed
        self.add_dependency(package, versions, child, child_versions)
        added = self._merged.get((package, child, child_versions))
        violated = None if added is None else self._foreseen(package, exact, child, added)
        if added is None or violated is None:
            self.solution.decide(package, version, exact)
            return
        learnt = resolve_on(violated, added, child)
        self._passed = [(child, learnt), (package, learnt)]
        level = max(1, self.solution.assignments[package].derivations[0].level)
        self._undone = None
        self._conclude(package, learnt, level, self.solution.level if keep else level, is_new=True, are_complete=True)

    def _foreseen(self, package: P, exact: S, child: P, added: Incompatibility[P, S]) -> Incompatibility[P, S] | None:
        """Return what would be violated first if *package* were decided as *exact*, which has *added* for *child*.

        None if that is not certain.
        """
        from mauve.solver.foregone import Foregone, may_follow

        solution, knowledge = self.solution, self._knowledge
        assignments, contradicted = solution.assignments, knowledge.contradicted
        own = assignments[package].term
        if child in assignments or own.relation(added.terms[package]) != INCONCLUSIVE:
            return None
        term = solution.selection(package, exact)
        for incompatibility, side, others in self._open.latest(package, knowledge.sides[package]):
            if (
                incompatibility is not added
                and incompatibility not in contradicted
                and own.relation(side) == INCONCLUSIVE
                and term.relation(side) != CONTRADICTED
                and may_follow(others, assignments)
            ):
                return None
        needed = added.terms[child].negated()
        if self._foregone is None:
            self._foregone = Foregone()
        return self._foregone.violated_by(needed, knowledge.sides[child], contradicted, assignments)

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
            term, needed = self._term(parent, versions), self._term(child, child_versions).negated()
            known = self._facts[key] = dependency(parent, term, child, child_versions, needed)
        return known

    def _term(self, package: P, versions: S) -> Term[S]:
        """Return that *package* is in *versions*, the same term for the same object.

        What one version needs, and what is said of one range by many, is compared with what is known only once.
        """
        key = (package, id(versions))
        known = self._terms.get(key)
        if known is None:
            known = self._terms[key] = Term(versions, True)
        return known

    def _united(self, versions: S, others: S) -> S:
        """Return the union, the same object for the same two: what neighbours need is merged for each package."""
        key = (id(versions), id(others))
        known = self._unions.get(key)
        if known is None:
            known = self._unions[key] = versions | others
        return known

    def _add(self, incompatibility: Incompatibility[P, S]) -> None:
        known = self.incompatibilities
        cause = incompatibility.cause
        if isinstance(cause, DependsOn) and cause.parent != cause.child:
            key = (cause.parent, cause.child, cause.child_versions)
            past = self._merged.get(key)
            if past is not None and isinstance(past.cause, DependsOn):
                versions = self._united(past.cause.parent_versions, cause.parent_versions)
                incompatibility = self._dependency(cause.parent, versions, cause.child, cause.child_versions)
                for package in past.terms:
                    known[package].remove(past)
                if incompatibility is not past:
                    self._replaced.add(past)
                    self._knowledge.contradicted.add(past)
            self._merged[key] = incompatibility
        self._knowledge.add(incompatibility)
        for package in incompatibility.terms:
            known.setdefault(package, []).append(incompatibility)

    # --- concluding

    def propagate(self, package: P, *, keep: bool = False) -> list[tuple[P, Incompatibility[P, S]]]:
        """Derive all that follows from the latest change of *package*, resolving conflicts on the way.

        Args:
            package: was decided, or something was told of it.
            keep: leave in place what would only be done again; `redo` must follow, which tells whether that is so.

        Returns:
            For each conflict, the packages and incompatibilities passed on the way to its root cause.

        Raises:
            Unsolvable: there is no solution.
        """
        passed, self._passed = self._passed, []
        if self._kept_above is not None:
            return passed
        stack = [package]
        level = self.solution.level
        if len(self._trail_starts) <= level:
            self._begin(level)
        while stack:
            violated = self._follow(stack.pop(), stack)
            if violated is not None:
                almost = self._resolve_conflict(violated, passed, keep=keep)
                stack = [] if self._kept_above is not None else [almost]
        return passed

    def _begin(self, level: int) -> None:
        """Begin all levels up to *level* that have not begun."""
        self._open.begin(level)
        self._trail_starts += [len(self._trail)] * (level + 1 - len(self._trail_starts))
        self._learnt_starts += [len(self._knowledge.learnt)] * (level + 1 - len(self._learnt_starts))

    def _follow(self, package: P, stack: list[P]) -> Incompatibility[P, S] | None:
        """Derive what follows from what is known of *package*, and put what changed on the *stack*.

        Returns:
            An incompatibility that is violated.
        """
        solution, contradicted, trail = self.solution, self._knowledge.contradicted, self._trail
        assignments = solution.assignments
        own = assignments.get(package)
        known = None if own is None else own.term
        every = self._knowledge.sides.get(package, [])
        sides = self._open.latest(package, every)
        count = 0
        # Relations are mostly remembered: asking for them here, not by `Term.relation`, is a quarter of the time.
        for incompatibility, term, others in reversed(sides):
            if incompatibility in contradicted:
                continue
            count += 1
            unsatisfied = None
            if known is None:
                unsatisfied = package
            else:
                relation = known.relations.get(term)
                if relation is None:
                    relation = known.relation(term)
                if relation == INCONCLUSIVE:
                    unsatisfied = package
                elif relation == CONTRADICTED:
                    contradicted.add(incompatibility)
                    trail.append(incompatibility)
                    count -= 1
                    continue
            for name, other in others:
                found = assignments.get(name)
                if found is None:
                    relation = INCONCLUSIVE
                else:
                    relation = found.term.relations.get(other)
                    if relation is None:
                        relation = found.term.relation(other)
                if relation == INCONCLUSIVE:
                    if unsatisfied is not None:
                        break
                    unsatisfied = name
                elif relation == CONTRADICTED:
                    contradicted.add(incompatibility)
                    trail.append(incompatibility)
                    break
            else:
                if unsatisfied is None:
                    self._sift(package, sides, count)
                    return incompatibility
                if unsatisfied not in stack:
                    stack.append(unsatisfied)
                solution.derive(unsatisfied, incompatibility)
                contradicted.add(incompatibility)
                trail.append(incompatibility)
                if unsatisfied == package:
                    known = assignments[package].term
        if len(sides) > FEW:
            self._sift(package, sides, count)
        return None

    def _sift(self, package: P, sides: list[Side[P, S]], count: int) -> None:
        """Keep what is left of *sides*; *count* of those that were looked at were open."""
        if len(sides) > FEW and 2 * count < len(sides):
            seen = len(self._knowledge.sides[package])
            recently = self._trail[self._trail_starts[-1] :]
            self._open.sift(package, sides, seen, self._knowledge.contradicted, recently)

    def _resolve_conflict(
        self, violated: Incompatibility[P, S], passed: list[tuple[P, Incompatibility[P, S]]], *, keep: bool
    ) -> P:
        """Go back to where *violated* could have been foreseen; return the package of which something follows there."""
        current, is_new = violated, False
        while not current.is_terminal(self.root, self.root_versions):
            package, satisfied_on, cause, level = self.solution.find_satisfier(current)
            if cause is None:
                self._conclude(package, current, level, satisfied_on - 1 if keep else level, is_new=is_new)
                passed.append((package, current))
                return package
            current, is_new = resolve_on(current, cause, package), True
            passed.append((package, current))
        self.conclusion = current
        raise Unsolvable

    def _conclude(
        self,
        package: P,
        cause: Incompatibility[P, S],
        level: int,
        top: int,
        *,
        is_new: bool,
        are_complete: bool = False,
    ) -> None:
        """Go back to *level* and derive what follows for *package*; levels up to *top* may stay in place.

        All that follows was learnt in the last level if the levels *are_complete*.
        """
        knowledge, starts = self._knowledge, self._learnt_starts
        if top > level:
            from mauve.solver.kept import Levels  # most projects are locked without any conflict

            levels = Levels(self.solution, knowledge, package, cause, level, top)
            top = levels.top
            if top > level:
                sides = self._open.below(package, knowledge.sides.get(package, []), level)
                top = levels.limit(sides, starts, self._replaced)
        if top > level:
            self._backtrack(top, are_complete=are_complete)
            old = self.solution.term(package)
            self.solution.derive_below(package, cause, level)
            if self._undone is not None:
                self._undone.learnt_below(package, old, self.solution, knowledge)
            self._kept_above = level
        else:
            self._backtrack(level, are_complete=are_complete)
            self.solution.derive(package, cause)
        if is_new:
            self._add(cause)
        knowledge.contradicted.add(cause)
        self._trail.append(cause)
        starts[level + 1 :] = [len(knowledge.learnt)] * (len(starts) - level - 1)

    def _backtrack(self, level: int, *, are_complete: bool = False) -> None:
        """Undo what is above *level*; if not *are_complete*, not everything that follows was learnt in the last one."""
        levels = self.solution.backtrack(level)
        starts, trail, contradicted = self._trail_starts, self._trail, self._knowledge.contradicted
        if levels:
            learnt, self._undone = self._learnt_starts, None
            if level + 1 < len(learnt):
                complete = len(levels) if are_complete else len(levels) - 1
                if complete:
                    from mauve.solver.undone import Undone

                    self._undone = Undone(level, levels, complete, learnt[level + 1], len(self.solution.history))
                del learnt[level + 1 :]
        if level + 1 < len(starts):
            start = starts[level + 1]
            contradicted.difference_update(trail[start:])
            contradicted.update(self._replaced.intersection(trail[start:]))
            del trail[start:], starts[level + 1 :]
        self._open.undo(level)

    def _let_go(self) -> None:
        """Undo what was kept."""
        level, self._kept_above = self._kept_above, None
        if level is not None:
            self._backtrack(level, are_complete=True)

    def _is_kept(self, level: int, order: int, settled: Container[Term[S]]) -> bool:
        """Return whether the same decisions as above *level* would be taken now."""
        solution = self.solution
        queue = solution.queued_by(order)
        if queue is None:
            return False
        return all([known.queue == queue and known.before in settled for known in solution.decided[level:]])  # noqa: C419 - quicker

    def redo(self, priority: Callable[[P], int], order: int, settled: Container[Term[S]]) -> int:
        """Take as many of the undone decisions again as are certain to be the next ones, with all that follows.

        Args:
            priority: of packages, see `PartialSolution.pick`.
            order: of priorities, likewise.
            settled: for which terms of a package the caller would choose the same version again.

        Returns:
            How many decisions that were.
        """
        kept = 0
        if self._kept_above is not None:
            if self._is_kept(self._kept_above, order, settled):
                kept, self._kept_above = self.solution.level - self._kept_above, None
            else:
                self._let_go()
        undone = self._undone
        if undone is None:
            return kept
        levels = undone.redo(self.solution, self._knowledge, priority, order, settled)
        if levels is None:
            self._undone = None
            return kept
        starts, trail = self._trail_starts, self._trail
        self._open.begin(self.solution.level)
        old_length = len(trail)
        for _, derivations in levels:
            starts.append(len(trail))
            trail += [derivation.cause for derivation in derivations]
        self._knowledge.contradicted.update(trail[old_length:])
        self._learnt_starts += [len(self._knowledge.learnt)] * len(levels)
        return kept + len(levels)

    def backtrack_before(self, package: P) -> int | None:
        """Undo the decision on *package* and all later ones; return how many, or None if it is undecided."""
        self._let_go()
        undone = self.solution.decisions_since(package)
        if undone is not None:
            self._backtrack(self.solution.level - undone)
        return undone
