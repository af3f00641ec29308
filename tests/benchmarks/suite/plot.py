"""The picture docs/benchmarks.svg: for each case and program, a dot at its time relative to uv, on a log scale."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Final

from .cases import CASES
from .programs import KINDS
from .report import in_order
from .results import Cell, Results, ratio

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH: Final = 860
LEFT: Final = 250
ROW: Final = 20
TICKS: Final = (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)
COLOURS: Final = {
    "uv": "#888888",
    "mauve": "#8e44ad",
    "nab": "#16a085",
    "nab-universal": "#73c6b6",
    "pip": "#2e86c1",
    "pip-tools": "#85c1e9",
    "poetry": "#ca6f1e",
    "pdm": "#b7950b",
    "virtualenv": "#7b7d7d",
    "venv": "#34495e",
}


def draw(results: Results) -> str:
    """Return the SVG: one panel for each workload and pace, one row for each case."""
    body: list[str] = []
    present = {
        name
        for workloads in results.tables.values()
        for cases in workloads.values()
        for cells in cases.values()
        for name, cell in cells.items()
        if cell.wall
    }
    top = 30
    for column, name in enumerate(name for name in KINDS if name in present):
        x = 20 + column % 7 * 115
        y = top + column // 7 * 20
        body += [_dot(x, y - 4, name), _text(x + 10, y, name)]
    top += 20 * ((len(present) - 1) // 7) + 20
    for latency, workloads in sorted(results.tables.items()):
        for workload in in_order(workloads):
            cases = workloads[workload]
            title = (workload or "without a project") + (f", {latency} ms a request" if latency else "")
            panel = list(_panel(title, cases, top))
            body += panel
            top += 44 + ROW * len(cases)
    style = "font: 12px sans-serif; fill: #333333"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}">\n'
        f'<rect width="{WIDTH}" height="{top}" fill="white"/>\n<g style="{style}">\n'
        + "\n".join(body)
        + "\n</g>\n</svg>\n"
    )


def _panel(title: str, cases: dict[str, dict[str, Cell]], top: int) -> Iterator[str]:
    rows = [name for name in CASES if name in cases]
    bottom = top + 14 + ROW * len(rows)
    yield _text(20, top + 4, title, "font-weight: bold")
    for tick in TICKS:
        x = _across(tick)
        colour = "#888888" if tick == 1 else "#e5e5e5"
        yield f'<line x1="{x:.0f}" y1="{top + 10}" x2="{x:.0f}" y2="{bottom}" stroke="{colour}"/>'
        yield _text(x, bottom + 13, f"{tick:g}", "text-anchor: middle; font-size: 10px")
    for number, case in enumerate(rows):
        y = top + 24 + ROW * number
        yield _text(LEFT - 12, y + 4, CASES[case].title.replace("`", ""), "text-anchor: end")
        # mauve last, on top of the others
        for name in sorted(cases[case], key="mauve".__eq__):
            value = ratio(cases[case], name)
            if value is not None:
                yield _dot(_across(value), y, name)


def _across(value: float) -> float:
    low, high = math.log(TICKS[0]), math.log(TICKS[-1])
    share = (math.log(value) - low) / (high - low)
    return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - 30)


def _dot(x: float, y: float, name: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{6 if name == "mauve" else 4}" fill="{COLOURS[name]}"/>'


def _text(x: float, y: float, text: str, style: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" style="{style}">{escape(text)}</text>'
