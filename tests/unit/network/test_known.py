"""What is known of servers."""

from __future__ import annotations

from mauve.network.auth.known import KnownCredentials
from mauve.network.settings import Credentials
from mauve.network.urls import index_root, is_below

A, B = Credentials("a", "1"), Credentials("b", "2")


def test_credentials_are_known_below_their_url() -> None:
    """The nearest ones count; another path, port or scheme has others."""
    known = KnownCredentials()
    known.add("https://s.example/x", A)
    known.add("https://s.example/x/y", B)
    urls = ["x", "x/", "x/z", "x/y", "x/y/z?q", "xy", ""]
    assert [known.of_url(f"https://s.example/{url}") for url in urls] == [A, A, A, B, B, None, None]
    assert known.of_url("https://s.example:8443/x") is None
    assert known.of_url("http://s.example/x") is None
    assert known.of_url("https://s.example:443/x") == A


def test_a_user_name_asks_for_a_password() -> None:
    """Half of the credentials is no answer to who has that half already."""
    known = KnownCredentials()
    half = Credentials("a")
    known.add("https://s.example/x", half)
    assert known.of_url("https://s.example/x") == half
    assert known.of_url("https://s.example/x", "a") is None
    known.add("https://s.example/x", A)
    assert known.of_url("https://s.example/x", "a") == A
    assert known.of_url("https://s.example/x", "b") is None


def test_of_a_server_a_password_is_not_lost_to_a_name() -> None:
    """The last complete credentials count, for anybody and for each user."""
    known = KnownCredentials()
    assert known.of_server("https://s.example/") is None
    known.add("https://s.example/x", A)
    known.add("https://s.example/y", Credentials("a"))
    known.add("https://s.example/z", Credentials("b"))
    assert known.of_server("https://s.example/w") == A
    assert known.of_server("https://s.example/w", "a") == A
    assert known.of_server("https://s.example/w", "b") == Credentials("b")
    assert known.of_server("https://t.example/", "a") is None


def test_an_index_covers_what_is_beside_its_pages() -> None:
    """Files are often there."""
    roots = {
        "https://s.example/simple": "https://s.example/",
        "https://s.example/a/simple/": "https://s.example/a",
        "https://s.example/a/+simple": "https://s.example/a",
        "https://s.example/Simple?q=1": "https://s.example/?q=1",
        "https://s.example/simple/b": None,
        "https://s.example": None,
        "https://s.example/": None,
    }
    assert {url: index_root(url) for url in roots} == roots


def test_a_path_is_below_another_at_a_slash() -> None:
    """Not at a common beginning of names."""
    below = [is_below(path, start) for path, start in (("/a/b", "/a"), ("/a", "/a/"), ("/ab", "/a"), ("/", "/"))]
    assert below == [True, True, False, True]
