"""Where packages are needed, put together from the edges of a lock. Expectations were made with uv."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mauve.errors import MauveError
from mauve.lock.export.packages import check_conflicts, exported_packages
from mauve.lock.lookup import LockLookup
from mauve.lock.parse import parse_lock
from mauve.lock.selection import ExtrasSelection, GroupsSelection, Selection
from mauve.standards.markers.render import render
from mauve.standards.names import ExtraName, GroupName, PackageName

LOCKFILES = Path(__file__).parents[3] / "fixtures" / "lockfiles"
P = PackageName("p")
NESTED = """
version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "p"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "a" },
    { name = "a", extra = ["x"], marker = "sys_platform == 'win32'" },
    { name = "b", marker = "python_full_version < '3.13'" },
]

[[package]]
name = "a"
version = "1"
source = { registry = "http://127.0.0.1/simple" }

[package.optional-dependencies]
x = [
    { name = "c" },
    { name = "d", marker = "python_full_version >= '3.12'" },
]

[[package]]
name = "b"
version = "1"
source = { registry = "http://127.0.0.1/simple" }
dependencies = [
    { name = "d" },
]

[[package]]
name = "c"
version = "1"
source = { registry = "http://127.0.0.1/simple" }
dependencies = [
    { name = "a" },
]

[[package]]
name = "d"
version = "1"
source = { registry = "http://127.0.0.1/simple" }
"""


def _fixture(name: str) -> LockLookup:
    return LockLookup(parse_lock((LOCKFILES / f"{name}.lock").read_text()))


def _selection(**more: Any) -> Selection:
    return Selection(**{"roots": (P,), "project": P, **more})


def _markers(lookup: LockLookup, *prune: str, **more: Any) -> dict[str, str | None]:
    found = exported_packages(lookup, _selection(**more), frozenset(map(PackageName, prune)))
    return {f"{each.package.name}=={each.package.version}": render(each.marker) for each in found}


def test_ways_are_put_together() -> None:
    """A package is needed where any way to it holds; what an extra requires, where the extra is asked for."""
    assert _markers(LockLookup(parse_lock(NESTED))) == {
        "p==1": None,
        "a==1": None,
        "b==1": "python_full_version < '3.13'",
        "c==1": "sys_platform == 'win32'",
        "d==1": "python_full_version < '3.13' or sys_platform == 'win32'",
    }


def test_what_only_a_pruned_package_needs_is_gone() -> None:
    """`d` is still needed by `b`."""
    assert _markers(LockLookup(parse_lock(NESTED)), "a") == {
        "p==1": None,
        "b==1": "python_full_version < '3.13'",
        "d==1": "python_full_version < '3.13'",
    }


def test_an_edge_holds_where_the_lock_applies() -> None:
    """`tool.uv.environments` limits everything but the project."""
    text = NESTED.replace("[[package]]", "supported-markers = [\"sys_platform == 'linux'\"]\n\n[[package]]", 1)
    assert _markers(LockLookup(parse_lock(text))) == {
        "p==1": None,
        "a==1": "sys_platform == 'linux'",
        "b==1": "python_full_version < '3.13' and sys_platform == 'linux'",
        "d==1": "python_full_version < '3.13' and sys_platform == 'linux'",
    }


def test_dependents_are_projects_and_packages() -> None:
    """A group is nobody."""
    found = exported_packages(LockLookup(parse_lock(NESTED)), _selection())
    assert {each.package.name: each.dependents for each in found} == {
        "p": (),
        "a": ("c", "p"),
        "b": ("p",),
        "c": ("a",),
        "d": ("a", "b"),
    }


@pytest.mark.parametrize("name", sorted(path.stem for path in LOCKFILES.glob("*.lock")))
def test_no_marker_asks_for_an_extra(name: str) -> None:
    """Whatever conflicts there are: who reads an export knows of none."""
    lookup = _fixture(name)
    roots = tuple(package.name for package in lookup.members())
    everything = Selection(
        roots=roots, extras=ExtrasSelection(everything=True), groups=GroupsSelection(everything=True)
    )
    for each in exported_packages(lookup, everything):
        assert "extra" not in (render(each.marker) or "")


def test_items_that_exclude_each_other_are_refused() -> None:
    """Extras, as `sync` does."""
    chosen = ExtrasSelection(frozenset((ExtraName("x"), ExtraName("y"))))
    with pytest.raises(MauveError, match="Extras `x` and `y` are incompatible with the declared conflicts"):
        check_conflicts(_fixture("conflict_extras"), _selection(extras=chosen))
    check_conflicts(_fixture("conflict_extras"), _selection(extras=ExtrasSelection(frozenset((ExtraName("x"),)))))


def test_groups_alone_leave_the_project_out() -> None:
    """And what it requires."""
    only = GroupsSelection(included=frozenset((GroupName("dev"),)), defaults=False, only=True)
    assert "p==0.1.0" not in _markers(_fixture("groups"), groups=only)
    assert _markers(_fixture("groups"), groups=only) != {}
