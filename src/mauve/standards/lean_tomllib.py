"""tomllib, imported without its patterns for numbers and dates, which take most of the time that it needs.

They are compiled when a document has a number or a date. Of `string`, which compiles a pattern too, it takes three
constants; of named tuples, a class with two fields. A version of tomllib that is built otherwise is imported as it is.
"""

from __future__ import annotations

from typing import Final

from mauve.stand_ins import StandIns

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
CHARACTERS: Final = {
    "ascii_letters": _LETTERS + _LETTERS.upper(),
    "digits": _DIGITS,
    "hexdigits": f"{_DIGITS}abcdefABCDEF",
}
"""What readers of TOML take from `string`."""
_PATTERNS = ("RE_DATETIME", "RE_LOCALTIME", "RE_NUMBER")
_CONVERSIONS = ("match_to_datetime", "match_to_localtime", "match_to_number")


class _Fields:
    """A class whose instances are made of values for its annotations, as those of `typing.NamedTuple` are."""

    def __init__(self, *values: object) -> None:
        for name, value in zip(type(self).__annotations__, values, strict=True):
            setattr(self, name, value)


with StandIns(
    {"tomllib._re": (*_PATTERNS, *_CONVERSIONS)},
    values={"string": CHARACTERS},
    changed={"typing": {"NamedTuple": _Fields}},
):
    from tomllib import TOMLDecodeError, loads

__all__ = ["CHARACTERS", "TOMLDecodeError", "loads"]
