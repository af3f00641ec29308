"""`pip install`: what is asked for in which way, and what happens to what is there."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import said
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer


def write_tree(folder: Path, name: str = "t", rest: str = "") -> Path:
    """Write a source tree that the built-in backend builds; return its module."""
    module = folder / "src" / name / "__init__.py"
    module.parent.mkdir(parents=True)
    module.write_text("", encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "{name}"\nversion = "1.0"\n{rest}\n'
        '[build-system]\nrequires = ["uv_build>=0,<10000"]\nbuild-backend = "uv_build"\n',
        encoding="utf-8",
    )
    return module


def test_a_package_comes_with_what_it_requires(pip: CommandLine) -> None:
    """Nothing else is touched."""
    ran = pip.run("pip", "install", "a")
    assert ran.status == 0, ran.err
    assert said(ran) == ["Resolved 2 packages", "Prepared 2 packages", "Installed 2 packages", " + a==2.0", " + b==2.0"]
    assert pip.installed() == ["a-2.0", "b-2.0"]


def test_what_is_there_is_left_alone(pip: CommandLine, server: IndexServer) -> None:
    """An older version that fits stays, for new packages too; nobody is asked about it."""
    assert pip.run("pip", "install", "b==1.0").status == 0
    asked = len(server.requests)
    ran = pip.run("pip", "install", "b")
    assert said(ran) == ["Checked 1 package"]
    assert len(server.requests) == asked
    assert pip.run("pip", "install", "a").status == 0
    assert pip.installed() == ["a-2.0", "b-1.0"]
    assert said(pip.run("pip", "install", "b", "--upgrade"))[-2:] == [" - b==1.0", " + b==2.0"]


def test_more_is_removed_only_if_asked(pip: CommandLine) -> None:
    """`--exact` makes the environment hold what was asked for, and nothing else."""
    assert pip.run("pip", "install", "a", "c").status == 0
    assert pip.run("pip", "install", "b", "--exact").status == 0
    assert pip.installed() == ["b-1.0"]


def test_a_dry_run_changes_nothing(pip: CommandLine) -> None:
    """It says what would happen."""
    ran = pip.run("pip", "install", "b", "--dry-run")
    assert said(ran) == ["Resolved 1 package", "Would download 1 package", "Would install 1 package", " + b==2.0"]
    assert pip.installed() == []
    assert pip.run("pip", "install", "b").status == 0
    assert said(pip.run("pip", "install", "b", "--dry-run")) == ["Checked 1 package", "Would make no changes"]


@pytest.mark.parametrize("option", ["--reinstall", "--reinstall-package=b"])
def test_what_is_there_is_put_in_again_on_request(pip: CommandLine, option: str) -> None:
    """The sign tells that it is the same."""
    assert pip.run("pip", "install", "b").status == 0
    assert said(pip.run("pip", "install", "b", option))[-1] == " ~ b==2.0"


def test_constraints_and_overrides_bound_what_is_chosen(pip: CommandLine) -> None:
    """Neither of them asks for a package."""
    (pip.project / "c.txt").write_text("a<2\nc==1.0\n", encoding="utf-8")
    assert pip.run("pip", "install", "a", "-c", "c.txt").status == 0
    assert pip.installed() == ["a-1.0"]
    (pip.project / "o.txt").write_text("b==2.0\n", encoding="utf-8")
    assert pip.run("pip", "install", "c", "--overrides", "o.txt").status == 0
    assert pip.installed() == ["a-1.0", "b-2.0", "c-1.0"]


def test_files_of_requirements_include_others_and_have_options(pip: CommandLine, server: IndexServer) -> None:
    """Included files are found beside the file that includes them."""
    folder = pip.project / "lists"
    folder.mkdir()
    (folder / "all.txt").write_text(f"--index-url {server.url}\n-r more.txt\n-c bounds.txt\na\n", encoding="utf-8")
    (folder / "more.txt").write_text("c  # with a comment\n", encoding="utf-8")
    (folder / "bounds.txt").write_text("a==1.0\n", encoding="utf-8")
    ran = pip.run("pip", "install", "-r", "lists/all.txt", variables={"UV_DEFAULT_INDEX": None})
    assert ran.status == 0, ran.err
    assert pip.installed() == ["a-1.0", "b-1.0", "c-1.0"]


def test_a_project_stands_for_its_requirements(pip: CommandLine) -> None:
    """It is not installed itself; extras that ask for extras are followed, and groups are asked for by name."""
    pip.write_project(
        "b",
        rest=(
            '[project.optional-dependencies]\nx = ["p[y]"]\ny = ["c"]\n'
            '[dependency-groups]\ng = ["a==1.0"]\n[tool.uv.sources]\n'
        ),
    )
    assert pip.run("pip", "install", "-r", "pyproject.toml").status == 0
    assert pip.installed() == ["b-2.0"]
    assert pip.run("pip", "install", "-r", "pyproject.toml", "--extra", "x").status == 0
    assert pip.installed() == ["b-1.0", "c-1.0"]
    assert pip.run("pip", "install", "--group", "g").status == 0
    assert pip.installed() == ["a-1.0", "b-1.0", "c-1.0"]
    assert pip.run("pip", "install", "--group", "h").status == 2


def test_trees_are_installed_in_place_on_request(pip: CommandLine) -> None:
    """The second time nothing has to be done."""
    write_tree(pip.project / "tree", rest='dependencies = ["b"]')
    ran = pip.run("pip", "install", "-e", "./tree")
    assert ran.status == 0, ran.err
    assert f" + t==1.0 (from {(pip.project / 'tree').as_uri()})" in ran.err
    assert pip.installed() == ["b-2.0", "t-1.0"]


def test_only_what_is_named_is_installed_without_dependencies(pip: CommandLine) -> None:
    """`--no-deps`."""
    assert pip.run("pip", "install", "a", "--no-deps").status == 0
    assert pip.installed() == ["a-2.0"]


def test_a_typed_tree_is_put_in_again(pip: CommandLine) -> None:
    """Nobody but its author knows whether it changed; one of a file is looked at."""
    write_tree(pip.project / "tree")
    (pip.project / "list.txt").write_text("./tree\n", encoding="utf-8")
    for _ in range(2):
        ran = pip.run("pip", "install", "./tree")
    assert said(ran)[-1].startswith(" ~ t==1.0")
    assert said(pip.run("pip", "install", "-r", "list.txt")) == ["Checked 1 package"]


def test_scripts_can_be_moved_with_an_environment_that_can(pip: CommandLine, server: IndexServer) -> None:
    """They look for the interpreter beside themselves."""
    server.publish("s", make_wheel("s", "1.0", entry_points="[console_scripts]\ns = s:main\n"))
    assert pip.run("venv", "--relocatable", "--clear", variables={"UV_PYTHON": sys.executable}).status == 0
    assert pip.run("pip", "install", "s").status == 0
    assert (pip.project / ".venv" / "bin" / "s").read_text(encoding="utf-8").startswith("#!/bin/sh\n")


def test_changes_are_told_as_data_on_request(pip: CommandLine) -> None:
    """On standard output; the usual lines go where they always go."""
    assert pip.run("pip", "install", "b==1.0").status == 0
    ran = pip.run("pip", "install", "b==2.0", "--output-format", "json")
    assert json.loads(ran.out) == {
        "schema": {"version": "preview"},
        "changes": [
            {"name": "b", "version": "1.0", "action": "uninstalled"},
            {"name": "b", "version": "2.0", "action": "installed"},
        ],
        "dry_run": False,
    }
    ran = pip.run("pip", "install", "b", "--check", "--output-format", "json")
    assert (ran.status, json.loads(ran.out)["changes"]) == (0, [])
    assert pip.run("pip", "install", "b==1.0", "--check").status == 1
    assert pip.installed() == ["b-2.0"]


def test_a_strict_installation_tells_what_does_not_fit(pip: CommandLine) -> None:
    """Of what was needed, and of those that it puts in the wrong."""
    ran = pip.run("pip", "install", "a", "--no-deps", "--strict")
    assert (ran.status, said(ran)[-1]) == (0, "warning: The package `a` requires `b`, but it's not installed")
    assert pip.run("pip", "install", "c").status == 0
    ran = pip.run("pip", "install", "b==2.0", "--strict")
    assert said(ran)[-1] == "warning: The package `c` requires `b<2`, but `2.0` is installed"


def test_a_version_of_python_is_chosen_for_on_request(pip: CommandLine, server: IndexServer) -> None:
    """Its wheels are taken, and its markers hold."""
    server.publish("p", make_wheel("p", "1.0", requires=["b ; python_version < '3.8'"]))
    server.publish("q", make_wheel("q", "1.0", tag="cp38-none-any", requires_python=">=3.8"))
    assert pip.run("pip", "install", "p", "--python-version", "3.7").status == 0
    assert pip.installed() == ["b-2.0", "p-1.0"]
    assert pip.run("pip", "install", "q").status == 1
    assert pip.run("pip", "install", "q", "--python-version", "3.8").status == 0
    ran = pip.run("pip", "install", "q", "--python-version", "3.7", "--reinstall")
    assert "You require CPython 3.7 (`cp37`), but we only found wheels for `q` (v1.0) with the following" in ran.err


def test_files_of_folders_add_to_those_of_an_index(pip: CommandLine) -> None:
    """The newest one is chosen wherever it is; the folders are searched together."""
    for folder, version in (("old", "1.5"), ("new", "3.0")):
        wheel = make_wheel("b", version)
        (pip.project / folder).mkdir()
        (pip.project / folder / wheel.filename).write_bytes(wheel.content)
    assert pip.run("pip", "install", "b", "-f", "old").status == 0
    assert pip.installed() == ["b-2.0"]
    assert pip.run("pip", "install", "b", "-f", "old", "-f", "new", "--no-index", "--upgrade").status == 0
    assert pip.installed() == ["b-3.0"]


def test_an_environment_is_meant_whoever_manages_its_python(pip: CommandLine) -> None:
    """`--managed-python` chooses among installations, not among environments."""
    ran = pip.run("pip", "install", "b", "--managed-python")
    assert ran.status == 0, ran.err
    assert pip.installed() == ["b-2.0"]


def test_lists_need_no_ending(pip: CommandLine) -> None:
    """Neither those of requirements nor those of bounds."""
    (pip.project / "wanted").write_text("b\n", encoding="utf-8")
    (pip.project / "bounds").write_text("b<2\n", encoding="utf-8")
    assert pip.run("pip", "install", "-r", "wanted", "-c", "bounds").status == 0
    assert pip.installed() == ["b-1.0"]


def test_packages_go_to_a_folder_on_request(pip: CommandLine) -> None:
    """`--target` puts them at the top, `--prefix` where an environment has them."""
    assert pip.run("pip", "install", "b", "--target", "top").status == 0
    assert pip.run("pip", "install", "b", "--prefix", "like").status == 0
    assert (pip.project / "top" / "b" / "__init__.py").exists()
    library = pip.project / "like" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    assert (library / "b" / "__init__.py").exists()
    assert pip.installed() == []


def test_settings_for_pip_commands_count(pip: CommandLine, server: IndexServer) -> None:
    """`[tool.uv.pip]` before the top level."""
    text = f'index-url = "http://127.0.0.1:1/"\n[pip]\nindex-url = "{server.url}"\nresolution = "lowest"\n'
    (pip.project / "uv.toml").write_text(text, encoding="utf-8")
    ran = pip.run("pip", "install", "b", variables={"UV_DEFAULT_INDEX": None})
    assert ran.status == 0, ran.err
    assert pip.installed() == ["b-1.0"]


def test_wheels_for_other_platforms_are_passed_over(pip: CommandLine, server: IndexServer) -> None:
    """Unless that platform is asked for."""
    server.publish("w", make_wheel("w", "2.0", tag="py3-none-win_amd64"))
    server.publish("w", make_wheel("w", "1.0"))
    assert pip.run("pip", "install", "w").status == 0
    assert pip.installed() == ["w-1.0"]


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("a", "--user"), 2, "pip's `--user` is unsupported (use a virtual environment instead)"),
        (("a", "--extra", "x"), 2, "Requesting extras requires a `pylock.toml`, `pyproject.toml`, `setup.cfg`, or"),
        (("-r", "none.txt"), 2, "File not found: none.txt"),
        (("a", "-c", "pyproject.toml"), 2, "The file `pyproject.toml` appears to be a `pyproject.toml` file, but"),
        (("-r", "foo.toml"), 2, "`foo.toml` is not a valid PEP 751 filename"),
        (("a", "--offline", "--refresh"), 2, "the argument `--offline` cannot be used with `--refresh`"),
        (("nowhere",), 1, "No solution found when resolving dependencies"),
        (("a",), 2, "No virtual environment found; run `uv venv` to create an environment, or pass `--system`"),
    ],
)
def test_what_cannot_be_is_told(pip: CommandLine, words: tuple[str, ...], status: int, message: str) -> None:
    """Before anything is changed."""
    folder = pip.project if words != ("a",) else pip.project.parent
    ran = pip.run("pip", "install", *words, "--directory", str(folder))
    assert ran.err.splitlines()[0].startswith(f"error: {message}")
    assert ran.status == status
