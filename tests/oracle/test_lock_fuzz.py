"""Locks of random projects over random packages: uv and mauve write the same bytes, or fail alike.

Worlds are numbers. `MAUVE_LOCK_FUZZ=200-1000` (a number, or a range without its end) asks for others than CI runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.random_universe import random_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOREST = Path(__file__).parents[1] / "support" / "forking_program.py"
SOURCE = Path(__file__).parents[2] / "src"

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked"),
]


class Outcome(Struct, frozen=True):
    """What a `lock` left behind. Two are equal if they would be to a user's files."""

    status: int
    lock: str | None
    errors: str = ""

    def same(self, other: Outcome) -> bool:
        """Return whether the exit codes and lockfiles agree."""
        return (self.status, self.lock) == (other.status, other.lock)


class Rivals:
    """uv and mauve, each with a folder and a cache of its own, and one index for both."""

    def __init__(self, root: Path, server: IndexServer) -> None:
        """Start mauve, which waits for command lines."""
        self.server = server
        self.folders: list[Path] = []
        self.environments: list[dict[str, str]] = []
        for tool in ("uv", "mauve"):
            folder = root / tool
            folder.mkdir()
            self.folders.append(folder)
            self.environments.append(
                {
                    "PATH": os.defpath,
                    "HOME": str(root),
                    "XDG_CONFIG_DIRS": str(root),
                    "UV_CACHE_DIR": str(root / f"{tool}-cache"),
                    "UV_DEFAULT_INDEX": server.url,
                    "UV_PYTHON": sys.executable,
                    "UV_PYTHON_DOWNLOADS": "never",
                    "NO_COLOR": "1",
                    "TZ": "UTC",
                }
            )
        self.program = subprocess.Popen(
            [sys.executable, FOREST],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": str(SOURCE)},
        )

    def close(self) -> None:
        """End mauve."""
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        self.program.stdin.close()
        self.program.stdout.close()
        self.program.wait()

    def start(self, number: int) -> tuple[str, str]:
        """Publish the world *number*, forget the last one's locks, and return its projects."""
        world = random_world(number)
        for upload in world.uploads:
            self.server.publish(upload.name, upload.file, upload_time=upload.time, yanked=upload.yanked)
        for folder in self.folders:
            (folder / "uv.lock").unlink(missing_ok=True)
        return world.projects

    def write(self, project: str) -> None:
        """Make *project* the one of both."""
        for folder in self.folders:
            (folder / "pyproject.toml").write_text(project)

    def lock(self, *words: str) -> tuple[Outcome, Outcome]:
        """Run `lock` with *words* in both, at the same time."""
        theirs = subprocess.Popen(
            [oracle_uv(), "lock", *words],
            cwd=self.folders[0],
            env=self.environments[0],
            stderr=subprocess.PIPE,
            text=True,
        )
        ours = self.lock_ours(*words)
        _, errors = theirs.communicate()
        return Outcome(theirs.returncode, _lock(self.folders[0]), errors), ours

    def lock_ours(self, *words: str) -> Outcome:
        """Run `lock` with *words* in mauve alone."""
        job = {"folder": str(self.folders[1]), "words": ["lock", *words], "environment": self.environments[1]}
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        self.program.stdin.write(json.dumps(job) + "\n")
        self.program.stdin.flush()
        answer = json.loads(self.program.stdout.readline())
        return Outcome(answer["status"], _lock(self.folders[1]), answer["errors"])


def _lock(folder: Path) -> str | None:
    path = folder / "uv.lock"
    return path.read_text() if path.exists() else None


@pytest.fixture(scope="module")
def rivals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rivals]:
    """Yield both tools, started."""
    with IndexServer() as server:
        pair = Rivals(tmp_path_factory.mktemp("rivals"), server)
        yield pair
        pair.close()


def numbers() -> Sequence[int]:
    """Return which worlds to visit."""
    first, _, last = os.environ.get("MAUVE_LOCK_FUZZ", "0-150").partition("-")
    return range(int(first), int(last) if last else int(first) + 1)


def differences(rivals: Rivals, number: int) -> Iterator[tuple[str, Outcome, Outcome]]:
    """Yield where the tools part in the world *number*: what was done, and what came of it."""
    first, then = rivals.start(number)
    rivals.write(first)
    theirs, ours = rivals.lock()
    if not theirs.same(ours):
        yield "lock", theirs, ours
        return
    if ours.status == 0:
        again = rivals.lock_ours()
        if not again.same(ours):
            yield "lock again", ours, again
        if number % 3 == 0:
            theirs, ours = rivals.lock("--upgrade-package", "nothing")
            if not theirs.same(ours):
                yield "resolve again", theirs, ours
                return
    rivals.write(then)
    theirs, ours = rivals.lock()
    if not theirs.same(ours):
        yield "lock the changed project", theirs, ours


@pytest.mark.parametrize("number", numbers())
def test_random_projects_are_locked_as_uv_locks_them(rivals: Rivals, number: int) -> None:
    """Markers, forks, extras, groups, conflicts, environments, wheels, cut-offs and modes, in all combinations."""
    for action, theirs, ours in differences(rivals, number):
        assert (action, ours.status, ours.errors) == (action, theirs.status, theirs.errors)
        assert (action, ours.lock) == (action, theirs.lock)
        assert ours.same(theirs), action
