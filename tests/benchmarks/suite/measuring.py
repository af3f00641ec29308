"""One command, timed: wall and CPU seconds and the peak memory of its largest process."""

from __future__ import annotations

import ast
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Usage(NamedTuple):
    """What one run used: seconds, and KiB."""

    wall: float
    cpu: float
    memory: int


class CommandFailed(Exception):
    """A command of a program ended badly, or not in time; the text says how."""


class Launcher:
    """The process that starts the measured commands, one at a time."""

    def __init__(self, timeout: float) -> None:
        """Start it; no command may take longer than *timeout* seconds."""
        self.timeout = timeout
        command = [sys.executable, "-I", "-S", "-u", str(Path(__file__).with_name("launcher.py"))]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def run(self, argv: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> Usage:
        """Run *argv* in *folder* and return what it used; its output goes to *log*.

        Raises:
            CommandFailed: it did not succeed, or took too long and was ended.
        """
        job = {"folder": str(folder), "argv": list(argv), "environment": dict(environment), "log": str(log)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{job!r}\n")
        pid = int(self._process.stdout.readline())
        late = not select.select([self._process.stdout], [], [], self.timeout)[0]
        if late:
            os.killpg(pid, signal.SIGKILL)
        code, *figures = ast.literal_eval(self._process.stdout.readline())
        if late:
            raise CommandFailed(f"took more than {self.timeout:.0f} s")
        if code:
            last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
            raise CommandFailed(f"exit code {code}: {' / '.join(last)[-400:]}")
        return Usage(*figures)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
