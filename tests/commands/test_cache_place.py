"""Projects do not live in the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine


@pytest.mark.parametrize("words", [("lock",), ("cache", "dir"), ("cache", "clean")])
def test_a_project_in_the_cache_is_refused(tool: CommandLine, words: tuple[str, ...]) -> None:
    """Also for commands that would only look, and through links."""
    tool.write_project()
    before = tool.snapshot()
    parent = tool.project.parent
    link = parent.parent / f"{parent.name}-link"
    link.symlink_to(parent)
    ran = tool.run(*words, "--cache-dir", str(link))
    assert (ran.status, ran.err) == (
        2,
        f"error: The project directory `.` is inside the cache directory `{parent}`\n",
    )
    assert tool.snapshot() == before


def test_the_folder_of_the_option_counts(tool: CommandLine) -> None:
    """The working directory may be anywhere."""
    tool.write_project()
    (tool.project / "sub").mkdir()
    assert "directory `.` is inside" in tool.run("cache", "dir", "--cache-dir", ".").err
    assert tool.run("cache", "dir", "--cache-dir", "sub").status == 0
    ran = tool.run("cache", "dir", "--cache-dir", "sub", "--project", "sub")
    assert ran.err == "error: The project directory `sub` is inside the cache directory `sub`\n"
