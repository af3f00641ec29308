"""`build` of uv and of mauve: the same archives, words and exit codes."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from tests.support.index_server import IndexServer
from tests.support.native_projects import BUILD_SYSTEM, MINIMAL
from tests.support.side_by_side import SideBySide

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.oracle

FULL = {
    "pyproject.toml": (
        '[project]\nname = "demo"\nversion = "0.1.0"\nreadme = "README.md"\nlicense = "MIT"\n'
        'license-files = ["LIC*", "legal/*"]\n[project.scripts]\nhey = "demo:main"\n'
        '[tool.uv.build-backend]\nsource-include = ["extra/**"]\ndata = { scripts = "bin", data = "share" }\n'
        f"{BUILD_SYSTEM}"
    ),
    "src/demo/__init__.py": "",
    "src/demo/inner/part.py": "x = 1\n" * 500,
    "README.md": "Demo\n",
    "LICENSE": "MIT\n",
    "legal/more.txt": "more\n",
    "bin/run.sh": "true\n",
    "share/data.txt": "data\n",
    "extra/test.py": "assert True\n",
}


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer() as running:
        yield running


@pytest.mark.parametrize("words", ["", "--sdist", "--wheel", "--sdist --wheel", "--wheel --out-dir out/deep", "-q"])
def test_projects_of_the_backend_within_give_the_same_archives(tmp_path: Path, server: IndexServer, words: str) -> None:
    """But for how well they are compressed: the same tar to the byte, the same members in the same order."""
    both = SideBySide(tmp_path, server, FULL)
    theirs, ours = both.run("build", *words.split())
    assert ours == theirs
    assert ours.status == 0
    left, right = (_contents(project) for project in both.projects)
    assert left == right
    assert left


@pytest.mark.parametrize(
    "words",
    [
        "--list",
        "--list --sdist",
        "--list --wheel",
        "--list --wheel --sdist",
        "--list --force-pep517",
        "--package demo",
        "--package other",
        "--all --sdist",
        "--all --package demo",
        "README.md",
        "README.md --wheel",
        "missing",
        "src",
        "src --list",
        "--out-dir . --clear",
        "--no-such-option",
        "--offline --force-pep517",
        "--python 3.99",
    ],
)
def test_the_same_is_said(tmp_path: Path, server: IndexServer, words: str) -> None:
    """Whatever is built, listed or refused."""
    both = SideBySide(tmp_path, server, FULL)
    theirs, ours = both.run("build", *words.split())
    assert ours == theirs


@pytest.mark.parametrize(
    "requires",
    ["uv_build", "uv-build>=0.13", "uv_build<1", "uv_build>=0.12,<0.13", "uv_build!=0.5", "UV.build==0.13.*"],
)
def test_ranges_of_the_backend_are_judged_alike(tmp_path: Path, server: IndexServer, requires: str) -> None:
    """One without an end may break one day; others are not this backend."""
    system = BUILD_SYSTEM.replace("uv_build>=0.13,<0.14", requires)
    both = SideBySide(tmp_path, server, {"pyproject.toml": MINIMAL + system, "src/demo/__init__.py": ""})
    for words in (("build", "--sdist"), ("build", "--list", "--sdist")):
        theirs, ours = both.run(*words)
        assert ours == theirs


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "[build-system]\n",
        '[build-system]\nrequires = "x"\n',
        '[build-system]\nrequires = ["x y"]\n',
        "[build-system]\nrequires = []\nbuild-backend = 1\n",
        '[build-system]\nrequires = []\nbackend-path = ["missing"]\n',
        '[project]\nversion = "1"\n[build-system]\nrequires = []\n',
        '[project]\nname = "x y"\n[build-system]\nrequires = []\n',
        '[project]\nname = "x"\nversion = "y"\n[build-system]\nrequires = []\n',
        '[project]\nname = "x"\nversion = "1"\nrequires-python = "!"\n[build-system]\nrequires = []\n',
        '[project]\nname = "x"\nversion = "1"\n[build-system]\nrequires = []\n[tool.uv.sources]\ny = { z = 1 }\n',
    ],
)
def test_what_is_malformed_is_refused_in_the_same_words(tmp_path: Path, server: IndexServer, text: str) -> None:
    """With the place in the file."""
    both = SideBySide(tmp_path, server, {"pyproject.toml": text})
    theirs, ours = both.run("build", "--wheel")
    assert ours == theirs


def _contents(project: Path) -> dict[str, object]:
    """Return what is in the archives below *project*."""
    found: dict[str, object] = {}
    for path in project.rglob("demo-*"):
        if path.is_dir():
            found |= {file.relative_to(project).as_posix(): file.read_bytes() for file in path.iterdir()}
        elif path.suffix == ".whl":
            with ZipFile(path) as wheel:
                members = [
                    (info.filename, info.external_attr, wheel.read(info).replace(bytes(project), b"PROJECT"))
                    for info in wheel.infolist()
                    if not info.filename.endswith("/RECORD")
                ]
            found[path.name] = members
        else:
            found[path.name] = gzip.decompress(path.read_bytes())
    return found


@pytest.mark.parametrize(
    "hook",
    [
        "build-sdist PROJECT",
        "build-wheel PROJECT",
        "build-editable PROJECT",
        "prepare-metadata-for-build-wheel PROJECT",
        "get-requires-for-build-editable",
        "build-wheel PROJECT --metadata-directory missing",
        "",
        "no-such-hook",
        "build-wheel",
    ],
)
def test_hooks_of_the_backend_are_commands(tmp_path: Path, server: IndexServer, hook: str) -> None:
    """A build frontend reads the name of what was made."""
    both = SideBySide(tmp_path, server, FULL)
    theirs, ours = both.run("build-backend", *hook.replace("PROJECT", ".").split())
    assert ours == theirs
    left, right = (_contents(project) for project in both.projects)
    assert left == right


@pytest.mark.parametrize("system", ['requires = ["hatchling"]\nbuild-backend = "hatchling.build"\n', "requires = []\n"])
def test_a_project_of_another_backend_is_suspicious(tmp_path: Path, server: IndexServer, system: str) -> None:
    """It is built all the same: whoever calls the hook knows best."""
    text = f"{MINIMAL}[build-system]\n{system}"
    both = SideBySide(tmp_path, server, {"pyproject.toml": text, "src/demo/__init__.py": ""})
    theirs, ours = both.run("build-backend", "build-wheel", ".")
    assert ours == theirs
    assert ours.out == "demo-0.1.0-py3-none-any.whl\n"
