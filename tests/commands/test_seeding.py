"""Environments that have an installer of their own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer


def test_seed_packages_are_installed_and_survive_a_sync(tool: CommandLine, server: IndexServer) -> None:
    """The newest ones; Python 3.12 and later have no use for setuptools and wheel."""
    for name in ("pip", "setuptools", "wheel"):
        server.publish(name, make_wheel(name, "1.0"))
    ran = tool.run("venv", "--seed")
    assert ran.status == 0, ran.err
    expected = ["pip-1.0"] if sys.version_info >= (3, 12) else ["pip-1.0", "setuptools-1.0", "wheel-1.0"]
    assert "Creating virtual environment with seed packages at: .venv\n + pip==1.0\n" in ran.err
    assert tool.installed() == expected
    tool.write_project("b")
    assert tool.run("sync").status == 0
    assert tool.installed() == sorted(["b-2.0", *expected])


def test_an_index_without_seed_packages_is_told(tool: CommandLine) -> None:
    """The environment is there, and empty."""
    ran = tool.run("venv", "--seed")
    assert ran.status == 2
    assert "error: Failed to install seed packages into virtual environment\n" in ran.err
    assert tool.installed() == []
