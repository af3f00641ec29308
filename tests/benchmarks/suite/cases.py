"""The cases, and a program's project for one workload, brought to the starting point of a case before it is timed.

Whatever a case starts from is made beforehand by the program itself, untimed: its lock, its environment, its cache.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.request import urlopen

from .programs import PINS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .measuring import Launcher, Usage
    from .programs import Program

FIXTURES: Final = Path(__file__).parents[3] / "fixtures" / "workloads"
REMEMBERED: Final = "mauve-verdicts-v1/*.[ivw]*"
"""Plans, verdicts and lists of wheels; the other programs have nothing of the kind."""
INHERITED: Final = ("LANG", "LC_ALL", "SSL_CERT_FILE", "TMPDIR")


class Case(NamedTuple):
    """A job and what is there when it starts."""

    job: str
    title: str
    cold: bool = False
    locked: bool = True
    environment: bool = False
    first: bool = False
    """What the program remembers of earlier runs in the project is forgotten, as after a new checkout."""


CASES: Final[dict[str, Case]] = {
    "version": Case("version", "`--version`"),
    "help": Case("help", "`--help`"),
    "venv": Case("venv", "`venv`"),
    "lock-cold": Case("lock", "`lock`, empty cache, no lock", cold=True, locked=False),
    "lock-warm": Case("lock", "`lock`, no lock", locked=False),
    "lock-noop": Case("lock", "`lock`, nothing to do"),
    "upgrade-cold": Case("upgrade", "`lock --upgrade`, empty cache", cold=True),
    "upgrade-warm": Case("upgrade", "`lock --upgrade`"),
    "sync-cold": Case("sync", "`sync`, empty cache, no environment", cold=True),
    "sync-warm": Case("sync", "`sync`, no environment"),
    "sync-first": Case("sync", "`sync`, no environment, new checkout", first=True),
    "sync-noop": Case("sync", "`sync`, nothing to do", environment=True),
    "run-noop": Case("run", "`run true`, nothing to do", environment=True),
    "add-warm": Case("add", "`add` of a package", environment=True),
}
ONCE: Final = ("version", "help", "venv")  # no workload changes these


class Workload(NamedTuple):
    """The requirements of a project."""

    name: str
    requirements: tuple[str, ...]
    requires_python: str


def read_workload(name: str, python_minor: str) -> Workload:
    """Read a workload of fixtures/workloads; a comment may narrow its versions of Python."""
    requires_python = f">={python_minor}"
    requirements: list[str] = []
    for line in (FIXTURES / f"{name}.in").read_text(encoding="utf-8").splitlines():
        if line.startswith("# requires-python:"):
            requires_python = line.partition(":")[2].strip()
        elif line and not line.startswith("#"):
            requirements.append(line)
    return Workload(name, tuple(requirements), requires_python)


class NoCommand(Exception):
    """The program cannot do this job."""


class Place:
    """One program's project, home and caches for one workload."""

    def __init__(self, program: Program, workload: Workload, pins: str, root: Path, launcher: Launcher) -> None:
        self.program = program
        self._launcher = launcher
        self._root = root
        self._project = root / "project"
        self._warm = root / "warm"
        self._trash = root.parent / "trash"
        self._lock = ""
        self._primed: set[str] = set()
        self._discard(root)
        for folder in (self._project, self._warm, root / "home", self._trash):
            folder.mkdir(parents=True, exist_ok=True)
        listed = "".join(f"    '{text}',\n" for text in workload.requirements)
        self._pyproject = (
            f'[project]\nname = "bench"\nversion = "0.1.0"\nrequires-python = "{workload.requires_python}"\n'
            f"dependencies = [\n{listed}]\n{program.tables(workload.requires_python)}"
        )
        self._write("pyproject.toml", self._pyproject)
        self._write("requirements.in", "\n".join(workload.requirements) + "\n")
        self._write(PINS, pins)

    def pins(self) -> str:
        """Return the versions the program chose, as requirements."""
        self._prime("lock")
        self._run("export", self._warm)
        return (self._project / PINS).read_text(encoding="utf-8")

    def measure(self, name: str) -> tuple[Usage, int]:
        """Bring the project to the start of the case *name*, time it, and return its use and number of requests.

        Raises:
            NoCommand: the program has no such command.
            CommandFailed: it was not successful.
        """
        case = CASES[name]
        if self.program.command(case.job) is None:
            raise NoCommand(case.job)
        if name not in ONCE:
            self._start(name, case)
        cache = self._root / "cold" if case.cold else self._warm
        if case.cold:
            self._discard(cache)
            cache.mkdir()
        self._requests()
        usage = self._run(case.job, cache)
        return usage, self._requests()

    def discard(self) -> None:
        """Move everything out of the way."""
        self._discard(self._root)

    def _start(self, name: str, case: Case) -> None:
        if self.program.lockfile:
            self._prime("lock")
        if case.job in {"sync", "run", "add"}:
            self._prime("sync")
        if case.job == "add":
            self._prime("add")
        self._write("pyproject.toml", self._pyproject)
        if not case.locked:
            (self._project / self.program.lockfile).unlink(missing_ok=True)
        elif self.program.lockfile:
            self._write(self.program.lockfile, self._lock)
        if case.environment and (case.job == "add" or not (self._project / ".venv").exists()):
            self._run("sync", self._warm)
        elif case.job == "sync" and not case.environment:
            self._discard(self._project / ".venv")
            (self._project / ".pdm-python").unlink(missing_ok=True)
        if case.first:
            for remembered in self._warm.glob(REMEMBERED):
                remembered.unlink()
        if name.endswith("-noop") and name not in self._primed:
            # What is up to date has been found so before.
            self._run(case.job, self._warm)
            self._primed.add(name)

    def _prime(self, job: str) -> None:
        """Do *job* once, so that what it makes and what it caches is there."""
        if job in self._primed:
            return
        self._run(job, self._warm)
        if job == "lock":
            self._lock = (self._project / self.program.lockfile).read_text(encoding="utf-8")
        self._primed.add(job)

    def _run(self, job: str, cache: Path) -> Usage:
        argv = self.program.command(job)
        if argv is None:
            raise NoCommand(job)
        around = self.program.around
        around_us = os.environ
        environment = {key: around_us[key] for key in INHERITED if key in around_us}
        environment["PATH"] = f"{around.python.parent}{os.pathsep}{os.defpath}"
        environment["HOME"] = str(self._root / "home")
        environment |= self.program.variables(cache)
        return self._launcher.run(argv, self._project, environment, self._root / "log.txt")

    def _requests(self) -> int:
        with urlopen(self.program.around.index_url.replace("/simple/", "/count"), timeout=10) as answer:
            return int(answer.read())

    def _write(self, name: str, text: str) -> None:
        # Written even if it is the same already: times of files that have changed are part of the starting point.
        (self._project / name).write_text(text, encoding="utf-8")

    def _discard(self, path: Path) -> None:
        # Trees are deleted at the end: ext4 creates files slowly for minutes after many were deleted.
        if path.exists():
            self._trash.mkdir(parents=True, exist_ok=True)
            path.rename(self._trash / str(time.monotonic_ns()))


def empty_trash(work: Path) -> None:
    """Delete what all places have discarded."""
    shutil.rmtree(work / "trash", ignore_errors=True)


def interleave(programs: Sequence[str], runs: dict[str, int]) -> list[str]:
    """Return the order of all runs: every program in turn, again and again, until each had its number of runs."""
    rounds = max(runs.values(), default=0)
    return [name for turn in range(rounds) for name in programs if turn < runs[name]]
