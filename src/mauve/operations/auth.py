"""Logging in to services and out again, in the text file that mauve shares with uv."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.errors import MauveError
from mauve.network.auth.services import InvalidService, parse_service, service_of_index
from mauve.network.auth.text_store import open_store
from mauve.network.errors import chain
from mauve.network.settings import Credentials
from mauve.network.urls import split_credentials

if TYPE_CHECKING:
    from mauve.network.settings import Authentication

TOKEN_USERNAME = "__token__"  # noqa: S105  # the name that servers know tokens under
"""The user name that goes with a token."""


class ContradictingCredentials(MauveError):
    """Who logs in was said twice, or not in a way that can be used; the text says which."""


class MissingCredential(MauveError):
    """Something of the credentials was not given; the text says what."""


class NoSuchLogin(MauveError):
    """Nobody to log out."""

    def __init__(self, shown: str) -> None:
        """Name the service as the user sees it."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"No matching entry found for `{self.shown}`"


class UnknownCredentials(MauveError):
    """The store has nothing for a service."""

    def __init__(self, shown: str) -> None:
        """Name the service as the user sees it."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to fetch credentials for `{self.shown}`"


class MissingToken(MauveError):
    """The store knows a user name for a service, and no password."""

    def __init__(self, shown: str) -> None:
        """Name the service as the user sees it."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"No token found for `{self.shown}`"


class NoSystemStore(MauveError):
    """The store of the operating system was asked for (`native-auth`), and mauve has none."""

    def __init__(self, url: str | None = None) -> None:
        """Name the service whose credentials should have been removed, if that was it."""
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        """Return the message in uv's words for a machine without one."""
        if self.url is not None:
            return f"Unable to remove credentials for `{self.url}`"
        return "Platform secure storage failure"


class InvalidServiceName(MauveError):
    """A text that names no service; the cause says why."""

    def __init__(self, text: str, reason: str) -> None:
        """Take what was typed, and what is wrong with it."""
        super().__init__(text, reason)
        self.text = text
        self.reason = reason

    def __str__(self) -> str:
        """Return the reason."""
        return self.reason


def service_named(text: str) -> str:
    """Return the URL of the service that *text* names.

    Raises:
        InvalidServiceName: it names none.
    """
    try:
        return parse_service(text)
    except InvalidService as error:
        raise InvalidServiceName(text, str(error)) from error


def without_system_store(removing: str | None = None) -> NoSystemStore:
    """Return the error for who wants the store of the operating system, perhaps for *removing* a service from it."""
    reason = "no secret service provider or dbus session found"
    lines = (reason,) if removing is None else ("Platform secure storage failure", reason)
    error = NoSystemStore(removing)
    error.__cause__ = chain(lines)
    return error


def password_of(service: str, password: str | None) -> str | None:
    """Return the password in the URL of *service*, or *password*.

    Raises:
        ContradictingCredentials: there are both.
    """
    _, given = split_credentials(service)
    if given is None or given.password is None:
        return password
    if password is not None:
        raise ContradictingCredentials("Cannot specify a password both via the URL and CLI")
    return given.password


def username_of(service: str, username: str | None) -> str | None:
    """Return who is meant by the URL of *service* and by *username*; None if neither says it.

    Raises:
        ContradictingCredentials: both do.
        MissingCredential: *username* is empty.
    """
    _, given = split_credentials(service)
    if given is None or not given.username:
        if username == "":
            raise MissingCredential("Username cannot be empty")
        return username
    if username is not None:
        raise ContradictingCredentials(
            f"Cannot specify a username both via the URL and CLI; found `--username {username}` and `{given.username}`"
        )
    return given.username


def shown_service(service: str, username: str | None) -> str:
    """Return how messages name *service*: without password, with *username* in front."""
    return _with_user(service_of_index(split_credentials(service)[0]), username)


def _with_user(plain: str, username: str | None) -> str:
    return plain if username in (None, TOKEN_USERNAME) else f"{username}@{plain}"


def log_in(folder: str, service: str, username: str, password: str) -> None:
    """Store *password* for *username* at *service*.

    Raises:
        MissingCredential: either is empty.
        InvalidStore, UnreadableFile: what is stored already cannot be read.
    """
    if not username:
        raise MissingCredential("Username cannot be empty")  # typed at the prompt
    if not password:
        raise MissingCredential("Password cannot be empty")
    with open_store(folder) as store:
        store.insert(service_of_index(service), Credentials(username, password))
        store.write()


def log_out(folder: str, service: str, username: str | None) -> None:
    """Remove what is stored for *username* (by default, the token) at exactly this *service*, as it was logged in.

    Raises:
        NoSuchLogin: nothing is.
    """
    with open_store(folder) as store:
        if not store.remove(service_of_index(service), username or TOKEN_USERNAME):
            raise NoSuchLogin(shown_service(service, username))
        store.write()


def read_token(folder: str, service: str, username: str | None) -> str:
    """Return the password of *username* (by default, the token) at *service* or above it.

    Raises:
        UnknownCredentials, MissingToken: there is none.
        AmbiguousCredentials: there are several.
    """
    plain = service_of_index(split_credentials(service)[0])
    with open_store(folder) as store:
        found = store.find(plain, username or TOKEN_USERNAME)
    if not isinstance(found, Credentials):
        raise UnknownCredentials(_with_user(split_credentials(service)[0], username))
    if found.password is None:
        raise MissingToken(shown_service(service, username))
    return found.password


def find_for(folder: str, url: str) -> Authentication | None:
    """Return what is stored for *url*, whose user name counts and whose password does not.

    Raises:
        AmbiguousCredentials: there is more than one user.
    """
    plain, given = split_credentials(url)
    with open_store(folder) as store:
        return store.find(plain, "" if given is None else given.username)
