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

PAGES = [path for path, (_, summary) in COMMANDS.items() if summary and path != "help"]
"""Every command and group but `help`, which has a page of its own kind, and the program, which has fewer commands."""


def page(program: Sequence[str], path: str) -> str:
    """Return a page; both programs are called `P`."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "NO_COLOR": "1"}
    done = subprocess.run(
        [*program, *path.split(), "--help"], env=environment, capture_output=True, text=True, check=True
    )
    return re.sub(r"\b(uv|mauve)\b", "P", done.stdout)


@pytest.mark.oracle
@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_that_of_uv(path: str) -> None:
    """Headings, order, texts, line ends."""
    assert page(CommandLine.program, path) == page([oracle_uv()], path)
