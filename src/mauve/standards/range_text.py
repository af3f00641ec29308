"""Version sets back into text: each interval as operators and versions, in the way uv words ranges.

A position on the line of versions is decoded into the version it belongs to, in its shortest spelling (`1`) unless
the position carries the spelling it was made from (`1.0.0`, see `mauve.standards.versions.spell`).

Specification: docs/resolution.md "Versions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.standards.positions import Side, decode_position
from mauve.standards.version_sets import LOWEST
from mauve.standards.versions import spelling_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.standards.version_sets import VersionSet
    from mauve.standards.versions import Key


class Bounds(Struct, frozen=True):
    """One interval. A side without a version is open.

    Attributes:
        lower: text of the lower version, None if there is none.
        upper: text of the upper version, None if there is none.
        lower_included: the lower version itself belongs to the interval.
        upper_included: the upper version itself belongs to the interval.
    """

    lower: str | None
    upper: str | None
    lower_included: bool = False
    upper_included: bool = False

    def __str__(self) -> str:
        """Return the clauses that follow a package name (`>=1,<2`, `==1.*`); empty if every version is meant."""
        if self.lower_included and self.upper_included and self.lower == self.upper:
            return f"=={self.lower}"
        star = self._star()
        if star is not None:
            return f"=={star}.*"
        lower = "" if self.lower is None else f"{'>=' if self.lower_included else '>'}{self.lower}"
        upper = "" if self.upper is None else f"{'<=' if self.upper_included else '<'}{self.upper}"
        return f"{lower},{upper}" if lower and upper else lower or upper

    def _star(self) -> str | None:
        """Return the common prefix if the interval is exactly what `==prefix.*` allows."""
        if self.lower is None or self.upper is None or not self.lower_included or self.upper_included:
            return None
        lower, dev, rest = self.lower.partition(".dev0")
        upper, upper_dev, upper_rest = self.upper.partition(".dev0")
        if not dev or not upper_dev or rest or upper_rest:
            return None
        lower = lower.rpartition("!")[2]
        head, _, last = lower.rpartition(".")
        upper_head, _, upper_last = upper.rpartition("!")[2].rpartition(".")
        if head != upper_head or not last.isdigit() or not upper_last.isdigit() or int(upper_last) != int(last) + 1:
            return None
        return lower


def version_text(position: Key, names: Mapping[Key, str] | None = None) -> str:
    """Return the spelling of the version that *position* belongs to; *names* go before other spellings."""
    return _locate(position, names)[1]


def bounds_of(versions: VersionSet, names: Mapping[Key, str] | None = None) -> tuple[Bounds, ...]:
    """Return the intervals of *versions*, ascending.

    Args:
        versions: what to describe; the empty set has no intervals.
        names: spellings of the positions of versions (`Version.key`) that go before other spellings.
    """
    described: list[Bounds] = []
    for start, end in versions.intervals():
        lower, lower_included = None, False
        if start != LOWEST:
            side, lower = _locate(start, names)
            lower_included = side in _BEFORE
        upper, upper_included = None, False
        if end is not None:
            side, upper = _locate(end, names)
            upper_included = side not in _BEFORE
        described.append(Bounds(lower, upper, lower_included, upper_included))
    return tuple(described)


_BEFORE = (Side.AT, Side.BEFORE_PRERELEASES)


def _locate(position: Key, names: Mapping[Key, str] | None) -> tuple[Side, str]:
    side, version = decode_position(position)
    text = None if names is None else names.get(version.key)
    return side, text or spelling_of(position) or version.text
