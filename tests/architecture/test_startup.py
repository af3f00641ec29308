"""What each command may import: a fresh interpreter runs it and lists what was loaded."""

from __future__ import annotations

import json
import marshal
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mauve.fastpath import verdicts

SOURCE = Path(__file__).parents[2] / "src"

PROBE = """
import json, sys
before = set(sys.modules)
sys.path.insert(0, {source!r})
sys.argv = ["mauve", *{words!r}]
from mauve.__main__ import main
try:
    status = main()
except SystemExit as error:
    status = error.code
with open({report!r}, "w") as file:
    json.dump([status, sorted(set(sys.modules) - before)], file)
"""

FRONT_DOOR = {"__future__", "mauve", "mauve.__main__", "mauve.fastpath", "mauve.fastpath.door", "mauve.fastpath.verdicts"}
STANDARD = {"marshal", "_blake2", "time"}
NETWORK = {"httpx", "httpcore", "anyio", "asyncio", "ssl", "socket", "h11", "http.client", "urllib.request"}
EDITING = {"tomlkit"}
RUNNING = {"subprocess", "zipfile", "tarfile", "email", "importlib.metadata", "packaging.requirements", "dataclasses"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without dependencies, so that nothing needs an index."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\n', encoding="utf-8"
    )
    return tmp_path


def run(project: Path, *words: str) -> tuple[int, set[str]]:
    """Return the exit code of `mauve words…` in *project*, and the modules it loaded."""
    report = project.parent / f"{project.name}-report.json"
    code = PROBE.format(source=str(SOURCE), words=list(words), report=str(report))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("UV_")},
        "UV_CACHE_DIR": str(project.parent / f"{project.name}-cache"),
        "UV_PYTHON": sys.executable,
        "UV_NO_PROGRESS": "1",
    }
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert report.exists(), done.stderr
    status, modules = json.loads(report.read_text(encoding="utf-8"))
    return status, set(modules)


def test_the_version_is_answered_at_the_front_door(project: Path) -> None:
    """`--version` is what scripts call most, and needs nothing."""
    status, modules = run(project, "--version")
    assert status == 0
    assert modules <= FRONT_DOOR


def test_help_needs_no_parser(project: Path) -> None:
    """A page is printed from data: neither click nor msgspec is loaded."""
    status, modules = run(project, "--help")
    assert status == 0
    assert not modules & {"click", "msgspec", *NETWORK, *EDITING, *RUNNING}


def test_a_lock_without_a_network_loads_none(project: Path) -> None:
    """A lock that needs no server must not pay for httpx, TLS, an event loop, or the editor of pyproject.toml."""
    run(project, "lock")  # asks the interpreter about itself, and the library for the default index
    (project / "uv.lock").unlink()
    for _ in ("resolved", "satisfied"):
        status, modules = run(project, "lock", "-v")
        assert status == 0
        assert not modules & {*NETWORK, *EDITING, *RUNNING}


def test_a_sync_without_changes_loads_no_network(project: Path) -> None:
    """The environment is compared by names of folders; nothing is opened or started for that."""
    run(project, "sync")
    status, modules = run(project, "sync", "-v")
    assert status == 0
    assert not modules & {*NETWORK, *EDITING, *RUNNING}


def made_later(project: Path) -> None:
    """Let every verdict of *project* be made a minute later: recent changes are distrusted, and nothing here waits."""
    minute = 60_000_000_000
    for path in (project.parent / f"{project.name}-cache" / verdicts.BUCKET).glob("*.verdict"):
        recorded_at, *rest = marshal.loads(path.read_bytes())
        path.write_bytes(marshal.dumps((recorded_at + minute, *rest)))


@pytest.mark.parametrize("word", ["lock", "sync"])
def test_a_second_run_without_changes_is_answered_by_a_verdict(project: Path, word: str) -> None:
    """Nothing to do costs a bare interpreter and a list of files to look at."""
    run(project, "sync")
    run(project, word)
    made_later(project)
    status, modules = run(project, word)
    assert status == 0
    assert modules <= FRONT_DOOR | STANDARD
