"""Extras that ask for others of their own project: what uv and mauve install of them, and how they fail."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.side_by_side import SideBySide
from tests.support.tree_backend import write_tree
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.oracle

EXTRAS = {
    "plain": 'a = ["a<2"]\nb = ["b"]\nall = ["own[a,b]"]',
    "URL": 'a = ["a<2"]\nb = ["u @ ORIGIN/files/u-1.0-py3-none-any.whl"]\nall = ["own[a,b]"]',
    "chain": 'a = ["a[e]<2"]\nb = ["b"]\nall = ["own[a]", "own[b]"]\nmore = ["own[all]", "u"]',
    "unknown": 'a = ["a<2"]\nall = ["own[a,nothing]"]',
    "circle": 'a = ["a<2", "own[b]"]\nb = ["b", "own[a]"]\nall = ["own[a]"]',
    "never": 'a = ["a<2"]\nall = ["own[a]; sys_platform == \'never\'", "b"]',
    "own version": 'a = ["a<2"]\nall = ["Own[a]>=0.1", "b"]',
    "other version": 'a = ["a<2"]\nall = ["own[a]>=1", "b"]',
    "absent version": 'a = ["a<2"]\nall = ["own[a]==0.1", "b"]',
}
COMMANDS = (
    "pip install .[all]",
    "pip install -e .[all]",
    "pip install .[more]",
    "pip install .[all,a] --no-deps",
    "pip install own[all]@.",
    "pip install -r pyproject.toml --extra all",
    "pip install -r pyproject.toml --all-extras",
    "sync --extra all",
    "run --no-project --isolated --with .[all] true",
)


@pytest.fixture
def server() -> Iterator[IndexServer]:
    packages = {
        "a": [make_wheel("a", version, extras=["e"], requires=["b; extra == 'e'"]) for version in ("1.0", "2.0")],
        "b": [make_wheel("b", "1.0")],
        "u": [make_wheel("u", "1.0"), make_wheel("u", "2.0")],
        "own": [make_wheel("own", "9.0")],
    }
    with IndexServer(packages) as running:
        yield running


@pytest.fixture
def both(tmp_path: Path, server: IndexServer) -> SideBySide:
    side_by_side = SideBySide(tmp_path, server, {})
    side_by_side.set("UV_PYTHON_SEARCH_PATH", "")
    return side_by_side


@pytest.mark.parametrize("kind", EXTRAS)
def test_own_extras_stand_for_what_they_require(both: SideBySide, server: IndexServer, kind: str) -> None:
    for project in both.projects:
        write_tree(project, "own", "0.1", project=f"[project.optional-dependencies]\n{EXTRAS[kind]}\n")
    both.change("pyproject.toml", lambda text: text.replace("ORIGIN", server.origin))
    for command in COMMANDS:
        both.set("UV_PYTHON", sys.executable)
        assert both.run("venv", "--clear")[1].status == 0
        if command.startswith("pip"):
            both.set("UV_PYTHON", None)
        theirs, ours = both.run(*command.split())
        assert (ours.status, ours.out, ours.err) == (theirs.status, theirs.out, theirs.err), command
        assert both.files(1)["installed"] == both.files(0)["installed"]


def test_the_project_that_is_alone_in_asking_is_named(both: SideBySide) -> None:
    """Two are "you"."""
    other = '[project]\nname = "other"\nversion = "1"\ndependencies = ["a>2"]\n'
    both.write({"pyproject.toml": other.replace("other", "own"), "other/pyproject.toml": other})
    assert both.run("venv")[1].status == 0
    both.set("UV_PYTHON", None)
    for words in ("-r pyproject.toml", "-r pyproject.toml b", "-r pyproject.toml -r other/pyproject.toml"):
        theirs, ours = both.run("pip", "install", *words.split())
        assert (ours.status, ours.err) == (theirs.status, theirs.err)
        assert ("own depends on a>2" in ours.err) is ("other" not in words)
