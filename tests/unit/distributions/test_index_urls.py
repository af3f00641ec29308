"""Addresses of indexes that are in their one spelling are known without taking them apart."""

from __future__ import annotations

import pytest

from mauve.distributions.index_urls import _is_plain, one_spelling
from mauve.standards.web_urls import normalise_url


@pytest.mark.parametrize(
    "url",
    [
        "https://index.test/simple/",
        "http://127.0.0.1/simple/",
        "http://127.0.0.1:45123/simple",
        "http://10.0.255.1:8080/",
        "https://index.test:65535/a/b",
        "https://somebody@index.test/simple/",
    ],
)
def test_what_is_written_as_usual_is_plain(url: str) -> None:
    """And is what taking it apart would give."""
    assert _is_plain(url)
    assert normalise_url(url) == url == one_spelling(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.01/simple/",
        "http://127.1/simple/",
        "http://127.0.0.256/simple/",
        "http://0x7f.0.0.1/simple/",
        "http://index.test:080/simple/",
        "http://index.test:80/simple/",
        "http://index.test:70000/simple/",
        "https://Index.test/simple/",
        "https://index.test/a/../simple/",
        "https://index.test",
        "http://1.2.3.4.5/simple/",
    ],
)
def test_what_may_be_spelled_otherwise_is_taken_apart(url: str) -> None:
    """Even if it stays as it is."""
    assert not _is_plain(url)
