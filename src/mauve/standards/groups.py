"""Dependency groups: includes resolved, requirements read, Python bounds of groups applied.

Specification: PEP 735.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from mauve.errors import MauveError
from mauve.standards.names import GroupName, InvalidName, group_name
from mauve.standards.requirements import InvalidRequirement, Requirement, parse_requirement
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import NO_SPECIFIERS, Specifiers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class GroupError(MauveError):
    """The dependency groups of a project are malformed."""


class GroupCycle(GroupError):
    """Groups include each other.

    Attributes:
        cycle: the groups in order of inclusion, the first one again at the end.
    """

    def __init__(self, cycle: tuple[GroupName, ...]) -> None:
        """Name the cycle."""
        super().__init__(cycle)
        self.cycle = cycle

    def __str__(self) -> str:
        """Return one line."""
        return f"Detected a cycle in `dependency-groups`: {' -> '.join([f'`{name}`' for name in self.cycle])}"


class UnknownGroup(GroupError):
    """A group includes one that does not exist."""

    def __init__(self, group: GroupName, parent: GroupName) -> None:
        """Name both."""
        super().__init__(group, parent)
        self.group = group
        self.parent = parent

    def __str__(self) -> str:
        """Return one line."""
        return f"Failed to find group `{self.group}` included by `{self.parent}`"


class UnknownGroupSettings(GroupError):
    """`tool.uv.dependency-groups` has an entry for a group that does not exist."""

    def __init__(self, group: GroupName) -> None:
        """Name the group."""
        super().__init__(group)
        self.group = group

    def __str__(self) -> str:
        """Return one line."""
        return f"Failed to find group `{self.group}` specified in `[tool.uv.dependency-groups]`"


class InvalidGroupEntry(GroupError):
    """An entry of a group is not a requirement; the cause says why."""

    def __init__(self, group: GroupName, entry: str) -> None:
        """Name both."""
        super().__init__(group, entry)
        self.group = group
        self.entry = entry

    def __str__(self) -> str:
        """Return one line."""
        return f"Failed to parse entry in group `{self.group}`: `{self.entry}`"


class UnknownGroupObject(GroupError):
    """An entry of a group is a table that is not an include."""

    def __init__(self, group: GroupName, entry: Mapping[str, str]) -> None:
        """Keep the table."""
        super().__init__(group, entry)
        self.group = group
        self.entry = entry

    def __str__(self) -> str:
        """Return one line."""
        fields = ", ".join([f'"{key}": "{value}"' for key, value in self.entry.items()])
        return f"Group `{self.group}` contains an unknown dependency object specifier: {{{fields}}}"


class FlatGroup(Struct, frozen=True):
    """A group without includes.

    Attributes:
        requirements: its own and those of included groups, in order; markers hold the Python bounds of groups.
        requires_python: the bounds of this group and of all it includes.
    """

    requirements: tuple[Requirement, ...]
    requires_python: Specifiers = NO_SPECIFIERS


def expand_groups(
    groups: Mapping[GroupName, Sequence[str | Mapping[str, str]]],
    requires_python: Mapping[GroupName, Specifiers] | None = None,
) -> dict[GroupName, FlatGroup]:
    """Return every group with its includes in place, sorted by name.

    Args:
        groups: entries as in `[dependency-groups]`, names normalised.
        requires_python: the bounds that `tool.uv.dependency-groups` gives single groups.

    Raises:
        GroupError: a cycle, an unknown group, or a malformed entry.
    """
    bounds = requires_python or {}
    for name in bounds:
        if name not in groups:
            raise UnknownGroupSettings(name)
    flat: dict[GroupName, FlatGroup] = {}
    for name in sorted(groups):
        _expand(name, groups, bounds, flat, [])
    return {name: flat[name] for name in sorted(flat)}


def _expand(
    name: GroupName,
    groups: Mapping[GroupName, Sequence[str | Mapping[str, str]]],
    bounds: Mapping[GroupName, Specifiers],
    flat: dict[GroupName, FlatGroup],
    parents: list[GroupName],
) -> FlatGroup:
    if name in flat:
        return flat[name]
    if name in parents:
        raise GroupCycle((*parents[parents.index(name) :], name))
    if name not in groups:
        raise UnknownGroup(name, parents[-1])
    parents.append(name)
    requirements: list[Requirement] = []
    clauses = list(bounds.get(name, NO_SPECIFIERS).specifiers)
    for entry in groups[name]:
        if isinstance(entry, str):
            requirements.append(_read_entry(name, entry))
        else:
            included = _expand(_included_name(name, entry), groups, bounds, flat, parents)
            requirements += included.requirements
            clauses += [clause for clause in included.requires_python.specifiers if clause not in clauses]
    own = RequiresPython.from_specifiers(bounds[name]) if name in bounds else None
    if own is not None:
        # Included requirements already carry the bounds of their own group.
        requirements = [replace(each, marker=each.marker & own.marker()) for each in requirements]
    parents.pop()
    flat[name] = FlatGroup(tuple(requirements), Specifiers(tuple(clauses)))
    return flat[name]


def _read_entry(group: GroupName, entry: str) -> Requirement:
    try:
        return parse_requirement(entry)
    except InvalidRequirement as error:
        raise InvalidGroupEntry(group, entry) from error


def _included_name(group: GroupName, entry: Mapping[str, str]) -> GroupName:
    if set(entry) != {"include-group"}:
        raise UnknownGroupObject(group, entry)
    try:
        return group_name(entry["include-group"])
    except InvalidName as error:
        raise UnknownGroupObject(group, entry) from error
