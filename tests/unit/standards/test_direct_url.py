"""`direct_url.json`."""

from __future__ import annotations

import pytest

from mauve.standards.direct_url import (
    ArchiveUrl,
    DirectoryUrl,
    DirectUrl,
    InvalidDirectUrl,
    RepositoryUrl,
    parse_direct_url,
    render_direct_url,
)


@pytest.mark.parametrize(
    ("direct_url", "text"),
    [
        (ArchiveUrl("u", "s"), '{"url":"u","archive_info":{},"subdirectory":"s"}'),
        (DirectoryUrl("f"), '{"url":"f","dir_info":{}}'),
        (DirectoryUrl("f", editable=False), '{"url":"f","dir_info":{"editable":false}}'),
        (
            RepositoryUrl(url="r", commit="c", requested_revision="v1", subdirectory="d"),
            '{"url":"r","vcs_info":{"vcs":"git","commit_id":"c","requested_revision":"v1"},"subdirectory":"d"}',
        ),
    ],
    ids=["archive", "directory", "not editable", "git"],
)
def test_a_direct_url_is_written_as_by_uv(direct_url: DirectUrl, text: str) -> None:
    """Later runs compare what is installed with what is wanted."""
    assert render_direct_url(direct_url) == text
    assert parse_direct_url(text) == direct_url


@pytest.mark.parametrize("text", ["{", '{"url":"u"}', '{"archive_info":{}}'])
def test_anything_else_is_refused(text: str) -> None:
    """The caller then treats the distribution as unknown."""
    with pytest.raises(InvalidDirectUrl):
        parse_direct_url(text)
