"""Credentials from everywhere: uv and mauve open the same servers with the same ones, and send them nowhere else.

Each case is a project with indexes, and places where credentials are. mauve may save requests that are refused first,
so what is compared is the outcome, and that no server sees a credential of mauve that it does not see of uv.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct, field
from tests.support.command_line import CommandLine
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.oracle, pytest.mark.skipif(sys.platform == "win32", reason="the keyring is a shell script")]

DEFAULT = 'name = "i"\nurl = "{A}/simple"\ndefault = true\n'


class Case(Struct, frozen=True, kw_only=True):
    """Servers A and B, a project, and what is where.

    Attributes:
        index: the content of `[[tool.uv.index]]`, in order.
        guards: server to start of paths to credentials.
        pins: package to index.
        keyring: what `keyring` is asked, to its answer.
        status: of `sync`, so that a case cannot stop to show what it shows.
    """

    index: tuple[str, ...] = (DEFAULT,)
    guards: dict[str, dict[str, str]] = field(default_factory=lambda: {"A": {"/": "u:p"}})
    pins: dict[str, str] = {}
    variables: dict[str, str] = {}
    netrc: str = ""
    store: str = ""
    keyring: dict[str, str] | None = None
    redirects: dict[str, str] = {}
    refusal: int = 401
    status: int = 0


NETRC = "machine 127.0.0.1 login u password p\n"
ENVIRONMENT = {"UV_INDEX_I_USERNAME": "u", "UV_INDEX_I_PASSWORD": "p"}
KEYRING = {"UV_KEYRING_PROVIDER": "subprocess"}
NAMED = DEFAULT.replace("{A}", "{u@A}")


def stored(service: str, username: str = "u", password: str = "p") -> str:
    return f'[[credential]]\nservice = "{service}"\nusername = "{username}"\npassword = "{password}"\n'


CASES = {
    "nothing": Case(status=1),
    "nothing, forbidden": Case(refusal=403, status=1),
    "nothing, hidden": Case(refusal=404, status=1),
    "in the URL": Case(index=(DEFAULT.replace("{A}", "{u:p@A}"),)),
    "wrong in the URL": Case(index=(DEFAULT.replace("{A}", "{u:q@A}"),), status=1),
    "a token in the URL": Case(index=(DEFAULT.replace("{A}", "{t@A}"),), guards={"A": {"/": "t:"}}),
    "in variables": Case(variables=ENVIRONMENT),
    "only a password in variables": Case(variables={"UV_INDEX_I_PASSWORD": "p"}, guards={"A": {"/": ":p"}}),
    "netrc": Case(netrc=NETRC),
    "netrc, hidden": Case(netrc=NETRC, refusal=404),
    "netrc, default": Case(netrc="default login u password p\n"),
    "netrc, wrong": Case(netrc=NETRC.replace("password p", "password q"), status=1),
    "netrc, other user": Case(index=(DEFAULT.replace("{A}", "{v@A}"),), netrc=NETRC, status=1),
    "netrc, same user": Case(index=(NAMED,), netrc=NETRC),
    "netrc, user in a variable": Case(variables={"UV_INDEX_I_USERNAME": "u"}, netrc=NETRC),
    "store": Case(store=stored("{A}")),
    "store, by path": Case(store=stored("{A}/simple"), guards={"A": {"/simple": "u:p"}}),
    "store, half a path": Case(store=stored("{A}/sim"), status=1),
    "store, two users": Case(store=stored("{A}") + stored("{A}", "v"), status=1),
    "store, two users, one wanted": Case(index=(NAMED,), store=stored("{A}") + stored("{A}", "v", "q")),
    "store, a bearer": Case(
        store='[[credential]]\nservice = "{A}"\nscheme = "bearer"\ntoken = "t"\n', guards={"A": {"/": "t"}}
    ),
    "store, broken": Case(store="[[credential]]\n", status=1),
    "keyring, nobody named": Case(variables=KEYRING, keyring={"get {A}/simple u": "p"}, status=1),
    "keyring, for the index": Case(index=(NAMED,), variables=KEYRING, keyring={"get {A}/simple u": "p"}),
    "keyring, for the host": Case(index=(NAMED,), variables=KEYRING, keyring={"get {A-host} u": "p"}),
    "keyring, for the server": Case(index=(NAMED,), variables=KEYRING, keyring={"get {A} u": "p"}),
    "keyring, knows nothing": Case(index=(NAMED,), variables=KEYRING, keyring={}, status=1),
    "keyring, not there": Case(index=(NAMED,), variables=KEYRING, status=1),
    "keyring, not wanted": Case(index=(NAMED,), keyring={"get {A}/simple u": "p"}, status=1),
    "keyring, user in a variable": Case(
        variables={**KEYRING, "UV_INDEX_I_USERNAME": "u"}, keyring={"get {A}/simple u": "p"}
    ),
    "keyring, always": Case(
        index=(f'{DEFAULT}authenticate = "always"\n',),
        variables=KEYRING,
        keyring={"get {A-host} --mode creds": "u\\np"},
    ),
    "always, nothing": Case(index=(f'{DEFAULT}authenticate = "always"\n',), guards={}, status=2),
    "always, only a user": Case(index=(f'{NAMED}authenticate = "always"\n',), status=2),
    "always, netrc": Case(index=(f'{DEFAULT}authenticate = "always"\n',), netrc=NETRC),
    "never, in variables": Case(
        index=(f'{DEFAULT}authenticate = "never"\n',), variables=ENVIRONMENT, netrc=NETRC, status=1
    ),
    "never, open": Case(index=(f'{DEFAULT}authenticate = "never"\n',), variables=ENVIRONMENT, guards={}),
    "never, in the URL": Case(
        index=(DEFAULT.replace("{A}", "{u:p@A}") + 'authenticate = "never"\n',), guards={"A": {"/simple": "u:p"}}
    ),
    "two indexes on a server, in URLs": Case(
        index=(
            'name = "i"\nurl = "{u:p@A}/x/simple"\nexplicit = true\n',
            'name = "j"\nurl = "{v:q@A}/y/simple"\ndefault = true\n',
        ),
        pins={"a": "i"},
        guards={"A": {"/x": "u:p", "/y": "v:q"}},
    ),
    "two indexes on a server, in variables": Case(
        index=(
            'name = "i"\nurl = "{A}/x/simple"\nexplicit = true\n',
            'name = "j"\nurl = "{A}/y/simple"\ndefault = true\n',
        ),
        pins={"a": "i"},
        guards={"A": {"/x": "u:p", "/y": "v:q"}},
        variables={**ENVIRONMENT, "UV_INDEX_J_USERNAME": "v", "UV_INDEX_J_PASSWORD": "q"},
    ),
    "redirected to an open server": Case(
        index=(DEFAULT.replace("{A}", "{u:p@A}"),), redirects={"/simple/a/": "{B}/simple/a/"}
    ),
    "redirected to a server with its own": Case(
        index=(DEFAULT.replace("{A}", "{u:p@A}"),),
        redirects={"/simple/a/": "{B}/simple/a/"},
        guards={"A": {"/": "u:p"}, "B": {"/": "v:q"}},
        netrc="default login v password q\n",
    ),
    "redirected to a server that wants what it must not get": Case(
        index=(DEFAULT.replace("{A}", "{u:p@A}"),),
        redirects={"/simple/a/": "{B}/simple/a/"},
        guards={"A": {"/": "u:p"}, "B": {"/": "u:p"}},
        status=1,
    ),
    "redirected with credentials": Case(
        redirects={"/simple/a/": "{v:q@B}/simple/a/"}, guards={"A": {"/files": "u:p"}, "B": {"/simple": "v:q"}}
    ),
    "redirected on the same server": Case(
        index=(DEFAULT.replace("{A}", "{u:p@A}"),), redirects={"/simple/a/": "/y/simple/a/"}
    ),
    "an index that refuses is passed over": Case(
        index=('name = "i"\nurl = "{A}/simple"\nignore-error-codes = [401]\n', 'url = "{B}/simple"\ndefault = true\n')
    ),
    "an index that refuses is not passed over": Case(
        index=('name = "i"\nurl = "{A}/simple"\n', 'url = "{B}/simple"\ndefault = true\n'), status=1
    ),
}


@pytest.fixture
def servers() -> Iterator[dict[str, IndexServer]]:
    files = {name: [make_wheel(name, "1.0")] for name in "ab"}
    with IndexServer(files) as first, IndexServer(files) as second:
        yield {"A": first, "B": second}


class Surroundings:
    """The project of a case on running servers."""

    def __init__(self, case: Case, servers: dict[str, IndexServer], folder: Path) -> None:
        """Write everything down."""
        self.servers = servers
        self.line = CommandLine(folder, servers["A"])
        del self.line.variables["UV_DEFAULT_INDEX"]
        for name, server in servers.items():
            server.guards = case.guards.get(name, {})
            server.refusal = case.refusal
        servers["A"].redirects = {path: self.filled(url) for path, url in case.redirects.items()}
        pins = "".join(f'{name} = {{ index = "{index}" }}\n' for name, index in case.pins.items())
        tables = "".join(f"\n[[tool.uv.index]]\n{self.filled(index)}" for index in case.index)
        dependencies = ["a", "b"] if case.pins else ["a"]
        self.line.write_project(*dependencies, rest=f"\n[tool.uv.sources]\n{pins}{tables}")
        self.line.variables |= case.variables
        home = folder / "home"
        if case.netrc:
            (home / ".netrc").write_text(case.netrc)
            (home / ".netrc").chmod(0o600)
        if case.store:
            path = home / ".local/share/uv/credentials/credentials.toml"
            path.parent.mkdir(parents=True)
            path.write_text(self.filled(case.store))
        if case.keyring is not None:
            self._write_keyring(folder / "bin", case.keyring)

    def _write_keyring(self, folder: Path, answers: dict[str, str]) -> None:
        branches = "".join(f'"{self.filled(asked)}") printf "{said}\\n"; exit 0;;\n' for asked, said in answers.items())
        folder.mkdir()
        (folder / "keyring").write_text(f'#!/bin/sh\necho "keyring: $*" >&2\ncase "$*" in\n{branches}esac\nexit 1\n')
        (folder / "keyring").chmod(0o755)
        self.line.variables["PATH"] = f"{folder}:{self.line.variables['PATH']}"

    def filled(self, text: str) -> str:
        """Return *text* with the URLs of the servers; B has another host name."""
        hosts = {"A": self.servers["A"].origin, "B": self.servers["B"].origin.replace("127.0.0.1", "localhost")}
        for name, origin in hosts.items():
            text = text.replace(f"{{{name}}}", origin).replace(f"{{{name}-host}}", origin.partition("://")[2])
            for user in ("u", "v", "t", "u:p", "u:q", "v:q"):
                text = text.replace(f"{{{user}@{name}}}", origin.replace("://", f"://{user}@"))
        return text

    def run(self, program: list[str]) -> tuple[int, str, bytes | None, frozenset[tuple[str, str, str]]]:
        """Return how `sync` ends with *program*: status, errors, lockfile, and who was shown which credential."""
        for server in self.servers.values():
            server.requests.clear()
        lockfile = self.line.project / "uv.lock"
        lockfile.unlink(missing_ok=True)
        variables = {**self.line.variables, "UV_CACHE_DIR": f"{self.line.cache}-{os.path.basename(program[0])}"}
        done = subprocess.run(
            [*program, "sync", "--no-install-project", "--reinstall", "-p", sys.executable],
            cwd=self.line.project, env=variables, capture_output=True, text=True, check=False,
        )  # fmt: skip
        shown = {
            (name, request.path, request.headers["authorization"])
            for name, server in self.servers.items()
            for request in server.requests
            if "authorization" in request.headers
        }
        told = done.stderr[done.stderr.find("error:") :] if done.returncode else ""
        asked = "\n".join(line for line in done.stderr.splitlines() if line.startswith("keyring: "))
        return done.returncode, told + asked, lockfile.read_bytes() if lockfile.exists() else None, frozenset(shown)


@pytest.mark.parametrize("name", CASES)
def test_servers_are_opened_as_uv_opens_them(name: str, servers: dict[str, IndexServer], tmp_path: Path) -> None:
    """Outcome, explanation and lockfile are the same, the keyring is asked the same, and nobody learns more."""
    case = CASES[name]
    surroundings = Surroundings(case, servers, tmp_path)
    *expected, theirs = surroundings.run([oracle_uv()])
    *actual, ours = surroundings.run([*CommandLine.program])
    assert expected[0] == case.status
    assert json.dumps(actual[:2]) == json.dumps(expected[:2])
    assert actual[2] == expected[2]
    assert ours <= theirs
    assert actual[2] is None or all(secret not in actual[2] for secret in (b"u:p", b"v:q", b"t@"))
