"""What is exported is read by others, and exporting costs little where the lock is fresh."""

from __future__ import annotations

import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest
from packaging.pylock import Pylock
from tests.support.recent_pip import recent_pip
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer


def test_a_pylock_file_is_valid(tool: CommandLine) -> None:
    """By the model of the standard that pip uses, too."""
    tool.write_project("a", "c", rest='[project.optional-dependencies]\nx = ["b"]\n')
    ran = tool.run("export", "--format", "pylock.toml", "--all-extras")
    assert ran.status == 0, ran.err
    lock = Pylock.from_dict(tomllib.loads(ran.out))
    lock.validate()
    assert [str(package.name) for package in lock.packages] == ["a", "b", "c"]


@pytest.mark.oracle
def test_pip_installs_what_a_pylock_file_says(tool: CommandLine, server: IndexServer, tmp_path: Path) -> None:
    """Only what holds here, with the hashes that the lock has."""
    server.publish("w", make_wheel("w", "1.0"))
    tool.write_project("a==2.0", "w ; sys_platform == 'win32'")
    assert tool.run("export", "-o", "pylock.toml").status == 0
    command = [recent_pip(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run(
        [*command, "--target", tmp_path / "there", "-r", "pylock.toml"],
        cwd=tool.project,
        check=True,
        capture_output=True,
    )
    assert sorted(path.name for path in (tmp_path / "there").glob("*.dist-info")) == [
        "a-2.0.dist-info",
        "b-2.0.dist-info",
    ]


@pytest.mark.parametrize("word", ["export", "tree"])
def test_an_answer_from_a_verdict_is_the_same(tool: CommandLine, word: str) -> None:
    """Until the lockfile is another."""
    tool.write_project("a==2.0")
    assert tool.run("lock").status == 0
    first, second = tool.run(word), tool.run(word)
    assert (second.status, second.out) == (0, first.out)
    assert second.err.splitlines()[-1].startswith("Resolved 3 packages in ")
    frozen = [tool.run(word, "--frozen", *(["--universal"] if word == "tree" else [])) for _ in range(2)]
    assert [ran.out.splitlines()[2:] for ran in frozen] == [first.out.splitlines()[2:]] * 2
    tool.write_project("a==1.0")
    assert "2.0" not in tool.run(word).out
    assert "2.0" not in tool.run(word, "--frozen", *(["--universal"] if word == "tree" else [])).out


def test_the_file_is_written_and_shown(tool: CommandLine) -> None:
    """With `-q` it is only written; its folder is made."""
    tool.write_project("b")
    ran = tool.run("export", "--no-hashes", "--no-header", "-o", "out/requirements.txt")
    assert ran.out == "b==2.0\n    # via p\n"
    assert (tool.project / "out" / "requirements.txt").read_text() == ran.out
    assert tool.run("export", "-q", "--no-hashes", "--no-header", "-o", "second.txt").out == ""
    assert (tool.project / "second.txt").read_text() == ran.out


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pyproject.toml", "error: `pyproject.toml` is not a supported output format for `uv export` "),
        ("pylock.a.b.toml", "error: Expected the output filename to be `pylock.toml` or `pylock.<name>.toml`, "),
    ],
)
def test_some_names_are_not_written(tool: CommandLine, name: str, message: str) -> None:
    """One would destroy the project, the other would not be found."""
    text = tool.write_project("b")
    ran = tool.run("export", "-o", name, "--format", "pylock.toml")
    assert ran.status == 2
    assert ran.err.splitlines()[-1].startswith(message)
    assert (tool.project / "pyproject.toml").read_text() == text
    assert not (tool.project / "pylock.a.b.toml").exists()


def test_a_batch_writes_all_or_nothing(tool: CommandLine) -> None:
    """The last of the exports names an extra that there is not."""
    tool.write_project("b", rest='[dependency-groups]\nlint = ["c"]\n')
    batch = tool.project / "batch" / "exports.toml"
    batch.parent.mkdir()
    good = '[[export]]\noutput-file = "lint.txt"\nonly-group = ["lint"]\n'
    batch.write_text(f'{good}[[export]]\noutput-file = "x.txt"\nextra = ["nope"]\n')
    ran = tool.run("export", "--batch", "batch/exports.toml")
    assert ran.status == 2
    assert f"error: Failed to export `{batch.parent}/x.txt`\n  cause: Extra `nope` is not defined" in ran.err
    assert not (batch.parent / "lint.txt").exists()
    batch.write_text(good)
    ran = tool.run("export", "--batch", "batch/exports.toml", "--no-hashes", "--no-header")
    assert (ran.status, ran.out) == (0, "")
    assert (batch.parent / "lint.txt").read_text() == "b==1.0\n    # via c\nc==1.0\n"


def test_a_frozen_export_needs_no_interpreter(tool: CommandLine) -> None:
    """A server that only unpacks what others locked may have none."""
    tool.write_project("b")
    assert tool.run("lock").status == 0
    nowhere = {"UV_PYTHON": "9.9"}
    assert tool.run("export", variables=nowhere).status == 2
    assert tool.run("export", "--frozen", variables=nowhere).status == 0
    assert tool.run("tree", "--frozen", "--universal", variables=nowhere).status == 0
