"""Web addresses in one spelling."""

from __future__ import annotations

import pytest

from mauve.standards.web_urls import InvalidUrl, RelativeUrl, normalise_url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://Example.com", "https://example.com/"),
        ("HTTPS://example.com:443/A", "https://example.com/A"),
        ("http://example.com:80", "http://example.com/"),
        ("https://example.com:8443/", "https://example.com:8443/"),
        ("https://example.com/a b/%7e/é?q=1#frag", "https://example.com/a%20b/%7e/%C3%A9?q=1#frag"),
        ("https://example.com/a/../b/./c//d/", "https://example.com/b/c//d/"),
        ("https://example.com/a/..", "https://example.com/"),
        ("https:///x", "https://x/"),
        ("https:\\\\x\\y", "https://x/y"),
        ("  https://x/\n", "https://x/"),
        ("https://u:p@x", "https://u:p@x/"),
        ("https://u@x", "https://u@x/"),
        ("https://@x", "https://x/"),
        ("https://bücher.example", "https://xn--bcher-kva.example/"),
        ("http://[::0001]:80/", "http://[::1]/"),
        ("http://127.1", "http://127.0.0.1/"),
        ("ftp://x", "ftp://x/"),
        ("mailto:x", "mailto:x"),
    ],
)
def test_spellings_of_one_address_become_one(text: str, expected: str) -> None:
    """As browsers do it."""
    assert normalise_url(text) == expected
    assert normalise_url(expected) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://", "empty host"),
        ("https://a b", "invalid international domain name"),
        ("https://x:70000", "invalid port number"),
        ("https://x:y", "invalid port number"),
        ("https://[::1", "invalid IPv6 address"),
        ("https://[x]", "invalid IPv6 address"),
        ("https://1.2.3.400", "invalid IPv4 address"),
        ("https://300.1", "invalid IPv4 address"),
        (
            "https://user/name:password@x/y",
            "ambiguous user/pass authority in URL (not percent-encoded?): https:***@x/y",
        ),
    ],
)
def test_what_is_no_address_is_refused(text: str, reason: str) -> None:
    """With the reason."""
    with pytest.raises(InvalidUrl) as caught:
        normalise_url(text)
    assert str(caught.value) == reason


def test_a_text_without_a_scheme_is_relative() -> None:
    """Somebody may know what it is relative to."""
    with pytest.raises(RelativeUrl):
        normalise_url("127.0.0.1:80")
