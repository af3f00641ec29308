"""Projects that are no packages have no scripts, and wheels that do not fit cannot be installed: both is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer

WARNING = (
    "warning: Skipping installation of entry points (`project.scripts`) for package `p` because this project is not"
)


def test_scripts_of_a_project_that_is_no_package_are_told_by_every_sync(tool: CommandLine) -> None:
    """Not by other commands, and not where the project is none of those that are selected."""
    tool.write_project(rest='[project.scripts]\nx = "p:x"\n')
    for words in ((), (), ("--frozen",), ("--dry-run",)):
        assert WARNING in tool.run("sync", *words).err
    for words in (("lock",), ("run", "python", "-c", ""), ("add", "b")):
        assert WARNING not in tool.run(*words).err
    tool.write_project(rest='[project.entry-points.x]\nx = "p:x"\n')
    assert WARNING not in tool.run("sync").err


@pytest.mark.parametrize(
    ("tag", "words", "reason", "hint"),
    [
        (
            "py3-none-nowhere",
            (),
            "the binary distribution is incompatible with the current platform",
            "platform: `nowhere`",
        ),
        ("py3-none-any", ("--no-binary",), "it is marked as `--no-binary` but is itself a binary distribution", ""),
    ],
)
def test_a_wheel_that_is_named_and_cannot_be_installed_is_refused(
    tool: CommandLine, server: IndexServer, tag: str, words: tuple[str, ...], reason: str, hint: str
) -> None:
    """With the reason, and what would fit."""
    wheel = make_wheel("w", "1.0", tag=tag)
    server.publish("w", wheel)
    tool.write_project("w", rest=f'[tool.uv.sources]\nw = {{ url = "{server.file_url(wheel.filename)}" }}\n')
    assert tool.run("lock").status == 0
    ran = tool.run("sync", *words)
    assert (ran.status, f"can't be installed because {reason}" in ran.err) == (2, True), ran.err
    assert hint in ran.err
    assert ("\nhint: " in ran.err) is bool(hint)
