"""Packages without a lower bound, where the lowest versions are chosen: uv and mauve warn of the same ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.side_by_side import SideBySide
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize(
    ("dependencies", "told"),
    [
        (["d[x]", "bounds>=1"], True),
        (["d[x]>=1", "asks>=1"], False),
        (["asks>=1"], True),
        (["asks>=1", "bounds>=1"], False),
    ],
)
def test_a_package_and_its_extras_are_bounded_apart(tmp_path: Path, dependencies: list[str], told: bool) -> None:
    """What bounds a package says nothing of the extra that somebody else asks for."""
    packages = {
        "d": [make_wheel("d", version, extras=["x"]) for version in ("1.0", "2.0")],
        "bounds": [make_wheel("bounds", "1.0", requires=["d>=1"])],
        "asks": [make_wheel("asks", "1.0", requires=["d"])],
    }
    project = f'[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = {dependencies}\n'
    with IndexServer(packages) as server:
        both = SideBySide(tmp_path, server, {"pyproject.toml": project})
        theirs, ours = both.run("lock", "--resolution", "lowest")
    assert (ours.status, ours.lock) == (0, theirs.lock)
    assert set(ours.err.splitlines()) == set(theirs.err.splitlines())
    assert ("transitive dependency `d`" in ours.err) is told
