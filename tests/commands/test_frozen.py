"""A lock that must not change stands for what of the project is not there."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer

MEMBER = '[project]\nname = "m"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["c"]\n'


@pytest.fixture
def locked(tool: CommandLine) -> CommandLine:
    """Return the program in a locked workspace of `p`, which requires `a`, and `m`, whose project file is gone."""
    tool.write_project("a<2", rest='[tool.uv.workspace]\nmembers = ["m"]\n')
    member = tool.project / "m"
    member.mkdir()
    (member / "pyproject.toml").write_text(MEMBER)
    (member / "module.py").touch()
    assert tool.run("lock").status == 0
    (member / "pyproject.toml").unlink()
    return tool


@pytest.mark.parametrize(
    ("words", "installed"),
    [
        ((), ["a-1.0"]),
        (("--package", "m"), ["b-1.0", "c-1.0"]),
        (("--all-packages",), ["a-1.0", "b-1.0", "c-1.0"]),
    ],
)
@pytest.mark.parametrize("has_root", [True, False])
def test_the_lockfile_is_enough(
    locked: CommandLine, words: tuple[str, ...], installed: list[str], *, has_root: bool
) -> None:
    """For containers into which only some files were copied."""
    if not has_root:
        (locked.project / "pyproject.toml").unlink()
    ran = locked.run("sync", "--frozen", "--no-install-workspace", *words)
    assert ran.status == 0, ran.err
    assert locked.installed() == installed
    assert ("Using `uv.lock` without a `pyproject.toml` is experimental" in ran.err) is not has_root


def test_without_frozen_every_member_is_needed(locked: CommandLine) -> None:
    """A forgotten file is no reason to drop a member from the lock."""
    ran = locked.run("sync")
    assert ran.status == 2
    assert "is missing a `pyproject.toml` (matches: `m`)" in ran.err


def test_without_project_and_lockfile_there_is_nothing(locked: CommandLine) -> None:
    """The message is the usual one."""
    shutil.rmtree(locked.project)
    locked.project.mkdir()
    assert "error: No `pyproject.toml` found" in locked.run("sync", "--frozen").err


def test_a_wheel_of_a_local_variant_is_installed_once(tool: CommandLine, server: IndexServer) -> None:
    """What is locked as 1.0 and has a wheel of 1.0+cpu is installed as that, and needs nothing the next time."""
    server.publish("variant", make_wheel("variant", "1.0+cpu"))
    tool.write_project("variant")
    assert tool.run("lock").status == 0
    path = tool.project / "uv.lock"
    path.write_text(path.read_text().replace('version = "1.0+cpu"', 'version = "1.0"'))
    ran = tool.run("sync", "--frozen")
    assert (ran.status, " + variant==1.0+cpu" in ran.err) == (0, True), ran.err
    again = tool.run("sync", "--frozen")
    assert (again.status, "Checked 1 package" in again.err) == (0, True), again.err


@pytest.mark.parametrize(
    ("words", "variable", "ignored", "status"),
    [
        ("sync --locked", "UV_FROZEN", "`--locked`", 1),
        ("sync --frozen", "UV_LOCKED", "`--frozen`", 1),
        ("lock --check", "UV_FROZEN", "`--check`", 1),
        ("lock --check-exists", "UV_LOCKED", "`--check-exists`", 1),
        ("version --bump patch --locked", "UV_FROZEN", "`--locked`", 1),
    ],
)
def test_a_typed_option_wins_over_a_variable_that_says_the_contrary(
    tool: CommandLine, words: str, variable: str, ignored: str, status: int
) -> None:
    """Which is told, once."""
    tool.write_project()
    ran = tool.run(*words.split(), variables={variable: "1"})
    assert ran.err.startswith(f"warning: Ignoring `{variable}` because {ignored} was provided\n")
    assert ran.err.count("warning") == 1
    assert (ran.status, "was provided. To create" in ran.err) == (status, True)


def test_an_environment_that_is_active_matters_only_where_one_is_meant(tool: CommandLine) -> None:
    """Locking needs an interpreter and no environment."""
    tool.write_project()
    for words in (("lock",), ("add", "--no-sync", "p", "--group", "g"), ("workspace", "metadata")):
        assert "VIRTUAL_ENV" not in tool.run(*words, variables={"VIRTUAL_ENV": "elsewhere"}).err
    assert "`VIRTUAL_ENV=elsewhere` does not match" in tool.run("sync", variables={"VIRTUAL_ENV": "elsewhere"}).err


def test_a_member_that_is_gone_fails_the_project_that_names_it(tool: CommandLine) -> None:
    """Its lock is not judged: other members mean another lock."""
    tool.write_project("m", rest='[tool.uv.workspace]\nmembers = ["m*"]\n[tool.uv.sources]\nm = { workspace = true }\n')
    (tool.project / "m").mkdir()
    (tool.project / "m" / "pyproject.toml").write_text(MEMBER)
    assert tool.run("lock").status == 0
    shutil.rmtree(tool.project / "m")
    ran = tool.run("lock")
    assert ran.status == 1
    assert "error: Failed to build `p @ file://" in ran.err
    assert "is not a workspace member" in ran.err
