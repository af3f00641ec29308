"""Reading and changing the version of a project."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.project import RecordingLocker, RecordingSyncer, lock_of, write_project

from mauve.errors import MauveError
from mauve.operations.version import (
    DynamicVersion,
    NoProjectToVersion,
    NoVersion,
    UnreadableResult,
    VersionOutcome,
    VersionRequest,
    change_version,
    check_for_project,
)
from mauve.project.bump import Bump, Component
from mauve.project.workspace_errors import MissingProjectTable
from mauve.standards.versions import parse_version


def change(root: Path, locker=None, syncer=None, **options) -> VersionOutcome:
    request = VersionRequest(directory=str(root), **options)
    return change_version(request, locker or RecordingLocker(lock_of()), syncer)


def test_without_a_wish_the_version_is_only_read(tmp_path: Path) -> None:
    """Nothing is written or locked."""
    path = write_project(tmp_path)
    locker = RecordingLocker(lock_of())
    assert change(tmp_path, locker) == VersionOutcome("p", parse_version("0.1.0"))
    assert ("0.1.0" in path.read_text(), locker.seen) == (True, [])


def test_a_new_version_is_written_locked_and_synchronised(tmp_path: Path) -> None:
    """The lock names the version of the project."""
    write_project(tmp_path)
    locker, syncer = RecordingLocker(lock_of()), RecordingSyncer()
    outcome = change(tmp_path, locker, syncer, bumps=(Bump(Component.MINOR),))
    assert str(outcome.new) == "0.2.0"
    assert 'version = "0.2.0"' in locker.seen[0]
    assert len(syncer.calls) == 1


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """It only tells what would be."""
    path = write_project(tmp_path)
    before = path.read_bytes()
    assert str(change(tmp_path, value="2", is_dry=True).new) == "2"
    assert path.read_bytes() == before


def test_a_bump_beyond_the_largest_number_writes_nothing(tmp_path: Path) -> None:
    """A dry run only computes it, as in uv."""
    path = write_project(tmp_path)
    before = path.read_bytes()
    bumps = (Bump(Component.MAJOR, 2**64 - 1),)
    with pytest.raises(UnreadableResult):
        change(tmp_path, bumps=bumps)
    assert path.read_bytes() == before
    assert str(change(tmp_path, bumps=bumps, is_dry=True).new) == "18446744073709551615.0.0"


def test_the_outcome_is_told_before_locking(tmp_path: Path) -> None:
    """Uv prints the version first, and what locking says after it."""
    write_project(tmp_path)
    told: list[int] = []
    locker = RecordingLocker(lock_of())
    request = VersionRequest(directory=str(tmp_path), value="2")
    change_version(request, locker, None, lambda outcome: told.append(len(locker.seen)))
    assert told == [0]


@pytest.mark.parametrize("failure", [MauveError("x"), KeyboardInterrupt()], ids=["error", "interrupt"])
def test_a_failure_restores_the_version(tmp_path: Path, failure: BaseException) -> None:
    """A release script may simply try again."""
    path = write_project(tmp_path)
    before = path.read_bytes()
    with pytest.raises(type(failure)):
        change(tmp_path, RecordingLocker(lock_of(), failure), value="2")
    assert (path.read_bytes(), (tmp_path / "uv.lock").exists()) == (before, False)


def test_projects_without_a_version_are_refused(tmp_path: Path) -> None:
    """A build backend computes it, or there is no project."""
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nname = "p"\ndynamic = ["version"]\n')
    with pytest.raises(DynamicVersion, match="We cannot get or set dynamic project versions in: "):
        change(tmp_path)
    path.write_text("[tool.x]\n")
    with pytest.raises(MissingProjectTable):
        change(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.x", "after parsing `1`, found `.x`, which is not part of a valid version"),
        ("minor", "Invalid version `minor`, did you mean to pass `--bump minor`?"),
    ],
)
def test_what_is_no_version_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """The name of a component is what one types who means a bump."""
    write_project(tmp_path)
    with pytest.raises(NoVersion) as error:
        change(tmp_path, value=text)
    assert str(error.value) == message


def test_the_project_is_looked_for_before_its_workspace_is_read(tmp_path: Path) -> None:
    """Without a project the version of the program may be meant; members are not at fault."""
    with pytest.raises(NoProjectToVersion) as error:
        check_for_project(str(tmp_path), None)
    assert error.value.hints() == ("If you meant to view uv's version, use `uv self version` instead",)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "pyproject.toml").write_text("[projec")
    (tmp_path / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["x"]\n')
    with pytest.raises(MissingProjectTable):
        check_for_project(str(tmp_path), None)
