"""Where distributions come from, as it is recorded."""

from __future__ import annotations

import pytest

from mauve.distributions.sources import GitReference, GitReferenceKind, GitSource
from mauve.installer.origin import describe_origin, direct_url_of, file_url
from mauve.standards.direct_url import render_direct_url


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/a/b.whl", "file:///a/b.whl"),
        ("/a b/c#d?e%f", "file:///a%20b/c%23d%3Fe%25f"),
        ("/ä/[x]|^~@", "file:///%C3%A4/[x]|^~@"),
    ],
)
def test_paths_become_urls_as_in_uv(path: str, url: str) -> None:
    """Only what a URL cannot hold is escaped."""
    assert file_url(path) == url


@pytest.mark.parametrize(
    ("reference", "text"),
    [(GitReference(GitReferenceKind.TAG, "v1"), ',"requested_revision":"v1"'), (GitReference(), "")],
)
def test_a_repository_is_recorded_with_its_commit(reference: GitReference, text: str) -> None:
    """And with the revision only if one was asked for."""
    source = GitSource(url="https://h/r", commit="c" * 40, reference=reference, subdirectory="d")
    recorded = direct_url_of(source)
    assert recorded is not None
    assert render_direct_url(recorded) == (
        f'{{"url":"https://h/r","vcs_info":{{"vcs":"git","commit_id":"{"c" * 40}"{text}}},"subdirectory":"d"}}'
    )
    assert describe_origin(recorded) == f"git+https://h/r@{'c' * 40}#subdirectory=d"
