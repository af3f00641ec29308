"""A statement about one package: its version is (or is not) in a set.

A positive term says "selected, with a version in the set"; a negative one says "not selected, or with
a version outside of the set". So a term is a set of outcomes, and the relations of terms are the
relations of those sets.

Specification: docs/resolution.md "Terms".
"""

from __future__ import annotations

from typing import Final, Generic, Protocol, Self, TypeVar


class Versions(Protocol):
    """What the solver must know about a set of versions.

    Laws: a Boolean algebra; equal sets are `==` and hash alike; `is_empty` tells the empty set.
    """

    @property
    def is_empty(self) -> bool:
        """Return whether no version is a member."""
        ...

    def __and__(self, other: Self) -> Self:
        """Return the intersection."""
        ...

    def __or__(self, other: Self) -> Self:
        """Return the union."""
        ...

    def __sub__(self, other: Self) -> Self:
        """Return the members that are not in *other*."""
        ...

    def is_subset(self, other: Self) -> bool:
        """Return whether every member is in *other*."""
        ...

    def is_disjoint(self, other: Self) -> bool:
        """Return whether no version is in both."""
        ...

    def overlap(self, other: Self) -> int:
        """Return 1 if every member is in *other*, -1 if none is, 0 if some are. No member is in every set."""
        ...


S = TypeVar("S", bound=Versions)

SATISFIED: Final = 1
INCONCLUSIVE: Final = 0
CONTRADICTED: Final = -1


class Term(Generic[S]):
    """A set of versions that is allowed (`positive`) or excluded for one package. Compared by identity.

    A search that goes back draws most of its conclusions again, from the same terms. So terms remember what was
    made of them, and as the same question gets the same object for an answer, the next one is known, too.

    Attributes:
        relations: to every term that this was compared with, see `relation`.
    """

    __slots__ = ("_intersections", "_opposite", "positive", "relations", "versions")

    versions: S
    positive: bool
    _opposite: Term[S] | None
    _intersections: dict[Term[S], Term[S]] | None
    relations: dict[Term[S], int]

    def __init__(self, versions: S, positive: bool) -> None:  # noqa: FBT001 - called a million times
        """Store the statement."""
        self.versions = versions
        self.positive = positive
        self._opposite = None
        self._intersections = None
        self.relations = {}

    def __repr__(self) -> str:
        """Show sign and set."""
        return f"Term({self.versions!r}, {self.positive!r})"

    @property
    def is_any(self) -> bool:
        """Return whether every outcome satisfies this term."""
        return not self.positive and self.versions.is_empty

    def negated(self) -> Term[S]:
        """Return the opposite statement; its opposite is this term."""
        opposite = self._opposite
        if opposite is None:
            opposite = self._opposite = Term(self.versions, not self.positive)
            opposite._opposite = self
        return opposite

    def narrowed(self, other: Term[S]) -> Term[S]:
        """Return the intersection with *other*, remembered."""
        memory = self._intersections
        if memory is None:
            memory = self._intersections = {}
        known = memory.get(other)
        if known is None:
            known = memory[other] = self.intersection(other)
        return known

    def intersection(self, other: Term[S]) -> Term[S]:
        """Return the statement that both terms hold."""
        if self.positive:
            if other.positive:
                return Term(self.versions & other.versions, True)
            return Term(self.versions - other.versions, True)
        if other.positive:
            return Term(other.versions - self.versions, True)
        return Term(self.versions | other.versions, False)

    def union(self, other: Term[S]) -> Term[S]:
        """Return the statement that at least one of the terms holds."""
        if self.positive:
            if other.positive:
                return Term(self.versions | other.versions, True)
            return Term(other.versions - self.versions, False)
        if other.positive:
            return Term(self.versions - other.versions, False)
        return Term(self.versions & other.versions, False)

    def relation(self, term: Term[S]) -> int:
        """Return how this term, as all that is known of the package, relates to *term*; remembered.

        `SATISFIED` if this implies it, `CONTRADICTED` if this excludes it.
        """
        known = self.relations.get(term)
        if known is None:
            known = self.relations[term] = self._related(term)
        return known

    def _related(self, term: Term[S]) -> int:
        ours, theirs = self.versions, term.versions
        if self.positive:
            return ours.overlap(theirs) if term.positive else -ours.overlap(theirs)
        if theirs.is_subset(ours):
            return CONTRADICTED if term.positive else SATISFIED
        return INCONCLUSIVE

    def is_disjoint(self, other: Term[S]) -> bool:
        """Return whether no outcome satisfies both terms."""
        if self.positive:
            if other.positive:
                return self.versions.is_disjoint(other.versions)
            return self.versions.is_subset(other.versions)
        return other.positive and other.versions.is_subset(self.versions)
