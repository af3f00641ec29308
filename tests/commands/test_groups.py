"""Groups and extras that an option names have to exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine

GROUP = "error: Group `dev` is not defined in the project's `dependency-groups` table\n"
EXTRA = "error: Extra `x` is not defined in the `optional-dependencies` table for `p`\n"


@pytest.mark.parametrize("option", ["--dev", "--no-dev", "--only-dev"])
def test_the_development_group_may_be_missing_where_its_option_is_used(tool: CommandLine, option: str) -> None:
    """A script that always says `--no-dev` works in every project."""
    tool.write_project()
    ran = tool.run("sync", option)
    assert ran.status == 0, ran.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--group", "dev"), GROUP),
        (("--no-group", "dev"), GROUP),
        (("--dev", "--no-group", "dev"), GROUP),
        (("--extra", "x"), EXTRA),
        (("--all-extras", "--no-extra", "x"), EXTRA),
    ],
)
def test_names_have_to_exist(tool: CommandLine, words: tuple[str, ...], message: str) -> None:
    """Also where they are left out: a name that nobody declares is a mistake."""
    tool.write_project()
    ran = tool.run("sync", *words)
    assert ran.status == 2, ran.err
    assert ran.err.endswith(message)


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [
        ("--no-dev --only-dev", "--no-dev", "--only-dev"),
        ("--only-dev --no-dev", "--only-dev", "--no-dev"),
        ("--dev --only-group a", "--dev", "--only-group <ONLY_GROUP>"),
        ("--only-group a --extra x", "--only-group <ONLY_GROUP>", "--extra <EXTRA>"),
        ("--all-extras --extra x", "--all-extras", "--extra <EXTRA>"),
        ("--package p --all-packages", "--package <PACKAGE>", "--all-packages"),
        ("--only-install-project --no-install-project", "--only-install-project", "--no-install-project"),
        ("--script s.py --dev", "--script <SCRIPT>", "--dev"),
    ],
)
def test_options_that_contradict_each_other_are_named_as_typed(
    tool: CommandLine, words: str, first: str, second: str
) -> None:
    """The first one typed is the subject."""
    tool.write_project()
    ran = tool.run("sync", *words.split())
    assert ran.status == 2
    assert ran.err.startswith(f"error: the argument '{first}' cannot be used with '{second}'\n")


def test_extras_may_be_separated_by_commas(tool: CommandLine) -> None:
    """In one value."""
    tool.write_project(rest='[project.optional-dependencies]\nx = ["b"]\ny = ["c"]\n')
    ran = tool.run("sync", "--extra", "x,y")
    assert ran.status == 0, ran.err
    assert tool.installed() == ["b-1.0", "c-1.0"]


def test_a_variable_gives_way_to_a_typed_option(tool: CommandLine) -> None:
    """Two variables do not know who is stronger."""
    tool.write_project("b")
    variables = {"UV_ONLY_INSTALL_PROJECT": "1"}
    assert tool.run("sync", "--no-install-project", variables=variables).status == 0
    assert tool.installed() == ["b-2.0"]
    ran = tool.run("sync", variables={**variables, "UV_NO_INSTALL_PROJECT": "1"})
    assert ran.err == (
        "error: the argument `UV_NO_INSTALL_PROJECT` (environment variable) cannot be used with "
        "`UV_ONLY_INSTALL_PROJECT` (environment variable)\n"
    )
    assert tool.run("sync", variables=variables).status == 0
    assert tool.installed() == []


def test_what_is_left_out_has_no_meaning_for_a_script(tool: CommandLine) -> None:
    """A variable that says so is told."""
    (tool.project / "s.py").write_text("# /// script\n# dependencies = []\n# ///\n")
    ran = tool.run("sync", "--script", "s.py", variables={"UV_NO_INSTALL_LOCAL": "1"})
    assert ran.err == (
        "error: the argument `UV_NO_INSTALL_LOCAL` (environment variable) cannot be used with `--script`\n"
    )


def test_what_is_wrong_with_a_group_is_told_before_an_interpreter_is(tool: CommandLine) -> None:
    """Nothing was begun."""
    tool.write_project(rest='[dependency-groups]\ng = ["a!"]\n')
    assert tool.run("lock").err.startswith("error: Project `p` has malformed dependency groups\n")
    tool.write_project(rest="[dependency-groups]\ng = [1]\n")
    assert "integer `1`, expected a string or a map with the `include-group` key\n" in tool.run("lock").err
