"""Files that are given by an address: scripts that are run from there, and lists of requirements."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

from mauve.distributions.index import IndexLocations
from mauve.errors import MauveError
from mauve.network.errors import FetchError, NetworkFailure, OfflineError, RetriesExhausted, unexpected_status
from mauve.operations.context import Services

if TYPE_CHECKING:
    from mauve.network.client import Answer, Client

_FAILING = 400


class RemoteScriptFailure(MauveError):
    """A script could not be fetched after several tries; the cause says why."""

    def __init__(self, retries: int) -> None:
        """Count the further tries."""
        super().__init__(retries)
        self.retries = retries

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Request failed after {self.retries} {'retry' if self.retries == 1 else 'retries'}"


class RemoteRequirementsFailure(MauveError):
    """A list of requirements could not be fetched; the cause says why."""

    def __init__(self, url: str) -> None:
        """Name the address."""
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Error while accessing remote requirements file: {self.url}"


class RemoteWithoutNetwork(MauveError):
    """A file is at an address, and the network may not be used."""

    def __init__(self, url: str, *, is_script: bool) -> None:
        """Name the address, and say what it is."""
        super().__init__(url, is_script)
        self.url = url
        self.is_script = is_script

    def __str__(self) -> str:
        """Return the message in uv's words."""
        what = (
            "the requested data wasn't found in the cache"
            if self.is_script
            else "a remote requirements file was requested"
        )
        return f"Network connectivity is disabled, but {what}: {self.url}"


def fetch_requirements(url: str, services: Services) -> str:
    """Return the text at *url*; what is no UTF-8 in it is replaced.

    Raises:
        RemoteRequirementsFailure: it cannot be had.
        RemoteWithoutNetwork: the network may not be used.
    """
    try:
        return _fetch(url, services).decode(errors="replace")
    except OfflineError:
        raise RemoteWithoutNetwork(url, is_script=False) from None
    except (FetchError, RetriesExhausted) as error:
        raise RemoteRequirementsFailure(url) from _reason(error)


def download_script(url: str, services: Services) -> str:
    """Write what is at *url* to a new temporary file that is named after it, and return the path.

    Raises:
        MauveError: it cannot be had.
    """
    import tempfile
    from urllib.parse import urlsplit

    try:
        content = _fetch(url, services)
    except OfflineError:
        raise RemoteWithoutNetwork(url, is_script=True) from None
    except RetriesExhausted as error:
        raise RemoteScriptFailure(error.retries) from _reason(error)
    stem = os.path.splitext(urlsplit(url).path.rpartition("/")[2])[0] or "script"
    number, path = tempfile.mkstemp(prefix=stem, suffix=".py")
    with open(number, "wb") as file:
        file.write(content)
    return path


def _fetch(url: str, services: Services) -> bytes:
    async def work(client: Client) -> Answer:
        return await client.fetch(url, {"Accept": "*/*"})

    # Its own network: that of the run will know the credentials of the indexes, which are not known here yet.
    with closing(Services(services.settings, services.directory, services.environment)) as own:
        answer = own.network(IndexLocations()).run(work)
    if answer.status >= _FAILING:
        raise unexpected_status(url, answer.status)
    return answer.body


def _reason(error: BaseException) -> BaseException | None:
    """Return what went wrong on the wire."""
    found: BaseException | None = error
    while found is not None and not isinstance(found, NetworkFailure):
        found = found.__cause__
    return found
