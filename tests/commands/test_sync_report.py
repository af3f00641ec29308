"""`sync --output-format json` tells programs what was done."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.oracle import oracle_uv

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.command_line import CommandLine


def report(tool: CommandLine, *words: str, status: int = 0) -> dict[str, Any]:
    ran = tool.run("sync", "--output-format", "json", *words)
    assert ran.status == status, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_changes_are_told_by_package(tool: CommandLine) -> None:
    """Removed before added, for one name."""
    tool.write_project("b")
    assert report(tool)["sync"]["changes"] == [{"name": "b", "version": "2.0", "action": "installed"}]
    tool.write_project("b<2")
    assert report(tool)["sync"]["changes"] == [
        {"name": "b", "version": "2.0", "action": "uninstalled"},
        {"name": "b", "version": "1.0", "action": "installed"},
    ]
    assert report(tool, "--reinstall")["sync"]["changes"] == [{"name": "b", "version": "1.0", "action": "reinstalled"}]
    assert report(tool)["sync"]["changes"] == []


def test_a_stored_verdict_prints_no_lines_in_place_of_a_report(tool: CommandLine) -> None:
    """Each run prints its own."""
    tool.write_project("b")
    tool.run("sync")
    for _ in range(3):
        assert report(tool)["lock"]["action"] == "check"


def test_an_outdated_environment_is_reported_and_an_error(tool: CommandLine) -> None:
    """With `--check`."""
    tool.write_project("b")
    found = report(tool, "--check", status=1)
    assert (found["sync"]["action"], found["lock"]["action"], found["dry_run"]) == ("create", "create", True)


@pytest.mark.oracle
def test_reports_are_those_of_uv(tool: CommandLine, tmp_path: Path) -> None:
    """Byte for byte, one after the other."""
    tool.write_project("b", rest='[project.optional-dependencies]\nx = ["c"]\n')
    steps = (("--dry-run",), (), ("--extra", "x"), ("--dry-run", "--reinstall"), ("--frozen",), ("-q",))
    variables = {**tool.variables, "UV_CACHE_DIR": str(tmp_path / "uv")}
    command = [oracle_uv(), "sync", "--output-format", "json"]
    expected = [
        subprocess.run(
            [*command, *words], cwd=tool.project, env=variables, capture_output=True, check=True
        ).stdout.decode()
        for words in steps
    ]
    subprocess.run(["rm", "-r", ".venv", "uv.lock"], cwd=tool.project, check=True)
    assert [tool.run("sync", "--output-format", "json", *words).out for words in steps] == expected


def test_modules_are_compiled_also_where_nothing_changes(tool: CommandLine) -> None:
    """And that is told in place of what was checked, as by uv."""
    tool.write_project("b")
    assert tool.run("sync").status == 0
    for _ in range(2):
        ran = tool.run("sync", "--compile-bytecode")
        assert ("Bytecode compiled 1 file" in ran.err, "Checked" in ran.err) == (True, False), ran.err
