"""Credentials in URLs."""

from __future__ import annotations

import pytest

from mauve.network.settings import Credentials
from mauve.network.urls import join, mask, realm, split_credentials


@pytest.mark.parametrize(
    ("url", "plain", "credentials"),
    [
        ("https://host/simple", "https://host/simple", None),
        ("https://u:p@host/simple", "https://host/simple", Credentials("u", "p")),
        ("https://u%40x:p%3A@host:1/", "https://host:1/", Credentials("u@x", "p:")),
        ("https://u@host", "https://host", Credentials("u", None)),
        ("https://@host/a", "https://host/a", None),
        ("https://host/a@b", "https://host/a@b", None),
    ],
)
def test_credentials_are_taken_out_of_the_url(url: str, plain: str, credentials: Credentials | None) -> None:
    """What is left may be printed and used as a key of the cache."""
    assert split_credentials(url) == (plain, credentials)


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("https://u:secret@host/x", "https://u:****@host/x"),
        ("https://u@host/x", "https://u@host/x"),
        ("https://host/x", "https://host/x"),
    ],
)
def test_passwords_are_masked(url: str, masked: str) -> None:
    """A log is read by more people than a netrc file."""
    assert mask(url) == masked


def test_credentials_do_not_show_in_their_text() -> None:
    """Not even in a traceback."""
    assert "secret" not in f"{Credentials('u', 'secret')!r}{Credentials('u', 'secret')}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Host:443/a", "https://host"),
        ("http://host:8080/a", "http://host:8080"),
        ("http://[::1]:1/", "http://[::1]:1"),
    ],
)
def test_a_realm_is_scheme_host_and_port(url: str, expected: str) -> None:
    """Credentials are remembered by it."""
    assert realm(url) == expected


def test_relative_urls_are_seen_from_their_page() -> None:
    """Index pages of folders use them."""
    assert join("http://host/simple/a/", "../../files/a.whl") == "http://host/files/a.whl"
