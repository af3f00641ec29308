"""What was measured: runs by pace, workload, case and program, kept in one file that later runs add to."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from .measuring import Usage


SHORT = 0.2
"""Seconds below which runs are repeated more often: what else the machine does weighs more there."""


@dataclass
class Cell:
    """The runs of one program in one case: seconds, KiB, and the requests of the last run."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    requests: int = 0
    failure: str = ""

    def add(self, usage: Usage, requests: int) -> None:
        """Add one run."""
        self.wall.append(usage.wall)
        self.cpu.append(usage.cpu)
        self.memory.append(usage.memory)
        self.requests = requests

    @property
    def wall_ms(self) -> float:
        """Median milliseconds until the end."""
        return statistics.median(self.wall) * 1000

    @property
    def is_short(self) -> bool:
        """Tell whether this takes so little time that the least of many runs says more than their median."""
        return bool(self.wall) and statistics.median(self.wall) < SHORT

    @property
    def cpu_ms(self) -> float:
        """Median milliseconds of CPU, of the program and the processes it waited for."""
        return statistics.median(self.cpu) * 1000


@dataclass
class Results:
    """All cells; `tables` is latency in ms -> workload ("" if none matters) -> case -> program -> cell."""

    machine: str = ""
    load: float = 0.0  # the highest average of a minute that was seen
    versions: dict[str, str] = field(default_factory=dict)
    tables: dict[int, dict[str, dict[str, dict[str, Cell]]]] = field(default_factory=dict)

    def put(self, latency: int, workload: str, case: str, cells: dict[str, Cell]) -> None:
        """Replace the cells of a case; ratios only hold between programs that ran in turn."""
        self.tables.setdefault(latency, {}).setdefault(workload, {})[case] = cells


def ratio(cells: dict[str, Cell], program: str) -> float | None:
    """Return how many times as long as uv *program* took, None if either has no runs.

    The medians are compared, the least times where both are short.
    """
    base, cell = cells.get("uv"), cells.get(program)
    if not base or not base.wall or not cell or not cell.wall:
        return None
    if base.is_short and cell.is_short:
        return min(cell.wall) / min(base.wall)
    return cell.wall_ms / base.wall_ms


def load(path: Path) -> Results:
    """Read what earlier runs measured; nothing if there were none."""
    if not path.exists():
        return Results()
    raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    results = Results(raw["machine"], raw.get("load", 0.0), raw["versions"])
    for latency, workloads in raw["tables"].items():
        for workload, cases in workloads.items():
            for case, cells in cases.items():
                results.put(int(latency), workload, case, {name: Cell(**cell) for name, cell in cells.items()})
    return results


def save(results: Results, path: Path) -> None:
    """Write *results*; a full disk costs none that were saved before."""
    written = path.with_suffix(".new")
    written.write_text(json.dumps(asdict(results), indent=1), encoding="utf-8")
    written.replace(path)
