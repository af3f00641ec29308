"""A lock, flat: which packages a selection of it needs anywhere, under which marker, and for whom.

Unlike `mauve.lock.selection`, no interpreter is asked: markers are kept, and put together along the ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mauve.distributions.conflicts import ConflictItem
from mauve.lock.export.reachability import reachability
from mauve.lock.graph import ROOT, EdgeKind, GraphBuilder
from mauve.lock.selection import selected_groups, selected_projects
from mauve.lock.selection_errors import ConflictingSelection
from mauve.standards.markers.diagram import FALSE, TRUE, Marker
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.lock.graph import LockGraph
    from mauve.lock.lookup import LockLookup
    from mauve.lock.model import LockedPackage
    from mauve.lock.selection import Selection
    from mauve.standards.names import PackageName


EditableChoice: TypeAlias = "Callable[[PackageName], bool | None]"
"""Decides whether a source tree is installed in place; None = as the lock says."""


class ExportedPackage(Struct, frozen=True):
    """A package that is needed.

    Attributes:
        marker: where; without what the requires-python of the lock implies.
        dependents: names of those who require it, sorted; the project's groups are nobody.
    """

    package: LockedPackage
    marker: Marker
    dependents: tuple[PackageName, ...]


def exported_packages(
    lookup: LockLookup, selection: Selection, prune: frozenset[PackageName] = frozenset()
) -> list[ExportedPackage]:
    """Return what *selection* needs of a lock without the packages *prune*, in the order of the lock.

    Raises:
        MissingRoot: a selected project is not in the lock.
    """
    builder = GraphBuilder(lookup, prune)
    active = _start(builder, lookup, selection)
    graph = builder.finish()
    markers = reachability(graph, active, has_conflicts=bool(lookup.lock.conflicts))
    members = frozenset([package.name for package in lookup.members()])
    keeps = selection.install.keeps
    nodes = sorted(range(1, len(graph)), key=graph.ranks.__getitem__)
    found: list[ExportedPackage] = []
    for node in nodes:
        package = graph.packages[node]
        if package is not None and markers[node] is not FALSE and keeps(package, selection.own, members):
            found.append(ExportedPackage(package, markers[node], _dependents(graph, node)))
    return found


def check_conflicts(lookup: LockLookup, selection: Selection, prune: frozenset[PackageName] = frozenset()) -> None:
    """Raise `ConflictingSelection` for items that exclude each other and are selected by name.

    As uv does, a name counts for every project of the workspace that is needed, not only for those that are selected.

    Raises:
        MissingRoot: a selected project is not in the lock.
    """
    if not lookup.lock.conflicts:
        return
    builder = GraphBuilder(lookup, prune)
    _start(builder, lookup, selection)
    graph = builder.finish()
    members = frozenset([package.name for package in lookup.members()])
    needed = {package.name: package for package in graph.packages if package is not None and package.name in members}
    projects = selected_projects(lookup, selection)
    needed |= {package.name: package for package in projects}
    for conflict in lookup.lock.conflicts.sets:
        items = [item for item in conflict.items if item.package in needed and _is_named(item, needed, selection)]
        if len(items) > 1:
            raise ConflictingSelection(conflict, tuple(items))


def _is_named(item: ConflictItem, needed: dict[PackageName, LockedPackage], selection: Selection) -> bool:
    """Return whether the options name *item*."""
    if item.extra is not None:
        return item.extra in selection.extras
    if item.group is not None:
        return selection.groups.selects(item.group, needed[item.package].default_groups)
    return not selection.groups.only


def _start(builder: GraphBuilder, lookup: LockLookup, selection: Selection) -> dict[ConflictItem, Marker]:
    """Add what is selected to the graph, and return the items that are active thereby."""
    active: dict[ConflictItem, Marker] = {}
    groups = selection.groups
    for package in selected_projects(lookup, selection):
        name = package.name
        if builder.is_pruned(name):
            continue
        active[ConflictItem(name)] = TRUE
        if not groups.only:
            builder.link(ROOT, package, TRUE, None)
            extras = [extra for extra in package.optional_dependencies if extra in selection.extras]
            builder.visit(package, extras)
            active.update({ConflictItem(name, extra=extra): TRUE for extra in extras})
    manifest = lookup.lock.manifest
    required = [] if groups.only else list(manifest.requirements)
    for owner, group in selected_groups(lookup, selection):
        if owner is None:
            required += manifest.dependency_groups[group]
        elif not builder.is_pruned(owner.name):
            active[ConflictItem(owner.name, group=group)] = TRUE
            for dependency in owner.dev_dependencies.get(group, ()):
                builder.follow(ROOT, dependency, EdgeKind.GROUP, group)
    if required:
        requires_python = RequiresPython.from_specifiers(parse_specifiers(lookup.lock.requires_python))
        simplify = (requires_python or RequiresPython()).simplify
        for requirement in required:
            if builder.is_pruned(requirement.name):
                continue
            for package, marker in lookup.required(requirement):
                builder.link(ROOT, package, simplify(marker), requirement.extras)
    return active


def _dependents(graph: LockGraph, node: int) -> tuple[PackageName, ...]:
    sources = [graph.packages[edge.source] for edge in graph.incoming[node]]
    return tuple(sorted({package.name for package in sources if package is not None}))
