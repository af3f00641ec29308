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
        ("sync --reinstall", set()),
        ("sync --refresh-package b --reinstall", set()),
        ("run --refresh true", set()),
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
