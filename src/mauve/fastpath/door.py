"""Decide whether a command line can be answered without the rest of the program."""

from __future__ import annotations

from mauve import __version__


def answer(argv: list[str]) -> int | None:
    """Return the exit code if *argv* was answered here, None if the whole program is needed."""
    if len(argv) == 2 and argv[1] in ("--version", "-V"):  # noqa: PLR2004 - the program and one word
        import sys

        sys.stdout.write(f"mauve {__version__}\n")
        sys.stdout.flush()
        return 0
    return None
