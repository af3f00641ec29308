"""Asking an index about a name, with validation of what is stored."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mauve.distributions.index import IndexFormat
from mauve.index.flat import MissingFindLinks, UnreadableFindLinks
from mauve.index.listing import UnreadablePage
from mauve.index.rows import InvalidPage, RowKind
from mauve.index.simple import ACCEPTED, JSON_TYPE, UnknownContentType, cut_page
from mauve.index.strategy import Missing, missing_from_status
from mauve.network.cache_policy import Freshness, lifetime
from mauve.network.errors import (
    FetchError,
    MissingFile,
    RetriesExhausted,
    UnexpectedStatus,
    UnsupportedContentType,
    chain,
    status_of,
    unexpected_status,
)
from mauve.network.urls import mask, split_credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.distributions.index import Index
    from mauve.index.listing import StoredListing
    from mauve.index.rows import Page
    from mauve.index.storage import ListingStore, StoredPage
    from mauve.network.cache_policy import CacheUse
    from mauve.network.client import Answer, Client
    from mauve.standards.names import PackageName


class Registry:
    """Fetches listings from indexes over the network; lives in the event loop."""

    def __init__(
        self, client: Client, store: ListingStore, use: CacheUse, *, now: Callable[[], float] = time.time
    ) -> None:
        """Ask through *client* and keep the answers in *store*."""
        self._client = client
        self._store = store
        self._use = use
        self._now = now

    def read_stored(self, index: Index, name: PackageName) -> StoredPage | None:
        """Return what is stored, fresh or not."""
        return self._store.read(index, name)

    async def fetch_listing(
        self, index: Index, name: PackageName, stored: StoredPage | None
    ) -> StoredListing | Missing:
        """Return what *index* publishes about *name*.

        Args:
            index: with the simple API.
            name: of the package.
            stored: an answer that is no longer fresh; used again if the index says that it still holds.

        Raises:
            MauveError: the index cannot be reached, or answers something that is not a page.
        """
        if index.format is not IndexFormat.SIMPLE:
            raise ValueError(index.format)
        headers = {"Accept": ACCEPTED}
        if stored is not None:
            if stored.listing.etag:
                headers["If-None-Match"] = stored.listing.etag
            if stored.listing.last_modified:
                headers["If-Modified-Since"] = stored.listing.last_modified
        if self._use.must_refresh(name):
            headers["Cache-Control"] = "no-cache"
        url = _page_url(index.url, name)
        try:
            answer = await self._client.fetch(url, headers)
        except (UnexpectedStatus, RetriesExhausted) as error:
            # A status that may pass was waited for; now it is one like any other.
            code = status_of(error)
            if code is None or code not in index.ignore_error_codes:
                raise
            return Missing(split_credentials(index.url)[0], code)
        freshness = Freshness(int(self._now()), lifetime(answer.headers, index.cache_control_api))
        if answer.status == 304 and stored is not None:
            self._client.statistics.not_modified += 1
            self._store.renew(stored.listing, freshness)
            return stored.listing
        missing = missing_from_status(index, split_credentials(index.url)[0], answer.status)
        if missing is not None:
            return missing
        return self._keep(index, name, answer, freshness)

    async def fetch_flat_page(self, index: Index) -> Page:
        """Return the files linked from the page at the URL of *index*, of all names.

        Raises:
            MauveError: it cannot be fetched.
        """
        from mauve.index.html_pages import cut_html_page

        try:
            answer = await self._client.fetch(index.url, {"Accept": "text/html"})
            if answer.status >= 400:
                raise unexpected_status(answer.url, answer.status)
            return cut_html_page(answer.body, answer.url)
        except (FetchError, RetriesExhausted) as error:
            # Of an index that is declared as a page of links it is expected that there may be none.
            is_missing = isinstance(error, MissingFile) and index.name is not None
            kind = MissingFindLinks if is_missing else UnreadableFindLinks
            raise kind(mask(index.url), is_url=True) from error
        except InvalidPage as error:
            page = UnreadablePage(answer.url, RowKind.HTML)
            page.__cause__ = chain(error.args)
            raise MissingFindLinks(mask(index.url), is_url=True) from page

    def _keep(self, index: Index, name: PackageName, answer: Answer, freshness: Freshness) -> StoredListing:
        if answer.status >= 400:
            raise UnexpectedStatus(answer.url, answer.status)
        page = _parse(answer)
        return self._store.write(
            index,
            name,
            page,
            freshness,
            etag=answer.headers.get("etag", ""),
            last_modified=answer.headers.get("last-modified", ""),
        )


def _page_url(index_url: str, name: PackageName) -> str:
    """Return where an index has its page on *name*: a query stays behind it, a fragment is not sent."""
    base, question, query = index_url.partition("#")[0].partition("?")
    return f"{base.removesuffix('/')}/{name}/{question}{query}"


def _parse(answer: Answer) -> Page:
    content_type = answer.headers.get("content-type", "")
    try:
        return cut_page(answer.body, content_type, answer.url)
    except UnknownContentType:
        raise UnsupportedContentType(content_type.partition(";")[0].strip(), answer.url) from None
    except InvalidPage as error:
        kind = RowKind.JSON if content_type.startswith(JSON_TYPE) else RowKind.HTML
        raise UnreadablePage(answer.url, kind) from chain(error.args)
