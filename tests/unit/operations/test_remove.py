"""Removing dependencies."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.project import RecordingLocker, RecordingSyncer, lock_of, write_project

from mauve.errors import MauveError
from mauve.operations.remove import MissingDependency, RemoveRequest, remove_dependencies
from mauve.project.edit import DependencyTable, Development, GroupTable, OptionalTable, Production
from mauve.standards.names import extra_name, group_name, package_name

PRODUCTION = Production()


def remove(root: Path, *names: str, table: DependencyTable = PRODUCTION, locker=None, syncer=None) -> None:
    request = RemoveRequest(
        directory=str(root),
        names=tuple(package_name(name) for name in names),
        table=table,
        locks=locker is not None,
    )
    remove_dependencies(request, locker or RecordingLocker(lock_of()), syncer)


def test_a_removed_dependency_is_locked_and_synchronised(tmp_path: Path) -> None:
    """The environment follows the file."""
    path = write_project(tmp_path, 'dependencies = ["a", "b"]\n')
    locker, syncer = RecordingLocker(lock_of()), RecordingSyncer()
    remove(tmp_path, "a", locker=locker, syncer=syncer)
    assert 'dependencies = ["b"]' in path.read_text()
    assert (len(locker.seen), len(syncer.calls)) == (1, 1)


ELSEWHERE = 'dependencies = ["a"]\n[project.optional-dependencies]\nx = ["b"]\n[dependency-groups]\ng = ["b"]\n'


@pytest.mark.parametrize(
    ("name", "table", "message", "hints"),
    [
        (
            "b",
            Production(),
            "The dependency `b` could not be found in `project.dependencies`",
            (
                "`b` is an optional dependency (try: `uv remove b --optional x`)",
                "`b` is in the `g` group (try: `uv remove b --group g`)",
            ),
        ),
        (
            "a",
            OptionalTable(extra_name("q")),
            "The dependency `a` could not be found in `project.optional-dependencies.q`",
            ("`a` is a production dependency",),
        ),
        ("z", GroupTable(group_name("g")), "The dependency `z` could not be found in `dependency-groups.g`", ()),
        (
            "a",
            Development(),
            "The dependency `a` could not be found in `tool.uv.dev-dependencies` or `tool.uv.dependency-groups.dev`",
            ("`a` is a production dependency",),
        ),
    ],
    ids=["production", "extra", "group", "development"],
)
def test_a_missing_dependency_says_where_it_is(
    tmp_path: Path, name: str, table: DependencyTable, message: str, hints: tuple[str, ...]
) -> None:
    """The hint is the command to type next."""
    write_project(tmp_path, ELSEWHERE)
    with pytest.raises(MissingDependency) as caught:
        remove(tmp_path, name, table=table)
    assert (str(caught.value), caught.value.hints()) == (message, hints)


def test_nothing_is_removed_if_one_name_is_missing(tmp_path: Path) -> None:
    """All or nothing, before anything is written."""
    path = write_project(tmp_path, 'dependencies = ["a"]\n')
    before = path.read_bytes()
    with pytest.raises(MissingDependency):
        remove(tmp_path, "a", "z")
    assert path.read_bytes() == before


@pytest.mark.parametrize("failure", [MauveError("x"), KeyboardInterrupt()], ids=["error", "interrupt"])
def test_a_failure_restores_both_files(tmp_path: Path, failure: BaseException) -> None:
    """As if the command had not been typed."""
    path = write_project(tmp_path, 'dependencies = ["a"]\n')
    before = path.read_bytes()
    (tmp_path / "uv.lock").write_text("old\n")
    with pytest.raises(type(failure)):
        remove(tmp_path, "a", locker=RecordingLocker(lock_of(), failure))
    assert (path.read_bytes(), (tmp_path / "uv.lock").read_text()) == (before, "old\n")
