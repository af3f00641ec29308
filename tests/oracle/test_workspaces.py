"""A large workspace with sources of every kind: locked and installed as uv does."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.oracle

MEMBERS = 15
BACKEND = '[build-system]\nrequires = ["uv_build>=0.13,<0.14"]\nbuild-backend = "uv_build"\n'


def write_package(root: Path, name: str, dependencies: list[str], rest: str = "", version: str = "1.0") -> None:
    """Write a package that `uv_build` builds."""
    module = root / "src" / name.replace("-", "_")
    module.mkdir(parents=True)
    (module / "__init__.py").touch()
    (root / "pyproject.toml").write_text(
        f'[project]\nname = "{name}"\nversion = "{version}"\nrequires-python = ">=3.11"\n'
        f"dependencies = {dependencies}\n{rest}{BACKEND}"
    )


@pytest.fixture
def tool(tmp_path: Path) -> Iterator[CommandLine]:
    """Return the program in a workspace of a root and fourteen members.

    Members require each other in a ring of threes, a package of an index, a folder, and a repository.
    """
    versions = ("1.0", "1.5", "2.0")
    packages = {
        "shared": [make_wheel("shared", version) for version in versions],
        "leaf": [make_wheel("leaf", version, requires=["shared"]) for version in versions],
        "old": [make_wheel("old", "1.0", requires=["shared<2"]), make_wheel("old", "2.0", requires=["shared"])],
    }
    with IndexServer(packages) as server:
        tool = CommandLine(tmp_path, server)
        write_package(tmp_path / "repository", "from-git", ["leaf"])
        git = ["git", "-c", "user.name=n", "-c", "user.email=e@x", "-c", "init.defaultBranch=main"]
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "First"]):
            subprocess.run([*git, *words], cwd=tmp_path / "repository", check=True)
        write_package(tool.project / "outside", "from-path", ["shared; sys_platform == 'linux'"])
        write_package(tool.project / "libs" / "ignored", "m-ignored", ["missing"])
        members = [f"m{number:02}" for number in range(1, MEMBERS)]
        for number, name in enumerate(members):
            folder = "apps" if number % 2 else "libs"
            others = members[number + 1 : number + 3]
            sources = "".join(f"{other} = {{ workspace = true }}\n" for other in others)
            sources += 'from-path = { path = "../../outside" }\n' if number % 5 == 0 else ""
            if number == 3:
                sources += f'from-git = {{ git = "file://{tmp_path}/repository", branch = "main" }}\n'
            dependencies = [*others, "leaf>=1" if number % 3 else "shared; python_version < '3.13'"]
            dependencies += ["from-path"] if number % 5 == 0 else []
            dependencies += ["from-git"] if number == 3 else []
            tables = f'[project.optional-dependencies]\nx{number} = ["old"]\n[dependency-groups]\ndev = ["leaf"]\n'
            write_package(
                tool.project / folder / name,
                name,
                dependencies,
                f"{tables}[tool.uv.sources]\n{sources}" if sources else tables,
            )
        tool.write_project(
            "m01",
            rest='[tool.uv.workspace]\nmembers = ["libs/*", "apps/m*"]\nexclude = ["libs/ignored"]\n'
            "[tool.uv.sources]\nm01 = { workspace = true }\n",
        )
        yield tool


def uv(tool: CommandLine, *words: str) -> None:
    """Run the real uv in the project, with a cache of its own."""
    variables = {**tool.variables, "UV_CACHE_DIR": str(tool.cache) + "-uv"}
    subprocess.run([oracle_uv(), *words], cwd=tool.project, env=variables, check=True, capture_output=True)


def test_the_lock_is_that_of_uv(tool: CommandLine) -> None:
    """Byte for byte, also from within a member, and after one requirement changed."""
    uv(tool, "lock")
    lockfile = tool.project / "uv.lock"
    expected = lockfile.read_bytes()
    lockfile.unlink()
    ran = tool.run("lock", "--directory", "apps/m02")
    assert ran.status == 0, ran.err
    assert lockfile.read_bytes() == expected
    member = tool.project / "libs" / "m03" / "pyproject.toml"
    member.write_text(member.read_text().replace("'leaf>=1'", "'leaf<2'"))
    assert tool.run("lock").status == 0
    ours = lockfile.read_bytes()
    lockfile.write_bytes(expected)
    uv(tool, "lock")
    assert ours == lockfile.read_bytes() != expected


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--all-packages",),
        ("--package", "m05"),
        ("--package", "m05", "--package", "m09", "--all-extras"),
        ("--all-packages", "--no-install-workspace"),
        ("--all-packages", "--no-install-local"),
        ("--no-install-project",),
        ("--all-packages", "--no-dev", "--no-install-package", "leaf"),
        ("--all-packages", "--no-editable"),
    ],
    ids=" ".join,
)
def test_the_same_is_installed(tool: CommandLine, words: tuple[str, ...]) -> None:
    """From the same places, in place or not."""

    def installed() -> dict[str, str]:
        found: dict[str, str] = {}
        for path in sorted((tool.project / ".venv").rglob("*.dist-info")):
            origin = path / "direct_url.json"
            found[path.stem] = origin.read_text() if origin.exists() else ""
        shutil.rmtree(tool.project / ".venv")
        return found

    uv(tool, "sync", *words)
    expected = installed()
    ran = tool.run("sync", *words)
    assert ran.status == 0, ran.err
    assert installed() == expected


def test_an_upgrade_that_breaks_a_member_names_it(tool: CommandLine) -> None:
    """A shared requirement moved on; one member cannot."""
    assert tool.run("lock").status == 0
    before = (tool.project / "uv.lock").read_bytes()
    member = tool.project / "apps" / "m06" / "pyproject.toml"
    member.write_text(member.read_text().replace("dependencies = [", "dependencies = ['shared<2', ", 1))
    root = tool.project / "pyproject.toml"
    root.write_text(root.read_text().replace('"m01"', '"m01", "shared>=2"', 1))
    ran = tool.run("lock", "--upgrade-package", "shared")
    assert ran.status == 1
    assert "m06" in ran.err
    assert "shared<2" in ran.err
    assert "m07" not in ran.err
    assert (tool.project / "uv.lock").read_bytes() == before
    assert not os.path.exists(tool.project / ".venv")
