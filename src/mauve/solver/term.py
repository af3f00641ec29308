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


S = TypeVar("S", bound=Versions)

SATISFIED: Final = 1
INCONCLUSIVE: Final = 0
CONTRADICTED: Final = -1


class Term(Generic[S]):
    """A set of versions that is allowed (`positive`) or excluded for one package."""

    __slots__ = ("positive", "versions")

    versions: S
    positive: bool

    def __init__(self, versions: S, positive: bool) -> None:  # noqa: FBT001 - called a million times
        """Store the statement."""
        self.versions = versions
        self.positive = positive

    def __repr__(self) -> str:
        """Show sign and set."""
        return f"Term({self.versions!r}, {self.positive!r})"

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        return isinstance(other, Term) and self.positive is other.positive and bool(self.versions == other.versions)

    def __hash__(self) -> int:
        """Hash by content."""
        return hash((self.positive, self.versions))

    @property
    def is_any(self) -> bool:
        """Return whether every outcome satisfies this term."""
        return not self.positive and self.versions.is_empty

    def negated(self) -> Term[S]:
        """Return the opposite statement."""
        return Term(self.versions, not self.positive)

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

    def relation(self, known: Term[S]) -> int:
        """Return how *known*, all that is known of the package, relates to this term.

        `SATISFIED` if *known* implies it, `CONTRADICTED` if *known* excludes it.
        """
        ours, theirs = self.versions, known.versions
        if known.positive:
            if theirs.is_subset(ours):
                return SATISFIED if self.positive else CONTRADICTED
            if theirs.is_disjoint(ours):
                return CONTRADICTED if self.positive else SATISFIED
            return INCONCLUSIVE
        if ours.is_subset(theirs):
            return CONTRADICTED if self.positive else SATISFIED
        return INCONCLUSIVE

    def is_disjoint(self, other: Term[S]) -> bool:
        """Return whether no outcome satisfies both terms."""
        if self.positive:
            if other.positive:
                return self.versions.is_disjoint(other.versions)
            return self.versions.is_subset(other.versions)
        return other.positive and other.versions.is_subset(self.versions)
