"""Sets of terms that must not all hold, and why.

Specification: docs/resolution.md "Incompatibilities".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from msgspec import Struct

from mauve.solver.term import S, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

P = TypeVar("P")


class RootSelected(Struct, Generic[P, S], frozen=True):
    """The root must be selected."""

    package: P
    versions: S


class NoVersions(Struct, Generic[P, S], frozen=True):
    """Nothing selectable exists in the range."""

    package: P
    versions: S


class DependsOn(Struct, Generic[P, S], frozen=True):
    """Every version of the parent's range depends on the child in its range."""

    parent: P
    parent_versions: S
    child: P
    child_versions: S


class Unavailable(Struct, Generic[P, S], frozen=True):
    """The versions cannot be used, for a reason that only the caller understands."""

    package: P
    versions: S
    reason: object


class Derived(Struct, Generic[P, S], frozen=True):
    """Follows from two others by the rule of resolution."""

    first: Incompatibility[P, S]
    second: Incompatibility[P, S]


Cause: TypeAlias = "RootSelected[P, S] | NoVersions[P, S] | DependsOn[P, S] | Unavailable[P, S] | Derived[P, S]"


class Incompatibility(Generic[P, S]):
    """Terms of different packages that must not all hold. Compared by identity.

    Attributes:
        terms: at most one per package; never one that always holds. A package in them that would need two is
            given their intersection.
        cause: why; a `Derived` cause leads on to its own causes.
    """

    __slots__ = ("cause", "terms")

    terms: dict[P, Term[S]]
    cause: Cause[P, S]

    def __init__(self, terms: dict[P, Term[S]], cause: Cause[P, S]) -> None:
        """Store the terms."""
        self.terms = terms
        self.cause = cause

    def __repr__(self) -> str:
        """Show terms and kind."""
        return f"Incompatibility({self.terms!r}, {type(self.cause).__name__})"

    def is_terminal(self, root: P, root_versions: S) -> bool:
        """Return whether this says that the root itself is impossible."""
        if not self.terms:
            return True
        if len(self.terms) > 1:
            return False
        ((package, term),) = self.terms.items()
        return package == root and term.positive and root_versions.is_subset(term.versions)


def no_versions(package: P, versions: S) -> Incompatibility[P, S]:
    """Return that *versions* of *package* hold nothing selectable."""
    return Incompatibility({package: Term(versions, True)}, NoVersions(package, versions))


def unavailable(package: P, versions: S, reason: object) -> Incompatibility[P, S]:
    """Return that *versions* of *package* cannot be used."""
    return Incompatibility({package: Term(versions, True)}, Unavailable(package, versions, reason))


def dependency(
    parent: P, parent_term: Term[S], child: P, child_versions: S, needed: Term[S] | None = None
) -> Incompatibility[P, S]:
    """Return that *parent* needs *child* in its range; an empty range makes the parent impossible.

    *needed*, which says that *child* is not in its range, is made if it is not at hand.
    """
    cause = DependsOn(parent, parent_term.versions, child, child_versions)
    if child_versions.is_empty:
        return Incompatibility({parent: parent_term}, cause)
    needed = needed or Term(child_versions, False)
    if parent == child:
        return Incompatibility({parent: parent_term.intersection(needed)}, cause)
    return Incompatibility({parent: parent_term, child: needed}, cause)


def resolve_on(first: Incompatibility[P, S], second: Incompatibility[P, S], package: P) -> Incompatibility[P, S]:
    """Return what follows from *first* and *second*, whatever *package* is (the "prior cause")."""
    terms = {name: term for name, term in first.terms.items() if name != package}
    for name, term in second.terms.items():
        if name != package:
            known = terms.get(name)
            terms[name] = term if known is None else known.intersection(term)
    united = first.terms[package].union(second.terms[package])
    if not united.is_any:
        terms[package] = united
    return Incompatibility(terms, Derived(first, second))


def walk_causes(last: Incompatibility[P, S]) -> Iterator[Incompatibility[P, S]]:
    """Yield *last* and everything it was derived from, once each, in no particular order."""
    seen = {last}
    stack = [last]
    while stack:
        incompatibility = stack.pop()
        yield incompatibility
        cause = incompatibility.cause
        if isinstance(cause, Derived):
            for earlier in (cause.first, cause.second):
                if earlier not in seen:
                    seen.add(earlier)
                    stack.append(earlier)
