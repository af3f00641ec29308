"""Run mauve in a fresh interpreter and see which modules it loads and what it compiles; age what it remembers."""

from __future__ import annotations

import json
import marshal
import os
import subprocess
import sys
from pathlib import Path

from mauve.fastpath import verdicts

SOURCE = Path(__file__).parents[2] / "src"

PROBE = """
import json, sys
before = set(sys.modules)
texts = []
def note(event, details):
    if event == "compile" and details[1] == "<string>":
        texts.append(str(details[0]))
sys.addaudithook(note)
sys.path.insert(0, {source!r})
sys.argv = ["mauve", *{words!r}]
from mauve.__main__ import answer_words
try:
    status = answer_words()
except SystemExit as error:
    status = error.code
with open({report!r}, "w") as file:
    json.dump([status, sorted(set(sys.modules) - before), texts], file)
"""

FRONT_DOOR = {
    "__future__",
    "_blake2",
    "marshal",
    "mauve",
    "mauve.__main__",
    "mauve.fastpath",
    "mauve.fastpath.door",
    "mauve.fastpath.verdicts",
    "time",
}
"""What a run loads that is answered by a verdict."""


def run_probed(project: Path, *words: str, variables: dict[str, str] | None = None) -> tuple[int, set[str]]:
    """Return the exit code of `mauve words…` in *project*, and the modules it loaded."""
    status, modules, _ = _report(project, words, variables or {})
    return status, set(modules)


def texts_compiled(project: Path, *words: str) -> list[str]:
    """Return the pieces of Python, such as annotations, that `mauve words…` compiles in *project*.

    Not the expressions of named tuples, for which no tree of syntax is made.
    """
    return [text for text in _report(project, words, {})[2] if "_tuple_new(_cls" not in text]


def _report(project: Path, words: tuple[str, ...], variables: dict[str, str]) -> tuple[int, list[str], list[str]]:
    report = project.parent / f"{project.name}-report.json"
    code = PROBE.format(source=str(SOURCE), words=list(words), report=str(report))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PYTEST_"))},
        "UV_CACHE_DIR": str(project.parent / f"{project.name}-cache"),
        "UV_PYTHON": sys.executable,
        "UV_NO_PROGRESS": "1",
        # Not a script that starts another one from version to version: such a shim is asked anew each time.
        "PATH": os.pathsep.join([str(Path(sys.base_prefix) / "bin"), os.environ["PATH"]]),
        **variables,
    }
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert report.exists(), done.stderr
    status, modules, texts = json.loads(report.read_text(encoding="utf-8"))
    return status, modules, texts


def make_verdicts_later(project: Path) -> None:
    """Let every verdict of *project* be made a minute later: recent changes are distrusted, and nothing here waits."""
    make_later(project.parent / f"{project.name}-cache")


def make_later(cache: Path) -> None:
    """Let everything that is kept in *cache* to be done again be made a minute later."""
    minute = 60_000_000_000
    for path in (cache / verdicts.BUCKET).iterdir():
        if path.suffix in (".verdict", ".installation"):
            recorded_at, *rest = marshal.loads(path.read_bytes())
            path.write_bytes(marshal.dumps((recorded_at + minute, *rest)))
        elif path.suffix == ".wheels":
            raw = path.read_bytes()
            recorded_at = int.from_bytes(raw[20:28], "little") + minute
            path.write_bytes(raw[:20] + recorded_at.to_bytes(8, "little") + raw[28:])
