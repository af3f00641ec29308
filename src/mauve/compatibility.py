"""The version of uv whose behaviour and formats this program follows."""

from __future__ import annotations

from typing import Final

COMPATIBLE_UV: Final = "0.13.9"
"""Answers wherever a file or a check speaks of uv's version."""

NEXT_SERIES: Final = "0.14"
"""The first versions that may build otherwise."""
