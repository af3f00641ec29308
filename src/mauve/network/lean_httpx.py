"""httpx, imported without its command line, which imports click: a fifth of the time that httpx takes."""

from __future__ import annotations

from mauve.stand_ins import StandIns

with StandIns({}, missing=("httpx._main",)):
    import httpx as httpx  # noqa: PLC0414 - for those who import it from here
