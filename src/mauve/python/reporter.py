"""Who is told which environment is made or used, as a type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mauve.python.interpreter import Interpreter


class EnvironmentReporter(Protocol):
    """Is told what happens to an environment, as it happens; paths are absolute."""

    def using(self, interpreter: Interpreter) -> None:
        """Tell that *interpreter* was chosen for a new environment."""
        ...

    def dangling(self, link: str, target: str) -> None:
        """Warn that an environment is ignored whose interpreter is gone."""
        ...

    def incompatible(self, root: str, reason: str) -> None:
        """Warn that an environment is used (`--no-sync`) though it does not fit."""
        ...

    def removed(self, root: str) -> None:
        """Tell that the environment at *root* was removed."""
        ...

    def creating(self, root: str) -> None:
        """Tell that an environment will be made at *root*."""
        ...
