"""The file of stored credentials."""

from __future__ import annotations

import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mauve.filesystem.text import UnreadableFile
from mauve.network.auth.text_store import (
    AmbiguousCredentials,
    InvalidStore,
    find_in_store,
    open_store,
    parse_store,
)
from mauve.network.settings import BearerToken, Credentials

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '[[credential]]\nservice = "https://a.example"\n'


def store(folder: Path, *entries: tuple[str, str]) -> str:
    """Return the folder of a store with these services and users, the password of each is its place."""
    with open_store(str(folder)) as opened:
        for place, (service, username) in enumerate(entries):
            opened.insert(service, Credentials(username, str(place)))
        opened.write()
    return str(folder)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Quotes, backslashes and other characters included."""
    folder = str(tmp_path / "x" / "credentials")
    passwords = ["a", "'", '"', "\\", "'\"\\", "a\nb", "ä", "\x01"]
    with open_store(folder) as opened:
        for place, password in enumerate(passwords):
            opened.insert(f"https://s{place}.example/", Credentials("u", password))
        opened.insert("https://t.example/", BearerToken("t"))
        opened.write()
    with open_store(folder) as opened:
        found = [opened.find(f"https://s{place}.example/", "u") for place in range(len(passwords))]
        assert found == [Credentials("u", password) for password in passwords]
        assert opened.find("https://t.example/x", "") == BearerToken("t")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    """The folder, the file and its lock."""
    folder = tmp_path / "credentials"
    store(folder, ("https://a.example/", "u"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == {"credentials": 0o700, "credentials.toml": 0o600, "credentials.toml.lock": 0o600}


def test_the_text_is_that_of_uv(tmp_path: Path) -> None:
    """The newest entry is the first; without any, the list is empty."""
    folder = tmp_path / "credentials"
    store(folder, ("https://a.example/", "u"), ("https://a.example/", "v"))
    assert (folder / "credentials.toml").read_text() == (
        '[[credential]]\nservice = "https://a.example/"\nusername = "v"\nscheme = "basic"\npassword = "1"\n\n'
        '[[credential]]\nservice = "https://a.example/"\nusername = "u"\nscheme = "basic"\npassword = "0"\n'
    )
    with open_store(str(folder)) as opened:
        assert opened.remove("https://a.example/", "u")
        assert opened.remove("https://a.example/", "v")
        assert not opened.remove("https://a.example/", "v")
        opened.write()
    assert (folder / "credentials.toml").read_text() == "credential = []\n"


@pytest.mark.parametrize(
    ("url", "username", "password"),
    [
        ("https://a.example/x/y", "", "1"),
        ("https://a.example/x", "", "1"),
        ("https://a.example/xy", "", "0"),
        ("https://a.example/", "", "0"),
        ("https://a.example/x", "u", "1"),
        ("https://a.example/x", "w", None),
        ("https://a.example:444/", "", None),
        ("http://a.example/", "", None),
        ("https://b.a.example/", "", None),
        ("https://b.example/z/", "v", "3"),
    ],
)
def test_the_nearest_service_of_the_same_server_answers(
    tmp_path: Path, url: str, username: str, password: str | None
) -> None:
    """Scheme, host and port are the same; the path continues at a slash."""
    services = (("https://a.example/", "u"), ("https://a.example/x", "u"), ("https://b.example/", "u"))
    found = find_in_store(store(tmp_path, *services, ("https://b.example/", "v")), url, username)
    assert found == (None if password is None else Credentials(username or "u", password))


def test_two_users_that_are_equally_near_are_ambiguous(tmp_path: Path) -> None:
    """The user has to say which; a run that only looks goes on without."""
    folder = store(tmp_path, ("https://a.example/", "u"), ("https://a.example/", "v"))
    with open_store(folder) as opened, pytest.raises(AmbiguousCredentials):
        opened.find("https://a.example/", "")
    assert find_in_store(folder, "https://a.example/", "") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("credential = 1", "invalid type: integer `1`, expected a sequence"),
        ("credential = [1]", "invalid type: integer `1`, expected struct TextCredentialWire"),
        ("[[credential]]", "missing field `service`"),
        ('[[credential]]\nservice = "a.example"', 'relative URL without a base: "a.example"'),
        ("[[credential]]\nservice = 1", "invalid type: integer `1`, expected a string representing an URL"),
        (f'{HEAD}scheme = "digest"', "unknown variant `digest`, expected `basic` or `bearer`"),
        (f"{HEAD}scheme = 1", "wanted string or table"),
        (f"{HEAD}username = 1", "invalid type: integer `1`, expected a string"),
        (HEAD, "`username` is required with `scheme = basic`"),
        (f'{HEAD}scheme = "bearer"\nusername = "u"', "`username` cannot be provided with `scheme = bearer`"),
        (f'{HEAD}scheme = "bearer"', "`token` is required with `scheme = bearer`"),
        ("x", "key with no value, expected `=`"),
    ],
)
def test_a_file_of_another_form_is_pointed_at(text: str, reason: str) -> None:
    """With the line."""
    with pytest.raises(InvalidStore) as caught:
        parse_store(text)
    assert str(caught.value).startswith("Failed to parse TOML credential file: TOML parse error at line ")
    assert str(caught.value).endswith(f"\n{reason}")


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    """A folder in its place, or bytes that are no text."""
    path = tmp_path / "credentials.toml"
    path.mkdir() if content is None else path.write_bytes(content)
    with (
        pytest.raises(UnreadableFile, match=r"^failed to read from file `.*credentials.toml`: "),
        open_store(str(tmp_path)),
    ):
        raise AssertionError
    assert find_in_store(str(tmp_path), "https://a.example/", "") is None


def test_many_logins_at_once_lose_nothing(tmp_path: Path) -> None:
    """Each waits for the lock."""
    code = (
        "import sys; from mauve.network.auth.text_store import open_store;"
        "from mauve.network.settings import Credentials\n"
        "with open_store(sys.argv[1]) as s: s.insert('https://a.example/', Credentials(sys.argv[2], 'p')); s.write()"
    )
    users = [f"u{number}" for number in range(8)]
    folder = str(tmp_path / "credentials")
    running = [
        subprocess.Popen([sys.executable, "-c", code, folder, user], env={"PYTHONPATH": "src"}) for user in users
    ]
    assert [process.wait(60) for process in running] == [0] * len(users)
    with open_store(folder) as opened:
        assert all(opened.find("https://a.example/", user) for user in users)
