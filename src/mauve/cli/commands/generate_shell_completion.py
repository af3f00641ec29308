"""Print what a shell reads to complete command lines."""

from __future__ import annotations

from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, InvalidChoice, argument
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus
from mauve.terminal.streams import write_out

_SHELLS = ("bash", "elvish", "fish", "nushell", "powershell", "zsh")


class CompletionArgs(ArgumentGroup, title="Options"):
    """The shell."""

    shell: str = argument(
        "SHELL", required=True, choices=_SHELLS, help="The shell to generate the completion script for"
    )


def print_script(chosen: CompletionArgs, _shared: GlobalArgs, _cache: CacheArgs, _python: PythonArgs) -> int:
    """Print the script; it asks `complete-words` when a line is completed."""
    if chosen.shell not in _SHELLS:
        raise InvalidChoice(chosen.specs["shell"], chosen.shell)
    from mauve.cli.completion import completion_script

    write_out(completion_script(chosen.shell, "mauve"))
    return ExitStatus.SUCCESS


command = declare_command(
    "generate-shell-completion", "Generate shell completion", CompletionArgs, GlobalArgs, CacheArgs, PythonArgs
)(print_script)
