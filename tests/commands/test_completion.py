"""Completions come from the declarations of commands and options."""

from __future__ import annotations

import os
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
        ("export --format pylock.toml --output-file", "", []),
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


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("remove", ["a", "b", "c"]),
        ("remove a", ["a", "b", "c"]),
        ("sync --extra", ["net"]),
        ("run --group", ["docs"]),
        ("sync --package", ["p"]),
        ("lock -P", ["locked", "p"]),
        ("init --extra", []),
    ],
)
def test_names_of_the_project_are_offered(
    tool: CommandLine, monkeypatch: pytest.MonkeyPatch, before: str, expected: list[str]
) -> None:
    """Requirements, extras, groups, members, and what is locked."""
    extras = '[project.optional-dependencies]\nnet = ["b"]\n'
    groups = '[dependency-groups]\ndocs = ["c", {include-group = "docs"}]\n'
    tool.write_project("a>=1", "not one!", rest=f"{extras}{groups}")
    (tool.project / "uv.lock").write_text('[[package]]\nname = "locked"\n\n[[package]]\nname = "p"\n')
    monkeypatch.chdir(tool.project)
    assert words(before) == expected


def test_a_broken_project_offers_nothing(tool: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does none."""
    monkeypatch.chdir(tool.project)
    assert words("remove") == []
    (tool.project / "pyproject.toml").write_text("[")
    assert words("remove") == []


CHECKS = {
    "bash": ("bash", "-n"),
    "fish": ("fish", "--no-execute"),
    "zsh": ("zsh", "-n"),
}
"""Shells that can be asked whether they understand a script, and how."""


@pytest.mark.parametrize("shell", [shell for shell, words in CHECKS.items() if shutil.which(words[0])])
def test_the_shell_understands_its_script(tool: CommandLine, tmp_path: Path, shell: str) -> None:
    """Where it is installed."""
    script = tmp_path / "script"
    script.write_text(tool.run("generate-shell-completion", shell).out)
    ran = subprocess.run([*CHECKS[shell], script], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("elvish") is None, reason="elvish is not installed")
def test_elvish_completes(tool: CommandLine, tmp_path: Path) -> None:
    """The module of its line editor, which is there on a terminal only, is replaced."""
    (tmp_path / "mauve").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mauve "$@"\n')
    (tmp_path / "mauve").chmod(0o755)
    editor = "(ns [&completion:=(ns [&arg-completer=[&]]) &complex-candidate~={|w &display=''| put $w}])"
    script = tool.run("generate-shell-completion", "elvish").out
    (tmp_path / "session.elv").write_text(
        f"var edit: = {editor}\n{script}\n"
        "for word [($edit:completion:arg-completer[mauve] mauve cache s)] { echo $word }\n"
    )
    variables = {**tool.variables, "PATH": f"{tmp_path}{os.pathsep}{tool.variables['PATH']}"}
    words = ["elvish", tmp_path / "session.elv"]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, env=variables)
    assert (ran.stdout, ran.stderr) == ("size\n", "")


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_completes(tool: CommandLine) -> None:
    """With what each candidate does."""
    script = tool.run("generate-shell-completion", "fish").out
    session = f"function mauve; PYTHONPATH='{SOURCES}' '{sys.executable}' -m mauve $argv; end\n{script}\n"
    session += "complete -C 'mauve --project \"a b\" cache s'; complete -C 'mauve sync --froz'"
    shown = subprocess.run(["fish", "-c", session], capture_output=True, text=True, check=True, cwd=tool.project).stdout
    assert shown == "size\tShow the cache size\n--frozen\tSync without updating the `uv.lock` file\n"


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
