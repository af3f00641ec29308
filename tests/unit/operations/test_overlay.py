"""Additions to runs, as they are typed."""

from __future__ import annotations

import pytest

from mauve.operations.overlay import split_requirements


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", ["a"]),
        ("a,b", ["a", "b"]),
        ("a>=1,<2", ["a>=1,<2"]),
        ("a>=1, != 1.5 , b[x,y]==1,c (>=1,<2)", ["a>=1, != 1.5", "b[x,y]==1", "c (>=1,<2)"]),
        ("", [""]),
    ],
)
def test_commas_separate_requirements_but_not_their_parts(text: str, expected: list[str]) -> None:
    """A comma before an operator belongs to the specifier."""
    assert list(split_requirements(text)) == expected
