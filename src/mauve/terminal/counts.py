"""Counts and durations as summary lines show them."""

from __future__ import annotations

_MINUTE = 60.0


def packages(number: int) -> str:
    """Return `1 package` or `n packages`."""
    return "1 package" if number == 1 else f"{number} packages"


def duration(seconds: float) -> str:
    """Return `1m 05s`, `1.99s`, `472ms` or `0.23ms`, cut off, not rounded."""
    if seconds >= _MINUTE:
        minutes, rest = divmod(int(seconds), 60)
        return f"{minutes}m {rest:02d}s"
    if seconds >= 1:
        return f"{int(seconds * 100) / 100:.2f}s"
    milliseconds = seconds * 1000
    if milliseconds >= 1:
        return f"{int(milliseconds)}ms"
    return f"{int(milliseconds * 100) / 100:.2f}ms"
