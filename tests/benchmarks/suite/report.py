"""The page docs/benchmarks.md: tables of ratios, times, requests and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .cases import CASES, ONCE
from .programs import KINDS
from .results import Cell, Results, ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

INTRODUCTION: Final = """# Benchmarks

The same jobs done by mauve, uv and other package managers; the figures are made by `tests/benchmarks/suite`.

![Times relative to uv](benchmarks.svg)

{machine} The highest load average of a minute was {load:.1f}: above the number of processors, times are those of a
busy machine, and ratios are rough. Versions: {versions}.

"""

_WORKLOADS: Final = ("", "webapp", "trio", "jupyter", "forking", "large")  # from small to large

METHOD: Final = """
## What is measured

Every program has a home, a cache and a project of its own, and runs by turns with the others (A B C A B C ...); the
tables show medians, and ratios of medians; where uv and mauve both take less than 0.2 s they are repeated up to 15
times, and the ratio is that of the least times. All ask the same index on loopback, which has stored PyPI's answers
and repeats them without delay, or so many milliseconds after each request. *Empty cache* means the program's own
cache; where a table does not say so, the cache has seen the job before. mauve is installed by pip as a user would,
without optional packages.

The jobs differ a little: uv, mauve, poetry and pdm lock for all platforms, nab (unless *universal*) and pip-tools for
one. pip installs the versions uv has locked. "Nothing to do" repeats a command that has just been run: poetry, pdm,
nab and pip-tools solve again. Memory is that of the largest process. "-": there is no such command, it was not run,
or it failed. *New checkout* means that nothing is remembered of earlier runs in the project; otherwise mauve fills an
environment that was deleted from the plan of the run before.

## Running it again

```console
$ make bench                                          # everything, about an hour
$ python -m tests.benchmarks.suite --workloads trio --cases lock-cold,sync-warm --peers none --runs 5
$ python -m tests.benchmarks.suite --latency 50 --workloads trio --cases lock-cold,upgrade-cold
$ python -m tests.benchmarks.suite --render           # this page again, from what has been measured
```

The first run installs the programs and fills the index's store, both in `.bench`. Cases are replaced when they are
measured again, the others are kept. Figures of one row are comparable if its programs ran in turn; those of peers
(with one run each) may be of an earlier run than those of mauve and uv, and are rough then. Absolute ones depend on the
machine and on what else it does. On a RAM disk (`--work /dev/shm/bench`) `sync` does not
measure the disk.
"""


def render(results: Results) -> str:
    """Return the text of the page."""
    versions = ", ".join(f"{name} {version}" for name, version in sorted(results.versions.items()))
    parts = [INTRODUCTION.format(machine=results.machine, load=results.load, versions=versions), _overview(results)]
    for latency, workloads in sorted(results.tables.items()):
        for workload in in_order(workloads):
            parts += [_section(latency, workload, workloads[workload])]
    return "".join(parts) + METHOD


def in_order(workloads: Iterable[str]) -> list[str]:
    """Return *workloads* from small to large."""
    return sorted(workloads, key=lambda name: (_WORKLOADS.index(name) if name in _WORKLOADS else len(_WORKLOADS), name))


def _overview(results: Results) -> str:
    columns = [
        (latency, workload)
        for latency, workloads in sorted(results.tables.items())
        for workload in in_order(workloads)
        if workload
    ]
    rows: list[list[str]] = []
    for case, description in CASES.items():
        if case in ONCE:
            cells = results.tables.get(0, {}).get("", {}).get(case, {})
            shown = [_times(ratio(cells, "mauve"))] + [""] * (len(columns) - 1)
        else:
            shown = [
                _times(ratio(results.tables[latency][workload].get(case, {}), "mauve")) for latency, workload in columns
            ]
        rows.append([description.title, *shown])
    heads = ["mauve, times uv", *(workload + (f", {latency} ms" if latency else "") for latency, workload in columns)]
    return f"## mauve and uv\n\n{_table(heads, rows)}\n"


def _section(latency: int, workload: str, cases: dict[str, dict[str, Cell]]) -> str:
    present = {name for cells in cases.values() for name, cell in cells.items() if cell.wall}
    programs = [name for name in KINDS if name in present]
    title = (f"`{workload}`" if workload else "Without a project") + (f", {latency} ms a request" if latency else "")

    def table(head: str, show: Callable[[dict[str, Cell], str], str]) -> str:
        rows = [
            [CASES[case].title, *(show(cells, name) for name in programs)]
            for case in CASES
            if (cells := cases.get(case)) is not None
        ]
        return _table([head, *programs], rows)

    def measured(show: Callable[[Cell], str]) -> Callable[[dict[str, Cell], str], str]:
        return lambda cells, name: show(cells[name]) if name in cells and cells[name].wall else "-"

    tables = [
        table("times uv", lambda cells, name: _times(ratio(cells, name))),
        table("wall / CPU, ms (runs)", measured(_milliseconds)),
        table("peak memory, MiB", measured(lambda cell: f"{max(cell.memory) / 1024:.0f}")),
    ]
    if workload:
        tables.append(table("requests", measured(lambda cell: str(cell.requests))))
    return f"\n## {title}\n\n" + "\n".join(tables) + _failures(cases)


def _failures(cases: dict[str, dict[str, Cell]]) -> str:
    """Return which programs came to no end or to a bad one, in which cases; why, if that is a few words."""
    failed = [
        f"{name} ({CASES[case].title}{': ' + cell.failure if cell.failure.startswith('took') else ''})"
        for case in CASES
        for name, cell in cases.get(case, {}).items()
        if cell.failure and not cell.wall
    ]
    return f"\nWithout result: {'; '.join(failed)}.\n" if failed else ""


def _milliseconds(cell: Cell) -> str:
    return f"{cell.wall_ms:.0f} / {cell.cpu_ms:.0f} ({len(cell.wall)})"


def _times(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
