"""Trees of the usual build backends, which come from PyPI: built, installed, imported.

A few of them in every run; `MAUVE_BUILD_BACKENDS=all` asks for the others too (about two minutes).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from tests.support.command_line import CommandLine
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.network

NAMED = '[project]\nname = "demo"\nversion = "1.2"\nrequires-python = ">=3.11"\ndescription = "Demo"\n'
MODULE = {"src/demo/__init__.py": "WORD = 'built'\n"}
FLAT = {"demo/__init__.py": '"""Demo."""\nWORD = \'built\'\n'}
EXTENSION = """
#include <Python.h>
static PyObject *word(PyObject *self, PyObject *none) { return PyUnicode_FromString("built"); }
static PyMethodDef methods[] = {{"word", word, METH_NOARGS, ""}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_speed", "", -1, methods};
PyMODINIT_FUNC PyInit__speed(void) { return PyModule_Create(&module); }
"""
SETUP = 'from setuptools import Extension, setup\nsetup(ext_modules=[Extension("demo._speed", ["speed.c"])])\n'
CMAKE = """cmake_minimum_required(VERSION 3.15)
project(demo LANGUAGES NONE)
install(DIRECTORY src/demo DESTINATION .)
"""
MESON = """project('demo', version: '1.2')
py = import('python').find_installation(pure: true)
py.install_sources('src/demo/__init__.py', subdir: 'demo', pure: true)
"""


def declared(requires: str, backend: str) -> str:
    """Return the table of a build system."""
    return f'[build-system]\nrequires = [{requires}]\nbuild-backend = "{backend}"\n'


TREES: dict[str, dict[str, str]] = {
    "setuptools": {**MODULE, "pyproject.toml": NAMED + declared('"setuptools"', "setuptools.build_meta")},
    "setuptools without pyproject.toml": {
        **FLAT,
        "setup.py": 'from setuptools import setup\nsetup(name="demo", version="1.2", packages=["demo"])\n',
    },
    "extension in C": {
        "src/demo/__init__.py": "from demo._speed import word\nWORD = word()\n",
        "speed.c": EXTENSION,
        "setup.py": SETUP,
        "pyproject.toml": NAMED + declared('"setuptools"', "setuptools.build_meta"),
    },
    "hatchling": {**MODULE, "pyproject.toml": NAMED + declared('"hatchling"', "hatchling.build")},
    "flit": {
        **FLAT,
        "pyproject.toml": NAMED + declared('"flit_core"', "flit_core.buildapi"),
    },
    "poetry": {**FLAT, "pyproject.toml": NAMED + declared('"poetry-core>=2"', "poetry.core.masonry.api")},
    "pdm": {**MODULE, "pyproject.toml": NAMED + declared('"pdm-backend"', "pdm.backend")},
    "meson": {**MODULE, "meson.build": MESON, "pyproject.toml": NAMED + declared('"meson-python"', "mesonpy")},
    "scikit-build": {
        **MODULE,
        "CMakeLists.txt": CMAKE,
        "pyproject.toml": NAMED + declared('"scikit-build-core"', "scikit_build_core.build"),
    },
    "setuptools-scm": {
        **MODULE,
        "pyproject.toml": NAMED.replace('version = "1.2"', 'dynamic = ["version"]')
        + declared('"setuptools", "setuptools-scm"', "setuptools.build_meta")
        + "[tool.setuptools_scm]\n",
    },
}


QUICK = ("extension in C", "flit", "setuptools-scm")
BACKENDS = list(TREES) if os.environ.get("MAUVE_BUILD_BACKENDS") == "all" else QUICK


@pytest.fixture
def tool(tmp_path: Path) -> CommandLine:
    """Return the program with the default index, in a project that requires the repository `demo`."""
    with IndexServer() as unused:
        tool = CommandLine(tmp_path, unused)
    del tool.variables["UV_DEFAULT_INDEX"]
    names = ("SSL_CERT_FILE", "HTTPS_PROXY", "UV_DEFAULT_INDEX")
    tool.variables |= {name: os.environ[name] for name in names if name in os.environ}
    tool.variables["UV_HTTP_RETRIES"] = "3"
    return tool


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_repository_is_built_and_imported(tool: CommandLine, tmp_path: Path, backend: str) -> None:
    """From a commit with a tag; then the same tree in place, where the backend can do that."""
    root = tmp_path / "demo"
    for name, text in TREES[backend].items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git = ["git", "-c", "user.name=n", "-c", "user.email=e@x", "-c", "init.defaultBranch=main"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "First"], ["tag", "v1.2"]):
        subprocess.run([*git, *words], cwd=root, check=True)
    tool.write_project("demo", rest=f'[tool.uv.sources]\ndemo = {{ git = "file://{root}", tag = "v1.2" }}\n')
    ran = tool.run("sync")
    assert ran.status == 0, ran.err
    assert tool.installed() == ["demo-1.2"]
    assert _word(tool) == "built"
    assert tool.run("lock", "--check").status == 0
    tool.write_project("demo", rest=f'[tool.uv.sources]\ndemo = {{ path = "{root}", editable = true }}\n')
    ran = tool.run("sync", "--no-editable" if backend == "meson" else "--inexact")
    assert ran.status == 0, ran.err
    assert _word(tool) == "built"


PUBLISHED = {"markupsafe": "markupsafe._speedups", "pyyaml": "yaml"}
"""Packages with an extension in C, each with a module to import."""


@pytest.mark.parametrize("name", PUBLISHED if len(BACKENDS) > len(QUICK) else ["markupsafe"])
def test_a_published_source_distribution_is_built_and_imported(tool: CommandLine, name: str) -> None:
    """Though there are wheels; the second environment gets what was built for the first."""
    tool.write_project(name)
    ran = tool.run("sync", "--no-binary-package", name)
    assert ran.status == 0, ran.err
    assert f"Building {name}==" in ran.err
    assert tool.imports(PUBLISHED[name])
    again = tool.run("sync", "--no-binary-package", name, variables={"UV_PROJECT_ENVIRONMENT": ".second"})
    assert (again.status, "Building" in again.err) == (0, False), again.err


@pytest.mark.parametrize("backend", ["setuptools", "extension in C", "hatchling"])
def test_a_tree_is_built_into_the_archives_of_uv(tool: CommandLine, tmp_path: Path, backend: str) -> None:
    """The same files in archives of the same names, and the wheel of the source distribution can be installed."""
    root = tmp_path / "demo"
    for name, text in TREES[backend].items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    ran = tool.run("build", str(root), "--out-dir", str(tmp_path / "ours"))
    assert ran.status == 0, ran.err
    words = [oracle_uv(), "build", str(root), "--out-dir", str(tmp_path / "theirs"), "--no-build-logs"]
    subprocess.run(words, check=True, env=tool.variables, capture_output=True)
    assert _archives(tmp_path / "ours") == _archives(tmp_path / "theirs")
    (wheel,) = (tmp_path / "ours").glob("*.whl")
    tool.write_project("demo", rest=f'[tool.uv.sources]\ndemo = {{ path = "{wheel}" }}\n')
    assert tool.run("sync").status == 0
    assert _word(tool) == "built"


def _archives(folder: Path) -> dict[str, list[str]]:
    """Return the names of the files in every archive in *folder*."""
    found: dict[str, list[str]] = {}
    for path in folder.glob("demo-*"):
        if path.suffix == ".whl":
            with ZipFile(path) as wheel:
                found[path.name] = sorted(wheel.namelist())
        else:
            with tarfile.open(path) as sdist:
                found[path.name] = sorted(sdist.getnames())
    return found


def _word(tool: CommandLine) -> str:
    python = tool.project / ".venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [python, "-c", "import demo; print(demo.WORD)"], check=False, capture_output=True, text=True, env=environment
    )
    return done.stdout.strip() or done.stderr
