"""The dependency groups of a project, by name.

Specification: PEP 735, docs/project.md "Groups".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.project.pyproject import DEFAULT_GROUPS

if TYPE_CHECKING:
    from mauve.project.pyproject import PyProject
    from mauve.standards.groups import FlatGroup
    from mauve.standards.names import GroupName


def flatten_groups(pyproject: PyProject) -> dict[GroupName, FlatGroup]:
    """Return every group of *pyproject*, in order of name.

    Raises:
        MalformedGroups: an entry, an include or a setting is wrong.
    """
    uv = pyproject.uv
    if not pyproject.groups and not uv.group_requires_python and uv.dev_dependencies is None:
        return {}
    from mauve.project.group_expansion import expand_project_groups

    return expand_project_groups(pyproject)


def included_groups(pyproject: PyProject) -> dict[GroupName, tuple[GroupName, ...]]:
    """Return the groups that each group of *pyproject* includes itself."""
    from mauve.standards.names import group_name

    return {
        name: tuple([group_name(entry["include-group"]) for entry in entries if not isinstance(entry, str)])
        for name, entries in pyproject.groups.items()
    }


def check_default_groups(*pyprojects: PyProject) -> None:
    """Refuse default groups that are not defined.

    Raises:
        UndefinedDefaultGroup: there is one, other than the implied `dev`.
    """
    for pyproject in pyprojects:
        declared = pyproject.uv.default_groups
        if declared is None or isinstance(declared, str):
            continue
        for group in declared:
            is_legacy = group in DEFAULT_GROUPS and pyproject.uv.dev_dependencies is not None
            if group not in pyproject.groups and not is_legacy:
                from mauve.project.manifest_errors import UndefinedDefaultGroup

                raise UndefinedDefaultGroup(group)
