"""Repositories are mirrored and checked out into the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.repository import Repository

from mauve.distributions.sources import FromGit, GitReference, GitReferenceKind
from mauve.git.repository import GitFailed, Repositories

if TYPE_CHECKING:
    from pathlib import Path


class Report:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def updating(self, display: str) -> None:
        """Keep the line."""
        self.lines.append(f"updating {display}")

    def updated(self, display: str) -> None:
        """Keep the line."""
        self.lines.append(f"updated {display}")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def open_cache(tmp_path: Path, repository: Repository, report: Report | None = None, **options: bool) -> Repositories:
    variables = repository.variables
    return Repositories(str(tmp_path / "cache"), variables=variables, reporter=report or Report(), **options)


def asked(repository: Repository, kind: GitReferenceKind, value: str = "") -> FromGit:
    return FromGit(url=repository.url, reference=GitReference(kind, value))


def test_each_kind_of_reference_leads_to_its_commit(tmp_path: Path, repository: Repository) -> None:
    """The checkout holds the files of that commit and of no other."""
    first = repository.commit({"a": "1"})
    repository.git("tag", "v1")
    repository.git("branch", "old")
    second = repository.commit({"a": "2"})
    cache = open_cache(tmp_path, repository)
    kinds = GitReferenceKind
    for source, commit in (
        (asked(repository, kinds.DEFAULT), second),
        (asked(repository, kinds.TAG, "v1"), first),
        (asked(repository, kinds.BRANCH, "old"), first),
        (asked(repository, kinds.REV, "v1"), first),
        (asked(repository, kinds.REV, first[:8]), first),
        (asked(repository, kinds.REV, second), second),
    ):
        fetched = cache.fetch(source)
        assert fetched.commit == commit
        with open(f"{fetched.path}/a", encoding="utf-8") as file:
            assert file.read() == ("1" if commit == first else "2")


def test_a_known_commit_is_not_asked_for_again(tmp_path: Path, repository: Repository) -> None:
    """A lock with commits needs no server once they are in the cache."""
    commit = repository.commit({"a": "1"})
    open_cache(tmp_path, repository).fetch(asked(repository, GitReferenceKind.DEFAULT))
    repository.commit({"a": "2"})
    report = Report()
    later = open_cache(tmp_path, repository, report)
    later.prefer(repository.url, "", commit)
    assert later.fetch(asked(repository, GitReferenceKind.DEFAULT)).commit == commit
    assert report.lines == []


def test_an_unpinned_branch_is_asked_for_in_every_run_and_once(tmp_path: Path, repository: Repository) -> None:
    """A branch moves, but not within a run."""
    repository.commit({"a": "1"})
    open_cache(tmp_path, repository).fetch(asked(repository, GitReferenceKind.DEFAULT))
    moved = repository.commit({"a": "2"})
    report = Report()
    later = open_cache(tmp_path, repository, report)
    for _ in range(2):
        assert later.fetch(asked(repository, GitReferenceKind.DEFAULT)).commit == moved
    assert report.lines == [f"updating {repository.url} (HEAD)", f"updated {repository.url} ({moved})"]


def test_submodules_are_checked_out(tmp_path: Path, repository: Repository) -> None:
    """What lies in another repository may be needed for the build."""
    inner = Repository(tmp_path / "inner")
    inner.commit({"b": "3"})
    for each in (inner, repository):
        each.variables |= {"GIT_CONFIG_COUNT": "1"}
        each.variables |= {"GIT_CONFIG_KEY_0": "protocol.file.allow", "GIT_CONFIG_VALUE_0": "always"}
    repository.git("submodule", "add", "--quiet", inner.url, "inside")
    repository.commit({"a": "1"})
    fetched = open_cache(tmp_path, repository).fetch(asked(repository, GitReferenceKind.DEFAULT))
    with open(f"{fetched.path}/inside/b", encoding="utf-8") as file:
        assert file.read() == "3"


def test_a_missing_reference_is_named(tmp_path: Path, repository: Repository) -> None:
    """The user sees what was taken for what, and what git said."""
    repository.commit({"a": "1"})
    with pytest.raises(GitFailed) as failure:
        open_cache(tmp_path, repository).fetch(asked(repository, GitReferenceKind.TAG, "nope"))
    chain: list[str] = []
    error: BaseException | None = failure.value
    while error is not None:
        chain.append(str(error))
        error = error.__cause__
    assert chain[0] == "Git operation failed"
    assert chain[1].startswith("failed to clone into: ")
    assert chain[2] == "failed to fetch tag `nope`"
    assert "couldn't find remote ref refs/tags/nope" in chain[3]


def test_without_network_only_local_repositories_are_fetched(tmp_path: Path, repository: Repository) -> None:
    """`--offline` does not touch files, and is told apart from a broken server."""
    commit = repository.commit({"a": "1"})
    cache = open_cache(tmp_path, repository, offline=True)
    assert cache.fetch(asked(repository, GitReferenceKind.DEFAULT)).commit == commit
    with pytest.raises(GitFailed) as failure:
        cache.fetch(FromGit(url="https://127.0.0.1:1/repository"))
    assert "network connectivity is disabled" in str(failure.value.__cause__)
