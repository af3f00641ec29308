"""Project files of many layouts: both programs lock them, add to them and remove from them, or both refuse."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CORPUS = sorted((Path(__file__).parents[2] / "fixtures" / "pyprojects").glob("*.toml"))
NOT_EDITED_BY_UV = {"inline_table"}
"""Layouts that mauve edits on purpose; docs/differences.md."""
_NAME = re.compile(r"""["']([a-zA-Z][\w.-]*)""")

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def server() -> Iterator[IndexServer]:
    """Serve every name that may be meant, in two versions."""
    names = {name.lower() for path in CORPUS for name in _NAME.findall(path.read_text(encoding="utf-8-sig"))} | {"new"}
    with IndexServer({name: [make_wheel(name, "1.0"), make_wheel(name, "99.0")] for name in names}) as running:
        yield running


def statuses(program: Sequence[str], path: Path, folder: Path, server: IndexServer) -> list[int]:
    """Return how commands on a copy of the file at *path* end."""
    tool = CommandLine(folder, server)
    tool.program = tuple(program)
    (tool.project / "pyproject.toml").write_bytes(path.read_bytes())
    words = ("lock", "lock --check", "add --no-sync new", "lock --check", "remove --no-sync new", "lock --check")
    return [tool.run(*line.split()).status for line in words]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_commands_end_as_those_of_uv(path: Path, tmp_path: Path, server: IndexServer) -> None:
    """Whatever is written how."""
    ours = statuses(CommandLine.program, path, tmp_path / "mauve", server)
    theirs = statuses([oracle_uv()], path, tmp_path / "uv", server)
    if path.stem in NOT_EDITED_BY_UV:
        ours, theirs = ours[:2], theirs[:2]
    assert ours == theirs
