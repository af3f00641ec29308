"""tomllib, imported without its patterns for numbers and dates, which take most of the time that it needs.

They are compiled when a document has a number or a date. A version of tomllib that is built otherwise is imported as it
is.
"""

from __future__ import annotations

from mauve.stand_ins import StandIns

_PATTERNS = ("RE_DATETIME", "RE_LOCALTIME", "RE_NUMBER")
_CONVERSIONS = ("match_to_datetime", "match_to_localtime", "match_to_number")

with StandIns({"tomllib._re": (*_PATTERNS, *_CONVERSIONS)}):
    from tomllib import TOMLDecodeError, loads

__all__ = ["TOMLDecodeError", "loads"]
