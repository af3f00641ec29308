"""Cut-offs in time (`exclude-newer`): a date, a timestamp, or a duration before now.

Specification: RFC 3339 (timestamps), ISO 8601 (durations); docs/resolution.md "Cut-offs".
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Final

from msgspec import Struct

# Patterns are compiled when a cut-off is read: most runs have none.
_TIMESTAMP: Final = (
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)"
)


class InvalidCutoff(ValueError):
    """The text is not a cut-off; the message is uv's."""


class Cutoff(Struct, frozen=True):
    """A moment from which on files are treated as not yet uploaded.

    Attributes:
        timestamp: milliseconds since the epoch, UTC; a file uploaded at this moment or later does not exist.
        text: RFC 3339 as the lockfile writes it.
        span: ISO 8601 duration for a relative value, as the lockfile writes it.
    """

    timestamp: int
    text: str
    span: str | None = None


def parse_cutoff(text: str, now: datetime) -> Cutoff:
    """Return the cut-off that *text* means; a duration counts back from *now* (aware).

    Raises:
        InvalidCutoff: it is neither a date, nor a timestamp, nor a duration without months and years.
    """
    text = text.strip()
    if match := re.fullmatch(_TIMESTAMP, text):
        return _at(_moment(text, match), match.group(5) or "")
    if re.match(r"\d{4}-|\d{8}$", text):
        return _at(_end_of_day(text), "")
    from mauve.standards.spans import InvalidSpan, parse_span

    try:
        span = parse_span(text)
    except InvalidSpan as error:
        raise InvalidCutoff(str(error)) from error
    if span is None:
        raise InvalidCutoff(
            f"`{text}` could not be parsed as a valid exclude-newer value (expected a date like `2024-01-01`, a "
            "timestamp like `2024-01-01T00:00:00Z`, or a duration like `3 days` or `P3D`)"
        )
    if span.days_instead is not None:
        unit, days = span.days_instead
        phrase = "unit 'years'" if unit == "years" else "'months'"
        raise InvalidCutoff(
            f"Duration `{text}` uses {phrase} which is not allowed; use days instead, e.g., `{days} days`."
        )
    try:
        moment = now - timedelta(seconds=span.seconds)
    except OverflowError as error:
        raise InvalidCutoff(f"`{text}` is too far from now") from error
    return Cutoff(int(moment.timestamp() * 1000), render_timestamp(moment), str(span))


def find_cutoff_fault(value: object) -> str | None:
    """Return why *value*, as it is written in a file, is no cut-off; None if it is one, or takes one back."""
    if value is True:
        return "expected false to disable exclude-newer, got true"
    if isinstance(value, str):
        try:
            parse_cutoff(value, datetime(2000, 1, 1, tzinfo=timezone.utc))  # noqa: UP017 - as below
        except InvalidCutoff as error:
            return str(error)
    return None


def render_timestamp(moment: datetime) -> str:
    """Return *moment* in RFC 3339, UTC, without trailing zeros in the fraction."""
    utc = moment.astimezone(timezone.utc)  # noqa: UP017 - datetime.UTC costs an attribute of a lazily built module
    fraction = f".{utc.microsecond:06d}".rstrip("0") if utc.microsecond else ""
    return f"{utc:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def parse_timestamp(text: str) -> datetime:
    """Return the moment written in RFC 3339.

    Raises:
        InvalidCutoff: it is not.
    """
    match = re.fullmatch(_TIMESTAMP, text.strip())
    if match is None:
        raise InvalidCutoff(f"`{text}` could not be parsed as a timestamp")
    return _moment(text, match)


def _moment(text: str, match: re.Match[str]) -> datetime:
    day, hour, minute, second, fraction, offset = match.groups()
    zone = "+00:00" if offset in "Zz" else offset
    if len(zone) == 3:
        zone += ":00"
    try:
        moment = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second or '00'}{zone}")
    except ValueError as error:
        _check_hour(text, hour)
        raise _invalid_date(text, str(error)) from error
    return moment.replace(microsecond=int((fraction or "0").ljust(6, "0")[:6]))


def _end_of_day(text: str) -> datetime:
    """Return the start of the day after the one *text* begins with, in local time."""
    year, month, day, rest = _date_parts(text)
    try:
        following = date(year, month, day) + timedelta(days=1)
    except ValueError as error:
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        raise _invalid_date(
            text,
            f"parsed date is not valid: parameter 'day' for `{year:04}-{month:02}` is invalid, must be in range "
            f"`1..={last}`",
        ) from error
    if rest[:1] in {"T", "t"}:
        _check_hour(text, rest[1:])
    return datetime(following.year, following.month, following.day).astimezone()


def _date_parts(text: str) -> tuple[int, int, int, str]:
    """Return year, month, day, and what comes behind them."""
    separator = "-" if text[4:5] == "-" else ""
    rest = text[4 + len(separator) :]
    found: list[int] = []
    for unit, most in (("month", 12), ("day", 31)):
        if unit == "day" and separator:
            if not rest.startswith(separator):
                what = f"found `{rest[:1]}`" if rest else "found end of input"
                raise _invalid_date(text, f"failed to parse separator after month: expected `-` separator, but {what}")
            rest = rest[1:]
        found.append(_two_digits(text, rest, unit, 1, most))
        rest = rest[2:]
    return int(text[:4]), found[0], found[1], rest


def _two_digits(text: str, rest: str, unit: str, least: int, most: int) -> int:
    if len(rest) < 2:
        raise _invalid_date(text, f"expected two digit {unit}, but found end of input")
    for character in rest[:2]:
        if character not in "0123456789":
            reason = f"invalid digit, expected 0-9 but got {character}"
            raise _invalid_date(text, f"failed to parse two digit integer as {unit}: {reason}")
    value = int(rest[:2])
    if not least <= value <= most:
        reason = f"parameter '{unit}' is not in the required range of {least}..={most}"
        raise _invalid_date(text, f"failed to parse two digit integer as {unit}: {reason}")
    return value


def _check_hour(text: str, rest: str) -> None:
    _two_digits(text, rest, "hour", 0, 23)


def _invalid_date(text: str, reason: str) -> InvalidCutoff:
    return InvalidCutoff(f"`{text}` could not be parsed as a valid date: {reason}")


def _at(moment: datetime, fraction: str) -> Cutoff:
    text = render_timestamp(moment)
    if len(fraction) > 6:
        text = text[:19] + f".{fraction}".rstrip("0").rstrip(".") + "Z"
    return Cutoff(int(moment.timestamp() * 1000), text)
