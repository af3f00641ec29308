"""How deep a tree is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.config.declare import UsageError

if TYPE_CHECKING:
    from mauve.config.arguments.tree import ShownTreeArgs

_DEEPEST: Final = 255


def read_depth(chosen: ShownTreeArgs) -> int:
    """Return the depth that was typed, the deepest without one.

    Raises:
        UsageError: it is no number up to the deepest.
    """
    text = chosen.depth
    if text is None:
        return _DEEPEST
    option = chosen.specs["depth"].label
    if not text.isascii() or not text.isdigit():
        reason = "invalid digit found in string" if text else "cannot parse integer from empty string"
        raise UsageError(f"invalid value '{text}' for '{option}': {reason}", show_usage=False)
    if int(text) > _DEEPEST:
        reason = f"{int(text)} is not in 0..={_DEEPEST}"
        raise UsageError(f"invalid value '{text}' for '{option}': {reason}", show_usage=False)
    return int(text)
