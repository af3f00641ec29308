"""Locks of random projects over random packages: uv and mauve write the same bytes, or fail alike.

Worlds are numbers. `MAUVE_LOCK_FUZZ=200-1000` (a number, or a range without its end) asks for others than CI runs;
`make fuzz` visits 2,000.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.random_evolution import FIRST_FURTHER
from tests.support.random_universe import random_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.support.random_universe import Files, World

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
    """uv and mauve, each with a folder and a cache of its own, and one index for both.

    Attributes:
        conclusions: of projects without a solution, whether both tools came to the same one.
    """

    def __init__(self, root: Path, server: IndexServer) -> None:
        """Start mauve, which waits for command lines."""
        self.server = server
        self.conclusions: list[bool] = []
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

    def start(self, number: int) -> World:
        """Publish the world *number*, forget the last one, and return it."""
        world = random_world(number)
        self.server.packages.clear()
        self.server.others.clear()
        world.publish(self.server)
        for folder in self.folders:
            (folder / "uv.lock").unlink(missing_ok=True)
        return world

    def write(self, files: Files) -> None:
        """Make *files* those of both."""
        for folder in self.folders:
            for name, text in files.items():
                path = folder / name
                path.parent.mkdir(exist_ok=True)
                path.write_text(text.replace("ORIGIN", self.server.origin))

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
        server.cache_control = "no-cache"  # pages change
        pair = Rivals(tmp_path_factory.mktemp("rivals"), server)
        yield pair
        pair.close()


def numbers() -> Sequence[int]:
    """Return which worlds to visit."""
    if "MAUVE_LOCK_FUZZ" not in os.environ:
        return (*range(100), *range(FIRST_FURTHER, FIRST_FURTHER + 50))
    first, _, last = os.environ["MAUVE_LOCK_FUZZ"].partition("-")
    return range(int(first), int(last) if last else int(first) + 1)


def conclusion(errors: str) -> str:
    """Return the last step of an argument, which says what cannot be; the whole error if it is no argument."""
    argument = errors[max(0, errors.find("error:")) :].partition("\n\n")[0]
    steps = re.split(r"^\s+(?:cause: )?(?=Because |And because )", argument, flags=re.MULTILINE)
    return steps[-1].strip()


def differences(rivals: Rivals, number: int) -> Iterator[tuple[str, Outcome, Outcome]]:
    """Yield where the tools part in the world *number*: what was done, and what came of it.

    A lock is made, checked, made again, and made for a changed project, which starts from the first one; in some worlds
    also after the index changed, as it is and with upgrades.
    """
    world = rivals.start(number)
    for action, project in zip(("lock", "lock the changed project"), world.projects, strict=True):
        rivals.write(project)
        theirs, ours = rivals.lock()
        if not theirs.same(ours):
            yield action, theirs, ours
            return
        if ours.status != 0:
            rivals.conclusions.append(conclusion(theirs.errors) == conclusion(ours.errors))
            continue
        theirs, checked = rivals.lock("--check")
        if not checked.same(theirs):
            yield f"{action}, then check it", theirs, checked
        if number % 3 == 0:
            theirs, ours = rivals.lock("--upgrade-package", "nothing")
            if not theirs.same(ours):
                yield f"{action}, then resolve again", theirs, ours
                return
    if number % 3 != 1:
        return
    world.evolve(rivals.server)
    for words in ((), ("--upgrade-package", world.later.upgraded), ("--upgrade",)):
        theirs, ours = rivals.lock(*words)
        if not theirs.same(ours):
            yield f"lock {' '.join(words)} with a changed index", theirs, ours
            return
        if ours.status != 0:
            rivals.conclusions.append(conclusion(theirs.errors) == conclusion(ours.errors))


@pytest.mark.parametrize("number", numbers())
def test_random_projects_are_locked_as_uv_locks_them(rivals: Rivals, number: int) -> None:
    """Markers, forks, extras, groups, conflicts, environments, wheels, cut-offs and modes, in all combinations."""
    for action, expected, found in differences(rivals, number):
        assert (action, found.status, found.errors) == (action, expected.status, expected.errors)
        assert (action, found.lock) == (action, expected.lock)


def test_projects_without_a_solution_are_explained_by_the_same_conclusion(rivals: Rivals) -> None:
    """Of two arguments for one fact either may be found; of the worlds just visited 19 in 20 end alike."""
    assert sum(rivals.conclusions) >= 0.95 * len(rivals.conclusions)
