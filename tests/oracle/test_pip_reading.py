"""What uv and mauve say of the same environments, which are random."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.support.holdings import hold, hold_link, library_of
from tests.support.index_server import IndexServer
from tests.support.side_by_side import Left, SideBySide
from tests.support.wheel_factory import make_sdist, make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = [f"p{number}" for number in range(14)]
VERSIONS = ["0.1", "1.0", "1.0.post1", "1.5rc1", "2.0", "2.0+local", "10"]
SPECIFIERS = ["", ">=1", "<2", "!=1.0", "==1.*", "~=1.0", ">=0.1,<10", ">=1.5rc1", "===2.0", "<=2.0,>1"]
MARKERS = ["", "", " ; python_version >= '3.8'", " ; sys_platform == 'win32'", " ; extra == 'x'", " ; os_name != 'nt'"]
PYTHONS = [None, None, ">=3.8", "<3", ">=3.99", "!=3.9.*"]

COMMANDS = [
    "pip freeze",
    "pip freeze --exclude p3 --exclude-editable",
    "pip list",
    "pip list --editable",
    "pip list --format json",
    "pip list --format freeze --exclude-editable",
    "pip tree",
    "pip tree --no-dedupe --show-version-specifiers --depth 4",
    "pip tree --invert",
    "pip tree --invert --show-version-specifiers --prune p4",
    "pip tree --package p2 --package p7 --depth 1",
    "pip show p1 P2 p5 nothing --files",
    "pip show " + " ".join(NAMES),
]

pytestmark = pytest.mark.oracle


@pytest.fixture
def server() -> Iterator[IndexServer]:
    """An index that has nothing yet."""
    with IndexServer({}) as server:
        yield server


@pytest.fixture
def both(tmp_path: Path, server: IndexServer) -> SideBySide:
    """Two folders with an empty environment each."""
    both = SideBySide(tmp_path, server, {})
    theirs, ours = both.run("venv")
    assert (theirs.status, ours.status) == (0, 0)
    both.set("UV_PYTHON", None)
    return both


def requirement(chosen: Random, name: str) -> str:
    """Return a random requirement of *name*."""
    extras = chosen.choice(["", "", "", "[x]", "[x, Y]"])
    if chosen.random() < 0.1:
        return f"{name}{extras} @ https://example.com/{name}.whl{chosen.choice(MARKERS)}"
    return f"{name}{extras}{chosen.choice(SPECIFIERS)}{chosen.choice(MARKERS)}"


def fill(both: SideBySide, seed: int) -> None:
    """Write the same random packages into both environments; each requires only such as come later."""
    for project in both.projects:
        chosen = Random(seed)
        library = library_of(project / ".venv")
        present = [name for name in NAMES if chosen.random() < 0.8]
        for name in present:
            later = NAMES[NAMES.index(name) + 1 :]
            requires = [requirement(chosen, chosen.choice(later)) for _ in range(chosen.randrange(4)) if later]
            origin = origin_of(chosen, name, str(project / "trees"))
            if chosen.random() < 0.1:
                hold_link(library, project / "trees" / name, name, chosen.choice(VERSIONS))
                continue
            tags = chosen.choice([["py3-none-any"]] * 4 + [["cp39-cp39-win32"], [], ["py2-none-any", "py3-none-any"]])
            python = chosen.choice(PYTHONS)
            for version in chosen.sample(VERSIONS, 1):
                hold(library, name, version, requires=requires, python=python, origin=origin, tags=tags, files=["m.py"])


def origin_of(chosen: Random, name: str, trees: str) -> dict[str, object] | None:
    """Return a random record of an origin, mostly none."""
    kind = chosen.randrange(12)
    if kind == 0:
        return {"url": f"file://{trees}/{name}", "dir_info": {"editable": chosen.random() < 0.7}}
    if kind == 1:
        revision = {"requested_revision": "main"} if chosen.random() < 0.5 else {}
        return {"url": f"https://example.com/{name}.git", "vcs_info": {"vcs": "git", "commit_id": "a" * 40, **revision}}
    if kind == 2:
        return {
            "url": f"https://u:p@example.com/{name}.zip",
            "archive_info": {"hash": "sha256=00"},
            "subdirectory": "s",
        }
    return None


def told(left: Left) -> tuple[int, str, list[str]]:
    """Return what was said; the order of faults is that of a hash table in uv, and columns are as wide as paths."""
    return left.status, re.sub(r"-{9,}", "-", left.out), sorted(left.err.splitlines())


@pytest.mark.parametrize("seed", range(6))
def test_the_same_is_told_of_the_same_environment(both: SideBySide, seed: int) -> None:
    """Every command, and what is wrong."""
    fill(both, seed)
    for command in COMMANDS:
        theirs, ours = both.run(*command.split())
        assert told(ours) == told(theirs), command
    for command in ("pip check", "pip list --strict", "pip check --python-version 3.8 --python-platform windows"):
        theirs, ours = both.run(*command.split())
        assert told(ours) == told(theirs), command


@pytest.mark.parametrize("seed", [11, 12])
def test_the_same_is_newer(both: SideBySide, server: IndexServer, seed: int) -> None:
    """In tables, in JSON, in trees."""
    fill(both, seed)
    chosen = Random(seed)
    for name in NAMES:
        for version in chosen.sample(VERSIONS, 4):
            tag = chosen.choice(["py3-none-any", "py3-none-any", "cp39-cp39-win32"])
            python = chosen.choice(PYTHONS)
            built = make_wheel(name, version, tag=tag, requires_python=python)
            server.publish(name, make_sdist(name, version, requires_python=python) if chosen.random() < 0.3 else built)
    for command in ("pip list --outdated", "pip list --outdated --format json", "pip tree --outdated"):
        theirs, ours = both.run(*command.split())
        assert told(ours) == told(theirs), command


def test_the_same_words_are_refused(both: SideBySide) -> None:
    """Contradictions, values that are none, and what is not there."""
    for command in (
        "pip list --editable --exclude-editable",
        "pip list --format nothing",
        "pip list --outdated --format freeze",
        "pip list --target t --prefix p",
        "pip freeze x",
        "pip show",
        "pip show nothing",
        "pip tree --depth 256",
        "pip tree --depth x",
        "pip check --python-version x",
        "pip check --python-platform x",
        "pip list --disable-pip-version-check",
        "-q pip list",
        "-qq pip list",
        "-q pip tree",
        "-q pip check",
        "pip ls",
    ):
        theirs, ours = both.run(*command.split())
        assert ours == theirs, command
    both.set("UV_SYSTEM_PYTHON", "1")
    for command in ("pip list --no-system", "pip check --no-system", "pip tree --no-system"):
        theirs, ours = both.run(*command.split())
        assert ours == theirs, command
