"""Display documentation for a command."""

from __future__ import annotations

from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, arguments, flag
from mauve.config.declare import command as declare_command
from mauve.errors import MauveError

_NOT_LISTED = {"complete-words", "help", "auth helper"}


class HelpArgs(ArgumentGroup, title="Options"):
    """Which page is shown."""

    no_pager: bool | None = flag("--no-pager", help="Disable pager when printing help")
    command: tuple[str, ...] = arguments("COMMAND")


class NoSuchCommand(MauveError):
    """Help is asked for about a command that there is not."""

    def __init__(self, word: str, group: str, known: tuple[str, ...]) -> None:
        """Name the words, the group in which it was looked for (empty: the program), and the commands of that."""
        super().__init__(word, group, known)
        self.word = word
        self.group = group
        self.known = known

    def __str__(self) -> str:
        """Return the message in uv's words."""
        group = f"uv {self.group}".rstrip()
        rows = "".join(f"\n    {name}" for name in self.known)
        return f"There is no command `{self.word}` for `{group}`. Did you mean one of:{rows}"


def show_help(chosen: HelpArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Print the long page of the command or of a group of commands, or the page of the program."""
    del shared, cache, python
    from mauve.cli.app import ALIASES, COMMANDS, show_page

    group = ""
    for place, word in enumerate(chosen.command):
        path = f"{group} {word}".lstrip()
        path = ALIASES.get(path, path)
        if path not in COMMANDS or " " in word:
            prefix = f"{group} ".lstrip()
            below = [name.removeprefix(prefix) for name in COMMANDS if name.startswith(prefix)]
            known = tuple(name for name in below if " " not in name and prefix + name not in _NOT_LISTED)
            raise NoSuchCommand(" ".join(chosen.command[place:]), group, known)
        group = path
    return show_page(group, is_long=True)


command = declare_command("help", "Display documentation for a command", HelpArgs, GlobalArgs, CacheArgs, PythonArgs)(
    show_help
)
