"""All incompatibilities of one solver, as its packages see them.

Specification: docs/resolution.md "Incompatibilities".
"""

from __future__ import annotations

from typing import Generic, TypeAlias

from mauve.solver.incompatibility import Incompatibility, P
from mauve.solver.term import S, Term

Side: TypeAlias = "tuple[Incompatibility[P, S], Term[S], tuple[tuple[P, Term[S]], ...]]"
"""An incompatibility as seen from one of its packages: its term, and the terms of the others."""


class Knowledge(Generic[P, S]):
    """The incompatibilities of a solver, which keeps adding to them.

    Attributes:
        sides: of each package.
        wide: those of them that have three terms or more.
        learnt: all, in the order in which they were learnt.
        contradicted: those that cannot hold whatever is decided next.
    """

    __slots__ = ("contradicted", "learnt", "sides", "wide")

    def __init__(self) -> None:
        """Start with nothing."""
        self.sides: dict[P, list[Side[P, S]]] = {}
        self.wide: dict[P, list[Side[P, S]]] = {}
        self.learnt: list[Incompatibility[P, S]] = []
        self.contradicted: set[Incompatibility[P, S]] = set()

    def copy(self) -> Knowledge[P, S]:
        """Return an independent copy."""
        twin: Knowledge[P, S] = Knowledge()
        twin.sides = {package: sides.copy() for package, sides in self.sides.items()}
        twin.wide = {package: sides.copy() for package, sides in self.wide.items()}
        twin.learnt = self.learnt.copy()
        twin.contradicted = self.contradicted.copy()
        return twin

    def add(self, incompatibility: Incompatibility[P, S]) -> None:
        """Remember *incompatibility* for each of its packages."""
        self.learnt.append(incompatibility)
        sides = self.sides
        terms = tuple(incompatibility.terms.items())
        if len(terms) == 2:
            # A dependency, as nearly all are.
            (package, term), (other, other_term) = terms
            sides.setdefault(package, []).append((incompatibility, term, terms[1:]))
            sides.setdefault(other, []).append((incompatibility, other_term, terms[:1]))
            return
        for package, term in terms:
            side = incompatibility, term, tuple([entry for entry in terms if entry[0] != package])
            sides.setdefault(package, []).append(side)
            if len(terms) > 2:
                self.wide.setdefault(package, []).append(side)
