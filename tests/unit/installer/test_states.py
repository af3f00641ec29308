"""The state of local sources, in uv's form."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from msgspec import json

from mauve.installer.states import LocalStates

if TYPE_CHECKING:
    from pathlib import Path


def _state(path: Path, **environment: str) -> dict:
    return json.decode(LocalStates(environment).state(str(path)))


def _moment(nanoseconds: int) -> dict[str, int]:
    return {"secs_since_epoch": nanoseconds // 10**9, "nanos_since_epoch": nanoseconds % 10**9}


def test_a_file_is_its_change_time(tmp_path: Path) -> None:
    """The time of the last change of content or name, which no archive can set."""
    (tmp_path / "a.whl").write_text("")
    os.utime(tmp_path / "a.whl", (0, 0))
    changed = (tmp_path / "a.whl").stat().st_ctime_ns
    assert LocalStates({}).state(f"{tmp_path}/a.whl") == (
        b'{"timestamp":{"secs_since_epoch":%d,"nanos_since_epoch":%d},"commit":null,"tags":null,"env":{},"directories":{}}'
        % divmod(changed, 10**9)
    )


def test_a_project_is_watched_by_its_usual_files(tmp_path: Path) -> None:
    """The newest of them; a missing `src` is recorded as such."""
    for name in ("setup.py", "pyproject.toml"):
        (tmp_path / name).write_text("")
    newest = max((tmp_path / name).stat().st_ctime_ns for name in ("setup.py", "pyproject.toml"))
    state = _state(tmp_path)
    assert state["timestamp"] == _moment(newest)
    assert state["directories"] == {"src": None}
    (tmp_path / "src").mkdir()
    assert _state(tmp_path)["directories"]["src"] is not None


def test_a_source_folder_is_known_by_when_it_was_made(tmp_path: Path) -> None:
    """Files that come and go in it do not matter to an editable project."""
    (tmp_path / "src").mkdir()
    before = _state(tmp_path)["directories"]
    (tmp_path / "src/new.py").write_text("")
    assert _state(tmp_path)["directories"] == before


def test_declared_keys_take_the_place_of_the_defaults(tmp_path: Path) -> None:
    """`[tool.uv] cache-keys`; a variable that is not set is recorded as null."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.uv]\ncache-keys = ["a.txt", {file = "d/**/*.c"}, {env = "FOO"}, {env = "BAR"}, {dir = "d"},{dir = "no"}]'
    )
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "d/e/f").mkdir(parents=True)
    (tmp_path / "d/e/f/x.c").write_text("")
    state = _state(tmp_path, FOO="1")
    assert state["timestamp"] == _moment((tmp_path / "d/e/f/x.c").stat().st_ctime_ns)
    assert state["env"] == {"BAR": None, "FOO": "1"}
    assert list(state["directories"]) == ["d", "no"]
    assert state["directories"]["no"] is None


def test_nothing_to_watch_is_an_empty_state(tmp_path: Path) -> None:
    """Then no file is written at all."""
    (tmp_path / "pyproject.toml").write_text('[tool.uv]\ncache-keys = [{file = "missing"}]')
    assert LocalStates({}).state(str(tmp_path)) == b""


@pytest.mark.parametrize("packed", [False, True])
def test_a_repository_is_known_by_its_commit_and_tags(tmp_path: Path, packed: bool) -> None:
    """Read from the files of git; git itself need not be there."""
    (tmp_path / "pyproject.toml").write_text("[tool.uv]\ncache-keys = [{git = {commit = true, tags = true}}]")
    git = tmp_path / ".git"
    (git / "refs/heads").mkdir(parents=True)
    (git / "refs/tags").mkdir()
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "refs/tags/v1").write_text("c0ffee\n")
    if packed:
        packed_tag = "beef refs/tags/v0\n^decade\n"
        (git / "packed-refs").write_text(f"# pack-refs with: peeled\ndecade refs/heads/main\n{packed_tag}")
    else:
        (git / "refs/heads/main").write_text("decade\n")
    state = _state(tmp_path)
    old = {"v0": "beef"} if packed else {}
    assert (state["commit"], state["tags"]) == ("decade", {**old, "v1": "c0ffee"})


def test_a_broken_project_file_means_the_defaults(tmp_path: Path) -> None:
    """The project itself reports it."""
    (tmp_path / "pyproject.toml").write_text("cache-keys = [")
    assert _state(tmp_path)["directories"] == {"src": None}
