"""Which credentials go with which request.

Those in the URL come first, then those that are known of where it begins (configured for an index, or found before).
A request that nothing is known of is sent plain; after a refusal the places that cost more are asked: the server's
other credentials, netrc, the store of `auth login`, the keyring. An index with `authenticate = "always"` is asked
nothing plain, one with `"never"` gets nothing that is not in its URL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from mauve.distributions.index import AuthPolicy
from mauve.network.auth.keyring import find_in_keyring
from mauve.network.auth.known import KnownCredentials
from mauve.network.auth.netrc import find_in_netrc
from mauve.network.urls import index_root, is_below, path_of, realm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mauve.network.settings import Authentication, Credentials, IndexAccess, NetworkSettings

REFUSALS = frozenset({401, 403, 404})
"""Answers after which a request without credentials is repeated with some; private servers say 404 too."""


class _Known:
    """An index with the part of its server that it covers."""

    __slots__ = ("access", "path", "root", "server")

    def __init__(self, access: IndexAccess) -> None:
        self.access = access
        self.root = index_root(access.url) or access.url
        self.server = realm(self.root)
        self.path = path_of(self.root)


class Authenticator:
    """Finds credentials; remembers what it found for the rest of the run. Belongs to one event loop.

    `_guarded` are servers that refused a plain request for something outside of all indexes.
    """

    def __init__(
        self,
        settings: NetworkSettings,
        *,
        keyring: Callable[[Sequence[str], str | None], Credentials | None] = find_in_keyring,
    ) -> None:
        """Use the indexes, the netrc file, the store and the keyring of *settings*."""
        self._indexes = [_Known(access) for access in settings.indexes]
        self._netrc = settings.netrc
        self._store = settings.credential_store
        self._keyring = keyring if settings.keyring else None
        self._known = KnownCredentials()
        self._guarded: set[str] = set()
        self._searched: dict[tuple[str, str], Authentication | None] = {}
        self._searching: dict[tuple[str, str], anyio.Lock] = {}
        for known in self._indexes:
            if known.access.credentials is not None:
                self._known.add(known.root, known.access.credentials)

    def policy(self, url: str) -> AuthPolicy:
        """Return when credentials are looked up for *url*."""
        index = self._index(url)
        return AuthPolicy.AUTO if index is None else index.access.policy

    def first(self, url: str) -> Authentication | None:
        """Return what the first request for *url* carries, perhaps only a user name."""
        known = self._known.of_url(url)
        if known is None and self._guarded and self._index(url) is None and realm(url) in self._guarded:
            known = self._known.of_server(url)
            return known if known is not None and known.is_complete else None
        return known

    async def complete(self, url: str, given: Credentials) -> Authentication:
        """Return credentials with the user name *given* in the URL; what was given, if there are none."""
        index = self._index(url)
        username = given.username
        if index is not None:
            found = self._known.of_url(index.access.url, username)
        else:
            found = self._known.of_server(url, username)
        found = found or self._known.of_url(url, username) or await self._search(url, index, username)
        return found or (self._known.of_server(url, username) if index is not None else None) or given

    async def after_refusal(self, url: str, tried: Authentication | None) -> Authentication | None:
        """Return what to try after the server refused *tried*, if there is anything."""
        index = self._index(url)
        username = "" if tried is None else tried.username
        found = None if index is None else self._known.of_url(index.access.url, username)
        found = found or self._known.of_server(url, username)
        if found is not None and found.is_complete:
            if index is None:
                self._guarded.add(realm(url))
            return found
        username = username if found is None else found.username
        searched = await self._search(url, index, username)
        if searched is not None:
            return searched
        return found if tried is None else None

    def accept(self, url: str, credentials: Authentication) -> None:
        """Remember that *credentials* opened *url*: they are tried on the index, and on its files if it was one."""
        index = self._index(url)
        if index is None:
            self._known.add(url, credentials)
        else:
            is_page = is_below(path_of(url), path_of(index.access.url))
            self._known.add(index.access.url if is_page else index.root, credentials)

    def _index(self, url: str) -> _Known | None:
        if not self._indexes:
            return None
        server = path = None
        for index in self._indexes:
            if server is None:
                server, path = realm(url), path_of(url)
            if index.server == server and path is not None and is_below(path, index.path):
                return index
        return None

    async def _search(self, url: str, index: _Known | None, username: str) -> Authentication | None:
        """Look at the places that cost more, once for each index (or server) and user name."""
        key = (realm(url) if index is None else index.access.url, username)
        if key in self._searched:
            return self._searched[key]
        async with self._searching.setdefault(key, anyio.Lock()):
            if key not in self._searched:
                self._searched[key] = await anyio.to_thread.run_sync(self._look, url, index, username)
        return self._searched[key]

    def _look(self, url: str, index: _Known | None, username: str) -> Authentication | None:
        from urllib.parse import urlsplit

        if self._netrc is not None:
            found = find_in_netrc(self._netrc, urlsplit(url).hostname or "")
            if found is not None and username in ("", found.username):
                return found
        if self._store is not None:
            from mauve.network.auth.text_store import find_in_store

            stored = find_in_store(self._store, url, username)
            if stored is not None:
                return stored
        if self._keyring is None or not (username or (index is not None and self.policy(url) is AuthPolicy.ALWAYS)):
            # The program is slow: it is asked about somebody, or where credentials are demanded.
            return None
        parts = urlsplit(url)
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""
        service = url if index is None else index.access.url
        return self._keyring((service, host, realm(url)), username or None)
