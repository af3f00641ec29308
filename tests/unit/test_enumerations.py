"""Our enumerations do what those of the standard library do, as far as they do it."""

from __future__ import annotations

import copy
import enum
from typing import Any

import pytest

from mauve import enumerations

BASES = [(enumerations, "ours"), (enum, "theirs")]


def _text(module: Any) -> Any:
    class Colour(module.StrEnum):
        """A text with a method and a property."""

        RED = "red"
        """Of roses."""
        BLUE = "blue"

        @property
        def length(self) -> int:
            return len(self.value)

        def louder(self) -> str:
            return f"{self}!"

        @classmethod
        def first(cls) -> object:
            return cls.RED

    return Colour


def _number(module: Any) -> Any:
    class Rank(module.IntEnum):
        LOW = 1
        HIGH = 2

    return Rank


def _plain(module: Any) -> Any:
    class Way(module.Enum):
        UP = "up"
        DOWN = "down"

    return Way


@pytest.mark.parametrize(("module", "whose"), BASES)
def test_members_of_texts_are_texts(module: Any, whose: str) -> None:
    """Equal to, and formatted as, their values; with what the class defines."""
    colour = _text(module)
    assert (colour.RED, f"{colour.RED}", str(colour.RED), colour.RED.upper()) == ("red", "red", "red", "RED"), whose
    assert {"red": 1}[colour.RED] == 1
    assert (colour.RED.name, colour.RED.value, type(colour.RED.value)) == ("RED", "red", str)
    assert (colour.RED.length, colour.RED.louder(), colour.first() is colour.RED) == (3, "red!", True)
    assert isinstance(colour.RED, colour)


@pytest.mark.parametrize(("module", "whose"), BASES)
def test_members_are_found_and_listed(module: Any, whose: str) -> None:
    """By value, in the order of definition."""
    colour, rank, way = _text(module), _number(module), _plain(module)
    assert (list(colour), colour.RED in colour) == (["red", "blue"], True), whose
    assert (len(rank), colour("blue") is colour.BLUE, rank(2) is rank.HIGH, way("up") is way.UP) == (
        2,
        True,
        True,
        True,
    )
    for unknown in (way, rank):
        with pytest.raises(ValueError, match="'sideways' is not a valid"):
            unknown("sideways")
    assert rank.HIGH in rank


@pytest.mark.parametrize(("module", "whose"), BASES)
def test_numbers_are_ordered_and_plain_members_equal_themselves(module: Any, whose: str) -> None:
    """As the class does that they derive from."""
    rank, way = _number(module), _plain(module)
    assert (rank.LOW < rank.HIGH, rank.HIGH + 1, max(rank), f"{rank.LOW}") == (True, 3, rank.HIGH, "1"), whose
    assert (way.UP == "up", way.UP == way.UP, way.UP == way.DOWN, len({way.UP, way.DOWN})) == (False, True, False, 2)
    assert copy.deepcopy({"a": [way.UP, rank.LOW]}) == {"a": [way.UP, rank.LOW]}
    assert copy.copy(way.UP) is way.UP
    assert (repr(way.UP), repr(rank.LOW)) == ("<Way.UP: 'up'>", "<Rank.LOW: 1>")
