"""Dependency groups and their includes."""

from __future__ import annotations

import pytest

from mauve.standards.groups import GroupError, expand_groups
from mauve.standards.names import group_name
from mauve.standards.requirements import render_requirement
from mauve.standards.specifiers import parse_specifiers

A, B, ALL = group_name("a"), group_name("b"), group_name("all")


def test_included_groups_take_the_place_of_the_include() -> None:
    """Order of requirements is order of the text."""
    groups = expand_groups({A: ["x", {"include-group": "B"}, "z"], B: ["y"]})
    assert [each.name for each in groups[A].requirements] == ["x", "y", "z"]


def test_the_python_bounds_of_a_group_become_markers_and_are_inherited() -> None:
    """A group that includes a restricted one is restricted itself, its own requirements are not."""
    groups = expand_groups({ALL: ["x", {"include-group": "b"}], B: ["y"]}, {B: parse_specifiers(">=3.12")})
    rendered = [render_requirement(each) for each in groups[ALL].requirements]
    assert rendered == ["x", "y ; python_full_version >= '3.12'"]
    assert str(groups[ALL].requires_python) == ">=3.12"


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (
            {"dev": [{"include-group": "a"}], "a": [{"include-group": "dev"}]},
            "Detected a cycle in `dependency-groups`: `a` -> `dev` -> `a`",
        ),
        ({"a": [{"include-group": "zz"}]}, "Failed to find group `zz` included by `a`"),
        ({"a": ["foo=1"]}, "Failed to parse entry in group `a`: `foo=1`"),
        ({"a": [{"foo": "b"}]}, 'Group `a` contains an unknown dependency object specifier: {"foo": "b"}'),
    ],
)
def test_malformed_groups_are_explained_as_by_uv(groups: dict[str, list[str | dict[str, str]]], message: str) -> None:
    """The text follows `Project … has malformed dependency groups` as its cause."""
    with pytest.raises(GroupError) as caught:
        expand_groups({group_name(name): entries for name, entries in groups.items()})
    assert str(caught.value) == message


def test_settings_need_a_group() -> None:
    """A misspelled name in `tool.uv.dependency-groups` is reported."""
    with pytest.raises(GroupError, match="specified in"):
        expand_groups({A: []}, {B: parse_specifiers(">=3.9")})
