"""Servers that are down, lie or break off: a clear error, and nothing wrong is kept for the next run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer

PAGE = "/simple/b/"
METADATA = "/files/b-2.0-py3-none-any.whl.metadata"
WHEEL = "/files/b-2.0-py3-none-any.whl"


def heals(tool: CommandLine) -> None:
    """Check that the next run succeeds: nothing wrong was kept."""
    assert tool.run("sync").status == 0
    assert tool.installed() == ["b-2.0"]


def test_an_index_that_is_down_is_named(tool: CommandLine) -> None:
    """Port 9 of this machine refuses connections."""
    tool.write_project("b")
    before = tool.snapshot()
    ran = tool.run("lock", variables={"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple"})
    assert ran.status == 2
    assert "error: Failed to fetch: http://127.0.0.1:9/simple/b/" in ran.err
    assert "cause: tcp connect error" in ran.err
    assert tool.snapshot() == before


@pytest.mark.parametrize(
    ("fault", "path"),
    [
        ("server error", PAGE),
        ("server error", WHEEL),
        ("truncated", PAGE),
        ("truncated", METADATA),
        ("truncated", WHEEL),
        ("cut", WHEEL),
    ],
)
def test_a_fault_is_reported_and_not_kept(tool: CommandLine, server: IndexServer, fault: str, path: str) -> None:
    """A page that broke off must not be what the index says from now on."""
    tool.write_project("b")
    if fault == "server error":
        server.faults.statuses[path] = 500
    elif fault == "truncated":
        server.faults.truncated.add(path)
    else:
        server.faults.failures[path] = 9
    ran = tool.run("sync")
    assert ran.status == 2, ran.err
    assert f"Failed to fetch: {server.origin}{path}" in ran.err
    assert tool.installed() == []
    server.faults.statuses.clear()
    server.faults.truncated.clear()
    server.faults.failures.clear()
    heals(tool)


def test_a_file_that_is_not_there_fails_the_request(tool: CommandLine, server: IndexServer) -> None:
    """An answer, not a failure of the server: exit code 1, as uv."""
    tool.write_project("b")
    server.faults.statuses[WHEEL] = 404
    ran = tool.run("sync")
    assert (ran.status, "error: Failed to download `b==2.0`" in ran.err) == (1, True), ran.err


def test_a_file_with_another_hash_is_refused(tool: CommandLine, server: IndexServer) -> None:
    """Neither installed nor kept."""
    tool.write_project("b")
    server.faults.wrong_hashes.add("b-2.0-py3-none-any.whl")
    ran = tool.run("sync")
    assert (ran.status, "cause: Hash mismatch for `b==2.0`" in ran.err) == (1, True), ran.err
    assert tool.installed() == []
    server.faults.wrong_hashes.clear()
    (tool.project / "uv.lock").unlink()
    assert tool.run("lock", "--refresh").status == 0
    heals(tool)


def test_a_page_that_is_no_page_fails_the_request(tool: CommandLine, server: IndexServer) -> None:
    """The index answered, with something else."""
    tool.write_project()
    server.page = lambda name, *, as_json, index: b"{"  # type: ignore[method-assign]
    before = tool.snapshot()
    ran = tool.run("add", "b")
    assert ran.status == 1
    assert "error: Failed to add dependencies" in ran.err
    assert f"cause: Received some unexpected JSON from `{server.url}/b/`" in ran.err
    assert tool.snapshot() == before


def test_passwords_are_shown_to_nobody(tool: CommandLine, server: IndexServer) -> None:
    """Not in errors, not at `-v`, not in the lockfile, not in the cache, whether they are right or wrong."""
    tool.write_project("b")
    for password, status in (("wr0ng-secret", 1), ("right-s3cret", 0)):
        server.credentials = "somebody:right-s3cret"
        url = server.url.replace("//", f"//somebody:{password}@")
        ran = tool.run("sync", "-v", variables={"UV_DEFAULT_INDEX": url})
        assert ran.status == status, ran.err
        assert password not in ran.out + ran.err
    kept = [path for folder in (tool.cache, tool.project) for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in kept if b"s3cret" in path.read_bytes() or b"-secret" in path.read_bytes()]


def test_files_beside_the_pages_get_the_credentials_of_the_index(tool: CommandLine, server: IndexServer) -> None:
    """With warm pages the first request is for a file, which is not below the URL of the index."""
    server.credentials = "somebody:s3cret"
    tool.variables["UV_DEFAULT_INDEX"] = server.url.replace("//", "//somebody:s3cret@")
    tool.write_project("b")
    assert tool.run("lock").status == 0
    ran = tool.run("sync")
    assert ran.status == 0, ran.err


def test_offline_takes_what_is_there_and_says_what_is_not(tool: CommandLine) -> None:
    """An empty cache has nothing, a warm one everything."""
    tool.write_project("b")
    ran = tool.run("lock", "--offline")
    assert (ran.status, "the network was disabled" in ran.err) == (1, True), ran.err
    assert tool.run("lock").status == 0
    ran = tool.run("lock", "--offline", "--upgrade")
    assert ran.status == 0, ran.err
