"""Commands that are run with more packages than their environment has, or in one of their own."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from tests.support.wheel_factory import BuiltFile, make_wheel

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer

SHOW = "import importlib.metadata as m; print({d.name: d.version for d in m.distributions()})"


def leftovers(tool: CommandLine) -> list[str]:
    """Return the environments that outlived their command."""
    folder = tool.cache / "builds-v0"
    return os.listdir(folder) if folder.is_dir() else []


def test_additions_go_before_the_project(tool: CommandLine) -> None:
    """The environment of the project keeps what it has; the second run finds the additions in the cache."""
    tool.write_project("b<2")
    ran = tool.run("run", "--with", "a,b>=2", "python", "-c", "import importlib.metadata as m; print(m.version('b'))")
    assert (ran.status, ran.out) == (0, "2.0\n"), ran.err
    assert tool.installed() == ["b-1.0"]
    assert leftovers(tool) == []
    assert tool.run("run", "--with", "a,b>=2", "python", "-c", "import a, b").err == ""


def test_nothing_is_added_that_is_there(tool: CommandLine) -> None:
    """The project's own environment runs the command."""
    tool.write_project("a")
    ran = tool.run("run", "--with", "b", "python", "-c", "import sys; print(sys.prefix)")
    assert ran.out == f"{tool.project / '.venv'}\n", ran.err


def test_files_name_additions(tool: CommandLine) -> None:
    """Comments are passed over."""
    (tool.project / "more.txt").write_text("# comment\na==1.0\n")
    ran = tool.run("run", "--no-project", "--isolated", "--with-requirements", "more.txt", "python", "-c", SHOW)
    assert ran.out == "{'a': '1.0'}\n", ran.err


def test_additions_that_contradict_each_other_are_told(tool: CommandLine) -> None:
    """The headline names the option."""
    ran = tool.run("run", "--no-project", "--with", "b<2,b>=2", "python", "-c", "1")
    assert ran.status == 1
    assert ran.err.startswith("error: No solution found when resolving `--with` dependencies\n")


def test_an_isolated_run_leaves_nothing(tool: CommandLine) -> None:
    """No environment, no lockfile, no temporary folder; the exit code is the command's."""
    tool.write_project("b")
    ran = tool.run("run", "--isolated", "python", "-c", f"{SHOW}; raise SystemExit(7)")
    assert (ran.status, ran.out) == (7, "{'b': '2.0'}\n"), ran.err
    assert os.listdir(tool.project) == ["pyproject.toml"]
    assert leftovers(tool) == []


def test_options_of_projects_have_no_effect_without_one(tool: CommandLine) -> None:
    """The two circumstances are told apart."""
    outside = tool.run("run", "--locked", "python", "-c", "1")
    assert outside.err == "warning: `--locked` has no effect when used outside of a project\n"
    refused = tool.run("run", "--no-project", "--group", "g", "python", "-c", "1")
    assert refused.err == "warning: `--group g` has no effect when used alongside `--no-project`\n"


def test_scripts_of_additions_and_of_the_base_run_in_the_overlay(tool: CommandLine, server: IndexServer) -> None:
    """Both see everything."""
    points = "[console_scripts]\n{0} = {0}:main\n"
    module = "def main():\n    import first, second, sys\n    print(sys.prefix != sys.base_prefix)\n"
    for name in ("first", "second"):
        wheel = make_wheel(name, "1.0", files={f"{name}.py": module}, entry_points=points.format(name))
        server.publish(name, wheel)
    tool.write_project("first")
    for name in ("first", "second"):
        ran = tool.run("run", "--with", "second", name)
        assert (ran.status, ran.out) == (0, "True\n"), ran.err


def publish_text(server: IndexServer, name: str, text: str) -> str:
    """Serve *text* and return its address."""
    server.publish("texts", BuiltFile(filename=name, content=text.encode(), metadata=b""))
    return server.file_url(name)


def test_files_of_additions_may_be_at_an_address(tool: CommandLine, server: IndexServer) -> None:
    """What they include is beside them."""
    publish_text(server, "more.txt", "b==1.0\n")
    address = publish_text(server, "list.txt", "a\n-r more.txt\n")
    ran = tool.run("run", "--no-project", "--isolated", "--with-requirements", address, "python", "-c", SHOW)
    assert ran.out == "{'a': '2.0', 'b': '1.0'}\n", ran.err
    tool.write_project()
    assert tool.run("add", "--no-sync", "-r", address).status == 0
    assert '"a>=2.0"' in (tool.project / "pyproject.toml").read_text()
    ran = tool.run("run", "--offline", "--with-requirements", address, "python", "-c", SHOW)
    assert f"but a remote requirements file was requested: {address}\n" in ran.err


def test_a_script_at_an_address_is_run_and_removed(tool: CommandLine, server: IndexServer) -> None:
    """With what it requires, in an environment of its own that the next run finds again."""
    block = '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["a"]\n# ///\n'
    address = publish_text(server, "tell.py", f"{block}import a, sys; print(__file__, sys.argv[1:])\n")
    ran = tool.run("run", address, "x")
    path, _, words = ran.out.partition(" ")
    assert (ran.status, words) == (0, "['x']\n"), ran.err
    assert path.startswith(os.path.join(tempfile.gettempdir(), "tell"))
    assert not os.path.exists(path)
    assert tool.run("run", "-m", address).err == ""


def test_a_script_that_is_not_there_is_not_run(tool: CommandLine, server: IndexServer) -> None:
    """The page that says so is no script."""
    address = f"{server.origin}/files/nothing.py"
    ran = tool.run("run", address)
    assert (ran.status, ran.err.splitlines()[0]) == (1, f"error: Failed to fetch: {address}")
    ran = tool.run("run", "--offline", address)
    assert ran.err == (
        f"error: Network connectivity is disabled, but the requested data wasn't found in the cache: {address}\n"
    )


def test_a_project_file_is_no_list_of_requirements(tool: CommandLine) -> None:
    """This is told before anything is done."""
    ran = tool.run("run", "--with-requirements", "pyproject.toml", "python", "-c", "1")
    assert ran.err == "error: Adding requirements from a `pyproject.toml` is not supported in `uv run`\n"
