"""The commands as click subcommands.

`program` is a click group: a Python program can call it, put it into a group of its own, list it, or add commands to
it. Another distribution adds one by an entry point of the group `mauve.commands`: a click command, which `mauve NAME`
runs.

Each subcommand knows its options as click parameters, made of the same declarations as everything else. Its words are
read by the rules of `mauve.cli.parser`, because those are the ones that people know from uv. The program's own commands
are found without this module: click takes 10 ms to import.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from mauve.cli.app import COMMANDS, SUMMARY, page, root_options, run, words_behind
from mauve.cli.lean_click import click
from mauve.config.declare import ARGUMENT, ARGUMENTS, COUNT, FLAG, VALUES

if TYPE_CHECKING:
    from mauve.config.declare import CommandSpec, OptionSpec

ENTRY_POINTS = "mauve.commands"
"""Where other distributions name their commands."""


def find_added(name: str) -> click.Command | None:
    """Return the command called *name* of another distribution, None if there is none.

    Raises:
        TypeError: what its entry point names is no click command.
    """
    for entry in entry_points(group=ENTRY_POINTS, name=name):
        command = entry.load()
        if not isinstance(command, click.Command):
            raise TypeError(f"the entry point `{name}` of `{ENTRY_POINTS}` is no click command")
        return command
    return None


def run_added(program: str, words: list[str]) -> int | None:
    """Run the command of another distribution that *words* begin with; return its exit code, None if there is none."""
    command = find_added(words[0])
    if command is None:
        return None
    try:
        command.main(args=words[1:], prog_name=f"{program} {words[0]}")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


class Subcommand(click.Command):
    """One command of ours; it prints what there is to say, errors too, and ends with its usual exit code."""

    def __init__(self, path: str, summary: str) -> None:
        """Take the words of the command, and what it does in one line."""
        super().__init__(path.rpartition(" ")[2], short_help=summary, hidden=not summary, add_help_option=False)
        self.path = path

    @property
    def spec(self) -> CommandSpec:
        """Return the declaration, for which the module of the command is imported."""
        declared: CommandSpec = import_module(COMMANDS[self.path][0]).command
        return declared

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options and arguments as click describes them."""
        del ctx
        return [_parameter(option) for option in self.spec.specs().values()]

    def get_help(self, ctx: click.Context) -> str:
        """Return the page that `--help` shows."""
        return page(self.path, ctx.find_root().info_name or "mauve")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Leave all words to `invoke`: what is wrong with them is told in our own way."""
        ctx.args = list(args)
        return ctx.args

    def invoke(self, ctx: click.Context) -> None:
        """Run the command."""
        root = ctx.find_root()
        before: list[str] = root.meta.get(ENTRY_POINTS, [])
        ctx.exit(run(root.info_name or "mauve", [*before, *self.path.split(), *ctx.args]))


class Family(click.Group):
    """Commands whose first words are the same; the program itself is the one that has all of them."""

    def __init__(self, path: str, summary: str) -> None:
        """Take the words that all commands of the group begin with."""
        name = path.rpartition(" ")[2] or "mauve"
        super().__init__(name, short_help=summary, add_help_option=False, no_args_is_help=False)
        self.path = path

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help page; other distributions' commands come last."""
        prefix = f"{self.path} ".lstrip()
        names = [
            path.removeprefix(prefix) for path, (_, summary) in COMMANDS.items() if path.startswith(prefix) and summary
        ]
        added = [] if self.path else [entry.name for entry in entry_points(group=ENTRY_POINTS)]
        return [name for name in [*names, *sorted(added), *super().list_commands(ctx)] if " " not in name]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command: ours, one that was added to this object, or one of another distribution."""
        path = f"{self.path} {cmd_name}".lstrip()
        if path in COMMANDS:
            module, summary = COMMANDS[path]
            return Subcommand(path, summary) if module else Family(path, summary)
        return super().get_command(ctx, cmd_name) or (None if self.path else find_added(cmd_name))

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options that may stand before a command."""
        del ctx
        return [_parameter(option) for option in root_options()]

    def get_help(self, ctx: click.Context) -> str:
        """Return the page that `--help` shows."""
        return page(self.path, ctx.find_root().info_name or "mauve")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Leave all words to `invoke`."""
        ctx.args = list(args)
        return ctx.args

    def invoke(self, ctx: click.Context) -> object:
        """Run the command with the options before it, or say what is wrong with the words."""
        before: list[str] = ctx.find_root().meta.setdefault(ENTRY_POINTS, [])
        rest = words_behind(ctx.args)
        command = self.get_command(ctx, rest[0]) if rest else None
        if command is None:
            return ctx.exit(run(ctx.find_root().info_name or "mauve", [*before, *self.path.split(), *ctx.args]))
        before += ctx.args[: len(ctx.args) - len(rest)]
        with command.make_context(rest[0], rest[1:], parent=ctx) as below:
            return command.invoke(below)


def _parameter(option: OptionSpec) -> click.Parameter:
    """Return how click describes *option*; its values are read elsewhere."""
    kind = click.Choice(option.choices) if option.choices else click.STRING
    if option.kind in (ARGUMENT, ARGUMENTS):
        count = -1 if option.kind == ARGUMENTS else 1
        return click.Argument(
            [option.field], nargs=count, required=option.required, metavar=option.value_name, type=kind
        )
    named = [option.field, *option.names, *option.aliases]
    if option.kind == COUNT:
        return click.Option(named, count=True, help=option.help, hidden=option.hidden)
    if option.kind == FLAG:
        named[1:] = [f"{'/'.join((name, *option.off[:1]))}" if name == option.names[-1] else name for name in named[1:]]
        return click.Option(
            named, is_flag=True, default=None, envvar=option.env, help=option.help, hidden=option.hidden
        )
    return click.Option(
        named,
        multiple=option.kind == VALUES,
        envvar=option.env,
        help=option.help,
        hidden=option.hidden,
        metavar=option.value_name,
        type=kind,
    )


program = Family("", SUMMARY)
"""All commands."""
