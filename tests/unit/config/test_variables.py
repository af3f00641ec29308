"""Values of environment variables."""

from __future__ import annotations

import pytest

from mauve.config.environment import InvalidVariable, Variables


@pytest.mark.parametrize(("text", "number"), [("", None), ("7", 7), ("+7", 7), ("007", 7), (str(2**32 - 1), 2**32 - 1)])
def test_a_number_may_be_written_in_several_ways(text: str, number: int | None) -> None:
    """An empty variable is none, as scripts leave them."""
    assert Variables({"X": text}).number("X", bits=32) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-1", "invalid digit found in string"),
        ("1s", "invalid digit found in string"),
        (" 1", "invalid digit found in string"),
        ("\u0661", "invalid digit found in string"),
        (str(2**32), "number too large to fit in target type"),
    ],
)
def test_what_is_no_number_is_refused_in_the_words_of_uv(text: str, reason: str) -> None:
    """With the remark of who asks."""
    with pytest.raises(InvalidVariable) as caught:
        Variables({"X": text}).number("X", "; seconds", bits=32)
    assert str(caught.value).endswith(f"with invalid value `{text}`: {reason}; seconds")
