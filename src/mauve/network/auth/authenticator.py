"""Which credentials go with which request.

Order: those of the URL, those configured for the index, those that worked in this run, netrc, keyring. A request
without known credentials is sent plain first; only after a refusal are the slower places asked.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mauve.distributions.index import AuthPolicy
from mauve.network.auth.keyring import find_in_keyring
from mauve.network.auth.netrc import find_in_netrc
from mauve.network.settings import Credentials
from mauve.network.urls import realm

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.network.settings import IndexAccess, NetworkSettings

REFUSALS = frozenset({401, 403, 404})
"""Answers after which a request without credentials is repeated with some; private servers say 404 too."""


class Authenticator:
    """Finds credentials; remembers what it found for the rest of the run, by server."""

    def __init__(
        self,
        settings: NetworkSettings,
        *,
        keyring: Callable[[str, str | None], Credentials | None] = find_in_keyring,
    ) -> None:
        """Use the indexes, the netrc file and the keyring of *settings*."""
        # Longest first: an index below another one has its own rules.
        self._indexes = sorted(settings.indexes, key=lambda access: len(access.url), reverse=True)
        self._netrc = settings.netrc
        self._keyring = keyring if settings.keyring else None
        # Files of an index are often beside its pages and not below them: the whole server is known from the start.
        self._known = {
            realm(access.url): access.credentials
            for access in settings.indexes
            if access.credentials is not None and access.credentials.password is not None
        }
        self._searched: dict[tuple[str, str | None], Credentials | None] = {}

    def policy(self, url: str) -> AuthPolicy:
        """Return when credentials are looked up for *url*."""
        access = self._access(url)
        return AuthPolicy.AUTO if access is None else access.policy

    def known(self, url: str, given: Credentials | None) -> Credentials | None:
        """Return the credentials to send with the first request; *given* are those in its URL."""
        if given is not None and given.password is not None:
            self._known[realm(url)] = given
            return given
        access = self._access(url)
        configured = None if access is None else access.credentials
        username = given.username if given is not None else None
        for found in (configured, self._known.get(realm(url))):
            if found is not None and (username is None or found.username == username) and found.password is not None:
                return found
        return None

    def search(self, url: str, given: Credentials | None) -> Credentials | None:
        """Return credentials from netrc or keyring, or a bare user name with an empty password. May block."""
        username = given.username if given is not None else None
        access = self._access(url)
        if username is None and access is not None and access.credentials is not None:
            username = access.credentials.username
        service = access.url if access is not None else realm(url)
        key = (service, username)
        if key not in self._searched:
            self._searched[key] = self._search(url, service, username)
        found = self._searched[key]
        if found is None and username is not None:
            return Credentials(username, "")
        return found

    def accept(self, url: str, credentials: Credentials) -> None:
        """Remember that *credentials* opened *url*."""
        self._known[realm(url)] = credentials

    def _access(self, url: str) -> IndexAccess | None:
        for access in self._indexes:
            start = access.url.rstrip("/")
            if url == start or url.startswith(f"{start}/"):
                return access
        return None

    def _search(self, url: str, service: str, username: str | None) -> Credentials | None:
        host = urlsplit(url).hostname or ""
        if self._netrc is not None:
            found = find_in_netrc(self._netrc, host)
            if found is not None and (username is None or found.username == username):
                return found
        if self._keyring is None:
            return None
        if username is None:
            return self._keyring(service, None) if self.policy(url) is AuthPolicy.ALWAYS else None
        port = urlsplit(url).port
        for place in (service, f"{host}:{port}" if port else host, realm(url)):
            found = self._keyring(place, username)
            if found is not None:
                return found
        return None


def basic(credentials: Credentials) -> str:
    """Return the value of `Authorization`."""
    text = f"{credentials.username}:{credentials.password or ''}"
    return f"Basic {b64encode(text.encode()).decode()}"
