"""Spans of time as people write them, and what is wrong with those that are none: the words are uv's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mauve.standards.cutoffs import InvalidCutoff, parse_cutoff
from mauve.standards.spans import InvalidSpan, parse_span

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FRIENDLY = 'a duration: failed to parse input in the "friendly" duration format: '
ISO = "an ISO 8601 duration: "


@pytest.mark.parametrize(
    ("text", "iso", "seconds"),
    [
        ("1:00:00", "PT1H", 3600),
        ("1 day 01:00:00", "P1DT1H", 90000),
        ("1 ms", "PT0.001S", 0.001),
        ("PT1.5H", "PT1H30M", 5400),
        ("P1W2D", "P1W2D", 777600),
        ("1d 2h", "P1DT2H", 93600),
        ("1 h 1.5 m", "PT1H1M30S", 3690),
        ("1 second 5 ns", "PT1.000000005S", 1.000000005),
        ("1 week, 2 days ago", "-P1W2D", -777600),
        ("-P1D", "-P1D", -86400),
        ("0 days", "PT0S", 0),
    ],
)
def test_spans_are_read(text: str, iso: str, seconds: float) -> None:
    """In ISO 8601, in words, and as times of day; the lockfile has the ISO text."""
    span = parse_span(text)
    assert span is not None
    assert (str(span), span.seconds) == (iso, seconds)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("P4Z", ISO + "expected to find date unit designator suffix (`Y`, `M`, `W` or `D`), but found `Z` instead"),
        ("PT1H2", ISO + "expected to find time unit designator suffix (`H`, `M` or `S`), but found end of input"),
        ("P", ISO + "no parsed duration components"),
        (
            "P1DT",
            ISO
            + "found a time designator (`T` or `t`) in an ISO 8601 duration string, but did not find any time units",
        ),
        ("P1DX", ISO + "parsed value 'P1D', but unparsed input \"X\" remains (expected no unparsed input)"),
        ("2 weak", FRIENDLY + "parsed value 'P2W', but unparsed input \"eak\" remains (expected no unparsed input)"),
        (
            "3 days ago ago",
            FRIENDLY + "parsed value '-P3D', but unparsed input \" ago\" remains (expected no unparsed input)",
        ),
        ("1 day,2 hours", FRIENDLY + "expected whitespace after comma, but found `2`"),
        ("1 DAY", FRIENDLY + "expected to find unit designator suffix (e.g., `years` or `secs`) after parsing integer"),
        (
            "1 hour 2 days",
            FRIENDLY + "found value with unit day after unit hour, but units must be written from largest to smallest "
            "(and they can't be repeated)",
        ),
        (
            "1000000 years",
            FRIENDLY + "failed to set value for year unit on span: parameter 'years' is not in the required range of "
            "-19998..=19998",
        ),
        ("99999999999999999999 days", FRIENDLY + "number too big to parse into 64-bit integer"),
    ],
)
def test_what_is_no_span_is_told_where(text: str, reason: str) -> None:
    """A letter behind the number makes it one in words, a `P` one of ISO 8601."""
    with pytest.raises(InvalidSpan) as caught:
        parse_span(text)
    assert str(caught.value) == f"`{text}` could not be parsed as {reason}"


@pytest.mark.parametrize("text", ["30", "12/02/2006", "1.5 days", "yesterday", "2024"])
def test_what_begins_like_nothing_is_no_cutoff(text: str) -> None:
    """All three forms are named."""
    assert parse_span(text) is None
    with pytest.raises(InvalidCutoff, match="could not be parsed as a valid exclude-newer value"):
        parse_cutoff(text, NOW)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2024-1-1", "failed to parse two digit integer as month: invalid digit, expected 0-9 but got -"),
        ("2024-01", "failed to parse separator after month: expected `-` separator, but found end of input"),
        ("2024-02-30", "parsed date is not valid: parameter 'day' for `2024-02` is invalid, must be in range `1..=29`"),
        (
            "2024-12-32",
            "failed to parse two digit integer as day: parameter 'day' is not in the required range of 1..=31",
        ),
        ("2024-01-01T", "expected two digit hour, but found end of input"),
        (
            "2024-01-01T25:00:00Z",
            "failed to parse two digit integer as hour: parameter 'hour' is not in the required range of 0..=23",
        ),
    ],
)
def test_what_is_no_date_is_told_where(text: str, reason: str) -> None:
    """Four digits and a hyphen make it a date."""
    with pytest.raises(InvalidCutoff) as caught:
        parse_cutoff(text, NOW)
    assert str(caught.value) == f"`{text}` could not be parsed as a valid date: {reason}"


@pytest.mark.parametrize(("text", "days"), [("1 year", 365), ("P1Y2M", 730), ("5 years 2 days", 2190)])
def test_years_are_refused_with_days_that_reach_as_far(text: str, days: int) -> None:
    """A year has no certain length."""
    with pytest.raises(
        InvalidCutoff, match=f"unit 'years' which is not allowed; use days instead, e.g., `{days} days`"
    ):
        parse_cutoff(text, NOW)


def test_a_date_without_hyphens_is_a_date() -> None:
    """The cut-off is the end of the day."""
    assert parse_cutoff("20240101", NOW) == parse_cutoff("2024-01-01", NOW)
