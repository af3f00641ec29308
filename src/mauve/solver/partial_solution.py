"""What is known and decided so far, package by package, and how to go back.

Everything learnt has a place: its level and its turn within. What is undone and then done again in the same way has
the same place again, so `redo` takes over what `backtrack` gave away; `mauve.solver.undone` tells when that is right.

Truth are the derivations and the decision of each package; its accumulated term is derived from them.
Packages keep a position: decided ones come first, in the order of their decisions.

A package keeps its place in the queue until something is learnt about it, or undone (`_touched`): priorities that
change in the meantime do not move it. That is what makes picking cheap, and it decides which solution is found, so it
is part of the algorithm and not a detail.

Specification: docs/resolution.md "Partial solution".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar

from mauve.solver.incompatibility import P
from mauve.solver.term import SATISFIED, S, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mauve.solver.incompatibility import Incompatibility

V = TypeVar("V")

LEVEL_SHIFT: Final = 32
"""An index has the level above this bit, and below it the turn within the level."""
_OUTDATED: Final = 8
"""How many entries of the heap there may be for each package of the queue; those that do not count are let be."""


class Derivation(Generic[P, S]):
    """One thing learnt about a package by propagation. Never changed, so copies of a solution share it."""

    __slots__ = ("accumulated", "cause", "index", "level", "package")

    def __init__(self, package: P, index: int, level: int, cause: Incompatibility[P, S], accumulated: Term[S]) -> None:
        """Store of what, when (`index`, `level`), why, and the term of the package from then on."""
        self.package = package
        self.index = index
        self.level = level
        self.cause = cause
        self.accumulated = accumulated


class Decision(Generic[P, V, S]):
    """The choice that begins a level. Never changed, so copies of a solution share it.

    Attributes:
        before: what was known of the package.
        term: the package has exactly this version.
        queue: the places of packages by which this one was the first, see `PartialSolution.queued_by`.
    """

    __slots__ = ("before", "package", "queue", "term", "version")

    def __init__(self, package: P, version: V, before: Term[S], term: Term[S], queue: int) -> None:
        """Store the parts."""
        self.package = package
        self.version = version
        self.before = before
        self.term = term
        self.queue = queue


Level: TypeAlias = "tuple[Decision[P, V, S], list[Derivation[P, S]]]"
"""A decision, and all that was learnt until the next one, in order."""


class Assignments(Generic[P, V, S]):
    """All that is known about one package.

    Attributes:
        term: the intersection of everything, decision included.
        decided: index of the decision, or -1.
        version: the decided version; meaningless without a decision.
    """

    __slots__ = ("decided", "derivations", "last_level", "term", "version")

    term: Term[S]
    derivations: list[Derivation[P, S]]
    version: V | None

    def __init__(self, first: Derivation[P, S]) -> None:
        """Start with the *first* thing learnt."""
        self.last_level = first.level
        self.derivations = [first]
        self.term = first.accumulated
        self.decided = -1
        self.version = None

    def copy(self) -> Assignments[P, V, S]:
        """Return an independent copy."""
        twin: Assignments[P, V, S] = Assignments.__new__(Assignments)
        twin.last_level = self.last_level
        twin.derivations = self.derivations.copy()
        twin.term = self.term
        twin.decided = self.decided
        twin.version = self.version
        return twin

    def before_last(self) -> Term[S] | None:
        """Return what was known before the last derivation or the decision."""
        place = -1 if self.decided >= 0 else -2
        return self.derivations[place].accumulated if len(self.derivations) >= -place else None

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
    """Assignments of all packages, in a history that can be cut back to a decision level.

    Attributes:
        history: everything learnt, oldest first.
        decided: the decision that began each level but the first, level 0.
        starts: for each of them how much had been learnt before.
        backtracked: whether anything was undone yet.
    """

    __slots__ = (
        "_exact",
        "_heap",
        "_next_index",
        "_order",
        "_places",
        "_position",
        "_queue",
        "_queued_by",
        "_ranked",
        "_stale",
        "_touched",
        "assignments",
        "backtracked",
        "decided",
        "history",
        "level",
        "starts",
    )

    assignments: dict[P, Assignments[P, V, S]]
    history: list[Derivation[P, S]]
    decided: list[Decision[P, V, S]]
    _order: list[P]
    _position: dict[P, int]
    _queue: dict[P, int]
    _heap: list[int]
    _ranked: dict[int, P]
    """The packages whose priorities are in the heap."""
    _touched: dict[P, None]
    """What may have changed since the last `pick`, in this order."""
    _stale: set[P]
    """Packages that are not where they would be put now in the queue; exact as long as the order is `_queued_by`."""
    _places: int
    """Another number whenever `_queued_by` or `_stale` has changed."""
    _exact: dict[tuple[P, S], Term[S]]

    def __init__(self) -> None:
        """Start empty, at level 0."""
        self.assignments = {}
        self.history = []
        self.decided = []
        self.starts: list[int] = []
        self.level = 0
        self.backtracked = False
        self._queued_by = -1
        self._places = 0
        self._next_index = 0
        self._order = []
        self._position = {}
        self._queue = {}
        self._heap = []
        self._ranked = {}
        self._touched = {}
        self._stale = set()
        self._exact = {}

    def copy(self) -> PartialSolution[P, V, S]:
        """Return an independent copy."""
        twin: PartialSolution[P, V, S] = PartialSolution()
        twin.assignments = {package: known.copy() for package, known in self.assignments.items()}
        twin.history = self.history.copy()
        twin.decided = self.decided.copy()
        twin.starts = self.starts.copy()
        twin._queued_by = self._queued_by
        twin._places = self._places
        twin.level = self.level
        twin.backtracked = self.backtracked
        twin._next_index = self._next_index
        twin._order = self._order.copy()
        twin._position = self._position.copy()
        twin._queue = self._queue.copy()
        twin._heap = self._heap.copy()
        twin._ranked = self._ranked.copy()
        twin._touched = self._touched.copy()
        twin._stale = self._stale.copy()
        twin._exact = self._exact  # only remembers objects
        return twin

    # --- growing

    def decide(self, package: P, version: V, exact: S) -> None:
        """Select *version* of *package*; *exact* is the set of only that version."""
        place = self.level
        self.level = level = place + 1
        known = self.assignments[package]
        term = self.selection(package, exact)
        self.decided.append(Decision(package, version, known.term, term, self._places))
        self.starts.append(len(self.history))
        known.last_level = level
        known.decided = level << LEVEL_SHIFT
        known.version = version
        known.term = term
        self._next_index = known.decided + 1
        self._touched.pop(package, None)
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
        self._touched[package] = None
        if known is None:
            derivation = Derivation(package, index, level, cause, term)
            self.assignments[package] = Assignments(derivation)
            self.history.append(derivation)
            self._position[package] = len(self._order)
            self._order.append(package)
            return
        known.term = term = known.term.narrowed(term)
        known.last_level = level
        derivation = Derivation(package, index, level, cause, term)
        known.derivations.append(derivation)
        self.history.append(derivation)

    def derive_below(self, package: P, cause: Incompatibility[P, S], level: int) -> None:
        """Record what `derive` would have recorded on *level*, with all that was learnt on the levels above.

        What was learnt there about *package* itself, which is undecided, must follow from the same causes now, too.
        """
        history, starts = self.history, self.starts
        place = starts[level]
        last = history[place - 1] if place else None
        index = last.index + 1 if last is not None and last.level == level else (level << LEVEL_SHIFT) + 1
        term = cause.terms[package].negated()
        self._touched[package] = None
        known = self.assignments.get(package)
        if known is None:
            derivation = Derivation(package, index, level, cause, term)
            self.assignments[package] = Assignments(derivation)
            self._position[package] = len(self._order)
            self._order.append(package)
        else:
            derivations = known.derivations
            count = bisect_right(derivations, level, key=lambda derivation: derivation.level)
            if count:
                term = derivations[count - 1].accumulated.narrowed(term)
            derivation = Derivation(package, index, level, cause, term)
            for turn, old in enumerate(derivations[count:], count):
                term = term.narrowed(old.cause.terms[package].negated())
                derivations[turn] = new = Derivation(package, old.index, old.level, old.cause, term)
                history[history.index(old, starts[old.level - 1])] = new
            derivations.insert(count, derivation)
            known.last_level = derivations[-1].level
            known.term = term
        history.insert(place, derivation)
        starts[level:] = [start + 1 for start in starts[level:]]

    # --- choosing

    def changed_packages(self) -> Iterator[tuple[P, S]]:
        """Yield undecided packages that may have changed since the last `pick`, with their allowed versions."""
        assignments = self.assignments
        for package in self._touched:
            known = assignments[package]
            if known.decided < 0 and known.term.positive:
                yield package, known.term.versions

    def pick(self, priority: Callable[[P], int], order: int = 0) -> P | None:
        """Return the undecided package that is first in the queue, or None if all are decided.

        The least *priority* comes first. It is asked for only where something changed since the last time; no two
        packages may have the same. As long as *order* is the same, all priorities are.
        """
        self._requeue(priority, order)
        package = self._first()
        if package is not None:
            self._take(package)
            # If it is not decided now, it waits again.
            self._touched[package] = None
        return package

    def _requeue(self, priority: Callable[[P], int], order: int) -> None:
        """Give the packages that changed the place in the queue that they have by *priority* now."""
        queue, heap, assignments, stale = self._queue, self._heap, self.assignments, self._stale
        if stale and not stale.isdisjoint(self._touched):
            self._places += 1
            stale.difference_update(self._touched)
        for package in self._touched:
            known = assignments[package]
            if known.decided < 0 and known.term.positive:
                rank = priority(package)
                if queue.get(package) != rank:
                    queue[package] = rank
                    self._ranked[rank] = package
                    heappush(heap, rank)
            else:
                queue.pop(package, None)
        self._touched.clear()
        if self._queued_by != order:
            self._queued_by = order
            self._places += 1
            self._stale = {package for package, rank in queue.items() if rank != priority(package)}
        if len(heap) > _OUTDATED * (len(queue) + 1):
            heap[:] = queue.values()
            heapify(heap)

    def _first(self) -> P | None:
        """Return the first package of the queue."""
        queue, heap, ranked = self._queue, self._heap, self._ranked
        while heap:
            rank = heap[0]
            package = ranked[rank]
            if queue.get(package) == rank:
                return package
            heappop(heap)
        return None

    def _take(self, package: P) -> None:
        """Take *package* from the queue."""
        self._queue.pop(package, None)
        if package in self._stale:
            self._stale.discard(package)
            self._places += 1

    def queued_by(self, order: int) -> int | None:
        """Return a number for the places that packages have by *order*, None if some of those waiting change now.

        As long as it is the same, a package has the same place whenever it waits.
        """
        if self._queued_by != order or not self._stale.isdisjoint(self._touched):
            return None
        return self._places

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

    def term_at(self, package: P, level: int) -> Term[S] | None:
        """Return what is known about *package* whatever is decided above *level*."""
        known = self.assignments.get(package)
        if known is None:
            return None
        for derivation in reversed(known.derivations):
            if derivation.level <= level:
                return derivation.accumulated
        return None

    # --- going back

    def backtrack(self, level: int) -> list[Level[P, V, S]]:
        """Forget and return, level by level, everything that was decided or learnt above *level*."""
        history, starts = self.history, self.starts
        ends = [*starts[level + 1 :], len(history)]
        undone = [
            (decision, history[start:end])
            for decision, start, end in zip(self.decided[level:], starts[level:], ends, strict=False)
        ]
        if undone:
            del history[starts[level] :], self.decided[level:], starts[level:]
        self._next_index = self._index_after(level)
        self.level = level
        self._take_back(level, undone)
        self.backtracked = True
        return undone

    def _take_back(self, level: int, undone: list[Level[P, V, S]]) -> None:
        """Make the assignments and the order of packages what they were on *level*, before what was *undone*."""
        assignments, position, touched = self.assignments, self._position, self._touched
        changed: dict[P, None] = {}
        for decision, derivations in reversed(undone):
            for derivation in derivations:
                assignments[derivation.package].derivations.pop()
                changed[derivation.package] = None
            known = assignments[decision.package]
            known.decided = -1
            known.version = None
            changed[decision.package] = None
        is_shorter = False
        for package in changed:
            known = assignments[package]
            if known.derivations:
                last = known.derivations[-1]
                known.last_level = last.level
                known.term = last.accumulated
                touched[package] = None
            else:
                del assignments[package], position[package]
                touched.pop(package, None)
                self._take(package)
                is_shorter = True
        order = self._order
        if is_shorter:
            # Those before were decided, and are not learnt about any more.
            order[level:] = [package for package in order[level:] if package in assignments]
            position.update(zip(order[level:], range(level, len(order)), strict=True))

    def pick_again(
        self, decision: Decision[P, V, S], priority: Callable[[P], int], order: int
    ) -> Decision[P, V, S] | None:
        """Return *decision* as one by *order* if its package is the next one, otherwise None; see `pick`."""
        self._requeue(priority, order)
        if self._first() != decision.package:
            return None
        self._take(decision.package)
        return Decision(decision.package, decision.version, decision.before, decision.term, self._places)

    def redo(self, levels: list[Level[P, V, S]]) -> None:
        """Decide and learn once more what was decided and learnt in *levels* the last time."""
        if not levels:
            return
        touched, assignments, position = self._touched, self.assignments, self._position
        history, starts, order, place = self.history, self.starts, self._order, self.level
        for decision, derivations in levels:
            package = decision.package
            self._take(package)
            touched.pop(package, None)
            starts.append(len(history))
            known = assignments[package]
            known.last_level = level = place + 1
            known.decided = level << LEVEL_SHIFT
            known.version = decision.version
            known.term = decision.term
            old_place = position[package]
            if old_place != place:
                other = order[place]
                order[place], order[old_place] = package, other
                position[package], position[other] = place, old_place
            place = level
            if derivations and derivations[0].level != level:
                index = (level << LEVEL_SHIFT) + 1
                derivations = [  # noqa: PLW2901 - the same, moved
                    Derivation(old.package, turn, level, old.cause, old.accumulated)
                    for turn, old in enumerate(derivations, index)
                ]
            for derivation in derivations:
                package = derivation.package
                touched[package] = None
                if package in assignments:
                    known = assignments[package]
                    known.term = derivation.accumulated
                    known.last_level = level
                    known.derivations.append(derivation)
                else:
                    assignments[package] = Assignments(derivation)
                    position[package] = len(order)
                    order.append(package)
            history += derivations
        self.decided += [decision for decision, _ in levels]
        self.level = place
        self._next_index = self._index_after(place)

    def _index_after(self, level: int) -> int:
        """Return the index of what is learnt next on *level*."""
        last = self.history[-1] if self.history else None
        return last.index + 1 if last is not None and last.level == level else (level << LEVEL_SHIFT) + 1

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

    def find_satisfier(
        self, incompatibility: Incompatibility[P, S]
    ) -> tuple[P, int, Incompatibility[P, S] | None, int]:
        """Return the package whose assignment completed *incompatibility* and on which level, and where to go on.

        If the previous satisfier is of an earlier level, the answer ends in (None, that level); otherwise in
        (cause of the satisfier, 0), and the cause has to be resolved with first.
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
            return package, level, cause, 0
        return package, level, None, previous_level
