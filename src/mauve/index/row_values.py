"""What the rows of an index page say about a file, as values: digests, locations, times."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mauve.standards.hashes import HashDigest, published_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def digests_of(pairs: Iterable[tuple[str, str | None]]) -> tuple[HashDigest, ...]:
    """Return the digests in *pairs* of algorithm and text, but for those of algorithms that are not known.

    Raises:
        InvalidDigest: a text is no digest.
    """
    found = [published_digest(algorithm, digest) for algorithm, digest in pairs if digest is not None]
    return tuple([digest for digest in found if digest is not None])


def absolute_url(base: str, url: str) -> str:
    """Return *url* as it is meant on a page at *base*, without its fragment."""
    if not url.startswith(("https://", "http://")):
        if url.startswith("/") and "//" not in url and "/." not in url:
            # A tenth of the cost of the general case, which takes longer than all else about a file.
            scheme, _, rest = base.partition("://")
            url = f"{scheme}://{rest.partition('/')[0]}{url}"
        else:
            from urllib.parse import urljoin

            url = urljoin(base, url)
    return url if "#" not in url else url.partition("#")[0]


@cache
def _clock() -> Callable[[str], int]:
    from datetime import UTC, datetime, timedelta

    epoch, millisecond, parse = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1), datetime.fromisoformat

    def read(text: str) -> int:
        moment = parse(text)
        return ((moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment) - epoch) // millisecond

    return read


def milliseconds(text: str) -> int | None:
    """Return the ISO 8601 time *text* (UTC unless it says otherwise) as milliseconds since the epoch; cut, not rounded.

    None if it is not a time.
    """
    try:
        return _clock()(text)
    except ValueError:
        return None
