"""Show the version of this program."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, flag, value
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus


class SelfVersionArgs(ArgumentGroup, title="Options"):
    """Options of `self version`."""

    short: bool | None = flag("--short", help="Only print the version")
    output_format: str | None = value("--output-format", choices=("text", "json"), help="[default: text]")


def show_version(chosen: SelfVersionArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Print the version, with the platform that the program runs on."""
    session = Session.start(shared, cache, python)
    from mauve.cli.versions import host_triple, render_own_version

    text = render_own_version(
        host_triple(), session.printer.out_style, short=bool(chosen.short), as_json=chosen.output_format == "json"
    )
    session.printer.data(text)
    return ExitStatus.SUCCESS


command = declare_command("self version", "Display uv's version", SelfVersionArgs, GlobalArgs, CacheArgs, PythonArgs)(
    show_version
)
