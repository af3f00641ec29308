"""Extras in markers."""

from __future__ import annotations

from mauve.standards.markers.diagram import FALSE, TRUE, extra_marker
from mauve.standards.markers.extras import (
    assume_conflict_item,
    conflict_knowledge,
    extra_names,
    imbibe,
    only_extras,
    split_by_extra,
    with_extras,
    with_only_extras,
    without_extras,
)
from mauve.standards.markers.parse import parse_marker
from mauve.standards.markers.render import render

EITHER = parse_marker("sys_platform == 'linux' or extra == 'x'")


def test_names_of_extras_are_found_below_other_variables() -> None:
    """Only extras count, not the members of lists."""
    assert extra_names(parse_marker("os_name == 'nt' and extra == 'x' or extra == 'y' or 'z' in extras")) == {"x", "y"}


def test_extras_are_set() -> None:
    """Unmentioned extras stay."""
    marker = parse_marker("extra == 'x' and extra == 'y' and os_name == 'nt'")
    assert with_extras(marker, {"x": True}) is parse_marker("extra == 'y' and os_name == 'nt'")
    assert with_extras(marker, {"x": False}) is FALSE
    assert with_only_extras(marker, frozenset({"x", "y"})) is parse_marker("os_name == 'nt'")
    assert assume_conflict_item(marker, "y", active=True) is parse_marker("extra == 'x' and os_name == 'nt'")


def test_a_requirement_is_split_into_what_applies_always_and_what_an_extra_adds() -> None:
    """The extra's part does not repeat the production part."""
    production, optional = split_by_extra(EITHER, "x")
    assert render(production) == "sys_platform == 'linux'"
    assert render(optional) == "sys_platform != 'linux'"
    assert split_by_extra(EITHER, "other") == (production, FALSE)


def test_a_marker_has_a_part_without_extras_and_one_of_extras_only() -> None:
    """Existential both ways."""
    marker = parse_marker("sys_platform == 'linux' and extra == 'x' or sys_platform == 'win32' and extra != 'y'")
    assert without_extras(marker) is parse_marker("sys_platform == 'linux' or sys_platform == 'win32'")
    assert only_extras(marker) is parse_marker("extra == 'x' or extra != 'y'")
    assert without_extras(EITHER) is TRUE


def test_conflicts_are_known_to_exclude_each_other() -> None:
    """Of three items every pair is excluded; what the knowledge rules out is of no concern afterwards."""
    knowledge = conflict_knowledge([("a", "b", "c")])
    assert (knowledge & extra_marker("a")).is_disjoint(extra_marker("b"))
    assert (knowledge & extra_marker("b")).is_disjoint(extra_marker("c"))
    assert not (knowledge & extra_marker("a")).is_false
    relaxed = imbibe(extra_marker("a"), conflict_knowledge([("a", "b")]))
    assert relaxed is extra_marker("a")


def test_imbibed_knowledge_shows_as_the_alternative_of_its_breach() -> None:
    """The shape that lockfiles of projects with conflicts are full of."""
    knowledge = conflict_knowledge([("group-1-p-g1", "group-1-p-g2")])
    assert render(imbibe(extra_marker("extra-1-p-x"), knowledge)) == (
        "extra == 'extra-1-p-x' or (extra == 'group-1-p-g1' and extra == 'group-1-p-g2')"
    )
