"""How the lockfile may be used, and whether the environment follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.config.declare import ArgumentGroup, flag
from mauve.config.environment import EnvVar

if TYPE_CHECKING:
    from mauve.config.declare import Parsed
    from mauve.config.environment import Variables


class LockedArgs(ArgumentGroup, title="Options"):
    """Whether the lockfile may change."""

    locked: bool | None = flag(
        "--locked", env=EnvVar.LOCKED, off="--no-locked", help="Assert that the `uv.lock` will remain unchanged"
    )
    frozen: bool | None = flag(
        "--frozen", env=EnvVar.FROZEN, off="--no-frozen", help="Sync without updating the `uv.lock` file"
    )

    def __init__(self, parsed: Parsed, variables: Variables) -> None:
        """Let what was typed win over a variable that says the contrary."""
        super().__init__(parsed, variables)
        self._prefer_typed(("locked",), "frozen")
        self._prefer_typed(("frozen",), "locked")


class EnvironmentArgs(ArgumentGroup, title="Options"):
    """Which environment is changed, if any."""

    no_sync: bool | None = flag("--no-sync", env=EnvVar.NO_SYNC, help="Avoid syncing the virtual environment")
    active: bool | None = flag(
        "--active",
        off="--no-active",
        help="Prefer the active virtual environment over the project's virtual environment",
    )
