"""In which order indexes are asked about a name, and when the answer is settled. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.distributions.index import IndexStrategy

if TYPE_CHECKING:
    from typing import TypeAlias

    from mauve.distributions.index import Index, IndexLocations
    from mauve.distributions.listing import Listing

    PageOutcome: TypeAlias = "Listing | Missing | NotStored"


class Missing(Struct, frozen=True):
    """An index does not have a name.

    Attributes:
        status: the HTTP status of the answer; 404 also where there was none.
        url: of the index, without credentials.
        is_final: indexes after this one are not asked (401 and 403, unless told otherwise).
    """

    url: str
    status: int = 404
    is_final: bool = False


class NotStored(Struct, frozen=True):
    """The network is disabled, and nothing is stored about the name."""


def searched_indexes(locations: IndexLocations, pinned: Index | None) -> tuple[Index, ...]:
    """Return the indexes to ask, in order: only the *pinned* one, or all that are not for pinned packages only."""
    if pinned is not None:
        return (pinned,)
    if locations.no_index:
        return ()
    return tuple([index for index in locations.indexes if not index.explicit])


def asks_in_turn(strategy: IndexStrategy) -> bool:
    """Return whether the first index that knows a name is the last one asked."""
    return strategy is IndexStrategy.FIRST_INDEX


def missing_from_status(index: Index, url: str, status: int) -> Missing | None:
    """Return what an HTTP *status* says about a name, None if it is an error (or a page)."""
    if (status >= 400 and status in index.ignore_error_codes) or status == 404:
        return Missing(url, status)
    if status in {401, 403}:
        return Missing(url, status, is_final=True)
    return None
