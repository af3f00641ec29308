"""Login to a service."""

from __future__ import annotations

import sys

from mauve.cli.services import store_folder, typed_service
from mauve.cli.session import Session
from mauve.config.arguments.auth import HiddenAuthArgs
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, argument, value
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus


class LoginArgs(ArgumentGroup, title="Options"):
    """Options of `auth login`."""

    service: str = argument("SERVICE", required=True, help="The domain or URL of the service to log into")
    username: str | None = value("-u", "--username", help="The username to use for the service")
    password: str | None = value("--password", help="The password to use for the service")
    token: str | None = value("-t", "--token", help="The token to use for the service")


def login(chosen: LoginArgs, hidden: HiddenAuthArgs, cache: CacheArgs, python: PythonArgs, shared: GlobalArgs) -> int:
    """Store credentials, asking for what was not given if somebody is there to answer."""
    del hidden
    service = typed_service(chosen.service)
    session = Session.start(shared, cache, python)
    from mauve.operations.auth import log_in, shown_service

    username = _username(service, chosen)
    password = _password(service, chosen)
    log_in(store_folder(session), service, username, password)
    printer = session.printer
    shown = printer.style.bold(printer.style.cyan(shown_service(service, username)))
    printer.note(f"Stored credentials for {shown}")
    return ExitStatus.SUCCESS


def _username(service: str, chosen: LoginArgs) -> str:
    from mauve.operations.auth import TOKEN_USERNAME, ContradictingCredentials, MissingCredential, username_of

    username = username_of(service, chosen.username)
    if chosen.token is not None:
        if username not in (None, TOKEN_USERNAME):
            raise ContradictingCredentials(
                f"When using `--token`, a username cannot not be provided; found: {username}"
            )
        return TOKEN_USERNAME
    if username is not None:
        return username
    if not sys.stderr.isatty():
        raise MissingCredential("No username provided; did you mean to provide `--username` or `--token`?")
    sys.stderr.write("username: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _password(service: str, chosen: LoginArgs) -> str:
    from mauve.operations.auth import MissingCredential, password_of

    typed = password_of(service, chosen.password) if chosen.token is None else chosen.token
    if typed == "-":
        return sys.stdin.readline().strip()
    if typed is not None:
        return typed
    if not sys.stderr.isatty():
        raise MissingCredential("No password provided; did you mean to provide `--password` or `--token`?")
    from getpass import getpass

    return getpass("password: ", stream=sys.stderr)


command = declare_command(
    "auth login",
    "Login to a service",
    LoginArgs,
    HiddenAuthArgs,
    CacheArgs,
    PythonArgs,
    GlobalArgs,
    conflicts=(("token", "username"), ("token", "password")),
)(login)
