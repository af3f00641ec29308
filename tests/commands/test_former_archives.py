"""Source distributions in formats of former times are refused, as in uv."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine

END = "has a non-PEP 625-compliant filename; only `.tar.gz` and `.zip` archives are accepted\n"
LOCK = """version = 1
revision = 5
requires-python = ">=3.11"

[[package]]
name = "d"
version = "1.0"
source = { path = "d-1.0.tar.bz2" }
sdist = { hash = "sha256:DIGEST" }

[[package]]
name = "p"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "d" },
]

[package.metadata]
requires-dist = [{ name = "d", path = "d-1.0.tar.bz2" }]
""".replace("DIGEST", "0" * 64)


@pytest.mark.parametrize("source", ['path = "d-1.0.tar.bz2"', 'url = "http://127.0.0.1:1/d-1.0.tgz"'])
def test_they_are_not_locked(tool: CommandLine, source: str) -> None:
    """Nothing is fetched or read to find that out."""
    (tool.project / "d-1.0.tar.bz2").touch()
    tool.write_project("d", rest=f"[tool.uv.sources]\nd = {{ {source} }}\n")
    ran = tool.run("lock")
    shown = source.partition('"')[2].rstrip('"')
    assert (ran.status, ran.err.splitlines(keepends=True)[-1]) == (1, f"error: Source distribution `{shown}` {END}")


def test_they_are_not_installed(tool: CommandLine) -> None:
    """An old lockfile may have one."""
    (tool.project / "d-1.0.tar.bz2").touch()
    tool.write_project("d", rest='[tool.uv.sources]\nd = { path = "d-1.0.tar.bz2" }\n')
    (tool.project / "uv.lock").write_text(LOCK)
    ran = tool.run("sync", "--frozen")
    assert ran.status == 2
    assert ran.err.endswith(f"error: Source distribution for `d==1.0 @ path+d-1.0.tar.bz2` {END}")


def test_an_old_lockfile_is_judged_by_its_entry(tool: CommandLine) -> None:
    """The message names the package as the lockfile has it."""
    (tool.project / "d-1.0.tar.bz2").touch()
    tool.write_project("d", rest='[tool.uv.sources]\nd = { path = "d-1.0.tar.bz2" }\n')
    (tool.project / "uv.lock").write_text(LOCK)
    ran = tool.run("sync")
    assert ran.status == 2
    assert ran.err.endswith(f"error: Source distribution for `d==1.0 @ path+d-1.0.tar.bz2` {END}")
