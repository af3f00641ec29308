"""How many levels may stay where they are when it is gone back: undoing them would only be the way to do them again.

A conflict teaches something about one package, often long after the level it is concluded on: that a version cannot be
used at all, for example, which is concluded on level 1. The decisions between are mostly taken again, with the same
conclusions. A level is certain to come out as it did if

- what was learnt about the package on it is learnt again, from what is known of the package now, and the package waited
  for its turn already;
- nothing else follows now. An incompatibility lets something follow on the level where all its terms but one come to
  hold, unless one was contradicted before. So it is certain if that level is not below for any incompatibility that
  is new (was not known when the level was concluded), and not lower than it was for any that names the package.

Terms only become narrower from level to level: when a term came to hold, or was contradicted, is found by bisection.
Where in doubt, the level is undone; that is never wrong.

Specification: docs/resolution.md "Partial solution".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, Generic

from mauve.solver.incompatibility import Incompatibility, P
from mauve.solver.partial_solution import LEVEL_SHIFT, V
from mauve.solver.term import CONTRADICTED, INCONCLUSIVE, SATISFIED, S, Term

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from mauve.solver.knowledge import Knowledge, Side
    from mauve.solver.partial_solution import PartialSolution

_NEVER: Final = 1 << 31
"""Above every level."""


class Levels(Generic[P, V, S]):
    """The levels above *base*, once more looked at with something learnt on *base*."""

    __slots__ = ("_assignments", "_base", "_knowledge", "_now", "_package", "_then", "top")

    _then: list[tuple[int, Term[S] | None]]
    """What was known of the package, and since which level; the first entry counts for *base* and all below."""
    _now: list[tuple[int, Term[S]]]
    """The same with what was learnt."""

    def __init__(
        self,
        solution: PartialSolution[P, V, S],
        knowledge: Knowledge[P, S],
        package: P,
        cause: Incompatibility[P, S],
        base: int,
        top: int,
    ) -> None:
        """Prepare to tell up to which level all comes out as it did.

        Args:
            solution: as it was when the conflict was found.
            knowledge: of its solver.
            package: about which something was learnt.
            cause: why; all its other terms hold on *base*.
            base: where to go back to.
            top: the last level that is in question; the package was not decided on it or below.
        """
        self._assignments = solution.assignments
        self._knowledge = knowledge
        self._package = package
        self._base = base
        self.top = top
        self._narrow(cause)

    def _narrow(self, cause: Incompatibility[P, S]) -> None:
        """Fill `_then` and `_now`, up to the first level on which what was learnt then cannot be learnt again."""
        package, base = self._package, self._base
        learnt = cause.terms[package].negated()
        known = self._assignments.get(package)
        derivations = known.derivations if known is not None else []
        count = bisect_right(derivations, base, key=lambda derivation: derivation.level)
        before = derivations[count - 1].accumulated if count else None
        now = learnt if before is None else before.narrowed(learnt)
        self._then = [(base, before)]
        self._now = [(base, now)]
        if now.positive and (before is None or not before.positive):
            # It waits for its turn from now on, which may come before that of others.
            self.top = base
            return
        for derivation in derivations[count:]:
            level = derivation.level
            if level > self.top:
                break
            term = derivation.cause.terms[package]
            if now.relation(term) != INCONCLUSIVE:
                self.top = level - 1
                return
            now = now.narrowed(term.negated())
            self._then.append((level, derivation.accumulated))
            self._now.append((level, now))

    @property
    def before(self) -> Term[S] | None:
        """Return what was known of the package on the base."""
        return self._then[0][1]

    @property
    def now(self) -> Term[S]:
        """Return what is known of it there with what was learnt."""
        return self._now[0][1]

    def limit(
        self,
        sides: Iterable[Side[P, S]],
        learnt_starts: list[int],
        replaced: Container[Incompatibility[P, S]],
    ) -> int:
        """Return the last level that comes out as it did; no more than the base if none does.

        Args:
            sides: what names the package and may not be contradicted by what is known of it `now`.
            learnt_starts: how many incompatibilities were known when each level was concluded.
            replaced: incompatibilities that are not looked at any more.
        """
        open_sides = self._follow_base(sides, replaced)
        if self.top > self._base and len(self._now) > 1:
            self._follow_levels(open_sides, replaced)
        if self.top > self._base:
            self._follow_new(learnt_starts, replaced)
        return self.top

    def _follow_base(self, sides: Iterable[Side[P, S]], replaced: Container[Incompatibility[P, S]]) -> list[Side[P, S]]:
        """Look at *sides* on the base; return those of which the package does not tell there whether they hold."""
        base, assignments, now = self._base, self._assignments, self.now
        relations = now.relations
        found: list[Side[P, S]] = []
        for side in sides:
            incompatibility, term, others = side
            relation = relations.get(term)
            if relation is None:
                relation = now.relation(term)
            if relation == CONTRADICTED:
                continue
            if relation == INCONCLUSIVE:
                found.append(side)
                for name, other in others:
                    known = assignments.get(name)
                    if known is None or known.term.relation(other) != SATISFIED:
                        break
                else:
                    if incompatibility not in replaced and self._fires(incompatibility) <= base:
                        self.top = base
                        break
                continue
            if incompatibility in replaced:
                continue
            fires = self._fires(incompatibility)
            if fires <= min(self.top, _first_level(self._then, term)):
                self.top = max(base, fires - 1)
                if self.top == base:
                    break
        return found

    def _follow_levels(self, sides: list[Side[P, S]], replaced: Container[Incompatibility[P, S]]) -> None:
        """Look at *sides* above the base, where more is known of the package."""
        now, then = self._now[-1][1], self._then[-1][1]
        known = {} if then is None else then.relations
        for incompatibility, term, _ in sides:
            # What was contradicted before is contradicted now.
            if known.get(term) == CONTRADICTED or now.relation(term) != SATISFIED:
                continue
            before = _first_level(self._then, term)
            if _first_level(self._now, term) != before and incompatibility not in replaced:
                fires = self._fires(incompatibility)
                if fires <= min(self.top, before):
                    self.top = max(self._base, fires - 1)
                    if self.top == self._base:
                        return

    def _follow_new(self, learnt_starts: list[int], replaced: Container[Incompatibility[P, S]]) -> None:
        """Look at what was not known yet when the levels were concluded."""
        base, learnt = self._base, self._knowledge.learnt
        for place in range(learnt_starts[base + 1], len(learnt)):
            incompatibility = learnt[place]
            if incompatibility in replaced:
                continue
            fires = self._fires(incompatibility)
            if fires <= base:
                # It is looked at when one of its packages changes.
                fires = min([self._next_change(name) for name in incompatibility.terms])
            if fires <= self.top and learnt_starts[fires] <= place:
                self.top = fires - 1
                if self.top <= base:
                    return

    def _fires(self, incompatibility: Incompatibility[P, S]) -> int:
        """Return on which level something followed, or would follow now, from *incompatibility*."""
        satisfied: list[int] = []
        contradicted = _NEVER
        for name, term in incompatibility.terms.items():
            if name == self._package:
                satisfied.append(_first_level(self._now, term))
                contradicted = min(contradicted, _first_level(self._now, term, CONTRADICTED))
                continue
            level, relation = self._since(name, term)
            if relation == CONTRADICTED:
                contradicted = min(contradicted, level)
                level = _NEVER
            satisfied.append(level)
        satisfied.sort()
        fires = max(satisfied[-2], self._base) if len(satisfied) > 1 else self._base
        return _NEVER if contradicted <= self._base or contradicted < fires else fires

    def _since(self, name: P, term: Term[S]) -> tuple[int, int]:
        """Return since which level *term* of another package holds or is contradicted, and which of both."""
        known = self._assignments.get(name)
        if known is None:
            return _NEVER, INCONCLUSIVE
        relation = known.term.relation(term)
        if relation == INCONCLUSIVE:
            return _NEVER, INCONCLUSIVE
        derivations = known.derivations
        place = bisect_left(
            derivations, True, key=lambda derivation: derivation.accumulated.relation(term) != INCONCLUSIVE
        )
        level = derivations[place].level if place < len(derivations) else known.decided >> LEVEL_SHIFT
        return (level, relation) if level <= self.top else (_NEVER, INCONCLUSIVE)

    def _next_change(self, name: P) -> int:
        """Return the first level above the base on which something was learnt about *name*, or it was decided."""
        known = self._assignments.get(name)
        if known is None:
            return _NEVER
        derivations = known.derivations
        place = bisect_right(derivations, self._base, key=lambda derivation: derivation.level)
        if place < len(derivations):
            return derivations[place].level
        decided = known.decided >> LEVEL_SHIFT
        return decided if decided > self._base else _NEVER


def _first_level(steps: Sequence[tuple[int, Term[S] | None]], term: Term[S], relation: int = SATISFIED) -> int:
    """Return since which level what is known is in *relation* to *term*."""
    for level, known in steps:
        if known is not None and known.relation(term) == relation:
            return level
    return _NEVER
