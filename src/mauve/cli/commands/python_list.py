"""List the available Python installations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.downloads import DownloadsArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import argument, flag, value
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus

if TYPE_CHECKING:
    from mauve.python.discovery import InspectionFailed


class ListArgs(DownloadsArgs, title="Options"):
    """Options of `python list`; those about downloads have no effect, as none are known."""

    request: str | None = argument("REQUEST", help="A Python request to filter by")
    all_versions: bool | None = flag("--all-versions", help="List all Python versions, including old patch versions")
    all_platforms: bool | None = flag("--all-platforms", help="List Python downloads for all platforms")
    all_arches: bool | None = flag("--all-arches", help="List Python downloads for all architectures")
    only_installed: bool | None = flag("--only-installed", help="Only show installed Python versions")
    only_downloads: bool | None = flag("--only-downloads", help="Only show available Python downloads")
    show_urls: bool | None = flag("--show-urls", help="Show the URLs of available Python downloads")
    output_format: str | None = value(
        "--output-format",
        choices=("text", "json"),
        help="Select the output format [default: text]",
    )


def list_installations(chosen: ListArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Print the installed interpreters, the newest first."""
    session = Session.start(shared, cache, python)
    from mauve.cli.installations import render_json, render_table
    from mauve.operations.context import Services
    from mauve.operations.python_list import ListedPython, list_pythons
    from mauve.terminal.diagnostics import render_causes

    printer = session.printer

    def tell_broken(error: InspectionFailed) -> None:
        printer.warning(render_causes(error, printer.style))

    services = Services(session.settings, session.directory, session.variables.mapping)
    found: list[ListedPython] = []
    if not chosen.only_downloads:
        found = list_pythons(chosen.request, services, tell_broken)
    if chosen.output_format == "json":
        printer.data(render_json(found, services.discovery.shown))
    else:
        printer.data(render_table(found, services.discovery.shown, printer.out_style))
    return ExitStatus.SUCCESS


command = declare_command(
    "python list",
    "List the available Python installations",
    ListArgs,
    GlobalArgs,
    CacheArgs,
    PythonArgs,
    conflicts=(("only_installed", "only_downloads"),),
)(list_installations)
