"""Completions come from the declarations of commands and options."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mauve.cli.completion import candidates

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine

SOURCES = Path(__file__).parents[2] / "src"


def words(before: str, current: str = "") -> list[str]:
    """Return what may stand behind the words *before*."""
    return [candidate.word for candidate in candidates(tuple(before.split()), current)]


@pytest.mark.parametrize(
    ("before", "current", "expected"),
    [
        ("", "ex", ["export"]),
        ("-q --project run", "loc", ["lock"]),
        ("cache", "", ["clean", "prune", "dir", "size"]),
        ("sync", "--fro", ["--frozen"]),
        ("export --format", "", ["requirements.txt", "pylock.toml", "cyclonedx1.5"]),
        ("export --format pylock.toml --package", "", []),
        ("generate-shell-completion", "z", ["zsh"]),
        ("sync", "", []),
        ("run python", "--", []),
        ("run --", "--", []),
    ],
)
def test_what_may_follow(before: str, current: str, expected: list[str]) -> None:
    """Commands, their options, and values; nothing leaves it to the shell, which knows files."""
    assert words(before, current) == expected


def test_hidden_things_are_not_offered() -> None:
    """They are typed by those who know them."""
    assert "complete-words" not in words("")
    assert "--show-resolution" not in words("run", "--")


def test_help_comes_with_each_candidate(tool: CommandLine) -> None:
    """Behind a tab; what only a library knows is left out."""
    ran = tool.run("complete-words", "--current=--default-i", "--", "lock")
    assert ran.out == "--default-index\tThe default package index\n"


@pytest.mark.parametrize("shell", ["bash", "elvish", "fish", "nushell", "powershell", "zsh"])
def test_every_shell_has_a_script(tool: CommandLine, shell: str) -> None:
    """It names the program and the command that it asks."""
    ran = tool.run("generate-shell-completion", shell)
    assert (ran.status, ran.err) == (0, "")
    assert "mauve complete-words" in ran.out
    assert "PROGRAM" not in ran.out


def test_other_shells_are_refused(tool: CommandLine) -> None:
    """With those that there are."""
    ran = tool.run("generate-shell-completion", "csh")
    assert ran.err == (
        "error: invalid value 'csh' for '<SHELL>'\n"
        "  [possible values: bash, elvish, fish, nushell, powershell, zsh]\n\n"
        "For more information, try '--help'.\n"
    )
    assert ran.status == 2


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes(tool: CommandLine) -> None:
    """A word in the middle of a line, with a word behind it that holds a blank."""
    script = tool.run("generate-shell-completion", "bash").out
    session = (
        f'mauve() {{ PYTHONPATH="{SOURCES}" "{sys.executable}" -m mauve "$@"; }}\n{script}\n'
        'COMP_WORDS=(mauve --project "a b" cache ""); COMP_CWORD=4; _mauve; echo "${COMPREPLY[*]}"\n'
        'COMP_WORDS=(mauve ex); COMP_CWORD=1; _mauve; echo "${COMPREPLY[*]}"\n'
    )
    shown = subprocess.run(["bash", "-c", session], capture_output=True, text=True, check=True).stdout
    assert shown == "clean prune dir size\nexport\n"
