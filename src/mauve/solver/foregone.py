"""Conflicts that are certain before a version is decided: it depends on something that is known to be impossible.

Many versions need a newer Python than a fork has. Each would be decided, what it needs would be concluded and found
to be impossible, and the decision would be undone: always the same, and most of the conflicts of a long search. Where
nothing else can come between, only the conclusion is drawn.

Specification: docs/resolution.md "The solver".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol

from mauve.solver.incompatibility import Incompatibility, P
from mauve.solver.term import CONTRADICTED, INCONCLUSIVE, SATISFIED, S, Term

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from mauve.solver.knowledge import Side


class Known(Protocol[S]):
    """What is known of a package."""

    term: Term[S]


class _Seen(Generic[P, S]):
    """What the first `count` sides of a package say of a term.

    Attributes:
        violated: the newest incompatibility that the term alone violates; None if something else follows before that.
        watched: newer ones from which something might follow, depending on other packages.
    """

    __slots__ = ("count", "violated", "watched")

    def __init__(self, count: int, violated: Incompatibility[P, S] | None, watched: list[Side[P, S]]) -> None:
        self.count = count
        self.violated = violated
        self.watched = watched


class Foregone(Generic[P, S]):
    """What is known to be impossible of packages that nothing else is known of; never changed for a count of sides."""

    __slots__ = ("_seen",)

    _seen: dict[Term[S], _Seen[P, S]]

    def __init__(self) -> None:
        """Start with nothing."""
        self._seen = {}

    def copy(self) -> Foregone[P, S]:
        """Return an independent copy."""
        twin: Foregone[P, S] = Foregone()
        twin._seen = self._seen.copy()
        return twin

    def violated_by(
        self,
        needed: Term[S],
        sides: Sequence[Side[P, S]],
        contradicted: Container[Incompatibility[P, S]],
        assignments: Mapping[P, Known[S]],
    ) -> Incompatibility[P, S] | None:
        """Return the incompatibility that would be violated first if *needed* were all that is known of a package.

        None if there is none, or if something else might follow first. All that follows from what is known now must
        have been concluded.

        Args:
            needed: about a package of which nothing is known.
            sides: all of that package, the oldest first.
            contradicted: incompatibilities that cannot hold now.
            assignments: of other packages.
        """
        seen = self._seen.get(needed)
        if seen is None or seen.count < len(sides):
            seen = self._seen[needed] = _look(needed, sides, seen)
        violated = seen.violated
        if violated is None or violated in contradicted:
            return None
        for incompatibility, _, others in seen.watched:
            if incompatibility not in contradicted and may_follow(others, assignments):
                return None
        return violated


def _look(needed: Term[S], sides: Sequence[Side[P, S]], seen: _Seen[P, S] | None) -> _Seen[P, S]:
    count, violated, watched = (0, None, []) if seen is None else (seen.count, seen.violated, seen.watched.copy())
    for side in sides[count:]:
        incompatibility, term, others = side
        relation = needed.relation(term)
        if relation == CONTRADICTED:
            continue
        if not others:
            # Without other packages it is violated, or something follows from it in any case.
            violated, watched = (incompatibility if relation == SATISFIED else None), []
        elif relation == SATISFIED:
            watched.append(side)
        # Otherwise it would follow from all other terms that the package is not as needed, and that would be known.
    return _Seen(len(sides), violated, watched)


def may_follow(terms: Iterable[tuple[P, Term[S]]], assignments: Mapping[P, Known[S]]) -> bool:
    """Return whether something follows from an incompatibility if, besides one that holds, it has these *terms*."""
    is_open = False
    for name, term in terms:
        known = assignments.get(name)
        relation = INCONCLUSIVE if known is None else known.term.relation(term)
        if relation == CONTRADICTED:
            return False
        if relation == INCONCLUSIVE:
            if is_open:
                return False
            is_open = True
    return True
