"""Repositories behind HTTP and HTTPS, as a plain folder of files, and behind SSH."""

from __future__ import annotations

import ssl
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from tests.support.certificates import Authority
from tests.support.tree_backend import write_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.command_line import CommandLine


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is inherited
        """Say nothing."""


SSH = '#!/bin/sh\nfor word; do :; done\nexec sh -c "$word"\n'
"""Does on this machine what it should do on another one."""


@pytest.fixture(params=["http", "https", "ssh"])
def repository(tool: CommandLine, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, Path]]:
    """Serve a bare repository with the package `d` in a folder of it; yields its URL and the work tree."""
    scheme: str = request.param
    work, bare = tmp_path / "work", tmp_path / "served" / "d.git"
    write_tree(work / "inner", "d", built_requires=("b<2",), project='dependencies = ["b<2"]')
    _git(work, "init", "-q")
    _git(work, "add", ".")
    _git(work, "commit", "-qm", "First")
    _git(work, "branch", "-M", "main")
    subprocess.run(["git", "clone", "-q", "--bare", str(work), str(bare)], check=True)
    _git(bare, "update-server-info")
    _git(work, "remote", "add", "origin", str(bare))
    if scheme == "ssh":
        program = tmp_path / "ssh"
        program.write_text(SSH)
        program.chmod(0o755)
        tool.variables |= {"GIT_SSH_COMMAND": str(program), "GIT_SSH_VARIANT": "simple"}
        yield f"ssh://git@localhost{bare}", work
        return
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(bare.parent))) as server:
        if scheme == "https":
            authority = Authority(tmp_path)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(authority.issue())
            server.socket = context.wrap_socket(server.socket, server_side=True)
            tool.variables["GIT_SSL_CAINFO"] = authority.file
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"{scheme}://127.0.0.1:{server.server_port}/d.git", work
        finally:
            server.shutdown()
            thread.join()


def _git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=n", "-c", "user.email=e@x"]
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_a_commit_is_locked_and_kept_until_an_upgrade(tool: CommandLine, repository: tuple[str, Path]) -> None:
    """In a folder of a repository; the branch moves on."""
    url, work = repository
    source = f'd = {{ git = "{url}", branch = "main", subdirectory = "inner" }}'
    tool.write_project("d", rest=f"[tool.uv.sources]\n{source}\n")
    ran = tool.run("sync")
    assert ran.status == 0, ran.err
    assert tool.installed() == ["b-1.0", "d-1.0"]
    first = _git(work, "rev-parse", "HEAD")
    assert f"subdirectory=inner&branch=main#{first}" in (tool.project / "uv.lock").read_text()
    write_tree(work / "inner", "d", "2.0", built_requires=("b",), project='dependencies = ["b"]')
    _git(work, "commit", "-qam", "Second")
    _git(work, "push", "-q", "origin", "main")
    _git(work.parent / "served" / "d.git", "update-server-info")
    assert tool.run("sync").status == 0
    assert tool.installed() == ["b-1.0", "d-1.0"]
    ran = tool.run("sync", "--upgrade-package", "d")
    assert ran.status == 0, ran.err
    assert "d-2.0" in tool.installed()
    assert _git(work, "rev-parse", "HEAD") in (tool.project / "uv.lock").read_text()


def test_large_files_are_fetched_with_the_extension_of_git(
    tool: CommandLine, repository: tuple[str, Path], tmp_path: Path
) -> None:
    """Which has to be there; that they were is recorded, so that without them it is another distribution."""
    url, _ = repository
    source = f'd = {{ git = "{url}", branch = "main", subdirectory = "inner", lfs = true }}'
    tool.write_project("d", rest=f"[tool.uv.sources]\n{source}\n")
    ran = tool.run("lock")
    program = tmp_path / "bin" / "git-lfs"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    program.chmod(0o755)
    tool.variables["PATH"] = f"{program.parent}:{tool.variables['PATH']}"
    ran = tool.run("sync")
    assert ran.status == 0, ran.err
    assert f"fetch {url} " in (tmp_path / "asked").read_text()
    (origin,) = (tool.project / ".venv").rglob("direct_url.json")
    assert origin.read_text().endswith('"requested_revision":"main","git_lfs":true},"subdirectory":"inner"}')
    assert "Checked 2 packages" in tool.run("sync").err
    tool.write_project("d", rest=f"[tool.uv.sources]\n{source.replace(', lfs = true', '')}\n")
    assert "#subdirectory=inner&lfs=true)\n + d==1.0" in tool.run("sync").err
    tool.variables["UV_GIT_LFS"] = "1"
    assert "#subdirectory=inner&lfs=true)\n" in tool.run("sync").err.partition(" + d==1.0")[2]


def test_what_was_fetched_once_serves_without_a_network(tool: CommandLine, repository: tuple[str, Path]) -> None:
    """The mirror in the cache has the commit of the lock; a branch that is asked for anew needs the server."""
    url, _ = repository
    tool.write_project(
        "d", rest=f'[tool.uv.sources]\nd = {{ git = "{url}", branch = "main", subdirectory = "inner" }}\n'
    )
    assert tool.run("sync").status == 0
    ran = tool.run("sync", "--offline", "--reinstall")
    assert ran.status == 0, ran.err
    ran = tool.run("lock", "--offline", "--upgrade-package", "d")
    assert ran.status == 1
    assert (
        "Remote Git fetches are not allowed because network connectivity is disabled (i.e., with `--offline`)"
        in ran.err
    )
