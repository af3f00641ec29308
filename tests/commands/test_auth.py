"""`auth`: logging in and out, with the real uv reading what we wrote and the other way round."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine, Ran
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer({"a": [make_wheel("a", "1.0")]}) as running:
        yield running


@pytest.fixture
def line(tmp_path: Path, server: IndexServer) -> CommandLine:
    return CommandLine(tmp_path, server)


def uv(line: CommandLine, *words: str) -> Ran:
    """Run the real uv in the same surroundings."""
    done = subprocess.run(
        [oracle_uv(), *words],
        cwd=line.project,
        env=line.variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_what_was_logged_in_opens_the_index(line: CommandLine, server: IndexServer) -> None:
    """By the root of the index; after logging out it is closed again."""
    server.credentials = "u:p"
    line.write_project("a")
    assert line.run("lock").status == 1
    shown = server.origin.replace("http://", "u@http://")
    stored = line.run("auth", "login", f"{server.url}/", "--username", "u", "--password", "p")
    assert (stored.status, stored.err) == (0, f"Stored credentials for {shown}/\n")
    assert line.run("lock").status == 0
    removed = line.run("auth", "logout", server.url, "-u", "u")
    assert (removed.status, removed.err) == (0, f"Removed credentials for {shown}/\n")
    assert line.run("lock", "--refresh").status == 1


WORDS = [
    "login a.example --token t",
    "login https://A.example/simple/ --username u --password p",
    "login https://u:p@b.example",
    "login https://u@c.example --password p",
    "login http://127.0.0.1:1/x --token t",
    "login http://d.example --token t",
    "login ftp://d.example --token t",
    "login https://[ --token t",
    "login d.example:8443 --token t",
    "login d.example",
    "login d.example --username u",
    "login d.example --username= --password p",
    "login d.example --username u --password=",
    "login d.example --token=",
    "login https://u@d.example --username v --password p",
    "login https://u:p@d.example --password q",
    "login https://u@d.example --token t",
    "login d.example --token t --username u",
    "login d.example --username u --token t",
    "login d.example --password p --token t",
    "login",
    "login d.example e.example --token t",
    "login d.example --keyring-provider x",
    "token a.example",
    "token a.example/x/simple -u u",
    "token https://u@a.example",
    "token https://u@a.example -u u",
    "token a.example --username=",
    "token d.example",
    "token d.example -u u",
    "token https://D.example/x/../simple -u u",
    "token d.example/simple/",
    "token -q a.example",
    "token",
    "logout d.example",
    "logout a.example/x",
    "logout https://u:q@a.example",
    "logout a.example -u u",
    "logout a.example",
    "logout",
    "dir",
    "dir x",
    "token a.example --preview-features native-auth,x",
    "logout a.example --preview-features native-auth",
    "login a.example --token t --preview-features native-auth",
    "tokne",
]


@pytest.mark.oracle
def test_every_command_line_ends_as_with_uv(line: CommandLine, tmp_path: Path) -> None:
    """One after the other, each program with a store of its own: status, outputs, and what is stored."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    del line.variables["UV_CACHE_DIR"]  # uv adds options that a variable gives to some usages
    for words in WORDS:
        line.variables["UV_CREDENTIALS_DIR"] = str(theirs)
        expected = uv(line, "auth", *words.split())
        line.variables["UV_CREDENTIALS_DIR"] = str(ours)
        actual = line.run("auth", *words.split())
        told = actual.err.replace("mauve", "uv").replace(str(ours), str(theirs))
        assert (actual.status, actual.out.replace(str(ours), str(theirs))) == (expected.status, expected.out), words
        if "native-auth" not in words or words.startswith("log"):
            assert told == expected.err, words
        stored = [sorted(read(folder).split("\n\n")) for folder in (ours, theirs)]
        assert stored[0] == stored[1], words


def read(folder: Path) -> str:
    """Return the text of a store, empty without one."""
    path = folder / "credentials.toml"
    return path.read_text().strip() if path.exists() else ""


@pytest.mark.oracle
def test_each_program_reads_what_the_other_one_wrote(line: CommandLine) -> None:
    """The same file, in the same folder by default."""
    assert uv(line, "auth", "login", "a.example", "-u", "u", "--password", "p'\"\\").status == 0
    assert line.run("auth", "token", "a.example", "-u", "u").out == "p'\"\\\n"
    assert line.run("auth", "login", "b.example", "--token", 'x"').status == 0
    assert uv(line, "auth", "token", "b.example").out == 'x"\n'
    assert line.run("auth", "dir").out == uv(line, "auth", "dir").out


@pytest.mark.parametrize("option", ["--token", "--password"])
def test_a_secret_may_come_from_standard_input(line: CommandLine, option: str) -> None:
    """So that it is in no list of processes and no history."""
    words = ["auth", "login", "a.example", option, "-", *(["-u", "u"] if option == "--password" else [])]
    process = line.start(*words, stdin=subprocess.PIPE)
    process.communicate(b" secret \nrest\n", timeout=60)
    assert process.returncode == 0
    shown = line.run("auth", "token", "a.example", *(["-u", "u"] if option == "--password" else []))
    assert shown.out == "secret\n"


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_on_a_terminal_it_is_asked_for(line: CommandLine) -> None:
    """The name with echo, the password without."""
    import pty

    ours, theirs = pty.openpty()
    environment = {**line.variables, "NO_COLOR": "1"}
    process = subprocess.Popen(
        [*line.program, "auth", "login", "a.example"],
        cwd=line.project, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    for question, answer in ((b"username: ", b"me\n"), (b"password: ", b"hidden\n")):
        while question not in shown:
            shown += os.read(ours, 1024)
        os.write(ours, answer)
    while b"Stored credentials for me@https://a.example/" not in shown:
        shown += os.read(ours, 1024)
    assert process.wait(60) == 0
    os.close(ours)
    assert b"hidden" not in shown
    assert line.run("auth", "token", "a.example", "-u", "me").out == "hidden\n"


REQUESTS = ["https://a.example/x", "https://u@a.example", "https://v@a.example", "https://b.example", "nonsense", None]


@pytest.mark.oracle
@pytest.mark.parametrize("uri", REQUESTS)
def test_bazel_is_answered_as_by_uv(line: CommandLine, uri: str | None) -> None:
    """`auth helper`: headers for a URL, or none."""
    line.run("auth", "login", "a.example", "-u", "u", "--password", "p")
    request = (f'{{"uri":"{uri}"}}' if uri else "{}").encode()
    words = ("auth", "helper", "--protocol", "bazel", "get", "--preview-features", "auth-helper")
    answers = []
    for program in ([oracle_uv()], line.program):
        done = subprocess.run(
            [*program, *words], cwd=line.project, env=line.variables, input=request, capture_output=True, check=False
        )
        answers.append((done.returncode, done.stdout, done.stderr.partition(b" at line")[0].strip()))
    assert answers[0] == answers[1]
