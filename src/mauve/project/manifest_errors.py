"""What is wrong with what a project asks for as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.errors import MauveError
from mauve.standards.names import GroupName

if TYPE_CHECKING:
    from mauve.standards.names import PackageName


class UndefinedDefaultGroup(MauveError):
    """`tool.uv.default-groups` names a group that is not there."""

    def __init__(self, group: GroupName) -> None:
        """Name the group."""
        super().__init__(group)
        self.group = group

    def __str__(self) -> str:
        """Return the message."""
        return (
            f"Default group `{self.group}` (from `tool.uv.default-groups`) is not defined in the project's "
            "`dependency-groups` table"
        )


class UnscopableSource(MauveError):
    """A scoped override asks for more than a version."""

    def __init__(self, parent: PackageName, name: PackageName, source: str) -> None:
        """Name the package whose requirements are overridden, the one that it requires, and the kind of source."""
        super().__init__(parent, name, source)
        self.parent = parent
        self.name = name
        self.source = source

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Scoped override for `{self.parent}` cannot use {self.source} for `{self.name}`; scoped overrides "
            "currently support version specifiers only"
        )


class OverlappingEnvironments(MauveError):
    """Two entries of `tool.uv.environments` can hold at once."""

    def __init__(self, first: str, second: str, replacement: str) -> None:
        """Show both, and what to write in place of the second."""
        super().__init__(first, second, replacement)
        self.first = first
        self.second = second
        self.replacement = replacement

    def __str__(self) -> str:
        """Return the message."""
        return (
            "Supported environments must be disjoint, but the following markers overlap: "
            f"`{self.first}` and `{self.second}`"
        )

    def hints(self) -> tuple[str, ...]:
        """Return the replacement."""
        return (f"replace `{self.second}` with `{self.replacement}`",)


class ImpossibleEnvironment(MauveError):
    """An entry of `tool.uv.environments` is outside of the Python requirement."""

    def __init__(self, marker: str, requires_python: str) -> None:
        """Show both."""
        super().__init__(marker, requires_python)
        self.marker = marker
        self.requires_python = requires_python

    def __str__(self) -> str:
        """Return the message."""
        return f"Environment markers `{self.marker}` don't overlap with Python requirement `{self.requires_python}`"
