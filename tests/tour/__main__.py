"""Walk through the tour in a terminal and write what it showed to docs/tour.md and docs/tour/*.svg.

It needs tmux, bash and PyPI. Paths of the machine are shown as `~`; nothing else is changed.

    python -m tests.tour path/to/mauve
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console
from rich.text import Text

from .terminal import COLUMNS, Terminal

DOCS: Final = Path(__file__).parents[2] / "docs"

SVG: Final = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {terminal_width} {terminal_height}">
<style>
.{unique_id}-matrix {{ font: {char_height}px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace }}
{styles}
</style>
<defs>{lines}</defs>
<rect width="100%" height="100%" rx="6" fill="#16181d"/>
<g transform="translate(8, 6)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


class Stop(NamedTuple):
    """A command of the tour.

    Attributes:
        line: what is typed.
        says: what a reader should look at.
        picture: the name of the picture of the last screen, if there is one.
        during: the name of the picture of the screen with the most downloads before the end, if there is one.
    """

    line: str
    says: str
    picture: str = ""
    during: str = ""


STOPS: Final = (
    Stop("mauve init greeter && cd greeter", "A service is created."),
    Stop(
        "mauve add 'fastapi[standard]'",
        "A dependency is added: resolved for every platform, locked, fetched and installed.",
        picture="added",
        during="progress",
    ),
    Stop("mauve add --dev pytest", "One for development; what is there is not fetched again."),
    Stop("cat pyproject.toml", "What the two edits left in the project's file."),
    Stop("mauve run python -c 'import fastapi; print(fastapi.__version__)'", "A command runs in the environment."),
    Stop("mauve lock --check", "Nothing to do is found out in the time that Python needs to start."),
    Stop("mauve sync", "The same for the environment."),
    Stop(
        "mauve add 'fastapi==0.110.0' 'starlette>=1'",
        "What cannot be is explained, and nothing has changed.",
        "conflict",
    ),
    Stop("mauve add fastapy-standard", "A name that does not exist.", "unknown"),
    Stop("mauve lock --chek", "An option that does not exist.", "option"),
    Stop("mauve remove --dev pytest", "A dependency goes, and what only it needed."),
    Stop("mauve --help", "Help.", "help"),
)


def main(program: str) -> int:
    """Walk through the tour with *program*."""
    pictures = DOCS / "tour"
    pictures.mkdir(exist_ok=True)
    page = [
        "# A tour, as a terminal shows it",
        "",
        "Captured from a terminal by `python -m tests.tour path/to/mauve`; the cache was empty at first.",
        "",
    ]
    with tempfile.TemporaryDirectory(prefix="tour-") as scratch:
        home = Path(scratch)
        (home / "bin").mkdir()
        (home / "bin" / "mauve").symlink_to(Path(program).absolute())
        (home / "bin" / "python3").symlink_to(Path(sys.executable).resolve())
        terminal = Terminal(home)
        try:
            for stop in STOPS:
                screens = [screen.replace(scratch, "~") for screen in terminal.type(stop.line)]
                page += _section(stop, screens, pictures)
        finally:
            terminal.close()
    (DOCS / "tour.md").write_text("\n".join(page), encoding="utf-8")
    return 0


def _section(stop: Stop, screens: list[str], pictures: Path) -> list[str]:
    """Return the lines of the page about *stop*; draw its pictures."""
    lines = [f"## {stop.says}", ""]
    if stop.during:
        fullest = max(screens[:-1], key=_bars)
        _draw(fullest, pictures / f"{stop.during}.svg")
        lines += [f"![While it works](tour/{stop.during}.svg)", ""]
    if stop.picture:
        _draw(screens[-1], pictures / f"{stop.picture}.svg")
        lines += [f"![{stop.says}](tour/{stop.picture}.svg)", ""]
    shown = Text.from_ansi(screens[-1]).plain.removesuffix("$").rstrip()
    return [*lines, "```console", *(row.rstrip() for row in shown.splitlines()), "```", ""]


def _bars(screen: str) -> int:
    """Return how many downloads *screen* shows."""
    return screen.count("iB/")


def _draw(screen: str, path: Path) -> None:
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(screen))
    path.write_text(console.export_svg(code_format=SVG, unique_id=path.stem), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
