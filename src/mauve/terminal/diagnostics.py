"""An error and its chain of causes as text: `error: …`, `  cause: …`, `hint: …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.errors import MauveError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.terminal.style import Style

_CAUSE_INDENT = " " * 9


def render_error(error: BaseException, style: Style) -> str:
    """Return the lines of *error*: headline, one line a cause (continued lines indented), hints below a blank line."""
    chain = list(_chain(error))
    lines = [f"{style.error('error')}{style.bold(':')} {_with_causes(chain, style)}"]
    for hint in _hints(chain):
        lines += ["", f"{style.hint('hint')}{style.bold(':')} {hint}"]
    return "\n".join(lines)


def render_causes(error: BaseException, style: Style) -> str:
    """Return what *error* says and its causes, as a warning has them: without what might be done about it."""
    return _with_causes(list(_chain(error)), style)


def _with_causes(chain: list[BaseException], style: Style) -> str:
    lines = [str(chain[0])]
    for cause in chain[1:]:
        first, *more = _message(cause).split("\n")
        lines.append(f"  {style.error('cause')}{style.bold(':')} {first}")
        lines += [f"{_CAUSE_INDENT}{line}" if line else "" for line in more]
    return "\n".join(lines)


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__


def _hints(chain: list[BaseException]) -> Iterator[str]:
    seen: set[str] = set()
    # Of the first cause first: what is known about it comes before ways round it.
    for error in reversed(chain):
        if isinstance(error, MauveError):
            for hint in error.hints():
                if hint not in seen:
                    seen.add(hint)
                    yield hint


def _message(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror} (os error {error.errno})"
    return str(error) or type(error).__name__
