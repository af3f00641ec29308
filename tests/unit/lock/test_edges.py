"""Locks without the metadata of source trees: what they say instead, and what is noticed by it.

Each difference was given to uv (preview `lock-without-metadata`).
"""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import Struct
from tests.support.universe import Universe

from mauve.lock.freshness import Satisfied, judge
from mauve.lock.from_resolution import lock_resolution
from mauve.lock.model import Lock
from mauve.lock.parse import parse_lock
from mauve.lock.render import render_lock
from mauve.resolver.manifest import Manifest
from mauve.resolver.preferences import Preferences
from mauve.resolver.reporter import SilentReporter
from mauve.resolver.universal import resolve
from mauve.standards.names import GroupName, PackageName

UNIVERSE = Universe().add("a", "1.0").add("a", "2.0", ["c ; extra == 'x'"], extras=["x"]).add("b", "1.0")
UNIVERSE.add("c", "1.0")
PROJECT: dict[str, Any] = {
    "requires": ["a>=1", "b ; sys_platform == 'linux'"],
    "extras": {"x": ["c"], "empty": []},
    "groups": {"dev": ["a", "b"], "none": []},
    "python": ">=3.11",
}


class _Upgrade(Struct, frozen=True):
    everything: bool = False
    packages: frozenset[PackageName] = frozenset()
    groups: frozenset[GroupName] = frozenset()


def _manifest(**changes: Any) -> Manifest:
    return UNIVERSE.manifest(**{**PROJECT, **changes})


def _lock(manifest: Manifest) -> Lock:
    graph = resolve(manifest, UNIVERSE, Preferences(), SilentReporter())
    return parse_lock(render_lock(lock_resolution(graph, manifest, "/project", keeps_metadata=False)))


def _difference(**changes: Any) -> str | None:
    verdict = judge(_lock(_manifest()), _manifest(**changes), "/project", _Upgrade(), needs_metadata=False)
    if isinstance(verdict, Satisfied):
        return None
    return verdict.reason.text.partition("mismatched ")[2].partition(" for")[0]


def test_extras_and_groups_without_edges_are_listed() -> None:
    """Nothing else would tell that they are there."""
    text = render_lock(_lock(_manifest()))
    assert "[package.metadata]" not in text
    assert "[package.optional-dependencies]\nempty = []\nx = [\n" in text
    assert "\nnone = []\n" in text


def test_an_extra_that_does_not_exist_is_listed_where_it_was_asked_for() -> None:
    """So that the request is not new the next time."""
    manifest = _manifest(requires=["a[zz]"], extras={}, groups={})
    text = render_lock(_lock(manifest))
    assert "zz = []\n" in text
    assert '{ name = "a", extra = ["zz"] }' in text
    assert isinstance(judge(_lock(manifest), manifest, "/project", _Upgrade(), needs_metadata=False), Satisfied)


BASE = PROJECT["requires"]


@pytest.mark.parametrize(
    "requires",
    [
        BASE,
        ["a", BASE[1]],
        ["a>=1.5", BASE[1]],
        ["a>=1", "a<3", BASE[1]],
        ["a>=1 ; python_version >= '3.8'", BASE[1]],
    ],
)
def test_requirements_that_lead_to_the_same_edges_are_satisfied(requires: list[str]) -> None:
    """Which range was written is not recorded."""
    assert _difference(requires=requires) is None


@pytest.mark.parametrize(
    "requires",
    [
        ["a<2", BASE[1]],
        ["a>=1", "b ; sys_platform == 'win32'"],
        ["a>=1", "b"],
        ["a>=1 ; sys_platform == 'linux'", BASE[1]],
        [BASE[1]],
        [*BASE, "b"],
        [*BASE, "c"],
        ["a[x]>=1", BASE[1]],
        ["a[zz]>=1", BASE[1]],
        [*BASE, "project[x]"],
    ],
)
def test_requirements_that_lead_elsewhere_are_noticed(requires: list[str]) -> None:
    """Another version, another condition, another package, another extra."""
    assert _difference(requires=requires) == "resolved dependencies"


@pytest.mark.parametrize(
    "extras",
    [
        {"x": ["c"]},
        {"empty": []},
        {"x": ["c"], "empty": [], "more": []},
        {"z": ["c"], "empty": []},
    ],
)
def test_extras_that_come_and_go_are_noticed(extras: dict[str, list[str]]) -> None:
    """Also those that lead nowhere."""
    assert _difference(extras=extras) == "extras"


@pytest.mark.parametrize(
    ("groups", "difference"),
    [
        ({"dev": ["a", "b"]}, "dependency groups"),
        ({"dev": ["a", "b"], "none": [], "more": []}, "dependency groups"),
        ({"dev": ["a"], "none": []}, "resolved dependencies"),
        ({"dev": ["a", "b"], "none": ["c"]}, "resolved dependencies"),
    ],
)
def test_groups_are_compared_by_name_and_edges(groups: dict[str, list[str]], difference: str) -> None:
    """As extras are."""
    assert _difference(groups=groups) == difference


def test_a_lock_without_metadata_does_not_do_where_metadata_is_wanted() -> None:
    """Without the preview such a lock is resolved again."""
    verdict = judge(_lock(_manifest()), _manifest(), "/project", _Upgrade())
    assert not isinstance(verdict, Satisfied)
