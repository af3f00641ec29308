"""The part of the world one fork resolves for: a marker, and conflict items that are in or out.

Specification: docs/resolution.md "Forking".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.distributions.conflicts import ConflictItem
from mauve.standards.markers.canonical import canonical_form
from mauve.standards.markers.diagram import TRUE, Marker, extra_marker
from mauve.standards.markers.render import render

if TYPE_CHECKING:
    from collections.abc import Iterable


class ForkEnvironment(Struct, frozen=True):
    """Where a fork applies.

    Attributes:
        included: conflict items that are active; only excluded ones take requirements away.
    """

    marker: Marker = TRUE
    included: frozenset[ConflictItem] = frozenset()
    excluded: frozenset[ConflictItem] = frozenset()

    def overlaps(self, marker: Marker) -> bool:
        """Return whether *marker* can hold here."""
        return marker is TRUE or not self.marker.is_disjoint(marker)

    def leaves_out(self, item: ConflictItem) -> bool:
        """Return whether *item* is out here: a project that is out takes its extras along, unless they are in."""
        if item in self.excluded:
            return True
        return item.extra is not None and ConflictItem(item.package) in self.excluded and item not in self.included

    def narrowed(self, marker: Marker) -> ForkEnvironment:
        """Return the part of this where *marker* holds."""
        return ForkEnvironment(canonical_form(self.marker & marker), self.included, self.excluded)

    def with_items(self, included: Iterable[ConflictItem], excluded: Iterable[ConflictItem]) -> ForkEnvironment | None:
        """Return this with further items in or out; None if an item would be both."""
        all_included = self.included.union(included)
        all_excluded = self.excluded.union(excluded)
        if not all_included.isdisjoint(all_excluded):
            return None
        return ForkEnvironment(self.marker, all_included, all_excluded)

    def universal_marker(self) -> Marker:
        """Return the marker and the conflict items, encoded as extras, as one marker."""
        marker = self.marker
        for item in sorted(self.excluded, key=_item_order):
            marker &= ~extra_marker(item.encoded)
        for item in sorted(self.included, key=_item_order):
            marker &= extra_marker(item.encoded)
        return marker

    def describe(self) -> str | None:
        """Return `split (markers: …; included: …; excluded: …)` for messages; None if nothing was split off."""
        parts = [] if self.marker is TRUE else [f"markers: {render(self.marker)}"]
        for title, items in (("included", self.included), ("excluded", self.excluded)):
            if items:
                parts.append(f"{title}: {', '.join(sorted(map(item_text, items)))}")
        return f"split ({'; '.join(parts)})" if parts else None


EVERYWHERE: Final = ForkEnvironment()


def _item_order(item: ConflictItem) -> tuple[str, int, str]:
    return item.sort_key


def item_text(item: ConflictItem) -> str:
    """Return a conflict item as messages write it: `package[extra]`, `package[group:group]` or `package`."""
    if item.extra is not None:
        return f"{item.package}[{item.extra}]"
    return item.package if item.group is None else f"{item.package}[group:{item.group}]"
