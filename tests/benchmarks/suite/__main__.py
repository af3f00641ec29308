"""The command line of the benchmarks: sets everything up, runs the cases, writes docs/benchmarks.{md,svg}."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.request import urlopen

from . import installations
from .cases import CASES, ONCE, NoCommand, Place, Workload, empty_trash, interleave, read_workload
from .measuring import CommandFailed, Launcher
from .plot import draw
from .programs import KINDS, Surroundings
from .report import render
from .results import Cell, Results, load, ratio, save

if TYPE_CHECKING:
    from collections.abc import Iterator

PEERS: Final = tuple(name for name in KINDS if name not in {"uv", "mauve"})
DOCS: Final = installations.ROOT / "docs"


def main() -> int:
    """Run what the command line asks for."""
    options = _options()
    # What would falsify every figure of a program written in Python.
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        os.environ.pop(name, None)
    work: Path = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    results = load(work / "results.json")
    if not options.render:
        names = ["uv", "mauve", *options.peers]
        programs = {name: installations.install(name, work / "tools", keep=options.keep) for name in names}
        for name in programs.keys() & {"mauve", *installations.PACKAGES}:
            results.versions[name] = installations.version_of(name, programs[name])
        python = installations.find_python(programs["uv"], options.python)
        results.machine = _machine(python)
        with _index(work / "store", installations.default_index(programs["mauve"]), options.latency) as index:
            around = Surroundings(index, python, _minor(python))
            _run(options, programs, around, results)
        empty_trash(work)
    if not options.dry:
        (DOCS / "benchmarks.md").write_text(render(results), encoding="utf-8")
        (DOCS / "benchmarks.svg").write_text(draw(results), encoding="utf-8")
    return 0


_BOTH: Final = ("uv", "mauve")


def _run(options: argparse.Namespace, paths: dict[str, Path], around: Surroundings, results: Results) -> None:
    """Run all cases, save the results after each."""
    programs = [KINDS[name](name, path, around) for name, path in paths.items()]
    runs = {name: options.short_runs if name in _BOTH else options.peer_runs for name in paths}
    workloads = [read_workload(name, around.python_minor) for name in options.workloads]
    if any(case in ONCE for case in options.cases):
        workloads.insert(0, Workload("", (), f">={around.python_minor}"))
    launcher = Launcher(options.timeout)
    for workload in workloads:
        cases = [case for case in options.cases if (case in ONCE) == (not workload.name)]
        places: dict[str, Place] = {}
        pins = ""
        for program in programs:
            root = options.work.resolve() / "places" / f"{program.name}-{workload.name or 'none'}"
            places[program.name] = Place(program, workload, pins, root, launcher)
            if program.name == "uv" and workload.name and "pip" in paths:
                try:
                    pins = places["uv"].pins()
                except CommandFailed as error:
                    sys.stderr.write(f"{workload.name}: nothing for pip to install: {error}\n")
        for case in cases:
            cells = {name: Cell() for name in places}
            for name in interleave(list(places), runs):
                cell = cells[name]
                is_enough = len(cell.wall) >= options.runs and not all(cells[both].is_short for both in _BOTH)
                if not cell.failure and sum(cell.wall) < options.enough and not (name in _BOTH and is_enough):
                    _measure(places[name], case, cell)
            cells = {name: cell for name, cell in cells.items() if cell.wall or cell.failure}
            results.put(options.latency, workload.name, case, cells)
            results.load = max(results.load, os.getloadavg()[0])
            save(results, options.work / "results.json")
            _show(workload.name, case, cells)
        for place in places.values():
            place.discard()
    launcher.close()


def _measure(place: Place, case: str, cell: Cell) -> None:
    try:
        cell.add(*place.measure(case))
    except NoCommand:
        pass
    except CommandFailed as error:
        cell.failure = str(error)
        sys.stderr.write(f"{place.program.name}: {case}: {error}\n")


def _show(workload: str, case: str, cells: dict[str, Cell]) -> None:
    shown = [f"{workload or '-':8} {case:13}"]
    for name, cell in cells.items():
        if cell.wall:
            times = ratio(cells, name)
            relative = f" {times:.2f}x" if times is not None and name != "uv" else ""
            memory = max(cell.memory) / 1024
            shown.append(
                f"{name} {cell.wall_ms:.0f}/{cell.cpu_ms:.0f} ms{relative} {memory:.0f} MiB {cell.requests} rq"
            )
    sys.stdout.write("  ".join(shown) + "\n")
    sys.stdout.flush()


@contextmanager
def _index(store: Path, upstream: str, latency: int) -> Iterator[str]:
    """Run the index while the block runs; gives the URL of its simple API."""
    command = [sys.executable, "-m", f"{__package__}.index", "--upstream", upstream, "--store", str(store)]
    process = subprocess.Popen(command, cwd=installations.ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        urlopen(url.replace("/simple/", f"/pace?latency={latency}"), timeout=10).close()
        yield url
    finally:
        process.terminate()
        process.wait()


def _machine(python: Path) -> str:
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return (
        f"Machine: {os.cpu_count()} x {model}, {platform.system()} {platform.release().partition('-')[0]}; "
        f"the programs run on CPython {platform.python_version()}, environments are of CPython {_version(python)}."
    )


def _version(python: Path) -> str:
    code = "import platform; print(platform.python_version())"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def _minor(python: Path) -> str:
    return _version(python).rpartition(".")[0]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.suite", description=__doc__)
    words = lambda text: [word for word in text.split(",") if word and word != "none"]  # noqa: E731
    workloads = ["webapp", "trio", "jupyter", "forking", "large"]
    parser.add_argument("--workloads", type=words, default=workloads, help="of fixtures/workloads")
    parser.add_argument("--cases", type=words, default=list(CASES), help=", ".join(CASES))
    parser.add_argument("--peers", type=words, default=list(PEERS), help=f"besides uv: none, or {', '.join(PEERS)}")
    parser.add_argument("--runs", type=int, default=5, help="of uv and mauve, for each case")
    parser.add_argument("--short-runs", type=int, default=15, help="of both, while they take less than 0.2 s")
    parser.add_argument("--peer-runs", type=int, default=2, help="of the other programs")
    parser.add_argument("--latency", type=int, default=0, metavar="MS", help="of the index, before each answer")
    parser.add_argument("--enough", type=float, default=60, metavar="S", help="seconds after which no run is repeated")
    parser.add_argument("--timeout", type=float, default=300, metavar="S", help="of a single command")
    parser.add_argument("--python", default="3.12", help="environments are made of this one")
    parser.add_argument("--work", type=Path, default=installations.ROOT / ".bench", metavar="FOLDER")
    parser.add_argument("--keep", action="store_true", help="do not install programs again, mauve included")
    parser.add_argument("--dry", action="store_true", help="do not write docs/benchmarks.md and .svg")
    parser.add_argument("--render", action="store_true", help="only write the page, from earlier results")
    options = parser.parse_args()
    if unknown := {*options.cases} - {*CASES} | {*options.peers} - {*PEERS}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main())
