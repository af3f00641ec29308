"""The conflicts of a workspace: what is declared, and what follows because groups include groups.

Specification: docs/lockfile.md "conflicts".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.distributions.conflicts import ConflictItem, Conflicts, ConflictSet
from mauve.errors import MauveError
from mauve.project.groups import included_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mauve.project.pyproject import PyProject, UnscopedConflict
    from mauve.project.workspace import Workspace
    from mauve.standards.names import GroupName, PackageName


class UnownedConflict(MauveError):
    """A root without `[project]` declares a conflict without saying of which package."""

    def __init__(self, item: UnscopedConflict) -> None:
        """Keep the item."""
        super().__init__(item)
        self.item = item

    def __str__(self) -> str:
        """Return the message."""
        return f"Expected `package` field in conflicting entry: {self.item}"


def collect_conflicts(workspace: Workspace) -> Conflicts:
    """Return the sets of the root and of every member, each followed by those it implies.

    Raises:
        UnownedConflict: the root has no `[project]` and an item no package.
    """
    sets: list[ConflictSet] = []
    if workspace.is_virtual:
        sets += [_conflict_set([_owned(item) for item in items]) for items in workspace.pyproject.uv.conflicts]
    for name, member in workspace.members.items():
        declared = [_conflict_set([item.resolve(name) for item in items]) for items in member.pyproject.uv.conflicts]
        sets += declared
        sets += implied_sets(declared, name, member.pyproject)
    return Conflicts(tuple(sets))


def _owned(item: UnscopedConflict) -> ConflictItem:
    if item.package is None:
        raise UnownedConflict(item)
    return ConflictItem(item.package, item.extra, item.group)


def _conflict_set(items: Iterable[ConflictItem]) -> ConflictSet:
    return ConflictSet(tuple(sorted(set(items), key=lambda item: item.sort_key)))


def implied_sets(declared: list[ConflictSet], name: PackageName, pyproject: PyProject) -> list[ConflictSet]:
    """Return the sets that follow from *declared* when a group is exchanged for one that includes it."""
    if not declared or not pyproject.groups:
        return []
    includes = included_groups(pyproject)
    implied: list[ConflictSet] = []
    canonical = dict.fromkeys(item for each in declared for item in each.items)
    for item in canonical:
        if item.package != name or item.group is None:
            continue
        substitutes = [ConflictItem(name, None, group) for group in _including(item.group, includes)]
        found: list[ConflictSet] = []
        for known in (*declared, *implied):
            if item not in known.items:
                continue
            for substitute in substitutes:
                exchanged = _conflict_set([substitute if each == item else each for each in known.items])
                if exchanged not in declared and exchanged not in found:
                    found.append(exchanged)
        implied += [each for each in found if each not in implied]
    return implied


def _including(group: GroupName, includes: Mapping[GroupName, tuple[GroupName, ...]]) -> list[GroupName]:
    """Return the groups that include *group*, nearest first."""
    found: list[GroupName] = []
    wave = [group]
    while wave:
        wave = [name for name, included in includes.items() if name not in found and not set(wave).isdisjoint(included)]
        found += wave
    return found
