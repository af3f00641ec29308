"""Display documentation for a command."""

from __future__ import annotations

from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, UsageError, arguments, flag
from mauve.config.declare import command as declare_command


class HelpArgs(ArgumentGroup, title="Options"):
    """Which page is shown."""

    no_pager: bool | None = flag("--no-pager", help="Disable pager when printing help")
    command: tuple[str, ...] = arguments("COMMAND")


def show_help(chosen: HelpArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Print the page of the command, of a group of commands, or of the program."""
    del shared, cache, python
    from mauve.cli.app import COMMANDS, show_page

    path = " ".join(chosen.command)
    if path and path not in COMMANDS:
        known = "\n".join(f"    {name}" for name in COMMANDS if " " not in name)
        raise UsageError(f"There is no command `{path}` for `uv`. Did you mean one of:\n{known}", show_usage=False)
    return show_page(path)


command = declare_command("help", "Display documentation for a command", HelpArgs, GlobalArgs, CacheArgs, PythonArgs)(
    show_help
)
