"""What moves on a terminal while something takes long: a spinner, download bars, an installation bar.

A display owns the last lines of the terminal. A thread redraws them ten times a second; before the printer
writes a line, and at the end, they are erased. Without a terminal there is no display and no thread.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock
from typing import TYPE_CHECKING, Final, Protocol

from mauve.terminal.printer import ProgressLine

if TYPE_CHECKING:
    from threading import Event, Thread
    from types import TracebackType
    from typing import Self

    from mauve.terminal.printer import Printer
    from mauve.terminal.style import Style

_FRAMES: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_SECONDS_A_FRAME: Final = 0.1
_BAR: Final = 30
_BLOCKS: Final = 20
_MOST_BARS: Final = 8
_MINIMUM_SIZE: Final = 1 << 20
"""Bytes. Smaller downloads are over before an eye finds their bar."""


class Picture(Protocol):
    """Something that can be drawn."""

    def lines(self, frame: str) -> list[str]:
        """Return what to show now; *frame* is the current picture of the spinner."""
        ...


class Display(ProgressLine):
    """Draws a picture at the end of the terminal until it is closed."""

    def __init__(self, printer: Printer, picture: Picture, *, enabled: bool) -> None:
        """Draw *picture* through *printer*'s stream if *enabled*."""
        self._printer = printer
        self._picture = picture
        self._enabled = enabled
        self._lock = allocate_lock()
        self._drawn = 0
        self._closed: Event | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        """Start to draw."""
        if self._enabled:
            from threading import Event, Thread

            self._printer.before_line.append(self)
            self._closed = Event()
            self._thread = Thread(target=self._run, args=(self._closed,), name="progress", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Erase what is drawn and stop."""
        if self._thread is not None and self._closed is not None:
            self._closed.set()
            self._thread.join()
            self.clear()
            self._printer.before_line.remove(self)

    def clear(self) -> None:
        """Erase what is drawn; it comes back with the next frame."""
        with self._lock:
            self._erase()
            sys.stderr.flush()

    def _erase(self) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[2K" + "\x1b[1A\x1b[2K" * (self._drawn - 1))
            self._drawn = 0

    def _run(self, closed: Event) -> None:
        import shutil

        tick = 0
        while not closed.wait(_SECONDS_A_FRAME):
            width = shutil.get_terminal_size((80, 24)).columns
            shown = [_clip(line, width) for line in self._picture.lines(_FRAMES[tick % len(_FRAMES)])]
            with self._lock:
                self._erase()
                sys.stderr.write("\n".join(shown))
                sys.stderr.flush()
                self._drawn = len(shown)
            tick += 1


def _clip(line: str, width: int) -> str:
    """Cut *line* to *width* columns, not counting colour sequences."""
    if "\x1b" not in line:
        return line[: width - 1]
    shown = 0
    inside = False
    for place, character in enumerate(line):
        if character == "\x1b":
            inside = True
        elif inside:
            inside = character != "m"
        else:
            shown += 1
            if shown >= width:
                return line[:place] + "\x1b[0m"
    return line


class Spinner:
    """One line: a turning sign and what is being done."""

    def __init__(self, style: Style, message: str) -> None:
        """Show *message* until `tell` changes it."""
        self._style = style
        self.message = message

    def tell(self, message: str) -> None:
        """Show another message."""
        self.message = message

    def lines(self, frame: str) -> list[str]:
        """Return the line."""
        return [f"{self._style.cyan(frame)} {self.message}"]


class Transfers:
    """A spinner with a count, and a bar for each large download under way."""

    def __init__(self, style: Style, total: int) -> None:
        """Count up to *total* distributions."""
        self._style = style
        self._total = total
        self._done = 0
        self._running: dict[str, list[int | None]] = {}
        self._lock = allocate_lock()

    def started(self, label: str, size: int | None) -> None:
        """Begin a download of *size* bytes, if known."""
        with self._lock:
            self._running[label] = [0, size]

    def advanced(self, label: str, size: int) -> None:
        """Add *size* bytes."""
        with self._lock:
            entry = self._running.get(label)
            if entry is not None:
                entry[0] = (entry[0] or 0) + size

    def finished(self, label: str) -> None:
        """End a download or a build."""
        with self._lock:
            self._running.pop(label, None)
            self._done += 1

    def lines(self, frame: str) -> list[str]:
        """Return the lines."""
        with self._lock:
            running = [(label, done or 0, size) for label, (done, size) in self._running.items()]
            head = f"{self._style.cyan(frame)} {self._style.dim('Preparing packages...')} ({self._done}/{self._total})"
        large = [entry for entry in running if entry[2] is None or entry[2] >= _MINIMUM_SIZE][:_MOST_BARS]
        column = max((len(label) for label, _, _ in large), default=0)
        return [head, *(self._bar(label, done, size, column) for label, done, size in large)]

    def _bar(self, label: str, done: int, size: int | None, column: int) -> str:
        if not size:
            return f"{label:<{column}} {_bytes(done)}"
        filled = min(_BAR, _BAR * done // size)
        bar = self._style.green("-" * filled) + self._style.dim("-" * (_BAR - filled))
        return f"{self._style.dim(f'{label:<{column}}')} {bar} {_bytes(done)}/{_bytes(size)}"


class Installation:
    """A bar of blocks that fills as wheels are installed."""

    def __init__(self, total: int) -> None:
        """Count up to *total* wheels."""
        self._total = total
        self._done = 0
        self._name = ""

    def advanced(self, name: str) -> None:
        """Count one more wheel."""
        self._done += 1
        self._name = name

    def lines(self, frame: str) -> list[str]:
        """Return the line."""
        del frame
        filled = _BLOCKS * self._done // max(self._total, 1)
        bar = "█" * filled + "░" * (_BLOCKS - filled)
        return [f"{bar} [{self._done}/{self._total}] {self._name or 'Installing wheels...'}"]


def _bytes(size: int) -> str:
    amount = float(size)
    for unit in ("B", "KiB", "MiB"):
        if amount < 1024:
            return f"{amount:.0f}{unit}" if unit == "B" else f"{amount:.2f} {unit}"
        amount /= 1024
    return f"{amount:.2f} GiB"


def watch(printer: Printer, picture: Picture, *, enabled: bool) -> Display:
    """Return a display to use in a `with` block."""
    return Display(printer, picture, enabled=enabled)
