"""The text file in which `auth login` keeps credentials, in the form that uv reads and writes.

```toml
[[credential]]
service = "https://packages.example/"
username = "me"
scheme = "basic"
password = "…"
```

Everything happens under a lock beside the file, readers included. Only its owner may read the file.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from mauve.errors import MauveError
from mauve.filesystem.atomic import write_atomically
from mauve.filesystem.locks import file_lock
from mauve.filesystem.text import read_text
from mauve.network.settings import BearerToken, Credentials
from mauve.network.urls import is_below, path_of, realm, split_credentials
from mauve.standards.toml import InvalidToml, described, parse_toml, point_at
from mauve.standards.toml_strings import quote
from mauve.standards.web_urls import InvalidUrl, normalise_url

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from mauve.network.settings import Authentication

FILE_NAME: Final = "credentials.toml"
_PATIENCE: Final = 300.0
"""Seconds that another process may hold the lock."""

_KEYS: Final = ("service", "username", "scheme", "password", "password_file", "token")


class InvalidStore(MauveError):
    """The file is not one that `auth login` wrote; the cause says where."""

    def __init__(self, report: str) -> None:
        """Take the report of the cause."""
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to parse TOML credential file: {self.report}"


class AmbiguousCredentials(MauveError):
    """Several users are logged in to a service, and none was named."""

    def __init__(self, url: str) -> None:
        """Name the *url*."""
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Multiple credentials found for URL `{self.url}`, specify which username to use"


class StoredCredentials(Struct, frozen=True):
    """What is kept for one user of a service; *service* is a URL in its one spelling."""

    service: str
    credentials: Authentication

    @property
    def key(self) -> tuple[str, str]:
        """Return what at most one entry of the file has."""
        return self.service, self.credentials.username


class CredentialStore:
    """The entries of one file, as they were read and changed since."""

    def __init__(self, folder: str, entries: Iterable[StoredCredentials]) -> None:
        """Hold *entries*; use `open_store`."""
        self._folder = folder
        self._entries = {entry.key: entry for entry in entries}

    def find(self, url: str, username: str) -> Authentication | None:
        """Return the credentials of the service that *url* is below, the nearest one; "" is any user.

        Raises:
            AmbiguousCredentials: several users are equally near.
        """
        exact = self._entries.get((url, username))
        if exact is not None:
            return exact.credentials
        server, path = realm(split_credentials(url)[0]), path_of(url)
        near = [
            (len(path_of(entry.service)), entry.credentials)
            for entry in self._entries.values()
            if realm(split_credentials(entry.service)[0]) == server
            and is_below(path, path_of(entry.service))
            and username in ("", entry.credentials.username)
        ]
        if not near:
            return None
        longest = max(length for length, _ in near)
        found = [credentials for length, credentials in near if length == longest]
        if len(found) > 1:
            raise AmbiguousCredentials(url)
        return found[0]

    def insert(self, service: str, credentials: Authentication) -> None:
        """Keep *credentials* as the first, in place of those of the same user."""
        entry = StoredCredentials(service, credentials)
        self._entries = {entry.key: entry, **{key: other for key, other in self._entries.items() if key != entry.key}}

    def remove(self, service: str, username: str) -> bool:
        """Forget a user of exactly this *service*; return whether there was one."""
        return self._entries.pop((service, username), None) is not None

    def write(self) -> None:
        """Replace the file."""
        text = "\n".join([_render(entry) for entry in self._entries.values()]) or "credential = []\n"
        write_atomically(os.path.join(self._folder, FILE_NAME), text, mode=0o600, exact=True)


@contextmanager
def open_store(folder: str) -> Generator[CredentialStore]:
    """Give the store in *folder*, which is made if missing; nobody else has it within the block.

    Raises:
        InvalidStore: the file has another form.
        UnreadableFile: it cannot be read.
        OSError: the lock cannot be had.
    """
    if not os.path.isdir(folder):
        os.makedirs(os.path.dirname(folder) or ".", exist_ok=True)
        os.makedirs(folder, mode=0o700, exist_ok=True)
    path = os.path.join(folder, FILE_NAME)
    with file_lock(f"{path}.lock", timeout=_PATIENCE, mode=0o600):
        yield CredentialStore(folder, parse_store(_read(path)))


def _read(path: str) -> str:
    try:
        return read_text(path)
    except FileNotFoundError:
        return ""


def find_in_store(folder: str, url: str, username: str) -> Authentication | None:
    """Return what the store has for *url*; None also if it cannot be used, which is no reason to end a run."""
    try:
        with open_store(folder) as store:
            return store.find(url, username)
    except (MauveError, OSError):
        return None


def parse_store(text: str) -> tuple[StoredCredentials, ...]:
    """Return the entries of a file with this *text*; what else it holds is passed over.

    Raises:
        InvalidStore: it is not TOML, or an entry lacks something.
    """
    try:
        rows = parse_toml(text).get("credential", [])
        if not isinstance(rows, list):
            raise point_at(text, ("credential",), f"invalid type: {described(rows)}, expected a sequence")
        return tuple([_entry(text, place, row) for place, row in enumerate(rows)])
    except InvalidToml as error:
        raise InvalidStore(str(error)) from error


def _entry(text: str, place: int, row: Any) -> StoredCredentials:
    at = ("credential", place)
    if not isinstance(row, dict):
        raise point_at(text, at, f"invalid type: {described(row)}, expected struct TextCredentialWire")
    for key in _KEYS:
        value = row.get(key, "")
        if not isinstance(value, str):
            wanted = {"service": "expected a string representing an URL"}.get(key, "expected a string")
            reason = "wanted string or table" if key == "scheme" else f"invalid type: {described(value)}, {wanted}"
            raise point_at(text, (*at, key), reason)
    if "service" not in row:
        raise point_at(text, at, "missing field `service`")
    try:
        service = normalise_url(row["service"])
    except InvalidUrl as error:
        raise point_at(text, (*at, "service"), f'{error}: "{row["service"]}"') from error
    scheme, username = row.get("scheme", "basic"), row.get("username")
    if scheme == "bearer":
        for key in ("username", "password"):
            if key in row:
                raise point_at(text, at, f"`{key}` cannot be provided with `scheme = bearer`")
        if "token" not in row:
            raise point_at(text, at, "`token` is required with `scheme = bearer`")
        return StoredCredentials(service, BearerToken(row["token"]))
    if scheme != "basic":
        raise point_at(text, (*at, "scheme"), f"unknown variant `{scheme}`, expected `basic` or `bearer`")
    if username is None:
        raise point_at(text, at, "`username` is required with `scheme = basic`")
    if "token" in row:
        raise point_at(text, at, "`token` cannot be provided with `scheme = basic`")
    return StoredCredentials(service, Credentials(username, row.get("password")))


def _render(entry: StoredCredentials) -> str:
    lines = ["[[credential]]", f"service = {quote(entry.service)}"]
    credentials = entry.credentials
    if isinstance(credentials, BearerToken):
        lines += ['scheme = "bearer"', f"token = {quote(credentials.value)}"]
    else:
        lines += [f"username = {quote(credentials.username)}", 'scheme = "basic"']
        if credentials.password is not None:
            lines.append(f"password = {quote(credentials.password)}")
    return "\n".join(lines) + "\n"
