"""What changed in an environment or a lockfile, one line a package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.enumerations import Enum

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.terminal.style import Style


class Sign(Enum):
    """What happened to a distribution; in the order of lines for one name."""

    REMOVED = "-"
    ADDED = "+"
    REPLACED = "~"


class Change(Struct, frozen=True):
    """One distribution that was added, removed or replaced by the same version.

    Attributes:
        version: empty if it is not known.
        detail: behind the version, for instance ` (from file:///…)`.
        place: shown instead of both, for instance ` @ file:///…`.
    """

    sign: Sign
    name: str
    version: str
    detail: str = ""
    place: str = ""


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Return *changes* sorted by name, removals before additions."""
    order = {sign: place for place, sign in enumerate(Sign)}
    return sorted(changes, key=lambda change: (change.name, order[change.sign], change.version))


def change_lines(changes: Iterable[Change], style: Style) -> list[str]:
    """Return the lines, sorted by name, removals before additions."""
    paint = {Sign.REMOVED: style.red, Sign.ADDED: style.green, Sign.REPLACED: style.yellow}
    return [
        f" {paint[change.sign](change.sign.value)} {style.bold(change.name)}"
        f"{style.dim(change.place or f'=={change.version}{change.detail}')}"
        for change in in_order(changes)
    ]
