"""`python find`, `list` and `pin` say and write what uv says and writes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.side_by_side import SideBySide

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROJECT = '[project]\nname = "p"\nversion = "1"\nrequires-python = "{}"\n'
GLOBAL = "home/.config/uv/.python-version"

pytestmark = pytest.mark.oracle


@pytest.fixture
def both(tmp_path: Path) -> Iterator[SideBySide]:
    """Two folders with one Python each, which are the homes of their users as well."""
    with IndexServer({}) as server:
        both = SideBySide(tmp_path, server, {})
        both.set("HOME", "PROJECT/home")
        both.set("UV_PYTHON", None)
        both.set("UV_PYTHON_SEARCH_PATH", "PROJECT/bin")
        for project in both.projects:
            (project / "bin").mkdir()
            for name in ("python3", f"python3.{sys.version_info.minor}"):
                (project / "bin" / name).symlink_to(getattr(sys, "_base_executable", sys.executable))
        yield both


def check(both: SideBySide, *lines: str) -> None:
    """Run each of *lines* with both programs; they must agree on everything, and on the version files."""
    for line in lines:
        theirs, ours = both.run(*line.split())
        assert ours == theirs, line
        for name in (".python-version", GLOBAL):
            left = [project / name for project in both.projects]
            texts = [file.read_text(encoding="utf-8") if file.exists() else None for file in left]
            assert texts[0] == texts[1], line


def test_pins_without_a_project(both: SideBySide) -> None:
    """Every kind of request, in the form in which it is kept."""
    check(both, "python pin", "python pin --rm", "python pin 3.99", "python pin", "python pin cp399", "python pin any")
    check(both, "python pin foo", "python pin --resolved 3.99", "python pin ./nope", "python pin >=3.7", "python pin")
    check(both, "python pin --rm 3.9", "python pin --rm --resolved", "python pin 3.99t", "python pin 2.7")
    check(both, "python pin --rm", "python pin --rm")


def test_the_global_pin(both: SideBySide) -> None:
    """It is shown and heeded where there is no other, and removed only by its name."""
    check(both, "python pin --rm --global", "python pin --global 3", "python pin", "python find", "python pin --rm")
    check(both, "python pin --global", "python pin 3.8 --global", "python pin --no-config", "python find --no-config")
    both.write({"pyproject.toml": PROJECT.format(">=3.9")})
    check(both, "python find", "lock", "python pin", "python pin --global 3.8", "python pin --global --no-project 3.7")
    both.write({GLOBAL: "any\n"})
    check(both, "python find", "lock", "venv")
    both.write({GLOBAL: "\n"})
    check(both, "python pin", "python find", "python pin --global --rm")


@pytest.mark.parametrize("pin", ["3.7", "3.99", "pypy", "any", "<3.8", "3", "foo", "", ">=3.6\n3.99"])
def test_a_pin_that_is_there(both: SideBySide, pin: str) -> None:
    """What it says of a project that it does not suit."""
    both.write({"pyproject.toml": PROJECT.format(">=3.8"), ".python-version": f"{pin}\n"})
    check(both, "python pin", "python pin --no-project", "python find", "python find --no-config", "lock", "venv")


@pytest.mark.parametrize("declared", [">=3.98", "<3.8", ">=3.7.2", "==3.8", ">=3.8,<3.9"])
def test_a_pin_that_is_new(both: SideBySide, declared: str) -> None:
    """It must suit the project."""
    both.write({"pyproject.toml": PROJECT.format(declared)})
    check(both, *[f"python pin {version}" for version in ("3.7", "3.7.2", "3.8", "3.98", "3", "cpython@3.8", "any")])
    check(both, "python pin any --resolved", "python find", "python find 3.7")


def test_projects_that_cannot_be_used(both: SideBySide) -> None:
    """They are told of, and do not keep anyone from finding a Python."""
    for text in ("[project\n", '[project]\nversion = "1"\n', f"[tool.uv]\nmanaged = false\n{PROJECT.format('<3')}"):
        both.write({"pyproject.toml": text})
        check(both, "python find", "python pin any", "python pin")


def test_finding(both: SideBySide) -> None:
    """Every way to ask, and every way not to be answered."""
    check(both, "python find", "python find --show-version", "python find --resolve-links", "python find 3.99")
    check(both, "python find 2.7", "python find nope", "python find ./nope", "python find ..", "python find --system")
    check(both, "python find --managed-python", "python find pypy", "-q python find", "python find --script s.py")
    check(both, "venv", "python find", "python find --system", "python find .venv")
    for value in ("1", "0"):
        both.set("UV_SYSTEM_PYTHON", value)
        check(both, "python find", "python find --no-system", "python find --script s.py", "python find --system")
    both.set("UV_SYSTEM_PYTHON", "x")
    check(both, "python find")


def test_listing(both: SideBySide) -> None:
    """Everything on the path."""
    check(both, "python list", "python list --output-format json", "python list any", "python list 3.99")
    check(both, "python list --only-installed", "python list --only-installed --only-downloads", "python list nope")
    check(both, "python list >=3.9", "python list cpython", "python ls", "python list 2.7", "python list --offline")
    check(both, "python dir", "python dir --bin")


@pytest.mark.parametrize("declared", ["==3.{minor}", "=={version}", "==3.98.1", "~=3.{minor}", "===3.98", "==3"])
def test_exact_declarations_are_versions(both: SideBySide, declared: str) -> None:
    """What is declared alone and exactly is looked for as if it was typed; what allows much is told of."""
    version = ".".join(map(str, sys.version_info[:3]))
    specifier = declared.format(minor=sys.version_info.minor, version=version)
    both.write({"pyproject.toml": PROJECT.format(specifier)})
    check(both, "python find", f"python find {specifier}", f"python list {specifier}", "python pin 3.98", "lock")


def test_scripts_with_exact_declarations(both: SideBySide) -> None:
    """They have no table to name."""
    for declared in ("==3", f"==3.{sys.version_info.minor}", "==3.98"):
        both.write({"s.py": f'# /// script\n# requires-python = "{declared}"\n# dependencies = []\n# ///\n'})
        check(both, "python find --script s.py", "lock --script s.py")
