"""What is wrong with a workspace."""

from __future__ import annotations

from mauve.errors import MauveError
from mauve.project.workspace import FILE_NAME
from mauve.standards.names import PackageName


class MissingProjectTable(MauveError):
    """A project is needed and the file has no `[project]`."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message."""
        return f"No `project` table found in: {self.path}"


class MissingMemberFile(MauveError):
    """A pattern names a folder that is not a project."""

    def __init__(self, root: str, pattern: str) -> None:
        """Name the folder and the *pattern*."""
        super().__init__(root, pattern)
        self.root = root
        self.pattern = pattern

    def __str__(self) -> str:
        """Return the message."""
        return f"Workspace member `{self.root}` is missing a `{FILE_NAME}` (matches: `{self.pattern}`)"


class DuplicateMember(MauveError):
    """Two members have one name."""

    def __init__(self, name: PackageName, first: str, second: str) -> None:
        """Name the package and both folders."""
        super().__init__(name, first, second)
        self.name = name
        self.first = first
        self.second = second

    def __str__(self) -> str:
        """Return the message."""
        return f"Two workspace members are both named `{self.name}`: `{self.first}` and `{self.second}`"


class NestedWorkspace(MauveError):
    """A member is the root of another workspace."""

    def __init__(self, root: str) -> None:
        """Name the folder of the member."""
        super().__init__(root)
        self.root = root

    def __str__(self) -> str:
        """Return the message."""
        return "Nested workspaces are not supported, but workspace member has a `tool.uv.workspace` table: " + self.root


class ContradictoryEditable(MauveError):
    """Two source entries disagree on how a member is installed."""

    def __init__(self, name: PackageName) -> None:
        """Name the member."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message."""
        return f"Workspace member `{self.name}` was requested as both `editable = true` and `editable = false`"


class UnknownMember(MauveError):
    """The workspace does not have a member that was asked for."""

    def __init__(self, name: PackageName, root: str) -> None:
        """Name the package and the root."""
        super().__init__(name, root)
        self.name = name
        self.root = root

    def __str__(self) -> str:
        """Return the message."""
        return f"The workspace does not have a member {self.name}: {self.root}"
