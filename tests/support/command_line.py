"""The real program in processes of its own, in a project and with a cache of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.support.index_server import IndexServer

SOURCE = Path(__file__).parents[2] / "src"
_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")


class Ran(Struct, frozen=True):
    """How a process ended, and what it said."""

    status: int
    out: str
    err: str


def said(ran: Ran) -> list[str]:
    """Return the lines of standard error without times."""
    return [line.partition(" in ")[0] for line in ran.err.splitlines()]


class CommandLine:
    """Runs the program for one project.

    Attributes:
        project: its folder.
        cache: the cache folder.
        variables: the environment of every process.
    """

    program = (sys.executable, "-m", "mauve")

    def __init__(self, folder: Path, server: IndexServer, *, project: str = "project") -> None:
        """Make an empty project folder below *folder*; packages come from *server*."""
        self.project = folder / project
        self.project.mkdir(parents=True, exist_ok=True)
        self.cache = folder / "cache"
        home = folder / "home"
        home.mkdir(exist_ok=True)
        self.variables = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self.variables |= {
            "HOME": str(home),
            "PYTHONPATH": str(SOURCE),
            "UV_CACHE_DIR": str(self.cache),
            "UV_DEFAULT_INDEX": server.url,
            "UV_HTTP_RETRIES": "0",
            "UV_PYTHON": sys.executable,
            "UV_PYTHON_DOWNLOADS": "never",
        }

    def write_project(self, *dependencies: str, rest: str = "") -> str:
        """Write `pyproject.toml` and return its text."""
        rows = "".join(f'    "{dependency}",\n' for dependency in dependencies)
        head = '[project]\nname = "p"\nversion = "0.1.0"\nrequires-python = ">=3.11"\n'
        text = f"{head}dependencies = [\n{rows}]\n{rest}"
        (self.project / "pyproject.toml").write_text(text, encoding="utf-8", newline="")
        return text

    def start(
        self,
        *words: str,
        variables: Mapping[str, str | None] | None = None,
        before: Callable[[], None] | None = None,
        stdout: int | None = subprocess.PIPE,
        stdin: int = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        """Start the program; *variables* change the environment (None takes one away), *before* runs in the child."""
        environment = {**self.variables, **(variables or {})}
        return subprocess.Popen(
            [*self.program, *words],
            cwd=self.project,
            env={name: value for name, value in environment.items() if value is not None},
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            preexec_fn=before,  # noqa: PLW1509  # it calls the system only
        )

    def run(
        self,
        *words: str,
        variables: Mapping[str, str | None] | None = None,
        before: Callable[[], None] | None = None,
        stdout: int | None = subprocess.PIPE,
    ) -> Ran:
        """Run the program to its end."""
        return finish(self.start(*words, variables=variables, before=before, stdout=stdout))

    def snapshot(self) -> dict[str, bytes]:
        """Return the content of every file of the project but those of its environment."""
        return {
            path.relative_to(self.project).as_posix(): path.read_bytes()
            for path in sorted(self.project.rglob("*"))
            if path.is_file() and ".venv" not in path.relative_to(self.project).parts
        }

    def installed(self) -> list[str]:
        """Return the distributions in the environment, as `name-version`; sorted."""
        return sorted(path.stem for path in (self.project / ".venv").rglob("*.dist-info"))

    def imports(self, *names: str) -> bool:
        """Return whether the interpreter of the environment can import *names*."""
        python = self.project / ".venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        code = ";".join(f"import {name}" for name in names)
        return subprocess.run([python, "-I", "-c", code], check=False, capture_output=True).returncode == 0


def finish(process: subprocess.Popen[bytes], seconds: float = 60) -> Ran:
    """Wait for *process*; one that hangs is killed, and fails the test."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Ran(process.returncode, (out or b"").decode(errors="replace"), err.decode(errors="replace"))
