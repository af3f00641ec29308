"""The commands that describe a workspace: its folder, its members, its scripts, and its lock as a graph."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.oracle import oracle_uv
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer

ROOT = """
[project.optional-dependencies]
x = ["b<2 ; sys_platform == 'win32'"]
[dependency-groups]
dev = ["c ; python_version < '3.13'"]
[tool.uv]
conflicts = [[{ extra = "x" }, { group = "other" }]]
[tool.uv.workspace]
members = ["packages/*"]
[tool.uv.sources]
m = { workspace = true }
"""
MEMBER = """
[project]
name = "m"
version = "1"
requires-python = ">=3.11"
dependencies = ["a ; os_name == 'nt'"]
[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
SCRIPT = "# /// script\n# dependencies = []\n# ///\n"


@pytest.fixture
def workspace(tool: CommandLine) -> CommandLine:
    """Return the program in a root with one member, which has a conflict of its own."""
    tool.write_project("a", "m", rest=ROOT)
    member = tool.project / "packages" / "m"
    member.mkdir(parents=True)
    (member / "src" / "m").mkdir(parents=True)
    (member / "src" / "m" / "__init__.py").touch()
    (member / "pyproject.toml").write_text(MEMBER)
    return tool


def describe(tool: CommandLine, *words: str) -> dict[str, Any]:
    ran = tool.run("workspace", "metadata", *words)
    assert ran.status == 0, ran.err
    described: dict[str, Any] = json.loads(ran.out)
    return described


def test_members_are_listed_by_name_or_by_folder(workspace: CommandLine) -> None:
    """Sorted by name in both cases."""
    root = str(workspace.project)
    assert workspace.run("workspace", "list").out == "m\np\n"
    assert workspace.run("workspace", "list", "--paths").out == f"{root}/packages/m\n{root}\n"


def test_the_folder_of_a_member_is_found_by_its_name(workspace: CommandLine) -> None:
    """Without a name it is that of the workspace, also from within a member."""
    root = str(workspace.project)
    assert workspace.run("workspace", "dir", "--directory", "packages/m").out == f"{root}\n"
    assert workspace.run("workspace", "dir", "--package", "M").out == f"{root}/packages/m\n"
    ran = workspace.run("workspace", "dir", "--package", "nope")
    assert (ran.status, ran.err) == (2, "error: Package `nope` not found in workspace.\n")


def test_scripts_are_found_by_their_block(workspace: CommandLine) -> None:
    """Those that git ignores are not, and a malformed block is told."""
    for name, text in {
        "one.py": SCRIPT,
        "packages/m/two.PYW": SCRIPT,
        "three": f"#!/usr/bin/env python\n{SCRIPT}",
        "data.txt": SCRIPT,
        "plain.py": "print()\n",
        "ignored/four.py": SCRIPT,
        "broken.py": "# /// script\n",
        ".gitignore": "ignored\n",
    }.items():
        path = workspace.project / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (workspace.project / "link.py").symlink_to("one.py")
    ran = workspace.run("workspace", "list", "--scripts")
    assert ran.out.split() == ["one.py", "packages/m/two.PYW", "three"]
    assert f"warning: Skipping invalid PEP 723 script `{workspace.project}/broken.py`: An opening tag" in ran.err


def test_metadata_are_made_without_a_lockfile(workspace: CommandLine) -> None:
    """Looking does not change the project."""
    assert [member["name"] for member in describe(workspace)["members"]] == ["m", "p"]
    assert not (workspace.project / "uv.lock").exists()


def test_markers_of_edges_tell_when_their_node_is_reached(tool: CommandLine, server: IndexServer) -> None:
    """In the lockfile they are relative to the package that requires."""
    server.publish("d", make_wheel("d", "1.0", requires=["b ; python_version < '3.13'"]))
    tool.write_project("d ; sys_platform == 'win32'")
    node = next(node for node in describe(tool)["resolution"].values() if node.get("name") == "d")
    assert [edge["marker"] for edge in node["dependencies"]] == [
        "python_full_version < '3.13' and sys_platform == 'win32'"
    ]


def test_modules_are_told_with_their_owners(tool: CommandLine, server: IndexServer) -> None:
    """A namespace package has several; what the interpreter cannot import has none."""
    files = {"space/one/__init__.py": "", "space/x.pyi": "", "data/a.txt": "", "odd-name.py": "", "e.abi3.so": ""}
    server.publish("one", make_wheel("one", "1.0", files=files))
    server.publish("two", make_wheel("two", "1.0", files={"space/two.py": "", "f.cpython-36m-x.so": ""}))
    tool.write_project("one", "two")
    modules = describe(tool, "--sync")["modules"]
    owners = {module: [owner["package_id"][:3] for owner in found["owners"]] for module, found in modules.items()}
    assert owners == {"e": ["one"], "space": ["one", "two"], "space.one": ["one"], "space.two": ["two"]}


def test_an_environment_that_does_not_work_is_passed_over(workspace: CommandLine) -> None:
    """What is asked for is the lock."""
    folder = workspace.project / ".venv"
    folder.mkdir()
    (folder / "pyvenv.cfg").write_text("home = /nowhere\n")
    assert "environment" not in describe(workspace)


def test_exact_needs_sync(workspace: CommandLine) -> None:
    """Nothing would be removed."""
    ran = workspace.run("workspace", "metadata", "--exact")
    assert ran.status == 2
    assert ran.err.startswith("error: the following required arguments were not provided:\n  --sync\n")


@pytest.mark.oracle
@pytest.mark.parametrize("words", [(), ("--script", "s.py"), ("--sync",)])
def test_metadata_are_those_of_uv(workspace: CommandLine, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Byte for byte."""
    (workspace.project / "s.py").write_text(SCRIPT.replace("[]", '["a", "c"]'))
    if words == ("--sync",):
        workspace.write_project("a", "m", rest=ROOT.replace("conflicts", "# conflicts"))
    variables = {**workspace.variables, "UV_CACHE_DIR": str(tmp_path / "uv")}
    command = [oracle_uv(), "workspace", "metadata", *words]
    expected = subprocess.run(command, cwd=workspace.project, env=variables, capture_output=True, check=True).stdout
    shutil.rmtree(workspace.project / ".venv", ignore_errors=True)
    assert workspace.run("workspace", "metadata", *words).out == expected.decode()
