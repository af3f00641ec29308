"""Prune dangling cache entries and cached environments."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag


class PruneArgs(ArgumentGroup, title="Options"):
    """Options of `cache prune`."""

    ci: bool | None = flag(
        "--ci",
        help="Optimize the cache for persistence in a continuous integration environment, like GitHub Actions",
    )
    force: bool | None = flag("--force", help="Force removal of the cache, ignoring in-use checks")
