"""Wheels that are named by URL or path: fetched once, and shown with where they are from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer


def test_what_was_read_for_the_lock_is_ready_for_its_installation(tool: CommandLine, server: IndexServer) -> None:
    """A wheel at a URL is downloaded once; one on the disk is unpacked once."""
    wheel = make_wheel("w", "1.0")
    (tool.project / wheel.filename).write_bytes(wheel.content)
    sources = f'b = {{ url = "{server.file_url("b-1.0-py3-none-any.whl")}" }}\nw = {{ path = "{wheel.filename}" }}\n'
    tool.write_project("b", "w", rest=f"[tool.uv.sources]\n{sources}")
    assert tool.run("lock").status == 0
    ran = tool.run("sync")
    assert ran.status == 0, ran.err
    assert "Prepared" not in ran.err
    assert tool.installed() == ["b-1.0", "w-1.0"]
    assert [path for path in server.paths("GET") if path.endswith(".whl")] == ["/files/b-1.0-py3-none-any.whl"]


def test_the_same_version_from_another_place_is_removed_and_added(tool: CommandLine, server: IndexServer) -> None:
    """From the same place it is replaced; a dry run shows a place where it knows no more."""
    url = server.file_url("b-1.0-py3-none-any.whl")
    tool.write_project("b<2")
    tool.run("sync")
    tool.write_project("b", rest=f'[tool.uv.sources]\nb = {{ url = "{url}" }}\n')
    assert f"\n - b==1.0\n + b==1.0 (from {url})\n" in tool.run("sync").err
    assert f"\n ~ b==1.0 (from {url})\n" in tool.run("sync", "--reinstall").err
    elsewhere = {"UV_CACHE_DIR": f"{tool.cache}2"}
    dry = tool.run("sync", "--frozen", "--dry-run", "--reinstall", variables=elsewhere)
    assert f"\n + b @ {url}\n" in dry.err
    words = ("--frozen", "--dry-run", "--reinstall", "--output-format", "json")
    changes = json.loads(tool.run("sync", *words, variables=elsewhere).out)["sync"]["changes"]
    assert [change["action"] for change in changes] == ["uninstalled", "installed"]
    assert {change["version"] for change in changes} == {"1.0"}


def test_a_wheel_of_another_package_is_refused(tool: CommandLine, server: IndexServer) -> None:
    """In uv's words; what cannot be fetched at all is, too."""
    url = server.file_url("b-1.0-py3-none-any.whl")
    tool.write_project(f"a @ {url}")
    ran = tool.run("lock")
    words = f"error: Requested package name `a` does not match `b` in the distribution filename: {url}\n"
    assert (ran.status, ran.err.endswith(words)) == (1, True), ran.err
    tool.write_project("b @ ftp://host/b-1.0.tar.gz")
    assert tool.run("lock").err.endswith(
        "  cause: builder error for url (ftp://host/b-1.0.tar.gz)\n  cause: URL scheme is not allowed\n"
    )
