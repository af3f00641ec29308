"""No secret is shown or kept: outputs, errors, lockfiles, and names and contents of what is cached.

One project is used with secrets in every place where one may be, through commands that succeed and that fail, also
with `-v`; then everything that was printed or written is searched.
"""

from __future__ import annotations

import base64
import os
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from tests.support.command_line import CommandLine, Ran
from tests.support.index_server import IndexServer
from tests.support.wheel_factory import make_sdist, make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRETS = {
    "url": "planted-url@1",
    "variable": "planted-variable",
    "netrc": "planted-netrc",
    "store": "planted-store",
    "keyring": "planted-keyring",
    "direct": "planted-direct",
    "links": "planted-links",
    "git": "planted-git",
    "proxy": "planted-proxy",
    "redirect": "planted-redirect",
    "typed": "planted-typed",
}


@pytest.fixture
def servers() -> Iterator[tuple[IndexServer, ...]]:
    files = {
        name: [make_wheel(name, "1.0"), make_sdist(name, "0.9"), make_wheel(name, "0.8")] for name in ("a", "b", "c")
    }
    with IndexServer(files) as first, IndexServer(files) as second, IndexServer(files) as third:
        yield first, second, third


def forms(secret: str) -> list[bytes]:
    """Return how *secret* may be written: plain, quoted, and within a header."""
    texts = {secret, quote(secret, safe="")}
    texts |= {base64.b64encode(f"me:{secret}".encode()).decode()}
    return [text.encode() for text in texts]


def with_user(url: str, secret: str) -> str:
    """Return *url* with a user and *secret*."""
    return url.replace("://", f"://me:{quote(SECRETS[secret], safe='')}@")


def leaks(ran: list[Ran], folder: Path, allowed: set[Path]) -> list[str]:
    """Return where a secret was found: in an output, or in the name or the content of a file below *folder*."""
    places = [(f"output {place}", f"{run.out}\n{run.err}".encode()) for place, run in enumerate(ran)]
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            places.append((f"name {path}", os.fsencode(path)))
            if not any(str(kept) == path for kept in allowed) and os.path.isfile(path):
                with open(path, "rb") as file:
                    places.append((f"file {path}", file.read()))
    return [
        f"{place}: {secret}"
        for place, content in places
        for secret in SECRETS.values()
        for form in forms(secret)
        if form in content
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="the keyring is a shell script")
def test_no_secret_is_shown_or_kept(servers: tuple[IndexServer, ...], tmp_path: Path) -> None:
    """The user's own files, which hold the secrets, are left out; each secret was used, so that it could leak."""
    first, second, third = servers
    line = CommandLine(tmp_path, first)
    home = tmp_path / "home"
    netrc, keyring = home / ".netrc", tmp_path / "bin" / "keyring"
    netrc.write_text(f"machine localhost login me password {SECRETS['netrc']}\n")
    netrc.chmod(0o600)
    keyring.parent.mkdir()
    keyring.write_text(f"#!/bin/sh\n[ \"$3\" = other ] && echo '{SECRETS['keyring']}'\n")
    keyring.chmod(0o755)
    line.variables["PATH"] = f"{keyring.parent}:{line.variables['PATH']}"
    store = home / ".local/share/uv/credentials/credentials.toml"
    project = line.project / "pyproject.toml"
    ran: list[Ran] = []

    def run(*words: str, **variables: str | None) -> Ran:
        ran.append(line.run(*words, variables=variables))
        return ran[-1]

    def every(*, status: int) -> None:
        """Run what reads, locks, edits, installs and runs, with and without `-v`."""
        for words in (("lock",), ("lock", "-v", "--upgrade"), ("sync", "-v"), ("lock", "--check"), ("run", "true")):
            run(*words)
        run("sync", "--no-cache", "--reinstall")
        run("lock", "--refresh", "-vv")
        run("add", "b", "-v")
        run("remove", "b")
        run("add", "missing-package")
        assert ran[-4].status == status, ran[-4].err

    # An index whose URL has a secret: right, wrong, moved, down.
    first.credentials = f"me:{SECRETS['url']}"
    line.variables["UV_DEFAULT_INDEX"] = with_user(first.url, "url")
    line.write_project("a")
    every(status=0)
    first.redirects["/simple/a/"] = with_user(f"{second.url}/a/", "redirect")
    every(status=0)
    first.redirects["/simple/a/"] = "ftp://me:" + SECRETS["redirect"] + "@x/"
    every(status=2)
    first.redirects.clear()
    for status in (401, 403, 500):
        first.faults.statuses["/simple/a/"] = status
        every(status=1 if status < 500 else 2)
    first.faults.statuses.clear()
    first.faults.truncated.add("/simple/a/")
    every(status=2)
    first.faults.truncated.clear()
    run("lock", UV_DEFAULT_INDEX=f"https://me:{SECRETS['typed']}@127.0.0.1:1/simple", UV_HTTP_RETRIES="0")
    run("lock", UV_DEFAULT_INDEX=f"http://me:{SECRETS['typed']}@[x/simple")
    run("lock", "--default-index", f"http://me:{SECRETS['typed']}@127.0.0.1:x/simple")
    run("lock", "--index", f"a b=http://me:{SECRETS['typed']}@127.0.0.1:1/simple")
    run("lock", "--offline", "--refresh-package", "a")
    run("lock", "--offline", "--no-cache")
    # A named index with variables, another one with netrc, one with the store, one with the keyring.
    second.credentials = f"me:{SECRETS['variable']}"
    secrets = {"UV_INDEX_OWN_USERNAME": "me", "UV_INDEX_OWN_PASSWORD": SECRETS["variable"]}
    line.variables |= secrets
    del line.variables["UV_DEFAULT_INDEX"]
    line.write_project("a", rest=f'\n[[tool.uv.index]]\nname = "own"\nurl = "{second.url}"\ndefault = true\n')
    every(status=0)
    second.credentials = f"me:{SECRETS['netrc']}"
    url = second.url.replace("127.0.0.1", "localhost")
    line.write_project("a", rest=f'\n[[tool.uv.index]]\nurl = "{url}"\ndefault = true\n')
    run("lock", "-v", "--upgrade")
    third.credentials = f"me:{SECRETS['store']}"
    login = run("auth", "login", third.url, "-u", "me", "--password", SECRETS["store"], "-v")
    assert login.status == 0
    line.write_project("a", rest=f'\n[[tool.uv.index]]\nurl = "{third.url}"\ndefault = true\n')
    every(status=0)
    run("auth", "login", f"ftp://me:{SECRETS['typed']}@x")
    run("auth", "login", f"https://me:{SECRETS['typed']}@x.example", "--password", SECRETS["typed"])
    run("auth", "token", "https://x.example", "-v")
    run("auth", "logout", f"https://me:{SECRETS['typed']}@x.example")
    run("auth", "logout", third.url, "-u", "me", "-v")
    third.credentials = f"other:{SECRETS['keyring']}"
    url = third.url.replace("://", "://other@")
    line.write_project(
        "a",
        rest=f'\n[tool.uv]\nkeyring-provider = "subprocess"\n\n[[tool.uv.index]]\nurl = "{url}"\ndefault = true\n',
    )
    every(status=0)
    # Direct URLs, pages of links, repositories, proxies.
    first.credentials = f"me:{SECRETS['direct']}"
    third.credentials = None
    line.variables["UV_DEFAULT_INDEX"] = third.url
    wheel = make_wheel("a", "1.0").filename
    line.write_project()
    run("add", f"a @ {with_user(first.file_url(wheel), 'direct')}", "-v")
    project.unlink()
    line.write_project()
    first.faults.statuses[f"/files/{wheel}"] = 403
    run("add", f"a @ {with_user(first.file_url(wheel), 'direct')}", "-v", "--no-cache")
    run("add", "a", "--find-links", with_user(f"{first.origin}/nowhere", "links"), "-v")
    run("add", "x @ git+" + with_user(f"{first.origin}/x", "git"), "-v", GIT_TERMINAL_PROMPT="0")
    proxy = f"http://me:{SECRETS['proxy']}@127.0.0.1:1"
    run("lock", "--no-cache", "-v", "--upgrade", HTTP_PROXY=proxy, UV_HTTP_RETRIES="1")
    run("add", "c", "--no-cache", "-v", ALL_PROXY=f"socks5://me:{SECRETS['proxy']}@127.0.0.1:1")
    project.unlink()
    line.write_project(rest=f'\n[tool.uv]\nhttp-proxy = "ftp://me:{SECRETS["proxy"]}@x"\n')
    run("lock", "-v")
    project.unlink()

    used = {request.headers.get("authorization") for server in servers for request in server.requests}
    sent = [secret for secret in SECRETS.values() if f"Basic {forms_of(secret)}" in used]
    assert {SECRETS[name] for name in ("url", "variable", "netrc", "store", "direct", "redirect")} <= set(sent)
    assert leaks(ran, tmp_path, {netrc, keyring, store}) == []


def forms_of(secret: str) -> str:
    """Return the credentials of a header."""
    return base64.b64encode(f"me:{secret}".encode()).decode()
