"""What is left out of a derivation before it is told: steps that are true, and of no use to a reader.

Proxies vanish, projects of the workspace are taken for granted, ranges are stated in terms of versions that exist,
and neighbouring facts of one kind become one.

Specification: docs/resolution.md "Explaining a failure".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mauve.resolver.availability import UnavailablePackage
from mauve.resolver.packages import Kind, with_marker
from mauve.resolver.ranges import (
    exactly,
    is_only_locals,
    narrowed,
    narrowed_exclusion,
    simplified,
    single_version,
    without_locals,
)
from mauve.solver.explanation import Conclusion, Rewritten, rewrite
from mauve.solver.incompatibility import DependsOn, NoVersions, RootSelected, Unavailable
from mauve.solver.term import Term
from mauve.standards.markers.diagram import TRUE
from mauve.standards.version_sets import EMPTY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mauve.resolver.packages import Package
    from mauve.solver.explanation import Fact, Node
    from mauve.standards.names import PackageName
    from mauve.standards.requires_python import RequiresPython
    from mauve.standards.version_sets import VersionSet
    from mauve.standards.versions import Version

    Tree: TypeAlias = Node[Package, VersionSet]
    Leaf: TypeAlias = Fact[Package, VersionSet]
    Step: TypeAlias = Conclusion[Package, VersionSet]
    Done: TypeAlias = Rewritten[Package, VersionSet]
    Terms: TypeAlias = Mapping[Package, Term[VersionSet]]

_PROXIES = frozenset({Kind.EXTRA, Kind.GROUP, Kind.MARKER})
_OF_MEMBERS = frozenset({Kind.PACKAGE, Kind.EXTRA, Kind.GROUP})


class Known(Struct, frozen=True):
    """What the simplifications go by.

    Attributes:
        members: names of the first-party projects.
        available: versions inside the cut-off, ascending, of every name that was looked at.
        stable_only: names whose pre-releases are not to be used.
    """

    requires_python: RequiresPython
    members: frozenset[PackageName]
    available: Mapping[PackageName, Sequence[Version]]
    stable_only: frozenset[PackageName]


def simplify(tree: Tree, known: Known) -> Tree:
    """Return *tree* as it is told."""
    tree = _drop_proxies(tree)
    tree = _narrow_ranges(tree, known.available)
    tree = _drop_local_variants(tree)
    tree = _simplify_markers(tree, known.requires_python)
    tree = _drop_missing_members(tree, known.members)
    if len(known.members) == 1:
        tree = _drop_root(tree, next(iter(known.members)))
    tree = _unite_unavailable(tree)
    tree = _drop_missing_between_dependencies(tree)
    tree = _simplify_ranges(tree, known)
    tree = _tell_of_missing(tree, known.available)
    tree = _drop_needless_missing(tree)
    return _unite_missing(tree)


def _replaced(
    tree: Tree,
    conclusion: Callable[[Step, Done], Tree | None],
    fact: Callable[[Leaf], Tree | None] | None = None,
) -> Tree:
    """Return the rewritten tree; the tree itself if nothing would be left of it."""
    found = rewrite(tree, conclusion) if fact is None else rewrite(tree, conclusion, fact)
    return tree if found is None else found


# --- proxies and local variants


def _drop_proxies(tree: Tree) -> Tree:
    """Leave out that a proxy depends on what it stands for."""

    def conclusion(node: Step, done: Done) -> Tree | None:
        first, second = done.of(node.first), done.of(node.second)
        if _is_of_proxy(first) and _is_of_proxy(second):
            return None
        if _is_of_proxy(first):
            return second
        if _is_of_proxy(second):
            return first
        return done.with_new_causes(node)

    return _replaced(tree, conclusion)


def _is_of_proxy(node: Tree | None) -> bool:
    return isinstance(node, DependsOn) and node.parent.kind in _PROXIES


def _drop_local_variants(tree: Tree) -> Tree:
    """State ranges without the positions behind local variants."""

    def conclusion(node: Step, done: Done) -> Tree | None:
        first, second = done.of(node.first), done.of(node.second)
        if first is None or second is None:
            return first or second
        return Conclusion(
            _over_terms(node.terms, lambda _, versions: without_locals(versions)), first, second, node.shared
        )

    def fact(leaf: Leaf) -> Tree | None:
        if isinstance(leaf, NoVersions) and is_only_locals(leaf.versions):
            return None
        return _over_ranges(leaf, lambda _, versions: without_locals(versions))

    return _replaced(tree, conclusion, fact)


# --- markers and ranges


def _narrow_ranges(tree: Tree, available: Mapping[PackageName, Sequence[Version]]) -> Tree:
    """State what was widened up to the neighbouring versions by the versions it holds.

    Dependencies, that is the needed side and negative terms, stay as they were asked for.
    """

    def narrower(package: Package, versions: VersionSet) -> VersionSet:
        known = available.get(package.name)
        return versions if not known else narrowed(versions, known)

    def fact(leaf: Leaf) -> Tree:
        match leaf:
            case DependsOn(parent, parent_versions, child, child_versions):
                if child.kind is Kind.PYTHON:
                    return DependsOn(parent, excluded(parent, parent_versions), child, child_versions)
                return DependsOn(parent, narrower(parent, parent_versions), child, child_versions)
            case Unavailable(package, versions, reason):
                if isinstance(reason, UnavailablePackage):
                    return Unavailable(package, narrower(package, versions), reason)
                return Unavailable(package, excluded(package, versions), reason)
            case _:
                return leaf

    def excluded(package: Package, versions: VersionSet) -> VersionSet:
        known = available.get(package.name)
        return versions if not known else narrowed_exclusion(versions, known)

    def conclusion(node: Step, done: Done) -> Tree | None:
        first, second = done.of(node.first), done.of(node.second)
        if first is None or second is None:
            return first or second
        terms: dict[Package, Term[VersionSet]] = {}
        for package, term in node.terms.items():
            if not term.positive:
                terms[package] = term
                continue
            versions = narrower(package, term.versions)
            known = available.get(package.name)
            if known is not None and len(known) == 1 and known[0] in term.versions:
                # A package with one version is told of by that version where the reasons do so.
                single = exactly(known[0])
                if _told_of(package, first) | _told_of(package, second) == single:
                    versions = single
            terms[package] = Term(versions, True)
        return Conclusion(terms, first, second, node.shared)

    return _replaced(tree, conclusion, fact)


def _told_of(package: Package, node: Tree) -> VersionSet:
    """Return the versions of *package* that *node* says something about."""
    match node:
        case Conclusion():
            term = node.terms.get(package)
            return term.versions if term is not None and term.positive else EMPTY
        case DependsOn(told, versions) | NoVersions(told, versions) | Unavailable(told, versions):
            return versions if told is package else EMPTY
        case _:
            return EMPTY


def _simplify_markers(tree: Tree, requires_python: RequiresPython) -> Tree:
    """Leave out of markers what the supported Pythons imply."""

    def simpler(package: Package) -> Package:
        if package.marker is TRUE:
            return package
        return with_marker(package, requires_python.simplify(package.marker))

    def conclusion(node: Step, done: Done) -> Tree | None:
        terms = {simpler(package): term for package, term in node.terms.items()}
        return _rebuilt(node, done, terms)

    def fact(leaf: Leaf) -> Tree:
        match leaf:
            case NoVersions(package, versions):
                return NoVersions(simpler(package), versions)
            case Unavailable(package, versions, reason):
                return Unavailable(simpler(package), versions, reason)
            case DependsOn(parent, parent_versions, child, child_versions):
                return DependsOn(simpler(parent), parent_versions, simpler(child), child_versions)
            case RootSelected():
                return leaf

    return _replaced(tree, conclusion, fact)


def _simplify_ranges(tree: Tree, known: Known) -> Tree:
    """State ranges in terms of the versions that exist."""

    def simpler(package: Package, versions: VersionSet) -> VersionSet:
        available = known.available.get(package.name)
        if available is None:
            return versions
        return simplified(versions, available, prereleases=package.name not in known.stable_only)

    def conclusion(node: Step, done: Done) -> Tree | None:
        return _rebuilt(node, done, _over_terms(node.terms, simpler))

    return _replaced(tree, conclusion, lambda leaf: _over_ranges(leaf, simpler))


def _over_ranges(leaf: Leaf, change: Callable[[Package, VersionSet], VersionSet]) -> Leaf:
    match leaf:
        case NoVersions(package, versions):
            return NoVersions(package, change(package, versions))
        case Unavailable(package, versions, reason):
            return Unavailable(package, change(package, versions), reason)
        case DependsOn(parent, parent_versions, child, child_versions):
            return DependsOn(parent, change(parent, parent_versions), child, change(child, child_versions))
        case RootSelected():
            return leaf


def _over_terms(terms: Terms, change: Callable[[Package, VersionSet], VersionSet]) -> Terms:
    return {package: Term(change(package, term.versions), term.positive) for package, term in terms.items()}


def _rebuilt(node: Step, done: Done, terms: Terms) -> Tree | None:
    first, second = done.of(node.first), done.of(node.second)
    if first is None or second is None:
        return first or second
    return Conclusion(terms, first, second, node.shared)


# --- the workspace


def _drop_missing_members(tree: Tree, members: frozenset[PackageName]) -> Tree:
    """Leave out that a project of the workspace has no other version."""

    def is_missing_member(node: Tree | None) -> bool:
        return isinstance(node, NoVersions) and node.package.kind in _OF_MEMBERS and node.package.name in members

    def conclusion(node: Step, done: Done) -> Tree | None:
        first, second = done.of(node.first), done.of(node.second)
        if is_missing_member(first):
            return second
        return first if is_missing_member(second) else done.with_new_causes(node)

    return _replaced(tree, conclusion)


def _drop_root(tree: Tree, project: PackageName) -> Tree:
    """Leave out that the root depends on the only project, which takes the place of the root."""

    def conclusion(node: Step, done: Done) -> Tree | None:
        first, second = node.first, node.second
        dependency, other = (first, second) if isinstance(first, DependsOn) else (second, first)
        if not isinstance(dependency, DependsOn):
            return done.with_new_causes(node)
        child = dependency.child
        if dependency.parent.kind is Kind.ROOT and child.kind is Kind.PACKAGE and child.name == project:
            return done.of(other)
        # Like uv, this does not look below any other dependency.
        return node

    return _replaced(tree, conclusion)


# --- what is missing or cannot be used


def _unite_unavailable(tree: Tree) -> Tree:
    """Tell of several versions that cannot be used for one reason at once."""

    def conclusion(node: Step, done: Done) -> Tree | None:
        first, second = done.of(node.first), done.of(node.second)
        if (
            isinstance(first, Unavailable)
            and isinstance(second, Unavailable)
            and first.package is second.package
            and first.reason == second.reason
        ):
            return Unavailable(first.package, first.versions | second.versions, first.reason)
        for known, other in ((first, second), (second, first)):
            if not isinstance(known, Unavailable) or not isinstance(other, Conclusion):
                continue
            for alike, is_first in ((other.second, False), (other.first, True)):
                if isinstance(alike, Unavailable) and alike.package is known.package and alike.reason == known.reason:
                    return _with_versions(node, other, known, alike.versions, is_first=is_first)
        return done.with_new_causes(node)

    return _replaced(tree, conclusion)


def _with_versions(
    node: Step, other: Step, known: Unavailable[Package, VersionSet], more: VersionSet, *, is_first: bool
) -> Step:
    """Return what follows from *known* with *more* versions and the remaining cause of *other*.

    If that is a fact, too, it is what *node* concludes; like in uv, a conclusion counts for nothing.
    """
    package = known.package
    united = Unavailable(package, more | known.versions, known.reason)
    remaining = other.second if is_first else other.first
    causes: tuple[Tree, Tree] = (united, remaining) if is_first else (remaining, united)
    if isinstance(remaining, Unavailable):
        return Conclusion(node.terms, *causes, node.shared)
    terms = dict(other.terms)
    if package in terms and terms[package].positive:
        terms[package] = Term(united.versions, True)
    return Conclusion(terms, *causes, other.shared)


def _drop_missing_between_dependencies(tree: Tree) -> Tree:
    """Leave out which versions are missing where one dependency leads to the range of another anyway."""

    def conclusion(node: Step, done: Done) -> Tree | None:
        first, second = done.of(node.first), done.of(node.second)
        if first is None or second is None:
            return first or second
        if isinstance(first, DependsOn):
            return node.with_causes(first, _without_missing(second, first))
        if isinstance(second, DependsOn):
            return node.with_causes(_without_missing(first, second), second)
        return node.with_causes(first, second)

    return _replaced(tree, conclusion)


def _without_missing(node: Tree, dependency: DependsOn[Package, VersionSet]) -> Tree:
    if isinstance(node, Conclusion):
        for missing, other in ((node.first, node.second), (node.second, node.first)):
            if (
                isinstance(missing, NoVersions)
                and isinstance(other, DependsOn)
                and missing.package is other.child
                and missing.package is dependency.parent
                and dependency.parent_versions.is_subset(other.child_versions)
            ):
                return other
    return node


# --- steps over versions that do not exist


def _tell_of_missing(tree: Tree, available: Mapping[PackageName, Sequence[Version]]) -> Tree:
    """Say which versions are missing where a step reaches further than its reasons.

    Ranges are told by the versions that exist, so a conclusion may be about more than the reasons for it rule out;
    what is between them does not exist, and that has to be said.
    """

    def conclusion(node: Step, done: Done) -> Tree | None:
        first, second = done.of(node.first), done.of(node.second)
        if first is None or second is None:
            return first or second
        found = _untold(node.terms, first, second, available)
        if found is None:
            return node.with_causes(first, second)
        package, untold = found
        missing = NoVersions(package, untold)
        ruled_out = _ruled_out(package, first), _ruled_out(package, second)
        if ruled_out[0].is_empty and ruled_out[1].is_empty:
            told = Term(_told_of(package, first) | _told_of(package, second), True)
            concluded = node.terms.get(package, Term(untold, True))
            return Conclusion({package: concluded}, Conclusion({package: told}, first, second), missing, node.shared)

        def extended(cause: Tree, versions: VersionSet) -> Step:
            return Conclusion({package: Term(versions | untold, True)}, cause, missing)

        if _starts_lower(*ruled_out):
            return node.with_causes(extended(first, ruled_out[0]), second)
        return node.with_causes(first, extended(second, ruled_out[1]))

    return _replaced(tree, conclusion)


def _untold(
    terms: Terms, first: Tree, second: Tree, available: Mapping[PackageName, Sequence[Version]]
) -> tuple[Package, VersionSet] | None:
    """Return which versions a step is about that neither reason mentions, if none of them exist."""
    steps: list[tuple[Package, VersionSet, VersionSet]] = []
    concluded = _concluded(terms)
    if concluded is not None:
        package, covered = concluded
        steps.append((package, covered, _told_of(package, first) | _told_of(package, second)))
    for package in (*_packages(first), *_packages(second)):
        if package not in terms:
            required = _required(package, first) | _required(package, second)
            steps.append((package, required, _ruled_out(package, first) | _ruled_out(package, second)))
    for package, covered, told in steps:
        untold = covered - told
        if told.is_empty or untold.is_empty:
            continue
        versions = available.get(package.name)
        if versions is not None and not any(version in untold for version in versions):
            return package, untold
    return None


def _concluded(terms: Terms) -> tuple[Package, VersionSet] | None:
    """Return the only package that a step concludes anything about."""
    if len(terms) != 1:
        return None
    ((package, term),) = terms.items()
    return (package, term.versions) if term.positive else None


def _packages(node: Tree) -> list[Package]:
    match node:
        case Conclusion():
            return list(node.terms)
        case DependsOn():
            return [node.parent, node.child]
        case _:
            return [node.package]


def _required(package: Package, node: Tree) -> VersionSet:
    """Return the versions of *package* of which *node* needs one."""
    match node:
        case Conclusion():
            term = node.terms.get(package)
            return term.versions if term is not None and not term.positive else EMPTY
        case DependsOn(_, _, child, versions) if child is package:
            return versions
        case _:
            return EMPTY


def _ruled_out(package: Package, node: Tree) -> VersionSet:
    """Return the versions of *package* of which *node* says that they cannot be used."""
    match node:
        case Conclusion():
            concluded = _concluded(node.terms)
            return EMPTY if concluded is None or concluded[0] is not package else concluded[1]
        case Unavailable(unavailable, versions) if unavailable is package:
            return versions
        case _:
            return EMPTY


def _starts_lower(first: VersionSet, second: VersionSet) -> bool:
    return bool(first.cuts) and (not second.cuts or first.cuts[0] <= second.cuts[0])


def _drop_needless_missing(tree: Tree) -> Tree:
    """Leave out which versions are missing where the conclusion is about all there are."""

    def conclusion(node: Step, done: Done) -> Tree | None:
        first, second = done.of(node.first), done.of(node.second)
        if first is None or second is None:
            return first or second
        if isinstance(first, NoVersions) and _is_needless(first, second, node):
            return second
        if isinstance(second, NoVersions) and _is_needless(second, first, node):
            return first
        return node.with_causes(first, second)

    return _replaced(tree, conclusion)


def _is_needless(missing: NoVersions[Package, VersionSet], other: Tree, node: Step) -> bool:
    terms = other.terms if isinstance(other, Conclusion) else node.terms
    term = terms.get(missing.package)
    left = ~missing.versions
    return (
        term is not None
        and term.positive
        # That there is only one version is worth telling.
        and single_version(left) is None
        and (term.versions.is_full or term.versions == left)
    )


def _unite_missing(tree: Tree) -> Tree:
    """Tell of two ranges of one package without versions at once."""

    def conclusion(node: Step, done: Done) -> Tree | None:
        first, second = done.of(node.first), done.of(node.second)
        if isinstance(first, NoVersions) and isinstance(second, NoVersions) and first.package is second.package:
            term = node.terms.get(first.package)
            if (
                term is not None
                and term.positive
                and first.versions.is_subset(term.versions)
                and second.versions.is_subset(term.versions)
            ):
                return NoVersions(first.package, term.versions)
        return done.with_new_causes(node)

    return _replaced(tree, conclusion)
