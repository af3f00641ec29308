"""`--refresh`: what is asked for again, by which command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine
from tests.support.index_server import IndexServer
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHEEL = make_wheel("a", "1.0").filename
PAGE, FILE = "/simple/a/", f"/files/{WHEEL}"


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer({"a": [make_wheel("a", "1.0")]}) as running:
        yield running


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("lock", set()),
        ("lock --refresh", {PAGE, f"{FILE}.metadata"}),
        ("lock --refresh-package a", {PAGE, f"{FILE}.metadata"}),
        ("sync", set()),
        ("sync --refresh", set()),
        ("sync --reinstall", {FILE}),
        ("sync --frozen --reinstall-package a", {FILE}),
        ("sync --refresh-package b --reinstall", {FILE}),
        ("sync --refresh-package a --reinstall-package b", set()),
        ("sync --offline --reinstall", set()),
        ("run --refresh true", set()),
        ("run --with a --reinstall true", {PAGE, FILE, f"{FILE}.metadata"}),
        ("run --with a --reinstall-package b true", set()),
        ("sync --reinstall --no-cache", {FILE}),
    ],
)
def test_a_command_asks_again_for_what_it_needs(
    server: IndexServer, tmp_path: Path, words: str, asked: set[str]
) -> None:
    """Only `lock` resolves again for a refresh; a lock that holds is good enough for the others."""
    line = CommandLine(tmp_path, server)
    line.write_project("a")
    assert line.run("sync").status == 0
    server.requests.clear()
    assert line.run(*words.split()).status == 0
    assert set(server.paths()) == asked


def test_pip_install_asks_again_for_what_it_puts_in_again(pip: CommandLine, server: IndexServer) -> None:
    """A newer version may have come."""
    server.publish("a", make_wheel("a", "1.0"))
    assert pip.run("pip", "install", "a").status == 0
    server.publish("a", make_wheel("a", "2.0"))
    server.requests.clear()
    assert pip.run("pip", "install", "--reinstall", "a").status == 0
    assert PAGE in server.paths()
    assert pip.installed() == ["a-2.0"]


def test_a_wheel_that_is_still_there_is_not_sent_again(server: IndexServer, tmp_path: Path) -> None:
    """Its server says so; it may have taken the file away, or want credentials by now."""
    line = CommandLine(tmp_path, server)
    line.write_project("a")
    assert line.run("sync").status == 0
    server.requests.clear()
    assert line.run("sync", "--frozen", "--reinstall").status == 0
    assert [request.path for request in server.requests] == [FILE]
    assert "if-none-match" in server.requests[0].headers
    server.faults.statuses[FILE] = 404
    ran = line.run("sync", "--frozen", "--reinstall")
    assert ran.status == 1
    assert ran.err.startswith("error: Failed to download `a==1.0`\n  cause: Failed to fetch: ")
    assert line.installed() == ["a-1.0"]


def test_a_server_without_conditions_is_asked_whether_there_is_a_file_at_all(
    server: IndexServer, tmp_path: Path
) -> None:
    """Its digest is known, so it need not be sent; one that may not be had any more is not installed again."""
    server.etags = False
    line = CommandLine(tmp_path, server)
    line.write_project("a")
    assert line.run("sync").status == 0
    server.requests.clear()
    assert line.run("sync", "--frozen", "--reinstall").status == 0
    assert server.paths() == [FILE]
    server.faults.statuses[FILE] = 403
    assert line.run("sync", "--frozen", "--reinstall").status == 2


@pytest.mark.parametrize("control", ["max-age=60, immutable", "immutable"])
def test_a_wheel_that_its_server_calls_immutable_is_not_asked_for(
    server: IndexServer, tmp_path: Path, control: str
) -> None:
    """PyPI's files are."""
    server.file_cache_control = control
    line = CommandLine(tmp_path, server)
    line.write_project("a")
    assert line.run("sync").status == 0
    server.requests.clear()
    assert line.run("sync", "--frozen", "--refresh", "--reinstall").status == 0
    assert server.paths() == []
