"""One cache folder for uv and mauve, at the same time, and on another device than the environments."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine, finish
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.oracle

NAMES = [f"p{number}" for number in range(6)]
OTHER_DEVICE = Path("/dev/shm")


@pytest.fixture
def server() -> Iterator[IndexServer]:
    following = [*NAMES[1:], None]
    files = {
        name: [make_wheel(name, "1.0", requires=[after] if after else [])]
        for name, after in zip(NAMES, following, strict=True)
    }
    with IndexServer(files) as running:
        yield running


@pytest.fixture(params=["beside", "elsewhere"] if OTHER_DEVICE.is_dir() else ["beside"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Give the path of a cache, on the device of the projects and on another one."""
    if request.param == "beside":
        yield tmp_path / "shared"
        return
    folder = Path(tempfile.mkdtemp(dir=OTHER_DEVICE))
    yield folder / "shared"
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="the second device is one of Linux")
def test_both_tools_fill_one_cache_at_the_same_time(server: IndexServer, cache: Path, tmp_path: Path) -> None:
    """All lock the same and have everything; what one removes afterwards, the other one does not miss."""
    lines: list[CommandLine] = []
    for number in range(4):
        line = CommandLine(tmp_path / str(number), server)
        line.write_project(NAMES[0])
        line.variables["UV_CACHE_DIR"] = str(cache)
        if number % 2:
            line.program = (oracle_uv(),)  # type: ignore[assignment]  # of a class of programs of three words
        lines.append(line)
    for line, process in [(line, line.start("sync")) for line in lines]:
        ran = finish(process)
        assert ran.status == 0, ran.err
        assert line.imports(*NAMES)
    assert len({line.snapshot()["uv.lock"] for line in lines}) == 1
    assert lines[0].run("cache", "prune").status == 0
    assert lines[0].run("cache", "clean", NAMES[2]).status == 0
    for line in lines[:2]:
        shutil.rmtree(line.project / ".venv")
        ran = line.run("sync")
        assert ran.status == 0, ran.err
        assert line.imports(*NAMES)


@pytest.mark.skipif(sys.platform != "linux", reason="root is made to obey permissions as on Linux")
def test_a_cache_that_must_not_be_written_is_read(server: IndexServer, tmp_path: Path) -> None:
    """As uv would not; images are built with a cache that somebody else filled."""
    from tests.commands.test_difficult_systems import obey_permissions

    line = CommandLine(tmp_path, server)
    line.write_project(NAMES[0])
    assert line.run("sync").status == 0
    shutil.rmtree(line.project / ".venv")
    folders = [Path(root) for root, _, _ in os.walk(line.cache)]
    for folder in folders:
        folder.chmod(0o555)
    try:
        ran = line.run("sync", before=obey_permissions)
        assert ran.status == 0, ran.err
        assert line.imports(*NAMES)
    finally:
        for folder in folders:
            folder.chmod(0o755)
