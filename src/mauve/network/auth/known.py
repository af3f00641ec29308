"""The credentials of a run as far as they are known: by where URLs begin, and by server.

What opened a URL is also good for what is below it. Of a whole server it is only a guess, since several indexes may
share one, so it is asked for separately.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.network.urls import is_below, path_of, realm

if TYPE_CHECKING:
    from mauve.network.settings import Authentication


class KnownCredentials:
    """Starts as empty; whoever learns something adds it.

    `_below` holds paths and credentials by server, the longest path first; `_servers` the first credentials of each
    server and user name ("" for any).
    """

    __slots__ = ("_below", "_servers")

    def __init__(self) -> None:
        """Know nothing."""
        self._below: dict[str, list[tuple[str, Authentication]]] = {}
        self._servers: dict[tuple[str, str], Authentication] = {}

    def add(self, url: str, credentials: Authentication) -> None:
        """Remember that *credentials* are those of *url* and of what is below it."""
        server, path = realm(url), path_of(url)
        known = [entry for entry in self._below.get(server, ()) if entry[0] != path]
        known.append((path, credentials))
        known.sort(key=lambda entry: len(entry[0]), reverse=True)
        self._below[server] = known
        for username in {credentials.username, ""}:
            before = self._servers.get((server, username))
            if before is None or credentials.is_complete or not before.is_complete:
                self._servers[server, username] = credentials

    def of_url(self, url: str, username: str = "") -> Authentication | None:
        """Return what is known of the start of *url*; with a *username*, only credentials that are complete."""
        if not self._below:
            return None
        path = path_of(url)
        for start, credentials in self._below.get(realm(url), ()):
            if is_below(path, start):
                if not username:
                    return credentials
                return credentials if credentials.username == username and credentials.is_complete else None
        return None

    def of_server(self, url: str, username: str = "") -> Authentication | None:
        """Return what is known of the server of *url*."""
        return self._servers.get((realm(url), username)) if self._servers else None
