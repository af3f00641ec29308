"""Which proxy is used."""

from __future__ import annotations

import pytest

from mauve.network.proxies import Proxy, ProxyKind, choose_proxy, parse_proxy
from mauve.network.settings import ProxySettings

SETTINGS = ProxySettings(
    http="http://plain:1", https="http://secure:2", exceptions=("local", ".inner.test", "10.0.0.0/8", "0.0.1", "h:80")
)


@pytest.mark.parametrize(
    ("scheme", "host", "port", "expected"),
    [
        ("http", "host", 80, "plain"),
        ("https", "host", 443, "secure"),
        ("http", "local", 80, None),
        ("http", "a.local", 80, None),
        ("http", "notlocal", 80, "plain"),
        ("http", "x.inner.test", 80, None),
        ("http", "10.1.2.3", 80, None),
        ("http", "127.0.0.1", 80, "plain"),
        ("http", "h", 80, None),
        ("http", "h", 81, "plain"),
    ],
)
def test_the_proxy_depends_on_scheme_and_host(scheme: str, host: str, port: int, expected: str | None) -> None:
    """One row for each form of `NO_PROXY`."""
    proxy = choose_proxy(SETTINGS, scheme, host, port)
    assert (proxy.host if proxy else None) == expected


def test_one_proxy_for_everything() -> None:
    """`ALL_PROXY` is used where the scheme has none of its own."""
    assert choose_proxy(ProxySettings(everything="http://all:3"), "https", "x", 443) == Proxy("all", 3)


def test_a_star_means_no_proxy_at_all() -> None:
    """`NO_PROXY=*`."""
    assert choose_proxy(ProxySettings(everything="http://all:3", exceptions=("*",)), "https", "x", 443) is None


def test_credentials_of_a_proxy_become_a_header() -> None:
    """They must not be sent to the server behind it."""
    assert parse_proxy("http://u:p%21@host:3128").authorization == b"Basic dTpwIQ=="


def test_a_proxy_may_lack_its_scheme() -> None:
    """`HTTP_PROXY=host:3128` is common."""
    assert parse_proxy("host:3128") == Proxy("host", 3128)


def test_a_proxy_speaks_what_its_scheme_says() -> None:
    """With the port that is usual for it."""
    assert parse_proxy("https://host") == Proxy("host", 443, ProxyKind.HTTPS)
    assert parse_proxy("socks5://u:p%40@host") == Proxy("host", 1080, ProxyKind.SOCKS5, "u", "p@")
    assert parse_proxy("SOCKS5H://host:9") == Proxy("host", 9, ProxyKind.SOCKS5H)


@pytest.mark.parametrize("url", ["ftp://host", "http://[x", "http://host:x", "http://", "://x"])
def test_what_is_no_proxy_is_passed_over(url: str) -> None:
    """As if the variable were not set."""
    assert parse_proxy(url) is None


def test_a_proxy_is_shown_without_its_password() -> None:
    """In logs and failed tests."""
    assert "secret" not in f"{parse_proxy('http://u:secret@host')} {parse_proxy('http://u:secret@host')!r}"
