"""What is shown of exceptions that nobody expected: a refusal of the system, or a mistake in this program."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.terminal.secrets import without_passwords

if TYPE_CHECKING:
    from mauve.terminal.style import Style

_FRAMES = 8


def render_system_error(error: OSError, style: Style) -> str:
    """Return the report of an operation that the system refused, with the path it was about."""
    if error.strerror is None:
        message = str(error) or type(error).__name__
    else:
        about = "" if error.filename is None else f"failed to access `{os.fsdecode(error.filename)}`: "
        message = f"{about}{error.strerror} (os error {error.errno})"
    return f"{style.error('error')}{style.bold(':')} {message}"


def render_unexpected(error: BaseException, style: Style) -> str:
    """Return the report of a mistake of this program: what happened, the innermost steps, whom to tell."""
    from traceback import extract_tb

    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    text = without_passwords(str(error))
    what = type(error).__name__ + (f": {text}" if text else "")
    lines = [
        f"{style.error('error')}{style.bold(':')} An unexpected error occurred, which is a mistake in mauve",
        f"  {style.error('cause')}{style.bold(':')} {what}",
    ]
    frames = list(extract_tb(error.__traceback__))[-_FRAMES:]
    for frame in frames:
        place = frame.filename.replace(os.sep, "/")
        _, _, ours = place.rpartition("/mauve/")
        lines.append(f"         at {f'mauve/{ours}' if ours != place else place}:{frame.lineno} in {frame.name}")
    lines += [
        "",
        f"{style.hint('hint')}{style.bold(':')} Please report this, with the lines above and the command that was run",
    ]
    return "\n".join(lines)
