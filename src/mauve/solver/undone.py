"""What was undone by going back, so that it is not concluded again where nothing has changed.

Going back undoes many decisions that have nothing to do with the conflict; they are taken again, and lead to the
same conclusions. A level may be done again as it was if concluding anew could give nothing else:

- its package is the next one (if priorities have changed it is picked once more to find out), and what is known of
  that package is what was known the first time;
- everything then learnt follows from terms that are the same now (`_differing` names the packages whose are not);
- nothing else follows now. An incompatibility is looked at when one of its packages changes, so this is certain if no
  package of this level is in one that might hold now and could not then (`_touched` names the packages of these).

Where in doubt, the level is concluded anew: that is never wrong, and the next level may be one that can be done again.
Levels need not be the same ones: a package that is decided earlier than the last time, or not at all, is passed over.

Specification: docs/resolution.md "Partial solution".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic

from mauve.solver.incompatibility import P
from mauve.solver.partial_solution import V
from mauve.solver.term import CONTRADICTED, INCONCLUSIVE, SATISFIED, S, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from mauve.solver.knowledge import Knowledge
    from mauve.solver.partial_solution import Level, PartialSolution

_ATTEMPTS: Final = 12
"""How often in a row nothing could be done again before it is given up; each attempt costs a third of a level.

Mostly it goes on at once or after a few levels: a name that is decided earlier than before brings its proxies along.
"""


class Undone(Generic[P, V, S]):
    """The levels that were undone when it was gone back to one level, and how far the search has come since."""

    __slots__ = (
        "_attempts",
        "_complete",
        "_differing",
        "_known",
        "_level",
        "_levels",
        "_next",
        "_seen",
        "_touched",
    )

    _differing: dict[P, Term[S] | None]
    """Packages of which something else is known than was before the next level, with what that was."""
    _touched: set[P]

    def __init__(self, base: int, levels: list[Level[P, V, S]], complete: int, known: int, seen: int) -> None:
        """Store what was undone.

        Args:
            base: the level gone back to.
            levels: above it.
            complete: of how many of these everything that follows was learnt.
            known: how many incompatibilities there were when the first of them began.
            seen: how much is left of the history of the solution.
        """
        self._level = base
        self._next = 0
        self._levels = levels
        self._complete = complete
        self._known = known
        self._seen = seen
        self._attempts = 0
        self._differing = {}
        self._touched = set()

    def redo(
        self,
        solution: PartialSolution[P, V, S],
        knowledge: Knowledge[P, S],
        priority: Callable[[P], int],
        order: int,
        settled: Container[Term[S]],
    ) -> list[Level[P, V, S]] | None:
        """Do as many levels again as can be told to come out as they did; all that followed must have been concluded.

        Args:
            solution: to be taken further.
            knowledge: of its solver.
            priority: of packages, see `PartialSolution.pick`.
            order: of priorities, likewise.
            settled: for which terms of a package the same version would be chosen again.

        Returns:
            What was done again; None if there is nothing more to be expected.
        """
        self._compare(solution, knowledge)
        levels, count = self._levels, self._complete
        assignments, differing, touched = solution.assignments, self._differing, self._touched
        is_same, limit = differing.keys().isdisjoint, self._limit(solution, priority)
        redone: list[Level[P, V, S]] = []
        certain: list[Level[P, V, S]] = []
        while self._next < count:
            decision, derivations = levels[self._next]
            package = decision.package
            if package in differing:
                known = assignments.get(package)
                if known is not None and known.decided < 0 and known.term.positive:
                    break
                # It was decided earlier this time, or is not needed.
                self._pass(solution, knowledge, self._effects(self._next), {})
                self._next += 1
                limit = self._limit(solution, priority)
                continue
            if (
                package in touched
                or decision.before not in settled
                or (limit is not None and limit < priority(package))
                or any(
                    derivation.package in touched or not is_same(derivation.cause.terms) for derivation in derivations
                )
            ):
                break
            if decision.queue != solution.queued_by(order):
                # Priorities have changed since, but the package may be the next one all the same.
                solution.redo(certain)
                redone += certain
                certain = []
                again = solution.pick_again(decision, priority, order)
                if again is None:
                    break
                decision = again
            certain.append((decision, derivations))
            self._next += 1
        solution.redo(certain)
        redone += certain
        self._level = solution.level
        self._seen = len(solution.history)
        self._attempts = 0 if redone else self._attempts + 1
        return redone if redone or (self._next < count and self._attempts < _ATTEMPTS) else None

    def learnt_below(
        self, package: P, old: Term[S] | None, solution: PartialSolution[P, V, S], knowledge: Knowledge[P, S]
    ) -> None:
        """Take note that something was learnt about *package* below the base; *old* was known of it there before."""
        self._seen += 1
        now = solution.term(package)
        if old is not now:
            self._differing[package] = old
            self._touch(package, now, old, knowledge, is_decided=False)

    def _limit(self, solution: PartialSolution[P, V, S], priority: Callable[[P], int]) -> int | None:
        """Return the least priority of a package that might be picked now and could not be then."""
        assignments = solution.assignments
        return min(
            [
                priority(package)
                for package in self._differing
                if (known := assignments.get(package)) and known.decided < 0 and known.term.positive
            ],
            default=None,
        )

    def _compare(self, solution: PartialSolution[P, V, S], knowledge: Knowledge[P, S]) -> None:
        """Find out what has come to differ since the last time."""
        learnt, contradicted, touched = knowledge.learnt, knowledge.contradicted, self._touched
        for incompatibility in learnt[self._known :]:
            if incompatibility not in contradicted:
                touched.update(incompatibility.terms)
        self._known = len(learnt)
        counts: dict[P, int] = {}
        for derivation in solution.history[self._seen :]:
            counts[derivation.package] = counts.get(derivation.package, 0) + 1
        effects: dict[P, Term[S]] = {}
        for decision in solution.decided[self._level :]:
            counts.setdefault(decision.package, 0)
            if self._next < len(self._levels) and self._levels[self._next][0].package == decision.package:
                effects.update(self._effects(self._next))
                self._next += 1
        self._pass(solution, knowledge, effects, counts)

    def _effects(self, place: int) -> dict[P, Term[S]]:
        """Return what was known after the level at *place* of the packages that changed in it."""
        decision, derivations = self._levels[place]
        found = {derivation.package: derivation.accumulated for derivation in derivations}
        found[decision.package] = decision.term
        return found

    def _pass(
        self,
        solution: PartialSolution[P, V, S],
        knowledge: Knowledge[P, S],
        effects: dict[P, Term[S]],
        counts: dict[P, int],
    ) -> None:
        """Compare what is known now of the packages that changed with what was known then.

        Args:
            solution: as it is now.
            knowledge: of its solver.
            effects: of the levels that were undone and are passed by this: what was known behind them.
            counts: of the packages that have changed by now, how often something was learnt since the last time.
        """
        differing = self._differing
        for package in {**counts, **effects}:
            assigned = solution.assignments.get(package)
            now = None if assigned is None else assigned.term
            if package in effects:
                old: Term[S] | None = effects[package]
            elif package in differing:
                old = differing[package]
            else:
                place = 0 if assigned is None else len(assigned.derivations) - counts[package]
                old = assigned.derivations[place - 1].accumulated if assigned is not None and place else None
            if old is now:
                differing.pop(package, None)
            else:
                differing[package] = old
                is_decided = assigned is not None and assigned.decided >= 0
                self._touch(package, now, old, knowledge, is_decided=is_decided)

    def _touch(
        self, package: P, now: Term[S] | None, old: Term[S] | None, knowledge: Knowledge[P, S], *, is_decided: bool
    ) -> None:
        """Note what might follow from *now*, which is known of *package*, that could not from *old*."""
        contradicted, touched = knowledge.contradicted, self._touched
        is_narrower = now is not None and (old is None or now.relation(old) == SATISFIED)
        # Of two terms the other one is concluded at once where one holds; so only a term that might hold again counts.
        every = not is_narrower and not is_decided
        for incompatibility, term, _ in (knowledge.sides if every else knowledge.wide).get(package, ()):
            if incompatibility in contradicted:
                continue
            relation = INCONCLUSIVE if now is None else now.relation(term)
            if relation != CONTRADICTED and relation != (INCONCLUSIVE if old is None else old.relation(term)):
                touched.update(incompatibility.terms)
