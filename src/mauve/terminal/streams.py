"""The standard streams as this program wants them: there, in UTF-8, and patient with readers that went away."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from mauve.terminal.secrets import without_passwords

if TYPE_CHECKING:
    from typing import TextIO


def prepare_streams() -> None:
    """Make both output streams usable: a closed one swallows what is written, the others encode as UTF-8."""
    sys.stdout = _usable(sys.stdout, "surrogateescape")
    sys.stderr = _usable(sys.stderr, "backslashreplace")


def _usable(stream: TextIO | None, errors: str) -> TextIO:
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None and (stream.encoding.lower() != "utf-8" or stream.errors != errors):
        reconfigure(encoding="utf-8", errors=errors)
    return stream


def write(stream: TextIO, text: str) -> None:
    """Write *text* at once. A reader that went away (`| head -1`) changes nothing: the work is done to its end."""
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        discard(stream)


def write_out(text: str) -> None:
    """Write *text* to standard output."""
    write(sys.stdout, text)


def write_error(text: str) -> None:
    """Write *text* to standard error, but for the passwords in its URLs."""
    write(sys.stderr, without_passwords(text))


def discard(stream: TextIO) -> None:
    """Let *stream* swallow what is still in its buffer and what is written later."""
    try:
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, stream.fileno())
        os.close(descriptor)
        stream.flush()
    except (OSError, ValueError):
        # A stream without descriptor, or none left to open: nothing can be shown in either case.
        return
