"""Exports and trees of one workspace, one lock with conflicts and one script: the same bytes as uv writes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine, Ran
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.wheel_factory import make_sdist, make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.oracle

ROOT = """
[project.optional-dependencies]
x = ["c==2.0"]
y = ["e[y]"]

[dependency-groups]
dev = ["d"]
lint = ["e"]
docs = ["b ; sys_platform == 'win32'"]

[tool.uv.sources]
m = { workspace = true }
plain = { path = "plain" }

[tool.uv.workspace]
members = ["m"]

[build-system]
requires = ["uv_build>=0.7,<10000"]
build-backend = "uv_build"
"""
MEMBER = """[project]
name = "m"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["b"]

[dependency-groups]
dev = ["f"]

[build-system]
requires = ["uv_build>=0.7,<10000"]
build-backend = "uv_build"
"""
PLAIN = '[project]\nname = "plain"\nversion = "3"\ndependencies = []\n'
SCRIPT = """# /// script
# requires-python = ">=3.11"
# dependencies = ["e[x]", "f<3 ; sys_platform == 'win32'", "c"]
# ///
"""
CONFLICTS = """
[project.optional-dependencies]
x = ["b==1.0"]
y = ["b==2.0"]
w = ["p[x]", "c"]

[dependency-groups]
g1 = ["f==1.0"]
g2 = ["f==2.0"]
dev = ["d"]

[tool.uv]
conflicts = [
    [{ extra = "x" }, { extra = "y" }],
    [{ extra = "w" }, { extra = "y" }],
    [{ group = "g1" }, { group = "g2" }, { extra = "w" }],
]
"""


@pytest.fixture(scope="module")
def server() -> Iterator[IndexServer]:
    """Serve packages with extras, forks, a cycle, several wheels and a source distribution."""
    packages = {
        "a": [make_wheel("a", "2.0"), make_wheel("a", "2.0", tag="cp312-cp312-manylinux_2_17_x86_64")],
        "b": [make_wheel("b", "1.0"), make_wheel("b", "2.0"), make_sdist("b", "2.0")],
        "c": [make_wheel("c", "1.0"), make_wheel("c", "2.0", requires=["d"])],
        "d": [make_wheel("d", "1.0", requires=["c"])],
        "e": [
            make_wheel(
                "e",
                "1.0",
                requires=["b ; extra == 'x'", "d ; extra == 'y' and python_version < '3.13'"],
                extras=("x", "y"),
            )
        ],
        "f": [make_wheel("f", "1.0"), make_wheel("f", "2.0"), make_wheel("f", "3.0")],
        "g": [make_wheel("g", "1.0", requires=["e[x]"])],
    }
    with IndexServer(packages) as running:
        yield running


class Pair:
    """The program and uv, each in a project and with a cache of its own."""

    def __init__(self, tool: CommandLine, folder: Path) -> None:
        """Copy the project of *tool* for uv."""
        self._tool = tool
        self._project = folder / "uv" / tool.project.name
        self._variables = {**tool.variables, "UV_CACHE_DIR": str(folder / "uv-cache")}
        shutil.copytree(tool.project, self._project)
        assert self._uv("lock").status == 0
        assert tool.run("lock").status == 0

    def _uv(self, *words: str) -> Ran:
        ran = subprocess.run(
            [oracle_uv(), *words], cwd=self._project, env=self._variables, capture_output=True, check=False
        )
        return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    def check(self, *words: str) -> None:
        """Assert that both end alike, with the same output and the same last line of what they tell."""
        ours, theirs = self._tool.run(*words), self._uv(*words)
        assert _shown(ours.out, self._tool.project) == _shown(theirs.out, self._project)
        assert (ours.status, _last(ours.err)) == (theirs.status, _last(theirs.err))


def _shown(text: str, project: Path) -> str:
    text = text.replace(os.fspath(project), "PROJECT")
    return re.sub(r'"timestamp": "[^"]*"|urn:uuid:[0-9a-f-]*', "MOMENT", text)


def _last(text: str) -> str:
    return re.sub(r"in [0-9.]+m?s", "in TIME", text.splitlines()[-1]) if text else ""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, server: IndexServer) -> Pair:
    """Return both in a workspace with a member, a folder, extras, groups and forks."""
    folder = tmp_path_factory.mktemp("workspace")
    tool = CommandLine(folder, server)
    tool.write_project(
        "a",
        "g ; python_version >= '3.12'",
        "m",
        "plain",
        "f<3 ; sys_platform == 'linux'",
        "f==3.0 ; sys_platform != 'linux'",
        rest=ROOT,
    )
    for name, text in (("m", MEMBER), ("plain", PLAIN)):
        (tool.project / name).mkdir()
        (tool.project / name / "pyproject.toml").write_text(text)
    (tool.project / "s.py").write_text(SCRIPT)
    return Pair(tool, folder)


@pytest.fixture(scope="module")
def conflicting(tmp_path_factory: pytest.TempPathFactory, server: IndexServer) -> Pair:
    """Return both in a project whose extras and groups exclude each other."""
    folder = tmp_path_factory.mktemp("conflicting")
    tool = CommandLine(folder, server)
    tool.write_project("g", rest=CONFLICTS)
    return Pair(tool, folder)


@pytest.mark.parametrize(
    "words",
    [
        "export",
        "export --all-extras --no-extra y --no-hashes",
        "export --all-groups --no-annotate --no-editable",
        "export --package m --group lint --no-hashes --no-header",
        "export --all-packages --no-emit-workspace --no-hashes",
        "export --only-group docs",
        "export --prune g --no-emit-package a,b --no-dev",
        "export --format pylock.toml --all-extras",
        "export --format pylock.toml --frozen --no-editable -o out/pylock.toml",
        "export --format pylock.toml --only-dev --no-header",
        "export --format cyclonedx1.5",
        "export --format cyclonedx1.5 --all-packages --no-hashes",
        "export --emit-index-url --no-hashes -U -q",
        "export --extra nope",
        "export --script s.py",
        "export --script s.py --group nope",
    ],
)
def test_an_export_is_that_of_uv(workspace: Pair, words: str) -> None:
    """Byte for byte, in all formats."""
    workspace.check(*words.split())


@pytest.mark.parametrize(
    "words",
    [
        "tree",
        "tree --universal --show-sizes --no-dedupe",
        "tree --invert --universal",
        "tree --depth 1 --all-groups",
        "tree --only-group lint --frozen",
        "tree --package e --package m --prune d",
        "tree --outdated",
        "tree --python-platform windows --python-version 3.11",
        "tree --format json --outdated",
        "tree --format json --invert --depth 2 --universal",
        "tree --script s.py",
        "tree --script s.py --format json --prune c",
    ],
)
def test_a_tree_is_that_of_uv(workspace: Pair, words: str) -> None:
    """Line by line, and as JSON."""
    workspace.check(*words.split())


@pytest.mark.parametrize(
    "words",
    [
        "export --no-hashes",
        "export --extra w --format pylock.toml",
        "export --extra y --group g1 --no-hashes",
        "export --all-extras",
        "export --group g1 --extra w",
        "export --extra x --extra y --format cyclonedx1.5 --no-hashes",
        "tree --universal --group g1",
        "tree --universal --invert",
        "tree --universal --format json",
    ],
)
def test_conflicts_are_resolved_as_by_uv(conflicting: Pair, words: str) -> None:
    """No marker that is written asks for an extra."""
    conflicting.check(*words.split())
