"""Cut-offs in time (`exclude-newer`): a date, a timestamp, or a duration before now.

Specification: RFC 3339 (timestamps), ISO 8601 (durations); docs/resolution.md "Cut-offs".
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Final

from msgspec import Struct

_UNITS: Final = (
    ("years", "Y", ("years", "year", "yrs", "yr", "y")),
    ("months", "M", ("months", "month", "mos", "mo")),
    ("weeks", "W", ("weeks", "week", "wks", "wk", "w")),
    ("days", "D", ("days", "day", "d")),
    ("hours", "H", ("hours", "hour", "hrs", "hr", "h")),
    ("minutes", "M", ("minutes", "minute", "mins", "min", "m")),
    ("seconds", "S", ("seconds", "second", "secs", "sec", "s")),
)
_IN_DAYS: Final = {"years": 365, "months": 30}
_SECONDS: Final = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
# Patterns are compiled when a cut-off is read: most runs have none.
_DATE: Final = r"(\d{4})-(\d{2})-(\d{2})"
_TIMESTAMP: Final = (
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)"
)
_ISO_DURATION: Final = r"([+-]?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
_FRIENDLY_PART: Final = r"\s*,?\s*(\d+)(?:\.(\d+))?\s*([A-Za-z]+)"


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
    if match := re.match(_DATE, text):
        return _at(_end_of_day(text, match), "")
    span = _parse_span(text)
    if span is None:
        raise InvalidCutoff(
            f"`{text}` could not be parsed as a valid exclude-newer value (expected a date like `2024-01-01`, a "
            "timestamp like `2024-01-01T00:00:00Z`, or a duration like `3 days` or `P3D`)"
        )
    seconds, iso = span
    moment = now - timedelta(seconds=seconds)
    return Cutoff(int(moment.timestamp() * 1000), render_timestamp(moment), iso)


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
        raise InvalidCutoff(f"`{text}` could not be parsed as a valid date: {error}") from error
    return moment.replace(microsecond=int((fraction or "0").ljust(6, "0")[:6]))


def _end_of_day(text: str, match: re.Match[str]) -> datetime:
    """Return the start of the day after the one *text* begins with, in local time."""
    try:
        following = date(*map(int, match.groups())) + timedelta(days=1)
    except ValueError as error:
        month, day = int(match.group(2)), int(match.group(3))
        if not 1 <= month <= 12:
            reason = (
                "failed to parse two digit integer as month: parameter 'month' is not in the required range of 1..=12"
            )
        elif not 1 <= day <= 31:
            reason = "failed to parse two digit integer as day: parameter 'day' is not in the required range of 1..=31"
        else:
            reason = "parsed date is not valid: parameter 'day' is not in the required range of 1..="
            reason += str((date(int(match.group(1)), month % 12 + 1, 1) - timedelta(days=1)).day)
        raise InvalidCutoff(f"`{text}` could not be parsed as a valid date: {reason}") from error
    return datetime(following.year, following.month, following.day).astimezone()


def _at(moment: datetime, fraction: str) -> Cutoff:
    text = render_timestamp(moment)
    if len(fraction) > 6:
        text = text[:19] + f".{fraction}".rstrip("0").rstrip(".") + "Z"
    return Cutoff(int(moment.timestamp() * 1000), text)


def _parse_span(text: str) -> tuple[float, str] | None:
    """Return seconds and ISO text of a duration; None if *text* does not look like one."""
    iso = re.fullmatch(_ISO_DURATION, text, re.IGNORECASE)
    if iso and len(text.lstrip("+-")) > 1:
        amounts = [int(amount) if amount else 0 for amount in iso.groups()[1:]]
        return _span(text, amounts, negative=iso.group(1) == "-")
    body, ago = (text[:-4], True) if text.endswith(" ago") else (text, False)
    negative = ago or body.startswith("-")
    body = body.lstrip("+-")
    if not body[:1].isdigit():
        return None
    amounts = [0] * len(_UNITS)
    place = 0
    while place < len(body):
        match = re.match(_FRIENDLY_PART, body[place:])
        unit = None if match is None else _unit(match.group(3))
        if match is None or unit is None:
            raise InvalidCutoff(
                f'`{text}` could not be parsed as a duration: failed to parse input in the "friendly" duration '
                "format: expected to find unit designator suffix (e.g., `years` or `secs`) after parsing integer"
            )
        amounts[unit] += int(match.group(1))
        if match.group(2) and unit + 1 < len(_UNITS):
            amounts[unit + 1] += round(float("0." + match.group(2)) * 60)
        place += match.end()
    return _span(text, amounts, negative=negative)


def _unit(word: str) -> int | None:
    return next((place for place, (_, _, words) in enumerate(_UNITS) if word.lower() in words), None)


def _span(text: str, amounts: list[int], *, negative: bool) -> tuple[float, str]:
    for (name, _, _), amount in zip(_UNITS, amounts, strict=True):
        if amount and name in _IN_DAYS:
            phrase = "unit 'years'" if name == "years" else "'months'"
            raise InvalidCutoff(
                f"Duration `{text}` uses {phrase} which is not allowed; use days instead, e.g., "
                f"`{amount * _IN_DAYS[name]} days`."
            )
    dates = "".join(
        f"{amount}{letter}" for (_, letter, _), amount in zip(_UNITS[:4], amounts[:4], strict=True) if amount
    )
    times = "".join(
        f"{amount}{letter}" for (_, letter, _), amount in zip(_UNITS[4:], amounts[4:], strict=True) if amount
    )
    seconds = sum(amount * _SECONDS.get(name, 0) for (name, _, _), amount in zip(_UNITS, amounts, strict=True))
    iso = f"{'-' if negative else ''}P{dates}{'T' + times if times else ''}"
    if not dates and not times:
        iso = "PT0S"
    return (-seconds if negative else seconds), iso
