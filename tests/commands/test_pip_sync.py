"""`pip sync`: the environment has what is listed, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import said

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine


def listed(pip: CommandLine, *lines: str) -> str:
    """Write a file of requirements; return its name."""
    (pip.project / "list.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return "list.txt"


def test_what_is_listed_is_all_there_is(pip: CommandLine) -> None:
    """What it requires does not come along, and what is not listed goes."""
    assert pip.run("pip", "install", "c").status == 0
    ran = pip.run("pip", "sync", listed(pip, "a==2.0"))
    assert said(ran)[0] == "Resolved 1 package"
    assert said(ran)[-3:] == [" + a==2.0", " - b==1.0", " - c==1.0"]
    assert pip.installed() == ["a-2.0"]
    assert said(pip.run("pip", "sync", "list.txt")) == ["Resolved 1 package", "Checked 1 package"]


def test_an_empty_list_is_no_wish_to_remove_everything(pip: CommandLine) -> None:
    """Unless that is said."""
    assert pip.run("pip", "install", "b").status == 0
    ran = pip.run("pip", "sync", listed(pip))
    assert ran.status == 0
    assert ran.err.splitlines()[1:] == [
        "No requirements found (hint: use `--allow-empty-requirements` to clear the environment)"
    ]
    assert pip.installed() == ["b-2.0"]
    assert pip.run("pip", "sync", "list.txt", "--allow-empty-requirements").status == 0
    assert pip.installed() == []


def test_a_check_changes_nothing_and_tells_by_its_exit_code(pip: CommandLine) -> None:
    """1 if there were something to do."""
    ran = pip.run("pip", "sync", listed(pip, "b"), "--check", "--output-format", "json")
    assert (ran.status, pip.installed()) == (1, [])
    assert json.loads(ran.out)["changes"] == [{"name": "b", "version": "2.0", "action": "installed"}]
    assert pip.run("pip", "sync", "list.txt").status == 0
    assert pip.run("pip", "sync", "list.txt", "--check").status == 0


@pytest.mark.parametrize("text", ["--ask", "--user", "--client-cert x", "--config x", "--pip-args x"])
def test_options_of_pip_tools_are_refused_by_name(pip: CommandLine, text: str) -> None:
    """With the reason."""
    words = text.split()
    ran = pip.run("pip", "sync", listed(pip, "b"), *words)
    assert ran.status == 2
    assert ran.err.startswith(f"error: pip-sync's `{words[0]}` is unsupported (")
