"""Lists of requirements that ask for the same, and lists that do not."""

import pytest

from mauve.lock.meaning import meaning
from mauve.lock.model import LockedRequirement
from mauve.standards.markers.render import render
from mauve.standards.requirements import parse_requirement
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers

BOUNDS = RequiresPython.from_specifiers(parse_specifiers(">=3.9"))


def asked(*texts):
    """Return what the requirements *texts* ask for."""
    parsed = map(parse_requirement, texts)
    return meaning(
        [
            LockedRequirement(
                name=one.name, extras=one.extras, marker=render(one.marker), specifier=str(one.specifiers) or None
            )
            for one in parsed
        ],
        BOUNDS,
        "/project",
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (["a ; os_name == 'nt'", "a ; os_name != 'nt'"], ["a"]),
        (["a[x]", "a>1"], ["a[x]>1.0"]),
        (["a>1", "a ; os_name == 'nt'"], ["a>1"]),
        (["a>=1", "a<9"], ["a<9,>=1"]),
        (["a==2.0", "a==2"], ["a==2"]),
        (["a", "a ; python_version < '3.8'"], ["a"]),
    ],
)
def test_what_asks_for_the_same_is_equal(ours, theirs):
    """A lock stays as it is when a project only says the same in other words."""
    assert asked(*ours) == asked(*theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (["a==2", "a"], ["a==2"]),
        (["a==2,>1"], ["a==2"]),
        (["a>1,>=1a1"], ["a>1"]),
        (["a", "a[x] ; python_version < '3.8'"], ["a"]),
        (["a", "a>1 ; extra == 'x'"], ["a"]),
        (["a", "b ; python_version < '3.8'"], ["a"]),
    ],
)
def test_pins_prereleases_extras_and_impossible_demands_are_differences(ours, theirs):
    """These say more than a set of versions."""
    assert asked(*ours) != asked(*theirs)
