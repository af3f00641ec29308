"""Adding dependencies: what is written, when it is locked, and the way back."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests.support.project import RecordingLocker, RecordingSyncer, lock_of, write_project

from mauve.distributions.sources import FromDirectory, RequirementSource
from mauve.errors import ExitStatus, MauveError
from mauve.operations.add import (
    AddFailed,
    AddOutcome,
    AddRequest,
    MissingTable,
    NotGit,
    SelfDependency,
    add_dependencies,
)
from mauve.project.bump import BoundKind
from mauve.project.edit import Development, GroupTable, IndexDeclaration, OptionalTable, Production
from mauve.project.pyproject import read_pyproject
from mauve.project.requested import parse_requested
from mauve.standards.names import PackageName, extra_name, group_name


class Report:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.members: list[str] = []
        self.notes: list[str] = []

    def member_added(self, path: str) -> None:
        """Keep the path."""
        self.members.append(path)

    def note(self, text: str) -> None:
        """Keep the text."""
        self.notes.append(text)


def name_of(source: RequirementSource) -> PackageName:
    assert isinstance(source, FromDirectory)
    project = read_pyproject(f"{source.path}/pyproject.toml").project
    assert project is not None
    return project.name


def add(
    root: Path, *texts: str, locker: RecordingLocker | None = None, syncer=None, report: Report | None = None, **options
) -> AddOutcome:
    requested = tuple(parse_requested(text, str(root)) for text in texts)
    request = AddRequest(directory=str(root), requested=requested, locks=locker is not None, **options)
    return add_dependencies(request, locker or RecordingLocker(lock_of()), syncer, name_of, report or Report())


def document(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text())


def test_bounds_come_from_the_lock_and_the_lock_is_brought_up_to_date(tmp_path: Path) -> None:
    """The second locking sees the bounds; the first one decides them."""
    write_project(tmp_path)
    locker, syncer = RecordingLocker(lock_of(a="2.0", b="1.5 1.0+cpu")), RecordingSyncer()
    add(tmp_path, "a", "b", "c>1", locker=locker, syncer=syncer)
    assert document(tmp_path)["project"]["dependencies"] == ["a>=2.0", "b>=1.0", "c>1"]
    assert ['"a",' in text for text in locker.seen] == [True, False]
    assert len(syncer.calls) == 1


def test_bounds_find_their_entries_after_later_insertions(tmp_path: Path) -> None:
    """Sorted lists move earlier entries."""
    write_project(tmp_path, 'dependencies = ["m"]\n')
    add(tmp_path, "z", "a", "k", locker=RecordingLocker(lock_of(z="3", a="1", k="2")), bounds=BoundKind.MAJOR)
    assert document(tmp_path)["project"]["dependencies"] == ["a>=1,<2", "k>=2,<3", "m", "z>=3,<4"]


@pytest.mark.parametrize(
    ("options", "written"), [({"raw": True}, "a"), ({"bounds": BoundKind.EXACT}, "a==2.0")], ids=["raw", "exact"]
)
def test_bounds_are_as_asked(tmp_path: Path, options: dict, written: str) -> None:
    """`--raw` writes what was typed."""
    write_project(tmp_path)
    add(tmp_path, "a", locker=RecordingLocker(lock_of(a="2.0")), **options)
    assert document(tmp_path)["project"]["dependencies"] == [written]


def test_an_entry_that_was_there_keeps_its_specifier(tmp_path: Path) -> None:
    """Only new entries get bounds, so one lock is enough."""
    write_project(tmp_path, 'dependencies = ["a<9"]\n')
    locker = RecordingLocker(lock_of(a="2.0"))
    add(tmp_path, "a", locker=locker)
    assert document(tmp_path)["project"]["dependencies"] == ["a<9"]
    assert len(locker.seen) == 1


def test_a_specifier_wins_over_the_preferred_bounds_with_a_note(tmp_path: Path) -> None:
    """The user said both."""
    write_project(tmp_path)
    report = Report()
    add(tmp_path, "a>1", locker=RecordingLocker(lock_of(a="2.0")), bounds=BoundKind.MAJOR, report=report)
    assert report.notes == ["note: Using explicit requirement `a>1` over bounds preference `major`"]


def test_one_named_index_pins_the_packages(tmp_path: Path) -> None:
    """`--index name=url` says where the package is."""
    write_project(tmp_path)
    add(tmp_path, "a", indexes=(IndexDeclaration("http://127.0.0.1/simple", "i"),))
    assert document(tmp_path)["tool"]["uv"] == {
        "sources": {"a": {"index": "i"}},
        "index": [{"name": "i", "url": "http://127.0.0.1/simple"}],
    }


def test_a_folder_inside_becomes_a_member(tmp_path: Path) -> None:
    """Both projects are then locked together."""
    write_project(tmp_path)
    write_project(tmp_path / "libs/one", name="one")
    report = Report()
    add(tmp_path, "./libs/one", report=report)
    uv = document(tmp_path)["tool"]["uv"]
    assert uv == {"workspace": {"members": ["libs/one"]}, "sources": {"one": {"workspace": True}}}
    assert report.members == ["libs/one"]


def test_a_folder_is_written_as_a_url_where_sources_are_not_wanted(tmp_path: Path) -> None:
    """A relative path would not be read again."""
    write_project(tmp_path / "a", name="a")
    write_project(tmp_path)
    add(tmp_path, "a @ ./a", raw=True, as_member=False)
    assert document(tmp_path)["project"]["dependencies"] == [f"a @ file://{tmp_path}/a"]


def test_a_folder_may_stay_outside_of_the_workspace(tmp_path: Path) -> None:
    """`--no-workspace` makes a path source, relative to the project."""
    write_project(tmp_path)
    write_project(tmp_path / "libs/one", name="one")
    add(tmp_path, "./libs/one", as_member=False, editable=True)
    assert document(tmp_path)["tool"]["uv"] == {"sources": {"one": {"path": "libs/one", "editable": True}}}


def test_a_project_does_not_require_itself(tmp_path: Path) -> None:
    """In a group it may, since groups are not part of the package."""
    write_project(tmp_path)
    with pytest.raises(SelfDependency):
        add(tmp_path, "p")
    add(tmp_path, "p", table=Development())
    assert document(tmp_path)["tool"]["uv"]["sources"] == {"p": {"workspace": True}}


def test_a_root_without_project_has_only_groups(tmp_path: Path) -> None:
    """The message says how to go on."""
    (tmp_path / "pyproject.toml").write_text("[tool.x]\n")
    with pytest.raises(MissingTable, match="or run `uv add --dev` instead"):
        add(tmp_path, "a", table=Production())
    add(tmp_path, "a", table=Development())
    assert document(tmp_path)["dependency-groups"] == {"dev": ["a"]}


FAILURES = [MauveError("x"), KeyboardInterrupt(), MemoryError()]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("fails_at", [1, 2])
@pytest.mark.parametrize("has_lock", [True, False], ids=["locked", "fresh"])
def test_a_failure_restores_both_files(tmp_path: Path, failure: BaseException, fails_at: int, has_lock: bool) -> None:
    """Whatever goes wrong and whenever, the project is as it was; a fresh lock is gone."""
    path = write_project(tmp_path, 'dependencies = [ "b" ] # mine\n')
    before = path.read_bytes()
    lock = tmp_path / "uv.lock"
    if has_lock:
        lock.write_text("old\n")
    with pytest.raises(type(failure)):
        add(tmp_path, "a", locker=RecordingLocker(lock_of(a="2.0"), failure, fails_at))
    assert path.read_bytes() == before
    assert (lock.read_text() if lock.exists() else None) == ("old\n" if has_lock else None)


def test_a_failed_installation_restores_both_files(tmp_path: Path) -> None:
    """The environment may have changed; the files that people commit have not."""
    path = write_project(tmp_path)
    before = path.read_bytes()
    with pytest.raises(MauveError):
        add(tmp_path, "a", locker=RecordingLocker(lock_of(a="2.0")), syncer=RecordingSyncer(MauveError("x")))
    assert (path.read_bytes(), (tmp_path / "uv.lock").exists()) == (before, False)


def test_a_package_that_does_not_build_cannot_be_added(tmp_path: Path) -> None:
    """What fails behind the lock is about the addition too, and has its hint."""
    write_project(tmp_path)
    failure = MauveError("x")
    failure.status = ExitStatus.FAILURE  # type: ignore[misc]
    with pytest.raises(AddFailed):
        add(tmp_path, "a", locker=RecordingLocker(lock_of(a="2.0")), syncer=RecordingSyncer(failure))


@pytest.mark.parametrize(("asked", "renewed"), [("./lib", {"lib"}), ("a", set())])
def test_a_folder_is_built_again_when_it_is_added_again(tmp_path: Path, asked: str, renewed: set[str]) -> None:
    """Somebody changed it, else why add it again."""
    write_project(tmp_path)
    write_project(tmp_path / "lib", name="lib")
    syncer = RecordingSyncer()
    add(tmp_path, asked, locker=RecordingLocker(lock_of(a="1", lib="1")), syncer=syncer)
    assert syncer.renewed == renewed


def test_a_member_is_edited_and_the_workspace_locked(tmp_path: Path) -> None:
    """`--package` chooses whose file is written."""
    write_project(tmp_path, '[tool.uv.workspace]\nmembers = ["m"]\n')
    member = write_project(tmp_path / "m", name="m")
    syncer = RecordingSyncer()
    add(tmp_path, "a", package=PackageName("m"), locker=RecordingLocker(lock_of(a="1")), syncer=syncer)
    assert "a>=1" in member.read_text()
    assert syncer.calls == [(str(tmp_path), "m")]


@pytest.mark.parametrize("table", [GroupTable(group_name("g")), OptionalTable(extra_name("g"))], ids=["group", "extra"])
def test_nothing_to_add_still_opens_the_list(tmp_path: Path, table: GroupTable | OptionalTable) -> None:
    """A requirements file may be empty today; the group that was named is there afterwards."""
    write_project(tmp_path)
    add(tmp_path, table=table)
    assert "g = []\n" in (tmp_path / "pyproject.toml").read_text()


def test_a_tag_needs_a_repository(tmp_path: Path) -> None:
    """It would be ignored without a word."""
    write_project(tmp_path)
    before = (tmp_path / "pyproject.toml").read_text()
    with pytest.raises(NotGit, match=r"`a` did not resolve to a Git repository, .* \(`--tag 1`\)"):
        add(tmp_path, "a", revision=("tag", "1"))
    assert (tmp_path / "pyproject.toml").read_text() == before


def test_a_module_of_the_standard_library_is_hinted_at_first() -> None:
    """The way out with `--frozen` comes last."""
    hints = AddFailed(("pickle",)).hints()
    assert "`pickle` is included in the Python standard library" in hints[0]
    assert "--frozen" in hints[1]
