"""An index with a few packages, and the program in an empty project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine
from tests.support.index_server import IndexServer
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server() -> Iterator[IndexServer]:
    """Serve `a` 1.0 and 2.0 (which needs `b`), `b` 1.0 and 2.0, and `c`, which wants an old `b`."""
    packages = {
        "a": [make_wheel("a", "1.0"), make_wheel("a", "2.0", requires=["b"])],
        "b": [make_wheel("b", "1.0"), make_wheel("b", "2.0")],
        "c": [make_wheel("c", "1.0", requires=["b<2"])],
    }
    with IndexServer(packages) as running:
        yield running


@pytest.fixture
def tool(tmp_path: Path, server: IndexServer) -> CommandLine:
    """Return the program in an empty project folder."""
    return CommandLine(tmp_path, server)


@pytest.fixture
def pip(tool: CommandLine) -> CommandLine:
    """A folder with an environment, and no variable or path that would lead to another one."""
    assert tool.run("venv").status == 0
    del tool.variables["UV_PYTHON"]
    tool.variables["UV_PYTHON_SEARCH_PATH"] = ""
    return tool
