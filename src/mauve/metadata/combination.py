"""One answer about a name from what several indexes said. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.index.strategy import Missing, NotStored
from mauve.resolver.source import Found, NoIndex, NotFound, Offline, VersionsResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.distributions.index import IndexLocations
    from mauve.distributions.listing import Listing
    from mauve.index.strategy import PageOutcome


def combine(
    locations: IndexLocations, flat: tuple[Listing, ...], outcomes: Iterable[PageOutcome | None]
) -> VersionsResponse:
    """Return the answer about a name from what each index said, in the order in which they were asked."""
    listings = list(flat)
    unauthorized: list[str] = []
    forbidden: list[str] = []
    is_offline = False
    for outcome in outcomes:
        match outcome:
            case Missing(url=url, status=401):
                unauthorized.append(url)
            case Missing(url=url, status=403, is_final=True):
                forbidden.append(url)
            case Missing() | None:
                continue
            case NotStored():
                is_offline = True
            case listing:
                listings.append(listing)
    if listings:
        return Found(tuple(listings))
    if is_offline:
        return Offline()
    if locations.no_index:
        return NoIndex()
    return NotFound(tuple(unauthorized), tuple(forbidden))
