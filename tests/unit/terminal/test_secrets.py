"""Passwords in what is told to people."""

from __future__ import annotations

import pytest

from mauve.terminal.secrets import without_passwords


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://u:p@host/x and http://:q@other", "see https://u:****@host/x and http://:****@other"),
        ("`git fetch 'https://u:p@host'`", "`git fetch 'https://u:****@host'`"),
        ("https://u:p@q@host", "https://u:****@host"),
        ("https://u@host:80/a:b@c", "https://u@host:80/a:b@c"),
        ("https://host:80 is at u@host", "https://host:80 is at u@host"),
        ("no URL here, u:p@host", "no URL here, u:p@host"),
        ("", ""),
    ],
)
def test_the_password_of_a_url_is_hidden(text: str, expected: str) -> None:
    """And nothing else."""
    assert without_passwords(text) == expected
