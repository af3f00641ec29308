"""What is known and decided so far, package by package, and how to go back.

Truth are the derivations and the decision of each package; its accumulated term is derived from them.
Packages keep a position: decided ones come first, in the order of their decisions. Only packages
behind `_changed_from` can have changed since the queue was last filled, and of those, if nothing was
undone, only the ones narrowed on the current level (`_touched`). That is what makes picking cheap;
positions are therefore part of the algorithm and not a detail.

Specification: docs/resolution.md "Partial solution".
"""

from __future__ import annotations

from bisect import bisect_left
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Generic, TypeVar

from mauve.solver.incompatibility import P
from mauve.solver.term import SATISFIED, S, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mauve.solver.incompatibility import Incompatibility

V = TypeVar("V")


class Derivation(Generic[P, S]):
    """One thing learnt about a package by propagation."""

    __slots__ = ("accumulated", "cause", "index", "level")

    def __init__(self, index: int, level: int, cause: Incompatibility[P, S], accumulated: Term[S]) -> None:
        """Store when (`index`, `level`), why, and the term of the package from then on."""
        self.index = index
        self.level = level
        self.cause = cause
        self.accumulated = accumulated


class Assignments(Generic[P, V, S]):
    """All that is known about one package.

    Attributes:
        term: the intersection of everything, decision included.
        decided: place of the decision in the history, or -1.
        version: the decided version; meaningless without a decision.
    """

    __slots__ = ("decided", "derivations", "first_level", "last_level", "term", "version")

    term: Term[S]
    derivations: list[Derivation[P, S]]
    version: V | None

    def __init__(self, first: Derivation[P, S]) -> None:
        """Start with the *first* thing learnt."""
        self.first_level = first.level
        self.last_level = first.level
        self.derivations = [first]
        self.term = first.accumulated
        self.decided = -1
        self.version = None

    def copy(self) -> Assignments[P, V, S]:
        """Return an independent copy."""
        twin: Assignments[P, V, S] = Assignments.__new__(Assignments)
        twin.first_level = self.first_level
        twin.last_level = self.last_level
        twin.derivations = self.derivations.copy()
        twin.term = self.term
        twin.decided = self.decided
        twin.version = self.version
        return twin

    def satisfier(self, opposite: Term[S]) -> tuple[int, int, Incompatibility[P, S] | None]:
        """Return place, level and cause of the first assignment since which *opposite* is impossible.

        The cause is None for the decision.
        """
        derivations = self.derivations
        place = bisect_left(derivations, True, key=lambda known: known.accumulated.is_disjoint(opposite))
        if place < len(derivations):
            found = derivations[place]
            return found.index, found.level, found.cause
        return self.decided, self.last_level, None


class PartialSolution(Generic[P, V, S]):
    """Assignments of all packages, in a history that can be cut back to a decision level."""

    __slots__ = (
        "_changed_from",
        "_exact",
        "_heap",
        "_next_index",
        "_order",
        "_position",
        "_queue",
        "_touched",
        "assignments",
        "backtracked",
        "level",
    )

    assignments: dict[P, Assignments[P, V, S]]
    _order: list[P]
    _position: dict[P, int]
    _queue: dict[P, tuple[int, ...]]
    _heap: list[tuple[tuple[int, ...], P]]
    _touched: list[P]
    _exact: dict[tuple[P, S], Term[S]]

    def __init__(self) -> None:
        """Start empty, at level 0."""
        self.assignments = {}
        self.level = 0
        self.backtracked = False
        self._next_index = 0
        self._changed_from = 0
        self._order = []
        self._position = {}
        self._queue = {}
        self._heap = []
        self._touched = []
        self._exact = {}

    def copy(self) -> PartialSolution[P, V, S]:
        """Return an independent copy."""
        twin: PartialSolution[P, V, S] = PartialSolution()
        twin.assignments = {package: known.copy() for package, known in self.assignments.items()}
        twin.level = self.level
        twin.backtracked = self.backtracked
        twin._next_index = self._next_index
        twin._changed_from = self._changed_from
        twin._order = self._order.copy()
        twin._position = self._position.copy()
        twin._queue = self._queue.copy()
        twin._heap = self._heap.copy()
        twin._touched = self._touched.copy()
        twin._exact = self._exact  # only remembers objects
        return twin

    # --- growing

    def decide(self, package: P, version: V, exact: S) -> None:
        """Select *version* of *package*; *exact* is the set of only that version."""
        place = self.level
        self.level += 1
        known = self.assignments[package]
        known.last_level = self.level
        known.decided = self._next_index
        known.version = version
        known.term = self.selection(package, exact)
        self._next_index += 1
        self._touched = []
        order, position = self._order, self._position
        old_place = position[package]
        if old_place != place:
            other = order[place]
            order[place], order[old_place] = package, other
            position[package], position[other] = place, old_place

    def selection(self, package: P, exact: S) -> Term[S]:
        """Return that the version of *package* is in *exact*; always the same object for the same question."""
        key = (package, exact)
        term = self._exact.get(key)
        if term is None:
            term = self._exact[key] = Term(exact, True)
        return term

    def derive(self, package: P, cause: Incompatibility[P, S]) -> None:
        """Record that the term of *package* in *cause* cannot hold."""
        term = cause.terms[package].negated()
        known = self.assignments.get(package)
        index, level = self._next_index, self.level
        self._next_index = index + 1
        if known is None:
            place = len(self._order)
            if term.positive:
                self._changed_from = min(self._changed_from, max(0, place - 1))
            self.assignments[package] = Assignments(Derivation(index, level, cause, term))
            self._position[package] = place
            self._order.append(package)
            self._touched.append(package)
            return
        term = known.term.narrowed(term)
        known.term = term
        if known.last_level != level:
            known.last_level = level
            self._touched.append(package)
        known.derivations.append(Derivation(index, level, cause, term))
        if term.positive:
            place = self._position[package]
            self._changed_from = min(self._changed_from, place)

    # --- choosing

    def changed_packages(self) -> Iterator[tuple[P, S]]:
        """Yield undecided packages that may have changed since the last `pick`, with their allowed versions."""
        assignments = self.assignments
        for package in self._changed():
            known = assignments[package]
            if known.decided < 0 and known.term.positive:
                yield package, known.term.versions

    def _changed(self) -> list[P]:
        """Return what may have changed, in order, decided packages among it."""
        start = self._changed_from
        if start == max(0, self.level - 1):
            return self._order[start:]
        position = self._position
        places = sorted([place for package in self._touched if (place := position[package]) >= start])
        order = self._order
        return [order[place] for place in places]

    def pick(self, priority: Callable[[P], tuple[int, ...]]) -> P | None:
        """Return the undecided package of the least *priority*, or None if all are decided.

        Priorities are asked for only where something changed; no two packages may have the same.
        """
        queue, heap, assignments = self._queue, self._heap, self.assignments
        for package in self._changed():
            known = assignments[package]
            if known.decided < 0 and known.term.positive:
                rank = priority(package)
                if queue.get(package) != rank:
                    queue[package] = rank
                    heappush(heap, (rank, package))
        self._changed_from = len(self._order)
        while heap:
            rank, package = heappop(heap)
            if queue.get(package) == rank:
                del queue[package]
                return package
        return None

    def undecided(self) -> Iterator[P]:
        """Yield the packages that wait for a decision, in no particular order."""
        return iter(self._queue)

    def decisions(self) -> list[tuple[P, V]]:
        """Return the selected versions in the order of their decisions."""
        found: list[tuple[P, V]] = []
        for package in self._order[: self.level]:
            version = self.assignments[package].version
            if version is not None:
                found.append((package, version))
        return found

    def term(self, package: P) -> Term[S] | None:
        """Return what is known about *package*."""
        known = self.assignments.get(package)
        return None if known is None else known.term

    def lasting_term(self, package: P) -> Term[S] | None:
        """Return what is known about *package* whatever is decided after the root."""
        known = self.assignments.get(package)
        if known is None:
            return None
        for derivation in reversed(known.derivations):
            if derivation.level <= 1:
                return derivation.accumulated
        return None

    # --- going back

    def backtrack(self, level: int) -> None:
        """Forget everything that was learnt or decided above *level*."""
        self.level = level
        assignments, position = self.assignments, self._position
        later = self._order[level:]
        # Those before were decided, and are not learnt about any more.
        order = self._order[:level]
        touched = []
        for package in later:
            known = assignments[package]
            if known.first_level > level:
                del assignments[package], position[package]
                continue
            position[package] = len(order)
            order.append(package)
            if known.last_level > level:
                derivations = known.derivations
                while derivations[-1].level > level:
                    derivations.pop()
                last = derivations[-1]
                known.last_level = last.level
                known.term = last.accumulated
                known.decided = -1
                known.version = None
            if known.last_level == level:
                touched.append(package)
        self._order = order
        self._touched = touched
        self._queue.clear()
        self._heap.clear()
        self._changed_from = max(0, level - 1)
        self.backtracked = True

    def decisions_since(self, package: P) -> int | None:
        """Return how many decisions there are from that on *package* on, None if it is undecided."""
        place = self._position.get(package)
        return None if place is None or place > self.level else self.level - place

    # --- relating

    def would_violate(self, incompatibility: Incompatibility[P, S], package: P, exact: Term[S]) -> bool:
        """Return whether every term of *incompatibility* would hold if *package* were decided as *exact*."""
        for name, term in incompatibility.terms.items():
            known = exact if name == package else self.term(name)
            if known is None or known.relation(term) != SATISFIED:
                return False
        return True

    def find_satisfier(self, incompatibility: Incompatibility[P, S]) -> tuple[P, Incompatibility[P, S] | None, int]:
        """Return the package whose assignment completed *incompatibility*, and where to go on.

        If the previous satisfier is of an earlier level, the answer is (package, None, that level); otherwise
        (package, cause of the satisfier, 0), and the cause has to be resolved with first.
        """
        assignments = self.assignments
        found = {
            package: assignments[package].satisfier(term.negated()) for package, term in incompatibility.terms.items()
        }
        package = max(found, key=lambda name: found[name][0])
        _, level, cause = found[package]
        known = assignments[package]
        accumulated = cause.terms[package].negated() if cause is not None else known.term
        opposite = accumulated.intersection(incompatibility.terms[package].negated())
        found[package] = known.satisfier(opposite)
        previous_level = max(1, max(found.values())[1])
        if previous_level >= level and cause is not None:
            return package, cause, 0
        return package, None, previous_level
