"""Pin to a specific Python version."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.downloads import DownloadsArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import argument, flag
from mauve.config.declare import command as declare_command
from mauve.config.environment import EnvVar
from mauve.errors import ExitStatus


class PinArgs(DownloadsArgs, title="Options"):
    """Options of `python pin`."""

    request: str | None = argument("REQUEST", help="The Python version request")
    resolved: bool | None = flag(
        "--resolved",
        off="--no-resolved",
        help="Write the resolved Python interpreter path instead of the request",
    )
    no_project: bool | None = flag(
        "--no-project",
        aliases=("--no-workspace",),
        env=EnvVar.NO_PROJECT,
        help="Avoid validating the Python pin is compatible with the project or workspace",
    )
    is_global: bool | None = flag("--global", help="Update the global Python version pin")
    rm: bool | None = flag("--rm", help="Remove the Python version pin")


def pin_version(chosen: PinArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Write a version file, print what it says, or remove it."""
    session = Session.start(shared, cache, python)
    from mauve.operations.context import Services
    from mauve.operations.python_pin import Pins
    from mauve.terminal.diagnostics import render_causes

    printer = session.printer
    services = Services(session.settings, session.directory, session.variables.mapping)
    discovery = services.discovery
    pins = Pins(
        session.project_directory,
        services,
        printer.warning,
        lambda error: printer.warning(render_causes(error, printer.style)),
        is_global=bool(chosen.is_global),
        no_project=bool(chosen.no_project),
    )
    if chosen.rm:
        what = "global Python pin" if chosen.is_global else "Python version file"
        printer.data(f"Removed {what} at `{discovery.shown(pins.remove())}`\n")
    elif chosen.request is None:
        for request in pins.read():
            printer.data(f"{request}\n")
    else:
        pinned = pins.write(discovery.parse_request(chosen.request), resolves=bool(chosen.resolved))
        style = printer.out_style
        path, now = style.cyan(discovery.shown(pinned.path)), style.green(str(pinned.request))
        if pinned.former is None:
            printer.data(f"Pinned `{path}` to `{now}`\n")
        else:
            printer.data(f"Updated `{path}` from `{style.green(str(pinned.former))}` -> `{now}`\n")
    return ExitStatus.SUCCESS


command = declare_command(
    "python pin",
    "Pin to a specific Python version",
    PinArgs,
    GlobalArgs,
    CacheArgs,
    PythonArgs,
    conflicts=(("rm", "request"), ("rm", "resolved")),
)(pin_version)
