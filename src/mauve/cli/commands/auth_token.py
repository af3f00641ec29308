"""Show the authentication token for a service."""

from __future__ import annotations

from mauve.cli.services import store_folder, typed_service
from mauve.cli.session import Session
from mauve.config.arguments.auth import HiddenAuthArgs
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, argument, value
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus


class TokenArgs(ArgumentGroup, title="Options"):
    """Options of `auth token`."""

    service: str = argument("SERVICE", required=True, help="The domain or URL of the service to lookup")
    username: str | None = value("-u", "--username", help="The username to lookup")


def show_token(
    chosen: TokenArgs, hidden: HiddenAuthArgs, cache: CacheArgs, python: PythonArgs, shared: GlobalArgs
) -> int:
    """Print the password."""
    del hidden
    service = typed_service(chosen.service)
    session = Session.start(shared, cache, python)
    from mauve.operations.auth import read_token, username_of

    username = username_of(service, chosen.username)
    session.printer.data(f"{read_token(store_folder(session), service, username)}\n")
    return ExitStatus.SUCCESS


command = declare_command(
    "auth token",
    "Show the authentication token for a service",
    TokenArgs,
    HiddenAuthArgs,
    CacheArgs,
    PythonArgs,
    GlobalArgs,
)(show_token)
