"""What is suggested if no interpreter was found."""

import pytest

from mauve.python.downloads import DownloadPolicy, download_hint
from mauve.python.request import parse_request


@pytest.mark.parametrize(
    ("text", "policy", "offline", "hint"),
    [
        (
            "3.14",
            DownloadPolicy.NEVER,
            False,
            "A managed Python download is available for Python 3.14, but Python downloads are set to 'never'",
        ),
        (
            "pypy3.11",
            DownloadPolicy.MANUAL,
            False,
            (
                "A managed Python download is available for PyPy 3.11, but Python downloads are set to 'manual', use "
                "`uv python install pypy@3.11` to install the required version"
            ),
        ),
        (
            "default",
            DownloadPolicy.AUTOMATIC,
            True,
            "A managed Python download is available, but uv is set to offline mode",
        ),
        (
            "3.99",
            DownloadPolicy.AUTOMATIC,
            False,
            (
                "uv embeds available Python downloads and may require an update to install new versions. Consider "
                "retrying on a newer version of uv."
            ),
        ),
        ("3.99", DownloadPolicy.NEVER, False, None),
        (">=3.90", DownloadPolicy.MANUAL, False, None),
        ("foo", DownloadPolicy.NEVER, False, None),
        ("./foo", DownloadPolicy.NEVER, False, None),
        ("cpython-3.12-plan9", DownloadPolicy.NEVER, False, None),
    ],
)
def test_a_download_is_suggested_where_one_exists(text, policy, offline, hint):
    """The texts are part of the command line's interface."""
    assert download_hint(parse_request(text), policy, offline=offline) == hint


@pytest.mark.parametrize(
    ("text", "published"),
    [("3.7", False), ("3.8", True), ("3.12.99", False), (">=3.8", True), ("<3.8", False), ("pypy3.13", False)],
)
def test_only_published_versions_are_suggested(text, published):
    """Suggesting others would send users in a circle."""
    assert (download_hint(parse_request(text), DownloadPolicy.NEVER, offline=False) is not None) is published
