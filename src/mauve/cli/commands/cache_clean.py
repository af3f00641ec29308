"""Clear the cache, removing all entries or those linked to specific packages."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag


class CleanArgs(ArgumentGroup, title="Options"):
    """Options of `cache clean`."""

    # ARG [PACKAGE]... | The packages to remove from the cache
    force: bool | None = flag("--force", help="Force removal of the cache, ignoring in-use checks")
