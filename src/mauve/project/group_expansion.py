"""The groups of a project with what they include; the legacy list of development dependencies among them.

Specification: PEP 735 (`mauve.standards.groups`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from mauve.errors import MauveError
from mauve.project.pyproject import shown_path
from mauve.standards.groups import FlatGroup, GroupError, UnknownGroup, expand_groups
from mauve.standards.names import GroupName

if TYPE_CHECKING:
    from mauve.project.pyproject import PyProject

DEV: Final = GroupName("dev")
"""The group that `tool.uv.dev-dependencies` belongs to."""


class MalformedGroups(MauveError):
    """The groups of a project cannot be expanded; the cause says why."""

    def __init__(self, project: str | None, root: str) -> None:
        """Name the project, or the folder where it has no name."""
        super().__init__(project, root)
        self.project = project
        self.root = root

    def __str__(self) -> str:
        """Return the message; the folder is named if it is not the working directory."""
        shown = shown_path(self.root)
        words = [*([self.project] if self.project else []), *([shown] if shown != "." else [])]
        return f"Project `{' @ '.join(words)}` has malformed dependency groups"


class LegacyGroupIncluded(GroupError):
    """A group includes `dev`, which exists only as the legacy list."""

    def __init__(self, parent: GroupName) -> None:
        """Name the including group."""
        super().__init__(parent)
        self.parent = parent

    def __str__(self) -> str:
        """Return the message."""
        return (
            f'Group `{self.parent}` includes the `dev` group (`include = "dev"`), but only `tool.uv.dev-dependencies` '
            "was found. To reference the `dev` group via an `include`, remove the `tool.uv.dev-dependencies` section "
            "and add any development dependencies to the `dev` entry in the `[dependency-groups]` table instead."
        )


def expand_project_groups(pyproject: PyProject) -> dict[GroupName, FlatGroup]:
    """Return every group of *pyproject*, in order of name.

    Raises:
        MalformedGroups: an entry, an include or a setting is wrong.
    """
    legacy = pyproject.uv.dev_dependencies
    try:
        flat = expand_groups(pyproject.groups, pyproject.uv.group_requires_python)
    except GroupError as error:
        project = pyproject.project
        cause: GroupError = error
        if isinstance(error, UnknownGroup) and error.group == DEV and legacy is not None:
            cause = LegacyGroupIncluded(error.parent)
        raise MalformedGroups(None if project is None else project.name, pyproject.root) from cause
    if legacy is not None:
        dev = flat.get(DEV, FlatGroup(()))
        flat[DEV] = structs.replace(dev, requirements=dev.requirements + legacy)
        return dict(sorted(flat.items()))
    return flat
