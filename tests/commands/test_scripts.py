"""Scripts with inline metadata: run, locked, synchronised, and edited; the project around them stays out of it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine

PRINT = (
    "import sys, importlib.metadata as m\n"
    "print(sys.argv[1:], sorted(f'{d.name}-{d.version}' for d in m.distributions()))\n"
)


def block(*requirements: str, rest: str = "") -> str:
    """Return a block that requires *requirements*."""
    listed = ", ".join(f'"{each}"' for each in requirements)
    return f'# /// script\n# requires-python = ">=3.11"\n# dependencies = [{listed}]\n{rest}# ///\n'


def write(tool: CommandLine, text: str, name: str = "s.py") -> None:
    (tool.project / name).write_text(text, encoding="utf-8")


def test_a_script_runs_with_what_its_block_requires(tool: CommandLine) -> None:
    """The project's environment is neither used nor made; the second run installs nothing."""
    tool.write_project("c")
    write(tool, block("a") + PRINT)
    ran = tool.run("run", "s.py", "word")
    assert (ran.status, ran.out) == (0, "['word'] ['a-2.0', 'b-2.0']\n"), ran.err
    assert "Installed 2 packages" in ran.err
    assert not (tool.project / ".venv").exists()
    assert tool.run("run", "s.py").err == ""


def test_settings_of_the_block_count(tool: CommandLine) -> None:
    """Constraints and the strategy come from `[tool.uv]` of the script."""
    rest = '#\n# [tool.uv]\n# resolution = "lowest"\n# constraint-dependencies = ["b>=2"]\n'
    write(tool, block("a", "b", rest=rest) + PRINT)
    assert tool.run("run", "s.py").out == "[] ['a-1.0', 'b-2.0']\n"


def test_a_lockfile_decides_until_the_block_changes(tool: CommandLine) -> None:
    """It is used, and brought up to date unless that is forbidden."""
    write(tool, block("b<2") + PRINT)
    assert tool.run("lock", "--script", "s.py").status == 0
    write(tool, block("b") + PRINT)
    refused = tool.run("run", "--locked", "s.py")
    assert (refused.status, "needs to be updated" in refused.err) == (1, True)
    assert tool.run("run", "s.py").out == "[] ['b-1.0']\n"
    assert tool.run("run", "--locked", "s.py").status == 0
    assert tool.run("lock", "--upgrade", "--script", "s.py").err.splitlines()[1:] == ["Updated b v1.0 -> v2.0"]


@pytest.mark.parametrize("option", ["--locked", "--frozen"])
def test_without_a_lockfile_nothing_can_be_locked(tool: CommandLine, option: str) -> None:
    """Each command has its own words."""
    write(tool, block("b") + PRINT)
    ran = tool.run("run", option, "s.py")
    assert (ran.status, "Unable to find lockfile for Python script" in ran.err) == (2, True)
    synced = tool.run("sync", option, "--script", "s.py")
    assert (synced.status, f"`uv sync {option}` requires a script lockfile" in synced.err) == (2, True)


def test_an_environment_is_synchronised_exactly(tool: CommandLine) -> None:
    """What the block does not require any more goes; `run` would leave it."""
    write(tool, block("a") + PRINT)
    assert tool.run("run", "s.py").status == 0
    write(tool, block("b") + PRINT)
    assert tool.run("run", "s.py").out == "[] ['a-2.0', 'b-2.0']\n"
    synced = tool.run("sync", "--script", "s.py")
    assert " - a==2.0\n" in synced.err
    assert "Using script environment at: " in synced.err
    assert tool.run("run", "s.py").out == "[] ['b-2.0']\n"


def test_a_script_comes_from_standard_input(tool: CommandLine) -> None:
    """Its environment is named by its block."""
    done = subprocess.run(
        [sys.executable, "-m", "mauve", "run", "-", "x"],
        input=block("b") + PRINT,
        cwd=tool.project,
        env=tool.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "['x'] ['b-2.0']\n", done.stderr


def test_a_script_that_cannot_be_resolved_says_so(tool: CommandLine) -> None:
    """The headline names scripts."""
    write(tool, block("b>9") + PRINT)
    ran = tool.run("run", "s.py")
    assert ran.status == 1
    assert ran.err.startswith("error: No solution found when resolving script dependencies\n")


def test_dependencies_are_added_to_a_block_and_removed(tool: CommandLine) -> None:
    """A block is made where there is none; the version that was chosen is the lower bound."""
    write(tool, "print(1)\n")
    assert tool.run("add", "--script", "s.py", "c").status == 0
    text = (tool.project / "s.py").read_text()
    assert '# dependencies = [\n#     "c>=1.0",\n# ]\n' in text
    assert text.endswith("# ///\nprint(1)\n")
    removed = tool.run("remove", "--script", "s.py", "c")
    assert (removed.status, removed.err) == (0, "Updated `s.py`\n")
    assert "# dependencies = []\n" in (tool.project / "s.py").read_text()


def test_an_addition_that_fails_leaves_script_and_lockfile(tool: CommandLine) -> None:
    """Neither keeps a trace."""
    write(tool, block("c"))
    assert tool.run("lock", "--script", "s.py").status == 0
    before = tool.snapshot()
    assert tool.run("add", "--script", "s.py", "b>=2").status == 1
    assert tool.run("add", "--script", "s.py", "--locked", "a").status == 1
    assert tool.snapshot() == before


def test_a_lockfile_follows_additions(tool: CommandLine) -> None:
    """There is one, so it is kept up to date."""
    write(tool, block("b"))
    assert tool.run("lock", "--script", "s.py").status == 0
    assert tool.run("add", "--script", "s.py", "a").status == 0
    assert tool.run("lock", "--check", "--script", "s.py").status == 0
    assert 'name = "a"' in (tool.project / "s.py.lock").read_text()


def test_options_without_meaning_are_named(tool: CommandLine) -> None:
    """A script has neither groups nor a project."""
    write(tool, block())
    ran = tool.run("run", "--group", "g", "--extra", "e", "--no-sync", "s.py")
    assert ran.err.splitlines() == [
        "warning: Extras are not supported for Python scripts with inline metadata",
        "warning: `--group g` is not supported for Python scripts with inline metadata",
        "warning: `--no-sync` is a no-op for Python scripts with inline metadata, which always run in isolation",
    ]


def test_environments_at_hand_count_for_scripts(tool: CommandLine) -> None:
    """Their Python is as good as one of the system."""
    (tool.project / "s.py").write_text('# /// script\n# requires-python = ">=3.99"\n# ///\n')
    for words in ("run s.py", "lock --script s.py"):
        ran = tool.run(*words.split(), variables={"UV_PYTHON": None})
        assert ran.err.startswith("error: No interpreter found for Python >=3.99 in virtual environments, ")
