"""Trees of a lock, by lines."""

from __future__ import annotations

from typing import Any

import pytest

from mauve.lock.lookup import LockLookup
from mauve.lock.parse import parse_lock
from mauve.lock.tree.dependencies import TreeRequest, TreeView
from mauve.lock.tree.text import render_tree
from mauve.standards.names import PackageName


def _lock(**requirements: str) -> LockLookup:
    """Return the lock of a project `p` and packages; an edge is `name`, `name[extra]`, or `extra?name` for an extra."""
    parts = ['version = 1\nrevision = 3\nrequires-python = ">=3.11"\n']
    for name in sorted(requirements):
        source = '{ virtual = "." }' if name == "p" else '{ registry = "http://127.0.0.1/simple" }'
        parts.append(f'[[package]]\nname = "{name}"\nversion = "1"\nsource = {source}\n')
        plain = [_edge(text) for text in requirements[name].split() if "?" not in text]
        optional = [text.split("?") for text in requirements[name].split() if "?" in text]
        if plain:
            parts.append(f"dependencies = [{', '.join(plain)}]\n")
        if optional:
            parts.append("[package.optional-dependencies]\n")
        parts += [f"{extra} = [{_edge(text)}]\n" for extra, text in optional]
    return LockLookup(parse_lock("".join(parts)))


def _edge(text: str) -> str:
    name, _, extra = text.rstrip("]").partition("[")
    return f'{{ name = "{name}", extra = ["{extra}"] }}' if extra else f'{{ name = "{name}" }}'


def _tree(lookup: LockLookup, *, repeats: bool = False, **request: Any) -> list[str]:
    text = render_tree(TreeView(lookup, TreeRequest(**request)), latest={}, repeats=repeats)
    return text.splitlines()


DIAMOND = {"p": "a b", "a": "c", "b": "c", "c": "d", "d": ""}


def test_what_was_shown_is_not_opened_again() -> None:
    """Only something that has more below is marked."""
    assert _tree(_lock(**DIAMOND)) == [
        "p v1",
        "├── a v1",
        "│   └── c v1",
        "│       └── d v1",
        "└── b v1",
        "    └── c v1 (*)",
        "(*) Package tree already displayed",
    ]


def test_repeats_are_shown_on_request() -> None:
    """Nothing is a cycle here, so there is no footnote."""
    assert _tree(_lock(**DIAMOND), repeats=True)[-2:] == ["    └── c v1", "        └── d v1"]


def test_a_cycle_ends() -> None:
    """Also where repeats are wanted."""
    lines = _tree(_lock(p="a", a="b", b="a"), repeats=True)
    assert lines == ["p v1", "└── a v1", "    └── b v1", "        └── a v1 (*)", lines[-1]]
    assert lines[-1] == "(*) Package tree is a cycle and cannot be shown"


def test_depth_counts_edges() -> None:
    """A package at the limit was not opened, so it is no repetition later."""
    assert _tree(_lock(**DIAMOND), depth=1) == ["p v1", "├── a v1", "└── b v1"]


def test_requirements_of_an_extra_are_below_who_asked_for_it() -> None:
    """`b` wants `a` without the extra."""
    assert _tree(_lock(p="a[x] b", a="x?c", b="a", c="")) == [
        "p v1",
        "├── a[x] v1",
        "│   └── c v1 (extra: x)",
        "└── b v1",
        "    └── a v1",
    ]


def test_upwards_the_way_through_an_extra_needs_who_asks_for_it() -> None:
    """`c` is there because `p` wants `a[x]`; `b` has no part in it."""
    assert _tree(_lock(p="a[x] b", a="x?c", b="a", c=""), invert=True) == [
        "c v1",
        "└── a v1 (extra: x)",
        "    └── p[x] v1",
    ]


@pytest.mark.parametrize("first", ["k", "l", "m"])
def test_a_cycle_at_the_end_is_shown_from_its_first_package(first: str) -> None:
    """Whichever of them the project requires."""
    assert _tree(_lock(p=first, k="l", l="m", m="k"), invert=True)[0] == "k v1"


def test_packages_become_roots() -> None:
    """Sorted as in the lock; unknown ones show nothing."""
    wanted = frozenset(map(PackageName, ("c", "b", "nope")))
    assert _tree(_lock(**DIAMOND), packages=wanted) == ["b v1", "└── c v1", "    └── d v1", "c v1 (*)", FOOTER]


FOOTER = "(*) Package tree already displayed"


def test_pruned_packages_are_gone() -> None:
    """With everything that only they require."""
    assert _tree(_lock(**DIAMOND), prune=frozenset((PackageName("c"),))) == ["p v1", "├── a v1", "└── b v1"]
