"""Digests in the URLs of requirements: uv and mauve record the same ones, and refuse the same files."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.wheel_factory import make_sdist, make_wheel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.wheel_factory import BuiltFile

pytestmark = pytest.mark.oracle

WHEEL = make_wheel("a", "1.0")
PROJECT = '[project]\nname = "a"\nversion = "1.0"\n'
SDIST = make_sdist("a", "1.0", files={"pyproject.toml": PROJECT})
FRAGMENTS = {
    "none": "",
    "right": "sha256={sha256}",
    "wrong": "sha256=" + "0" * 64,
    "right, stronger": "sha512={sha512}",
    "wrong, stronger": "sha512=" + "0" * 128,
    "too weak to say anything": "md5=" + "0" * 32,
    "something else": "egg=a",
}


@pytest.mark.parametrize("fragment", FRAGMENTS)
@pytest.mark.parametrize("file", [WHEEL, SDIST], ids=["wheel", "source"])
def test_a_file_is_compared_with_its_url(file: BuiltFile, fragment: str, tmp_path: Path) -> None:
    """Wheels when they are installed, source archives before anything in them is run."""
    digests = {name: hashlib.new(name, file.content).hexdigest() for name in ("sha256", "sha512")}
    with IndexServer({"a": [file]}) as server:
        url = f"{server.file_url(file.filename)}#{FRAGMENTS[fragment].format(**digests)}".removesuffix("#")
        seen = []
        for program in ([oracle_uv()], [*CommandLine.program]):
            line = CommandLine(tmp_path / os.path.basename(program[0]), server)
            line.write_project(f"a @ {url}")
            lock = line.project / "uv.lock"
            ended = []
            for words in (["lock"], ["sync", "--frozen"]) if file is WHEEL else (["lock"],):
                shutil.rmtree(line.cache, ignore_errors=True)
                done = subprocess.run(
                    [*program, *words],
                    cwd=line.project,
                    env=line.variables,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                ended.append((done.returncode, done.stderr[done.stderr.find("error:") :] if done.returncode else ""))
            seen.append((ended, lock.read_text() if lock.exists() else ""))
    assert seen[1] == seen[0]


@pytest.mark.parametrize("place", ["index", "URL"])
def test_another_source_than_the_locked_one_is_not_built(place: str, tmp_path: Path) -> None:
    """Its backend would run, and tell so by a file."""
    mark = tmp_path / "was-run"
    project = '[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]\n' + PROJECT
    other = make_sdist("a", "1.0", files={"pyproject.toml": project, "b.py": f"open({str(mark)!r}, 'w')\n"})
    with IndexServer({"a": [SDIST]}) as server:
        seen = []
        for program in ([oracle_uv()], [*CommandLine.program]):
            server.answers.clear()
            line = CommandLine(tmp_path / os.path.basename(program[0]), server)
            line.write_project("a" if place == "index" else f"a @ {server.file_url(SDIST.filename)}")
            subprocess.run([*program, "lock"], cwd=line.project, env=line.variables, check=True, capture_output=True)
            shutil.rmtree(line.cache)
            server.answers[f"/files/{SDIST.filename}"] = ({}, other.content)
            done = subprocess.run(
                [*program, "sync", "--frozen"],
                cwd=line.project,
                env=line.variables,
                capture_output=True,
                text=True,
                check=False,
            )
            seen.append((done.returncode, done.stderr[done.stderr.find("error:") :]))
    assert seen[1] == seen[0]
    assert not mark.exists()
