"""Names that no index offers, asked for plainly, with an extra, with a marker, or by others: what uv and mauve say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.side_by_side import SideBySide
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.oracle

LINUX = "sys_platform == 'linux'"
PLAIN = ("no", "no[x]", f"no; {LINUX}", f"no[x]; {LINUX}")
REQUIREMENTS = (
    *PLAIN,
    "no>=2",
    "no[x]>=2",
    f"no>=2; {LINUX}",
    "no[x]==1.0",
    "no; python_version < '99'",
    "plain",
    "with-extra",
    "with-marker",
    "there[z]>3",
    "there>3; python_version < '99'",
    f"there>3; {LINUX}",
)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[SideBySide]:
    packages = {
        "plain": [make_wheel("plain", "1.0", requires=["no"])],
        "with-extra": [make_wheel("with-extra", "1.0", requires=["no[y]"])],
        "with-marker": [make_wheel("with-marker", "1.0", requires=[f"no; {LINUX}"])],
        "there": [make_wheel("there", "1.0"), make_wheel("there", "2.0")],
    }
    with IndexServer(packages) as server:
        side_by_side = SideBySide(tmp_path, server, {})
        side_by_side.run("venv")
        yield side_by_side


def agree(both: SideBySide, *words: str) -> str:
    """Compare how both fail with *words*, and return what they say."""
    theirs, ours = both.run(*words)
    assert (ours.status, ours.err) == (theirs.status, theirs.err)
    assert theirs.status == 1
    return ours.err


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_one_environment_lacks_a_name(both: SideBySide, requirement: str) -> None:
    agree(both, "pip", "install", requirement, "--python", ".venv")


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_a_project_lacks_a_name(both: SideBySide, requirement: str) -> None:
    text = f'[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["{requirement}"]\n'
    both.write({"pyproject.toml": text})
    agree(both, "lock")


@pytest.mark.parametrize("option", ["--offline", "--no-index"])
@pytest.mark.parametrize("requirement", PLAIN)
def test_only_a_plain_name_is_known_not_to_have_been_asked_for(both: SideBySide, requirement: str, option: str) -> None:
    said = agree(both, "pip", "install", requirement, option, "--python", ".venv")
    assert ("hint: " in said) is (requirement == "no")


@pytest.mark.parametrize("order", [("with-extra", "with-marker"), ("with-marker", "with-extra"), ("plain", "no")])
def test_what_is_asked_for_first_is_at_fault(both: SideBySide, order: tuple[str, ...]) -> None:
    """In one environment nothing is split, so nothing has to be sorted."""
    agree(both, "pip", "install", *order, "--python", ".venv")
