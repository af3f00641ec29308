"""Whose default groups count in a workspace: the same as in uv."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.side_by_side import SideBySide
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.oracle

ROOT = """
[project]
name = "r"
version = "1"
requires-python = ">=3.11"
dependencies = ["m"]

[dependency-groups]
lint = ["a"]

[tool.uv.workspace]
members = ["m"]

[tool.uv.sources]
m = { workspace = true }
"""

MEMBER = """
[project]
name = "m"
version = "1"
requires-python = ">=3.11"

[dependency-groups]
lint = ["b"]
dev = ["c"]
other = ["d"]
"""


def declared(groups: str) -> str:
    """Return the table that declares *groups*, none for the usual ones."""
    return f"\n[tool.uv]\ndefault-groups = {groups}\n" if groups else ""


@pytest.mark.parametrize("of_root", ['"all"', '["lint"]', "[]", ""])
@pytest.mark.parametrize("of_member", ["", '"all"', '["other"]'])
def test_default_groups_are_those_of_the_current_project(tmp_path: Path, of_root: str, of_member: str) -> None:
    """They count for every member; `tree` asks the root, and a package that is named alone counts as current."""
    files = {"pyproject.toml": ROOT + declared(of_root), "m/pyproject.toml": MEMBER + declared(of_member)}
    with IndexServer({name: [make_wheel(name, "1.0")] for name in "abcd"}) as server:
        both = SideBySide(tmp_path, server, files)
        for words in (
            ("tree", "--group", "other"),
            ("tree", "--directory", "m", "--no-dev"),
            ("export", "--all-packages", "--no-hashes"),
            ("export", "--all-packages", "--no-hashes", "--directory", "m"),
            ("sync", "--all-packages", "--dry-run"),
            ("sync", "--package", "m", "--dry-run"),
            ("sync", "--package", "m", "--package", "r", "--dry-run"),
        ):
            theirs, ours = both.run(*words)
            assert theirs.status == 0
            assert (words, ours.out.replace("mauve", "uv"), ours.err) == (words, theirs.out, theirs.err)
