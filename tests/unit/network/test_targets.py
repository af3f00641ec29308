"""Where a request goes."""

from __future__ import annotations

import sys

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mauve.network.targets import InvalidTarget, read_target
from mauve.network.urls import plain_server

HOSTS = ("a", "index.example", "127.0.0.1", "1.2.3", "256.1.1.1", "01.1.1.1", "[::1]", "A.b", "é.example", "a_b.c", "")
PORTS = ("", ":80", ":443", ":8080", ":0", ":08", ":", ":70000", ":x")
PIECES = (
    "a",
    "Z",
    "/",
    ".",
    "..",
    "%41",
    "%4",
    "%",
    "+",
    "é",
    " ",
    "?x=1",
    "#f",
    "~",
    "[",
    "{",
    "'",
    '"',
    "\\",
    "@",
    ":",
)


def urls() -> st.SearchStrategy[str]:
    """URLs of which many are odd in one way or another."""
    return st.builds(
        "{}://{}{}/{}".format,
        st.sampled_from(("http", "https", "HTTP")),
        st.sampled_from(HOSTS),
        st.sampled_from(PORTS),
        st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    )


@given(urls())
def test_parts_taken_as_they_are_are_those_of_a_parser(url: str) -> None:
    """A library reads any URL; what is read without it must not differ."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        with pytest.raises(InvalidTarget):
            read_target(url)
        return
    target = read_target(url)
    port = parsed.port or {"http": 80, "https": 443}[parsed.scheme]
    assert (target.scheme, target.host, target.port) == (parsed.scheme, parsed.raw_host.decode(), port)
    assert (target.authority, target.path) == (parsed.netloc, parsed.raw_path)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://index.example/simple/a-b/", b"/simple/a-b/"),
        (
            "http://127.0.0.1:8080/files/a_b-1.0+cu118-py3-none-any.whl#sha256=1",
            b"/files/a_b-1.0+cu118-py3-none-any.whl",
        ),
        ("https://files.example/a-1.0%2Bcu118.whl", b"/a-1.0%2Bcu118.whl"),
    ],
)
def test_urls_of_indexes_are_read_without_a_library(url: str, path: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its import would take longer than a dozen requests."""
    monkeypatch.setitem(sys.modules, "mauve.network.lean_httpx", None)
    assert read_target(url).path == path


@pytest.mark.parametrize(
    "url", ["http://a:80", "http://A", "http://a:0", "http://1.2.3", "ftp://a", "http://a?b", "http://"]
)
def test_servers_that_would_be_written_otherwise_are_not_plain(url: str) -> None:
    """Two spellings of one server must not count as two."""
    assert plain_server(url) is None
