"""click, imported without `inspect`, which it needs for help texts and pagers only, and which takes as long."""

from __future__ import annotations

from mauve.stand_ins import StandIns

with StandIns({"inspect": ()}):
    import click as click  # noqa: PLC0414 - for those who import it from here
