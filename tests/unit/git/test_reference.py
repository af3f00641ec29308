"""What references of repositories mean."""

from __future__ import annotations

import pytest

from mauve.distributions.sources import GitReference, GitReferenceKind, canonical_repository
from mauve.git.reference import attempts, described_reference, fixed_commit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def rev(value: str) -> GitReference:
    return GitReference(GitReferenceKind.REV, value)


@pytest.mark.parametrize(
    ("reference", "names"),
    [
        (GitReference(), ["refs/remotes/origin/HEAD"]),
        (GitReference(GitReferenceKind.BRANCH, "x"), ["refs/remotes/origin/x"]),
        (GitReference(GitReferenceKind.TAG, "x"), ["refs/remotes/origin/tags/x"]),
        (rev("x"), ["refs/remotes/origin/x", "refs/remotes/origin/tags/x"]),
        (rev("refs/pull/1/head"), ["refs/pull/1/head"]),
        (rev("0123456"), ["refs/remotes/origin/0123456", "refs/remotes/origin/tags/0123456", "0123456"]),
    ],
)
def test_a_reference_is_fetched_in_the_ways_it_may_be_meant(reference: GitReference, names: list[str]) -> None:
    """A `rev` may be a branch, a tag or the start of a commit; the order decides between equal names."""
    assert [attempt.found_as for attempt in attempts(reference, None)] == names


def test_only_a_full_commit_is_fixed() -> None:
    """A shorter one may become ambiguous, so the server is asked."""
    assert fixed_commit(rev(COMMIT)) == COMMIT
    assert fixed_commit(rev(COMMIT[:12])) is None
    assert fixed_commit(GitReference(GitReferenceKind.TAG, COMMIT)) is None


def test_errors_say_what_a_reference_was_taken_for() -> None:
    """The default branch has no name to tell."""
    assert described_reference(GitReference()) is None
    assert described_reference(rev("main")) == "branch or tag `main`"
    assert described_reference(rev("abcdef0")) == "branch, tag, or commit `abcdef0`"
    assert described_reference(rev(COMMIT)) == f"commit `{COMMIT}`"


def test_spellings_of_one_repository_are_equal() -> None:
    """Credentials, `.git` and a slash at the end do not make another repository, case does in general."""
    assert canonical_repository("https://user:word@Example.org/a/b.git") == canonical_repository(
        "https://example.org/a/b/"
    )
    assert canonical_repository("https://example.org/a/B") != canonical_repository("https://example.org/a/b")
