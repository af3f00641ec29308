"""uv and mauve in the same situation: equal files, one index, a cache each.

    both = SideBySide(folder, server, {"pyproject.toml": text})
    theirs, ours = both.run("lock")

What they leave is told without what may differ: folders, times, the name of the program.
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from msgspec import Struct
from tests.support.command_line import CommandLine
from tests.support.oracle import oracle_uv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.support.index_server import IndexServer


class Left(Struct, frozen=True):
    """What a run left: its exit code, its words, and the lockfile."""

    status: int
    out: str
    err: str
    lock: str | None


class SideBySide:
    """Two equal projects, one for each program.

    Attributes:
        projects: their folders, uv's first.
    """

    def __init__(self, folder: Path, server: IndexServer, files: Mapping[str, str]) -> None:
        """Write *files* twice, below names of one length; `ORIGIN` in them is the address of *server*."""
        self._lines = [CommandLine(folder / program, server) for program in ("uv---", "mauve")]
        for line in self._lines:
            line.variables |= {"NO_COLOR": "1", "TZ": "UTC"}
        self._programs = ((oracle_uv(),), self._lines[1].program)
        self.projects = [line.project for line in self._lines]
        self._origin = server.origin
        self.write(files)

    def write(self, files: Mapping[str, str]) -> None:
        """Write *files* into both projects."""
        for project in self.projects:
            for name, text in files.items():
                path = project / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text.replace("ORIGIN", self._origin), encoding="utf-8")

    def change(self, name: str, change: Callable[[str], str]) -> None:
        """Change the file *name* in both projects."""
        for project in self.projects:
            path = project / name
            path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    def set(self, name: str, value: str | None) -> None:
        """Set the variable *name* for both, or take it away; `PROJECT` in it is the folder of the project."""
        for line in self._lines:
            line.variables.pop(name, None)
            if value is not None:
                line.variables[name] = value.replace("PROJECT", str(line.project))

    def run(self, *words: str) -> tuple[Left, Left]:
        """Run both programs with *words*, and return what uv and mauve left."""
        theirs, ours = (self._run(place, words) for place in range(2))
        return theirs, ours

    def files(self, place: int) -> dict[str, str]:
        """Return the files of the project of uv (0) or mauve (1), and under `installed` what its environment holds."""
        line = self._lines[place]
        found = {name: self._plain(line, content.decode(errors="replace")) for name, content in line.snapshot().items()}
        return found | {"installed": "\n".join(line.installed())}

    def _run(self, place: int, words: tuple[str, ...]) -> Left:
        line = self._lines[place]
        ran = subprocess.run(
            [*self._programs[place], *words],
            cwd=line.project,
            env=line.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
        lock = line.project / "uv.lock"
        text = lock.read_text(encoding="utf-8") if lock.exists() else None
        return Left(ran.returncode, self._plain(line, ran.stdout), self._plain(line, ran.stderr), text)

    def _plain(self, line: CommandLine, text: str) -> str:
        text = text.replace(str(line.project), "PROJECT").replace(str(line.cache), "CACHE")
        text = re.sub(rf"^Using CPython .* interpreter at: {re.escape(sys.executable)}\n", "", text, flags=re.MULTILINE)
        text = re.sub(r"\bin [\d.]+m?s$", "in TIME", text, flags=re.MULTILINE)
        text = re.sub(r"(CACHE/builds-v0/\.tmp)\w+", r"\1NAME", text)
        text = re.sub(r"(CACHE/environments-v2/[\w-]+-)[0-9a-f]{16}", r"\1DIGEST", text)
        return re.sub(r"\bUsage: (uv|mauve)\b", "Usage: PROGRAM", text)
