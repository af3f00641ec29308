"""Clear the cache, removing all entries or those linked to specific packages."""

from __future__ import annotations

import os

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, arguments, flag
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus


class CleanArgs(ArgumentGroup, title="Options"):
    """Options of `cache clean`."""

    packages: tuple[str, ...] = arguments("PACKAGE", help="The packages to remove from the cache")
    force: bool | None = flag("--force", help="Force removal of the cache, ignoring in-use checks")


def clean(chosen: CleanArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Remove everything that is ours, or what belongs to the packages, and say how much it was."""
    session = Session.start(shared, cache, python)
    from mauve.cache.removal import clean_cache, clean_packages
    from mauve.cli.caches import report_removal, used_alone
    from mauve.operations.context import Services
    from mauve.standards.names import package_name

    services = Services(session.settings, session.directory, session.variables.mapping)
    root = services.cache.root
    shown = services.discovery.shown(root)
    printer = session.printer
    if not os.path.isdir(root):
        printer.note(f"No cache found at: {printer.style.cyan(shown)}")
        return ExitStatus.SUCCESS
    with used_alone(session, services, force=bool(chosen.force)):
        if chosen.packages:
            removal = clean_packages(services.cache, [package_name(name) for name in chosen.packages])
        else:
            printer.note(f"Clearing cache at: {printer.style.cyan(shown)}")
            removal = clean_cache(services.cache)
    report_removal(printer, removal, nothing="No cache entries found")
    return ExitStatus.SUCCESS


command = declare_command(
    "cache clean",
    "Clear the cache, removing all entries or those linked to specific packages",
    CleanArgs,
    GlobalArgs,
    CacheArgs,
    PythonArgs,
)(clean)
