"""The only writer to the standard streams: decides by stream and verbosity what is shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from mauve.terminal.secrets import without_passwords
from mauve.terminal.streams import write

if TYPE_CHECKING:
    from mauve.terminal.style import Style


class Printer:
    """Writes lines; data goes to standard output, everything else to standard error.

    Attributes:
        quiet: 0 = everything, 1 = no summaries and warnings, 2 = no errors either.
        lines: what was written to standard error so far.
        verbose: 0 = none, 1 = `DEBUG` lines, 2 = `TRACE` lines.
        out_style: for standard output.
        style: for standard error.
    """

    __slots__ = ("_err", "_out", "_warned", "before_line", "lines", "out_style", "quiet", "style", "verbose")

    def __init__(self, *, quiet: int, verbose: int, out_style: Style, style: Style) -> None:
        """Write to the streams of this process."""
        self.quiet = quiet
        self.verbose = verbose
        self.out_style = out_style
        self.style = style
        self._out: TextIO = sys.stdout
        self._err: TextIO = sys.stderr
        self._warned: set[str] = set()
        self.lines: list[str] = []
        self.before_line: list[ProgressLine] = []

    def data(self, text: str, *, important: bool = False) -> None:
        """Write *text* (its line end included) to standard output; *important* survives `-q`."""
        if self.quiet == 0 or (important and self.quiet == 1):
            self._clear()
            write(self._out, text)

    def product(self, text: str) -> None:
        """Write *text*, for which the command was run, to standard output however quiet it is to be."""
        self._clear()
        write(self._out, text)

    def note(self, line: str) -> None:
        """Write a summary or progress line to standard error unless quiet."""
        if self.quiet == 0:
            self.raw(line)

    def warning(self, message: str) -> None:
        """Write a warning to standard error, each text once."""
        if self.quiet == 0 and message not in self._warned:
            self._warned.add(message)
            self.raw(f"{self.style.warning('warning')}{self.style.bold(':')} {message}")

    @property
    def has_warned(self) -> bool:
        """Return whether a warning was written."""
        return bool(self._warned)

    def debug(self, message: str) -> None:
        """Write a `DEBUG` line if verbose."""
        if self.verbose:
            self.raw(f"DEBUG {message}")

    def error(self, text: str) -> None:
        """Write an error, already laid out, unless very quiet."""
        if self.quiet < 2:
            self.raw(text)

    def raw(self, line: str) -> None:
        """Write a line to standard error above any progress display, but for the passwords in its URLs."""
        self._clear()
        line = without_passwords(line)
        self.lines.append(line)
        write(self._err, f"{line}\n")

    def _clear(self) -> None:
        for progress in self.before_line:
            progress.clear()


class ProgressLine:
    """Something drawn on the terminal that must vanish before a line is written."""

    def clear(self) -> None:
        """Erase what is drawn."""
        raise AssertionError(self)
