"""Help pages: what uv shows is what mauve shows, in the same order and the same words."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import SOURCE, CommandLine
from tests.support.oracle import oracle_uv

from mauve.cli.app import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALLER = ["", "pip", "python"]
"""The program and the groups that have fewer commands than those of uv."""

PAGES = [path for path, (_, summary) in COMMANDS.items() if summary and path not in SMALLER]
PAGES += ["generate-shell-completion"]
"""Every command and group that is listed and has all that uv's has."""


def page(program: Sequence[str], *words: str) -> str:
    """Return a page; both programs are called `P`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    environment = {
        **kept,
        "PYTHONPATH": str(SOURCE),
        "NO_COLOR": "1",
        "UV_OFFLINE": "1",
        "UV_PYTHON": "3.12",
        "UV_NO_CACHE": "1",
    }
    done = subprocess.run([*program, *words], env=environment, capture_output=True, text=True, check=True)
    return re.sub(r"\b(uv|mauve)\b", "P", done.stdout)


@pytest.mark.oracle
@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_that_of_uv(path: str) -> None:
    """Headings, order, texts, line ends."""
    words = (*path.split(), "--help")
    assert page(CommandLine.program, *words) == page([oracle_uv()], *words)


@pytest.mark.oracle
@pytest.mark.parametrize("path", PAGES)
def test_the_long_page_is_that_of_uv(path: str) -> None:
    """It says all there is to say of an option, and what its values mean."""
    words = ("help", *path.split())
    assert page(CommandLine.program, *words) == page([oracle_uv()], *words)


@pytest.mark.oracle
@pytest.mark.parametrize("path", SMALLER)
def test_the_page_of_a_smaller_group_is_that_of_uv_but_for_the_commands(path: str) -> None:
    """Those that mauve has stand in the same order and are told in the same words."""
    ours, theirs = (
        re.sub(r"(?<=\S) {2,}", "  ", page(program, "help", *path.split())).rstrip("\n").split("\n")
        for program in (CommandLine.program, [oracle_uv()])
    )
    start = theirs.index("Commands:") + 1
    end = theirs.index("", start)
    assert [line for line in ours if line not in theirs] == []
    assert [line for line in theirs if line not in ours and line not in theirs[start:end]] == []


@pytest.mark.oracle
@pytest.mark.parametrize("words", [("cache", "nothing"), ("lock", "nothing"), ("self", "nothing", "more")])
def test_pages_that_are_not_there_are_refused_as_by_uv(words: tuple[str, ...]) -> None:
    """With the commands that there are."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    ran = [
        subprocess.run([*program, "help", *words], env=environment, capture_output=True, text=True, check=False)
        for program in (CommandLine.program, [oracle_uv()])
    ]
    assert ran[0].returncode == ran[1].returncode == 2
    assert ran[0].stderr == ran[1].stderr
