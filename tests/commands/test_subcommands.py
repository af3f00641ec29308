"""mauve as a click group: called, listed and extended by other programs."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from mauve.cli.app import COMMANDS
from mauve.cli.subcommands import Subcommand, program

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.command_line import CommandLine

GREETER = """\
import click

@click.command()
@click.option("--loud", is_flag=True)
@click.argument("name")
def greet(loud, name):
    click.echo(f"hello {name.upper() if loud else name}")
    raise SystemExit(7)
"""


@pytest.fixture
def extended(tool: CommandLine, tmp_path: Path) -> CommandLine:
    """Install a distribution that adds the command `greet`."""
    place = tmp_path / "added"
    (place / "greeter-1.0.dist-info").mkdir(parents=True)
    (place / "greeter-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: greeter\nVersion: 1.0\n")
    (place / "greeter-1.0.dist-info" / "entry_points.txt").write_text("[mauve.commands]\ngreet = greeter:greet\n")
    (place / "greeter.py").write_text(GREETER)
    tool.variables["PYTHONPATH"] += f"{os.pathsep}{place}"
    return tool


def test_a_distribution_adds_a_command(extended: CommandLine) -> None:
    """Click reads its words, tells its errors, and its exit code is that of the program."""
    ran = extended.run("greet", "--loud", "ann")
    assert (ran.status, ran.out) == (7, "hello ANN\n")
    ran = extended.run("greet", "--quiet")
    assert (ran.status, "Usage: mauve greet [OPTIONS] NAME" in ran.err) == (2, True)


def test_a_command_that_nobody_has_is_unknown(extended: CommandLine) -> None:
    """As without other distributions."""
    ran = extended.run("great")
    assert (ran.status, ran.err.splitlines()[0]) == (2, "error: unrecognized subcommand 'great'")


def test_the_group_runs_our_commands(tool: CommandLine) -> None:
    """With the options that stand before them, and their exit codes."""
    code = "import sys; from mauve.cli.subcommands import program; program.main(sys.argv[1:], prog_name='mauve')"

    def called(*words: str) -> tuple[int, str, str]:
        line = [sys.executable, "-c", code, *words]
        ran = subprocess.run(line, env=tool.variables, cwd=tool.project, capture_output=True, text=True, check=False)
        return ran.returncode, ran.stdout, ran.stderr

    for words in (
        ("cache", "dir"),
        ("--cache-dir", "elsewhere", "cache", "dir"),
        ("lock", "--frozen", "--locked"),
        ("cache",),
        ("nothing",),
        ("lock", "-h"),
        ("--version",),
    ):
        ran = tool.run(*words)
        assert called(*words) == (ran.status, ran.out, ran.err), words


def test_every_command_is_listed_with_its_options() -> None:
    """What click's own tools show is what the declarations say."""
    context = click.Context(program, info_name="mauve")
    assert program.list_commands(context)[:3] == ["auth", "run", "init"]
    for path, (module, _) in COMMANDS.items():
        group: click.Command | None = program
        for word in path.split():
            assert isinstance(group, click.Group)
            group = group.get_command(context, word)
        assert isinstance(group, Subcommand if module else click.Group)
        if isinstance(group, Subcommand):
            fields = [parameter.name for parameter in group.get_params(context)]
            assert fields == list(group.spec.specs())
    assert "--frozen" in {name for option in _options("lock") for name in option.opts}


def _options(name: str) -> list[click.Parameter]:
    context = click.Context(program, info_name="mauve")
    command = program.get_command(context, name)
    assert command is not None
    return command.get_params(context)


def test_a_program_has_our_commands_beside_its_own() -> None:
    """The group can be put into another one."""
    outer = click.Group("outer", commands={"packages": program})
    with pytest.raises(SystemExit) as ended:
        outer.main(["packages", "nothing"])
    assert ended.value.code == 2
