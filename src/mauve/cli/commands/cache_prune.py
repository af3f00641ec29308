"""Prune dangling cache entries and cached environments."""

from __future__ import annotations

import os

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, flag
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus


class PruneArgs(ArgumentGroup, title="Options"):
    """Options of `cache prune`."""

    ci: bool | None = flag(
        "--ci",
        help="Optimize the cache for persistence in a continuous integration environment, like GitHub Actions",
    )
    force: bool | None = flag("--force", help="Force removal of the cache, ignoring in-use checks")


def prune(chosen: PruneArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Remove what nobody can use any more and say how much it was."""
    session = Session.start(shared, cache, python)
    from mauve.cache.removal import prune_cache
    from mauve.cli.caches import report_removal, used_alone
    from mauve.operations.context import Services

    services = Services(session.settings, session.directory, session.variables.mapping)
    root = services.cache.root
    shown = services.discovery.shown(root)
    printer = session.printer
    if not os.path.isdir(root):
        printer.note(f"No cache found at: {printer.style.cyan(shown)}")
        return ExitStatus.SUCCESS
    with used_alone(session, services, force=bool(chosen.force)):
        printer.note(f"Pruning cache at: {printer.style.cyan(shown)}")
        removal = prune_cache(services.cache, services.wheels.built_entries if chosen.ci else None)
    report_removal(printer, removal, nothing="No unused entries found")
    return ExitStatus.SUCCESS


command = declare_command(
    "cache prune",
    "Prune dangling cache entries and cached environments",
    PruneArgs,
    GlobalArgs,
    CacheArgs,
    PythonArgs,
)(prune)
