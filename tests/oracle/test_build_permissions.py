"""What may be built and what may come as a wheel: uv and mauve take the same, and refuse in the same words.

Every kind of source under `--no-build`, `--no-binary` and what else says so, of one package or of all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.side_by_side import SideBySide
from tests.support.tree_backend import write_tree
from tests.support.wheel_factory import make_sdist, make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.wheel_factory import BuiltFile

pytestmark = pytest.mark.oracle

RACES = re.compile(r" +(Building|Built) ")
PROJECT = '[project]\nname = "p"\nversion = "0.1.0"\nrequires-python = ">=3.11"\ndependencies = ["{}"]\n{}'


def source_archive(folder: Path, name: str, version: str = "1.0") -> BuiltFile:
    """Return a source distribution that needs nothing to be built."""
    write_tree(folder / name, name, version)
    files = {path.name: path.read_text() for path in (folder / name).iterdir()}
    return make_sdist(name, version, files=files)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[IndexServer]:
    folder = tmp_path / "trees"
    packages = {
        "both": [make_wheel("both", "1.0", requires=["dep"]), source_archive(folder, "both")],
        "dep": [make_wheel("dep", "1.0"), source_archive(folder, "dep")],
        "wheel": [make_wheel("wheel", "1.0")],
        "source": [source_archive(folder, "source")],
        "two": [make_wheel("two", "1.0"), source_archive(folder, "two", "2.0")],
        "old": [make_wheel("old", "2.0"), source_archive(folder, "old", "1.0")],
    }
    with IndexServer(packages) as running:
        yield running


def ordered(err: str) -> list[str]:
    """Return the lines of *err*, what is told of builds first: several of them race."""
    return sorted(err.splitlines(), key=lambda line: (0, line) if RACES.match(line) else (1, ""))


def agree(both: SideBySide, *words: str) -> str:
    """Run both programs, compare what they left, and return what uv said."""
    theirs, ours = both.run(*words)
    assert (ours.status, ours.out, ordered(ours.err)) == (theirs.status, theirs.out, ordered(theirs.err)), words
    assert ours.lock == theirs.lock
    return theirs.err


@pytest.fixture
def pip(tmp_path: Path, server: IndexServer) -> SideBySide:
    """Two folders with environments that nothing leads away from."""
    both = SideBySide(tmp_path, server, {})
    agree(both, "venv")
    both.set("UV_PYTHON", None)
    both.set("UV_PYTHON_SEARCH_PATH", "")
    return both


@pytest.mark.parametrize(
    "words",
    [
        "both --no-binary both",
        "both --no-binary dep",
        "both --no-binary :all:",
        "both --no-binary :all: --no-binary :none:",
        "both --only-binary both",
        "both --no-binary both --only-binary both",
        "both --no-binary :all: --only-binary dep",
        "source --only-binary source",
        "source --only-binary :all:",
        "source --no-build",
        "wheel --no-binary wheel",
        "wheel --no-binary :all:",
        "two --no-build",
        "two --only-binary two",
        "old --no-binary old",
        "old --no-binary :all:",
    ],
)
def test_pip_install_takes_the_files_that_it_may(pip: SideBySide, words: str) -> None:
    agree(pip, "pip", "install", *words.split())
    agree(pip, "pip", "freeze")


def test_a_wheel_that_pip_install_built_serves_sync(tmp_path: Path, server: IndexServer) -> None:
    """It is known by the digest of the source distribution, which the lock has."""
    both = SideBySide(tmp_path, server, {"pyproject.toml": PROJECT.format("source", "")})
    agree(both, "lock")
    agree(both, "venv")
    agree(both, "pip", "install", "source", "--python", ".venv")
    agree(both, "venv", "--clear")
    assert "Building" not in agree(both, "sync", "--offline")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("no-build = true", "source --build"),
        ("[pip]\nno-build = true", "source --build"),
        ('[pip]\nonly-binary = [":all:"]', "source --build"),
        ('[pip]\nno-binary = ["both"]', "both"),
        ('no-binary-package = ["both"]', "both --no-binary :none:"),
    ],
)
def test_settings_say_what_pip_install_may_take(pip: SideBySide, table: str, words: str) -> None:
    pip.write({"uv.toml": f"{table}\n"})
    agree(pip, "pip", "install", *words.split())


@pytest.mark.parametrize("given", ["two words,", "-", "both -"])
@pytest.mark.parametrize("variable", ["UV_NO_BINARY_PACKAGE", "UV_NO_BUILD_PACKAGE"])
def test_every_command_reads_the_lists_of_packages_in_variables(pip: SideBySide, variable: str, given: str) -> None:
    pip.set(variable, given)
    assert variable in agree(pip, "pip", "freeze")


KINDS = {
    "folder": ("t", 't = { path = "t" }', "./t"),
    "editable": ("t", 't = { path = "t", editable = true }', "-e ./t"),
    "dynamic": ("y", 'y = { path = "y" }', "./y"),
    "dynamic editable": ("y", 'y = { path = "y", editable = true }', "-e ./y"),
    "archive": ("source", 'source = { url = "ORIGIN/files/source-1.0.tar.gz" }', "ORIGIN/files/source-1.0.tar.gz"),
    "wheel": ("wheel", 'wheel = { url = "ORIGIN/files/wheel-1.0-py3-none-any.whl" }', ""),
    "member": ("m", "m = { workspace = true }\n[tool.uv.workspace]\nmembers = ['m']", ""),
}


@pytest.fixture
def project(tmp_path: Path, server: IndexServer, request: pytest.FixtureRequest) -> tuple[SideBySide, str, str]:
    """Two projects that require a package from somewhere, its name, and how it is typed."""
    name, entry, typed = KINDS[request.param]
    both = SideBySide(tmp_path, server, {"pyproject.toml": PROJECT.format(name, f"[tool.uv.sources]\n{entry}\n")})
    for folder in both.projects:
        write_tree(folder / "t", "t")
        write_tree(folder / "m", "m")
        write_tree(folder / "y", "y", "", built_version="1.0")
    return both, name, typed.replace("ORIGIN", server.origin)


@pytest.mark.parametrize("project", KINDS, indirect=True)
def test_projects_refuse_what_may_not_be_built(project: tuple[SideBySide, str, str]) -> None:
    """Members are built in any case, unless they are left out."""
    both, name, _ = project
    for words in (
        "lock --no-build",
        f"lock --no-build-package {name}",
        "lock",
        "lock --no-build",
        "lock --check --no-binary",
        "sync --no-build",
        "sync --no-binary",
        f"sync --frozen --no-build-package {name}",
        "sync --no-build --no-binary --reinstall",
        f"sync --no-build --no-install-package {name}",
        "run --no-build true",
        "tree --no-build",
        "export --no-build",
    ):
        agree(both, *words.split())


@pytest.mark.parametrize("project", [kind for kind, (_, _, typed) in KINDS.items() if typed], indirect=True)
@pytest.mark.parametrize("option", ["--no-build", "--only-binary NAME", "--no-binary NAME"])
def test_pip_install_refuses_what_may_not_be_built(project: tuple[SideBySide, str, str], option: str) -> None:
    """What is installed in place may be, if it need not be built to know what it requires."""
    both, name, typed = project
    agree(both, "venv")
    both.set("UV_PYTHON", None)
    agree(both, "pip", "install", *typed.split(), *option.replace("NAME", name).split())


def test_pip_install_refuses_wheels_that_are_named(pip: SideBySide, server: IndexServer) -> None:
    url = f"{server.origin}/files/wheel-1.0-py3-none-any.whl"
    assert "conflicts with `--no-binary`" in agree(pip, "pip", "install", url, "--no-binary", ":all:")
    agree(pip, "pip", "install", f"wheel @ {url}", "--no-binary", "wheel")


@pytest.mark.parametrize("option", ["--no-build", "--no-binary wheel", "--no-binary other"])
def test_a_wheel_beside_the_project_is_prepared_when_it_is_installed(pip: SideBySide, option: str) -> None:
    """It was read before, to know what it requires."""
    wheel = make_wheel("wheel", "1.0")
    for project in pip.projects:
        (project / wheel.filename).write_bytes(wheel.content)
    agree(pip, "pip", "install", f"./{wheel.filename}", *option.split())
    agree(pip, "pip", "install", f"./{wheel.filename}", "--reinstall")


@pytest.mark.parametrize("text", ['dynamic = ["version"]', 'version = "1.0"\ndynamic = ["dependencies"]'])
def test_a_project_without_a_name_yet_is_built_only_if_it_must(pip: SideBySide, text: str) -> None:
    """Its version is not asked for where only its requirements are wanted."""
    backend = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    pip.write({"pyproject.toml": f'[project]\nname = "p"\n{text}\n{backend}'})
    agree(pip, "pip", "install", "-r", "pyproject.toml", "--no-build")
