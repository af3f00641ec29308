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
