"""Why sources of requirements cannot be used."""

from __future__ import annotations

from typing import ClassVar

from mauve.errors import ExitStatus, MauveError
from mauve.project.sources import SourceFault
from mauve.standards.names import PackageName


class UnreadableMetadata(MauveError):
    """The metadata of a source tree cannot be read; the cause says why."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __str__(self) -> str:
        """Return the message."""
        return "Failed to parse metadata from built wheel"


class UnusableSource(SourceFault):
    """A source entry does not fit the workspace or what is on disk; the text says why."""


class IncompleteSource(MauveError):
    """An entry applies to an extra or group that does not require the package."""

    def __init__(self, name: PackageName, kind: str, target: str, *, exists: bool) -> None:
        """Name the package and the extra or group; *kind* is `extra` or `group`."""
        super().__init__(name, kind, target, exists)
        self.name = name
        self.kind = kind
        self.target = target
        self.exists = exists

    def __str__(self) -> str:
        """Return the message."""
        name, target = self.name, self.target
        if self.kind == "extra":
            words, table, article = "extra", "project.optional-dependencies", "an extra"
        else:
            words, table, article = "dependency group", "dependency-groups", "a group"
        fault = (
            f"`{name}` was not found under the `{table}` section for that {self.kind}"
            if self.exists
            else f"the `{target}` {words} does not exist"
        ).replace("dependency group does not", "group does not")
        return (
            f"Source entry for `{name}` only applies to {words} `{target}`, but {fault}. When {article} is present on "
            f'a source (e.g., `{self.kind} = "{target}"`), the relevant package must be included in the `{table}` '
            f'section for that extra (e.g., `{table} = {{ "{target}" = ["{name}"] }}`).'
        )
