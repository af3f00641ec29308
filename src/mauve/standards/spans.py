"""Spans of time as text: ISO 8601 (`P3DT1H`), or as people write them (`3 days, 1 hour ago`, `1 day 01:00:00`).

What is wrong is told in the words of the library that uv reads spans with.

Specification: ISO 8601 (durations); docs/resolution.md "Cut-offs".
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

# Names, ISO designators, words, and the greatest amounts, from the largest unit to the smallest.
_UNITS: Final = (
    ("year", "Y", ("years", "year", "yrs", "yr", "y"), 19998),
    ("month", "M", ("months", "month", "mos", "mo"), 239976),
    ("week", "W", ("weeks", "week", "wks", "wk", "w"), 1043497),
    ("day", "D", ("days", "day", "d"), 7304484),
    ("hour", "H", ("hours", "hour", "hrs", "hr", "h"), 175307616),
    ("minute", "M", ("minutes", "minute", "mins", "min", "m"), 10518456960),
    ("second", "S", ("seconds", "second", "secs", "sec", "s"), 631107417600),
    ("millisecond", "", ("milliseconds", "millisecond", "millis", "milli", "msecs", "msec", "ms"), 631107417600000),
    ("microsecond", "", ("microseconds", "microsecond", "micros", "micro", "usecs", "usec", "us"), 631107417600000000),
    ("nanosecond", "", ("nanoseconds", "nanosecond", "nanos", "nano", "nsecs", "nsec", "ns"), 2**63 - 1),
)
_HOUR: Final = 4
_SECOND: Final = 6
_NANOSECONDS: Final = (0, 0, 604800 * 10**9, 86400 * 10**9, 3600 * 10**9, 60 * 10**9, 10**9, 10**6, 10**3, 1)
_DAYS_OF_YEAR: Final = 365
_DAYS_OF_MONTH: Final = 30


class InvalidSpan(ValueError):
    """The text is not a span; the message says where."""


class Span(Struct, frozen=True):
    """Amounts by unit: years, months, weeks, days, hours, minutes, seconds, and nanoseconds; all of one sign."""

    amounts: tuple[int, ...]
    negative: bool = False

    @property
    def seconds(self) -> float:
        """Return the length without years and months."""
        total = sum(amount * size for amount, size in zip(self.amounts, _NANOSECONDS, strict=True)) / 10**9
        return -total if self.negative else total

    @property
    def days_instead(self) -> tuple[str, int] | None:
        """Return the unit that has no certain length, and the days that come near; None if there is none."""
        years, months = self.amounts[:2]
        if years:
            more = months * _DAYS_OF_MONTH + self._days
            return "years", _DAYS_OF_YEAR * (years - (-more // _DAYS_OF_YEAR))
        if months:
            return "months", _DAYS_OF_MONTH * (months - (-self._days // _DAYS_OF_MONTH))
        return None

    @property
    def _days(self) -> int:
        return int(-(-abs(self.seconds) // 86400))

    def __str__(self) -> str:
        """Return the ISO text."""
        dates = [f"{amount}{_UNITS[place][1]}" for place, amount in enumerate(self.amounts[:_HOUR]) if amount]
        times = [f"{amount}{_UNITS[_HOUR + place][1]}" for place, amount in enumerate(self.amounts[4:6]) if amount]
        seconds = sum(
            amount * size for amount, size in zip(self.amounts[_SECOND:], _NANOSECONDS[_SECOND:], strict=True)
        )
        if seconds:
            whole, fraction = divmod(seconds, 10**9)
            times.append(f"{whole}{f'.{fraction:09}'.rstrip('0') if fraction else ''}S")
        if not dates and not times:
            return "PT0S"
        return f"{'-' if self.negative else ''}P{''.join(dates)}{'T' if times else ''}{''.join(times)}"


def parse_span(text: str) -> Span | None:
    """Return the span *text*; None if it does not begin like one.

    Raises:
        InvalidSpan: it does, and is none.
    """
    reader = _Reader(text)
    if re.match(r"[+-]?[Pp]", text):
        return reader.iso()
    if re.match(r"[+-]?\d+(?:\s*[A-Za-z]|\.\d+\s*(?:h|m(?!o)|s)|:\d)", text):
        return reader.friendly()
    return None


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._amounts = [0] * len(_UNITS)
        self._smallest: int | None = None
        self._kind = 'a duration: failed to parse input in the "friendly" duration format: '

    def _match(self, pattern: str) -> str | None:
        found = re.compile(pattern).match(self._text, self._place)
        if found is None:
            return None
        self._place = found.end()
        return found.group()

    @property
    def _rest(self) -> str:
        return self._text[self._place :]

    def iso(self) -> Span:
        self._kind = "an ISO 8601 duration: "
        negative = (self._match("[+-]?") or "") == "-"
        self._place += 1
        self._iso_part("YMWD", 0, "date")
        if self._match("[Tt]") and not self._iso_part("HMS", _HOUR, "time"):
            raise self._wrong(
                "found a time designator (`T` or `t`) in an ISO 8601 duration string, but did not find any time units"
            )
        if self._smallest is None:
            raise self._wrong("no parsed duration components")
        return self._finished(negative=negative)

    def _iso_part(self, designators: str, first: int, kind: str) -> bool:
        any_found = False
        while (number := self._match(r"\d+")) is not None:
            fraction = self._match(r"[.,]\d{1,9}") if first else None
            letter = self._rest[:1]
            if not letter or letter.upper() not in designators:
                *others, last = [f"`{each}`" for each in designators]
                found = f"found `{letter}` instead" if letter else "found end of input"
                raise self._wrong(
                    f"expected to find {kind} unit designator suffix ({', '.join(others)} or {last}), but {found}"
                )
            self._place += 1
            self._add(first + designators.index(letter.upper()), number, fraction)
            any_found = True
            if fraction:
                break
        return any_found

    def friendly(self) -> Span:
        negative = (self._match("[+-]?") or "") == "-"
        while (number := self._match(r"\d+")) is not None:
            if self._match(":"):
                self._clock(number)
                break
            fraction = self._match(r"[.,]\d{1,9}")
            self._match(r"\s*")
            unit = self._unit()
            if unit is None:
                raise self._wrong(
                    "expected to find unit designator suffix (e.g., `years` or `secs`) after parsing integer"
                )
            self._add(unit, number, fraction)
            if fraction:
                break
            before = self._place
            if self._match(",") and not self._rest[:1].isspace():
                found = f"found `{self._rest[:1]}`" if self._rest else "found end of input"
                raise self._wrong(f"expected whitespace after comma, but {found}")
            self._match(r"\s*")
            if re.match(r"ago\b", self._rest) and self._text[before : self._place].isspace():
                break
        if self._match(r"(?:(?<=\s)|\s+)ago\b"):
            negative = True
        return self._finished(negative=negative)

    def _clock(self, hours: str) -> None:
        found = re.compile(r"(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?").match(self._text, self._place)
        if found is None:
            raise self._wrong("expected to parse minute in `HH:MM:SS` format following parsed hour")
        self._place = found.end()
        minutes, seconds, fraction = found.groups()
        self._add(_HOUR, hours, None)
        self._add(_HOUR + 1, minutes, None)
        self._add(_SECOND, seconds or "0", fraction and f".{fraction}")

    def _unit(self) -> int | None:
        words = [(word, place) for place, (_, _, words, _) in enumerate(_UNITS) for word in words]
        fitting = [(len(word), place) for word, place in words if self._rest.startswith(word)]
        if not fitting:
            return None
        length, place = max(fitting)
        self._place += length
        return place

    def _add(self, unit: int, number: str, fraction: str | None) -> None:
        name, _, _, most = _UNITS[unit]
        if self._smallest is not None and unit <= self._smallest:
            raise self._wrong(
                f"found value with unit {name} after unit {_UNITS[self._smallest][0]}, but units must be written from "
                "largest to smallest (and they can't be repeated)",
            )
        amount = int(number)
        if amount >= 2**63:
            raise self._wrong("number too big to parse into 64-bit integer")
        if amount > most:
            reason = f"parameter '{name}s' is not in the required range of -{most}..={most}"
            raise self._wrong(f"failed to set value for {name} unit on span: {reason}")
        self._smallest = unit
        self._amounts[unit] += amount
        if fraction:
            left = int(fraction[1:].ljust(9, "0")) * _NANOSECONDS[unit] // 10**9
            for smaller in range(unit + 1, len(_UNITS)):
                more, left = divmod(left, _NANOSECONDS[smaller])
                self._amounts[smaller] += more

    def _finished(self, *, negative: bool) -> Span:
        span = Span(tuple(self._amounts), negative)
        if self._rest:
            raise self._wrong(
                f"parsed value '{span}', but unparsed input \"{self._rest}\" remains (expected no unparsed input)"
            )
        return span

    def _wrong(self, reason: str) -> InvalidSpan:
        return InvalidSpan(f"`{self._text}` could not be parsed as {self._kind}{reason}")
