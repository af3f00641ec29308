"""Hosts whose certificates are not checked."""

from __future__ import annotations

import pytest

from mauve.config.trusted_hosts import InvalidTrustedHost, trusted_hosts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.example", ("a.example",)),
        ("a.example:8443", ("a.example:8443",)),
        ("https://a.example", ("a.example",)),
        ("https://a.example:8443", ("a.example:8443",)),
        ("https://a.example/x", ("a.example",)),
        ("http://a.example", ()),
        ("*", ("*",)),
    ],
)
def test_a_host_is_named_in_several_ways(text: str, expected: tuple[str, ...]) -> None:
    """With a port or without; what is meant for plain HTTP trusts nobody."""
    assert trusted_hosts([text]) == expected


@pytest.mark.parametrize("text", ["a.example:x", "https://a.example:70000", "a.example:"])
def test_a_port_is_a_number(text: str) -> None:
    """In the words of uv."""
    with pytest.raises(InvalidTrustedHost, match=r"^invalid port for `--trusted-host`: `a\.example:"):
        trusted_hosts([text])
