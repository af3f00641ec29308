"""Random command lines, one after the other, in random projects: uv and mauve say and leave the same.

Stories are numbers. `MAUVE_COMMAND_FUZZ=200-1000` (a number, or a range without its end) asks for others than CI runs.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from msgspec import structs
from tests.support.index_server import IndexServer
from tests.support.random_commands import random_story
from tests.support.side_by_side import SideBySide

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.support.side_by_side import Left

pytestmark = pytest.mark.oracle

_BUILDING = ("Building ", "Built ")


def numbers() -> Sequence[int]:
    """Return which stories to tell."""
    if "MAUVE_COMMAND_FUZZ" not in os.environ:
        return range(25)
    first, _, last = os.environ["MAUVE_COMMAND_FUZZ"].partition("-")
    return range(int(first), int(last) if last else int(first) + 1)


def comparable(left: Left) -> Left:
    """Return *left* without what is a matter of chance or repetition.

    Builds go on at the same time; how much was downloaded when another download failed differs from run to run; uv
    repeats warnings about lower bounds.
    """
    lines = re.sub(
        r"^Would download \d+ packages?$", "Would download packages", left.err, flags=re.MULTILINE
    ).splitlines()
    builds = iter(sorted(line for line in lines if line.lstrip().startswith(_BUILDING)))
    lines = [next(builds) if line.lstrip().startswith(_BUILDING) else line for line in lines]
    repeated = {line for line in lines if line.startswith("warning: The transitive dependency")}
    told = [line for line in lines if line not in repeated] + sorted(repeated)
    return structs.replace(left, err="\n".join(told))


def outcomes(both: SideBySide, lines: Sequence[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], Left, Left]]:
    """Run *lines*; yield each with what uv and mauve left, until uv crashes."""
    for words in lines:
        theirs, ours = both.run(*words)
        if theirs.status < 0:
            return
        yield words, comparable(theirs), comparable(ours)


@pytest.mark.parametrize("number", numbers())
def test_random_command_lines_do_what_they_do_in_uv(tmp_path: Path, number: int) -> None:
    """Exit codes, words, files of the project and what is in the environment agree after each of them."""
    story = random_story(number)
    with IndexServer() as server:
        for name, file, yanked in story.packages:
            server.publish(name, file, yanked=yanked)
        both = SideBySide(tmp_path, server, story.files)
        for words, theirs, ours in outcomes(both, story.lines):
            assert (words, ours) == (words, theirs)
            assert (words, both.files(1)) == (words, both.files(0))
