"""What the user says about builds: isolation, extra requirements, variables, settings for backends."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.project import write_project
from tests.support.tree_backend import write_tree
from tests.support.wheel_factory import make_sdist, make_wheel

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer

NEEDS = {"b": [], "c": ["b<2"]}
SOURCES = '[tool.uv.sources]\nchild = { path = "child" }\n'


@pytest.fixture
def child(tool: CommandLine) -> CommandLine:
    """Return the program in a project that requires the tree `child` and an old `a`."""
    write_tree(tool.project / "child", "child")
    tool.write_project("child", "a<2", rest=SOURCES)
    return tool


def sync(tool: CommandLine, *words: str, rest: str | None = None, status: int = 0) -> str:
    """Synchronise, with the further tables *rest* if there are any, and return what was said."""
    if rest is not None:
        tool.write_project("child", "a<2", rest=SOURCES + rest)
    ran = tool.run("sync", *words)
    assert ran.status == status, ran.err
    return ran.err


def seen(tool: CommandLine) -> dict[str, Any]:
    """Return what the build of the installed `child` saw."""
    (module,) = (tool.project / ".venv").rglob("child.py")
    found: dict[str, Any] = {}
    exec(module.read_text(), found)
    return found


def recorded(tool: CommandLine) -> dict[str, Any]:
    """Return what is recorded about the build of the installed `child`."""
    (record,) = (tool.project / ".venv").rglob("child-*/uv_build.json")
    content: dict[str, Any] = json.loads(record.read_text())
    return content


def test_extra_requirements_are_there_where_a_package_is_built(child: CommandLine) -> None:
    """And nowhere else; the newest ones, unless they have to match what is installed."""
    sync(child, rest='[tool.uv.extra-build-dependencies]\nchild = ["a", "b"]\n')
    assert seen(child)["FOUND"] == ["a==2.0", "b==2.0"]
    sync(child, rest='[tool.uv.extra-build-dependencies]\nchild = [{ requirement = "a", match-runtime = true }]\n')
    assert seen(child)["FOUND"] == ["a==1.0"]
    assert child.installed() == ["a-1.0", "child-1.0"]


@pytest.mark.parametrize(
    ("requirement", "message"),
    [
        ("b", "`b` was declared as an extra build dependency with `match-runtime = true`, but"),
        (
            "a>=1",
            "Dependencies marked with `match-runtime = true` cannot include version specifiers",
        ),
    ],
)
def test_a_match_that_cannot_be_is_refused_before_anything_is_built(
    child: CommandLine, requirement: str, message: str
) -> None:
    """With the name of the requirement."""
    entry = f'{{ requirement = "{requirement}", match-runtime = true }}'
    said = sync(child, rest=f"[tool.uv.extra-build-dependencies]\nchild = [{entry}]\n", status=2)
    assert f"error: {message}" in said
    assert child.installed() == []


def test_a_change_of_what_builds_get_builds_anew(child: CommandLine) -> None:
    """What was built in the same way before is taken from the cache."""
    plain = sync(child)
    assert "Building child" in plain
    assert "Building child" in sync(child, rest='[tool.uv.extra-build-variables]\nchild = { SEEN = "1" }\n')
    assert seen(child)["SEEN"] == "1"
    assert recorded(child) == {"extra_build_variables": {"SEEN": "1"}}
    assert "Building child" in sync(child, "-C", "x=y", rest="")
    assert recorded(child) == {"config_settings": {"x": "y"}}
    assert seen(child)["SETTINGS"] == {"x": "y"}
    assert "Building" not in (again := sync(child))
    assert "~ child==1.0" in again
    assert "Checked 2 packages" in sync(child)


def test_what_is_put_in_again_is_built_again(child: CommandLine) -> None:
    """`--reinstall-package` does not trust the cache."""
    sync(child)
    assert "Building child" in sync(child, "--reinstall-package", "child")


def test_without_isolation_the_environment_itself_is_used(child: CommandLine) -> None:
    """What is isolated is installed first, in the same run."""
    said = sync(child, "--no-build-isolation-package", "child")
    assert seen(child)["FOUND"] == ["a==1.0"]
    assert re.search(r"Installed 1 package .*\n *Building child(.*\n)+Prepared 1 package without build isolation", said)


def test_a_setting_turns_isolation_off_for_all(child: CommandLine) -> None:
    """Nothing that is required of the backend is installed; wheels are there before the build, as in uv."""
    write_tree(child.project / "child", "child", requires=("missing",))
    sync(child, rest="[tool.uv]\nno-build-isolation = true\n")
    assert seen(child)["FOUND"] == ["a==1.0"]


def test_extra_requirements_without_a_solution_are_named(child: CommandLine) -> None:
    """With the place where they were declared."""
    said = sync(child, rest='[tool.uv.extra-build-dependencies]\nchild = ["missing>1"]\n', status=1)
    assert "cause: Failed to resolve requirements from `build-system.requires` and `extra-build-dependencies`\n" in said
    assert "cause: No solution found when resolving: `missing>1`\n" in said


def test_a_dynamic_version_is_not_asked_for_to_judge_a_lock(tool: CommandLine) -> None:
    """The lock does not have it, so the tree need not even be able to tell it."""
    write_tree(tool.project, "p", "", project='dependencies = ["b"]', built_requires=("b",))
    assert tool.run("lock").status == 0
    (tool.project / "backend.py").unlink()
    ran = tool.run("sync", "--locked", "--no-install-project", variables={"UV_CACHE_DIR": str(tool.cache) + "2"})
    assert ran.status == 0, ran.err
    assert tool.installed() == ["b-2.0"]


def test_metadata_that_only_a_forbidden_build_knows_are_an_error(tool: CommandLine) -> None:
    """Of a project that is not installed; one that is installed in place is built all the same."""
    project = 'dynamic = ["dependencies"]'
    write_tree(tool.project, "p", project=project, built_requires=("b",), rest="[tool.uv]\npackage = false\n")
    assert tool.run("lock").status == 0
    ran = tool.run("sync", "--no-build", variables={"UV_CACHE_DIR": str(tool.cache) + "2"})
    assert (ran.status, ran.err.splitlines()[-2:]) == (
        2,
        [
            "error: Failed to generate package metadata for `p==1.0 @ virtual+.`",
            "  cause: Building source distributions for `p` is disabled",
        ],
    )


@pytest.mark.parametrize("rest", ["", "[tool.uv]\nrequire-build-hashes = true\n"])
def test_what_builds_need_has_to_be_trusted(child: CommandLine, rest: str) -> None:
    """A build that needs nothing is; the option that says no wins over the setting."""
    words = () if rest else ("--require-build-hashes",)
    sync(child, *words, rest=rest)
    write_tree(child.project / "child", "child", requires=("a",))
    said = sync(child, *words, "--reinstall", rest=rest, status=1)
    assert "  cause: No solution found when resolving: `a`\n" in said
    assert "  cause: Hash-checking is required, but no trusted hash was provided for: `a`\n" in said
    assert child.installed() == ["a-1.0", "child-1.0"]
    sync(child, "--no-require-build-hashes", "--reinstall", rest=rest)


def test_a_digest_of_a_constraint_is_trusted_and_compared(child: CommandLine, server: IndexServer) -> None:
    """With the option everything has to have one; what comes along, too."""
    write_tree(child.project / "child", "child", requires=("c",))
    digests = {name: f"sha256:{make_wheel(name, '1.0', requires=needs).sha256}" for name, needs in NEEDS.items()}

    def constraints(**changed: str) -> str:
        entries = [f'{{ requirement = "{name}==1.0", hashes = ["{digests[name]}"] }}' for name in changed or digests]
        text = f"[tool.uv]\nrequire-build-hashes = true\nbuild-constraint-dependencies = [{', '.join(entries)}]\n"
        return text.replace(digests["c"], changed.get("c") or digests["c"])

    sync(child, rest=constraints())
    assert seen(child)["FOUND"] == ["b==1.0", "c==1.0"]
    assert f'hashes = ["{digests["b"]}"]' in (child.project / "uv.lock").read_text()
    said = sync(child, "--reinstall", rest=constraints(c=""), status=1)
    assert "  cause: Hash-checking is required, but no trusted hash was provided for: `b`\n" in said
    said = sync(child, "--reinstall", "--no-require-build-hashes", rest=constraints(c=f"sha256:{1:064}"), status=1)
    assert f"  cause: Hash mismatch for `c==1.0`\n\n         Expected:\n           sha256:{1:064}\n" in said
    assert "child-1.0" in child.installed(), "what was there stays"


def test_a_failure_tells_who_requires_the_package(child: CommandLine) -> None:
    """By the shortest way from a project."""
    sources = '[tool.uv.sources]\nchild = { path = "../child" }\n'
    write_tree(
        child.project / "middle",
        "middle",
        project='dependencies = ["child"]',
        built_requires=("child",),
        rest=sources,
    )
    sources = '[tool.uv.sources]\nmiddle = { path = "middle" }\n'
    child.write_project(rest=f'[project.optional-dependencies]\nx = ["middle"]\n{sources}')
    (child.project / "child" / "backend.py").unlink()
    ran = child.run("sync", "--extra", "x")
    assert ran.status == 1
    chain = "`p[x]` (v0.1.0) depends on `middle` (v1.0) which depends on `child`"
    assert f"hint: `child` was included because {chain}\n" in ran.err


def test_a_failure_of_a_lock_tells_by_what_ranges_the_version_was_asked_for(
    tool: CommandLine, server: IndexServer
) -> None:
    """By the first way of requirements that leads from a project to it."""
    system = '[build-system]\nrequires = []\nbuild-backend = "nothing"\nbackend-path = ["."]\n'
    server.publish("bad", make_sdist("bad", "1.0", metadata_version="2.1", files={"pyproject.toml": system}))
    server.publish("mid", make_wheel("mid", "1.5", requires=["bad!=0.5,<2"]))
    tool.write_project(rest='[dependency-groups]\ng = ["mid~=1.5"]\n')
    ran = tool.run("lock")
    chain = "`p:g` (v0.1.0) depends on `mid>=1.5, <2.dev0` (v1.5) which depends on `bad<0.5 | >0.5, <2`"
    assert (ran.status, f"\nhint: `bad` (v1.0) was included because {chain}\n" in ran.err) == (1, True), ran.err
    assert "\nerror: Failed to build `bad==1.0`\n" in ran.err, "it was downloaded well"
    tool.write_project("bad==1")
    assert "included because `p` (v0.1.0) depends on `bad==1`\n" in tool.run("lock").err


def test_a_failed_download_tells_who_requires_the_package(tool: CommandLine, server: IndexServer) -> None:
    """Whatever it is that went wrong."""
    tool.write_project("a")
    assert tool.run("lock").status == 0
    path = tool.project / "uv.lock"
    path.write_text(re.sub("sha256:[0-9a-f]{64}", f"sha256:{0:064}", path.read_text(), count=1))
    ran = tool.run("sync", "--frozen")
    assert "Hash mismatch" in ran.err
    assert "\nhint: `a` (v2.0) was included because `p` (v0.1.0) depends on `a`\n" in ran.err


def test_a_build_whose_requirements_cannot_be_fetched_is_no_fault_of_the_project(
    tool: CommandLine, server: IndexServer
) -> None:
    """The exit code is that of a failure of the system, as for what the project itself requires."""
    system = '[build-system]\nrequires = ["b"]\nbuild-backend = "b"\n'
    path = write_project(tool.project, f'requires-python = ">=3.11"\ndynamic = ["dependencies"]\n{system}')
    server.faults.failures["/simple/b/"] = 5
    ran = tool.run("lock")
    assert (ran.status, "No solution found when resolving: `b`\n" in ran.err) == (2, True), ran.err
    path.write_text(path.read_text() + "[tool.uv.sources]\nb = { workspace = true }\n")
    ran = tool.run("lock")
    assert "`\n  cause: Failed to parse entry: `b`\n  cause: `b` references a workspace" in ran.err
    assert ran.status == 1


def test_what_a_project_is_built_with_must_be_readable(tool: CommandLine) -> None:
    """The failure is that of the project, whose backend said it."""
    write_tree(tool.project, "p", project='dynamic = ["dependencies"]', built_requires=("b @ ./b",))
    ran = tool.run("lock")
    reason = "cause: relative path without a working directory: ./b\n         b @ ./b\n             ^^^\n"
    assert ran.err.endswith(f"\n  cause: Failed to parse metadata from built wheel\n  {reason}"), ran.err
    assert ran.status == 1
