"""Options and settings do what they say, or are refused; none is passed over in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine


@pytest.mark.parametrize(
    "option",
    ["--no-build-isolation", "--no-build-isolation-package=a", "--require-build-hashes"],
)
def test_builds_that_are_not_there_yet_are_refused(tool: CommandLine, option: str) -> None:
    """A build with less checks than asked for would be worse than none."""
    tool.write_project("a")
    ran = tool.run("lock", option)
    assert (ran.status, ran.err) == (2, f"error: `{option.partition('=')[0]}` is not supported yet\n")


def test_settings_of_builds_that_do_nothing_are_told(tool: CommandLine) -> None:
    """The project can be locked all the same."""
    tool.write_project("a", rest='[tool.uv]\nextra-build-dependencies = { a = ["b"] }\n')
    ran = tool.run("lock")
    assert ran.status == 0
    assert "warning: The setting `extra-build-dependencies` is not supported yet, and was ignored\n" in ran.err


def test_names_of_packages_are_checked(tool: CommandLine) -> None:
    """The message names the option."""
    tool.write_project("a")
    ran = tool.run("lock", "--no-build-package", "a!")
    assert ran.err.startswith("error: invalid value 'a!' for '--no-build-package <NO_BUILD_PACKAGE>': Not a valid")


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("UV_PYTHON_PREFERENCE", "nix", "invalid value 'nix' for '--python-preference <PYTHON_PREFERENCE>'"),
        ("UV_PYTHON_DOWNLOADS", "nix", "invalid value for UV_PYTHON_DOWNLOADS, expected one of 'auto', 'true',"),
        ("UV_CONSTRAINT", "some.txt", "`--constraints` is not supported yet"),
        ("UV_NO_BUILD_PACKAGE", "b a!", "invalid value 'a!' for '--no-build-package <NO_BUILD_PACKAGE>'"),
    ],
)
def test_variables_count_as_options(tool: CommandLine, variable: str, value: str, message: str) -> None:
    """A wrong value is told, and no error of ours."""
    tool.write_project("a")
    ran = tool.run("add", "b", variables={variable: value})
    assert ran.err.startswith(f"error: {message}"), ran.err


@pytest.mark.parametrize("value", ["auto", "true", "manual", "never", "false"])
def test_downloads_have_several_spellings(tool: CommandLine, value: str) -> None:
    """As in uv."""
    tool.write_project("a")
    assert tool.run("lock", variables={"UV_PYTHON_DOWNLOADS": value}).status == 0
