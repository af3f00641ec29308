"""Groups that nobody declares, named to `lock --upgrade-group`: uv and mauve say whose they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.side_by_side import SideBySide

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.oracle

PROJECT = '[project]\nname = "{}"\nversion = "1"\nrequires-python = ">=3.11"\n'
WORKSPACE = '[tool.uv.workspace]\nmembers = ["m"]\n'


@pytest.mark.parametrize(
    "root", [PROJECT.format("p"), PROJECT.format("p") + WORKSPACE, WORKSPACE], ids=["alone", "two", "member"]
)
def test_a_group_that_nobody_declares(tmp_path: Path, root: str) -> None:
    with IndexServer({}) as server:
        both = SideBySide(tmp_path, server, {"pyproject.toml": root, "m/pyproject.toml": PROJECT.format("m")})
        theirs, ours = both.run("lock", "--upgrade-group", "nope")
    assert (ours.status, ours.err) == (theirs.status, theirs.err)
    assert "`nope` is not defined" in ours.err
