"""Logout of a service."""

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


class LogoutArgs(ArgumentGroup, title="Options"):
    """Options of `auth logout`."""

    service: str = argument("SERVICE", required=True, help="The domain or URL of the service to logout from")
    username: str | None = value("-u", "--username", help="The username to logout")


def logout(chosen: LogoutArgs, hidden: HiddenAuthArgs, cache: CacheArgs, python: PythonArgs, shared: GlobalArgs) -> int:
    """Remove the credentials of one user."""
    del hidden
    service = typed_service(chosen.service)
    session = Session.start(shared, cache, python)
    from mauve.operations.auth import log_out, shown_service, username_of

    username = username_of(service, chosen.username)
    shown = shown_service(service, username)
    log_out(store_folder(session, removing=shown), service, username)
    printer = session.printer
    printer.note(f"Removed credentials for {printer.style.bold(printer.style.cyan(shown))}")
    return ExitStatus.SUCCESS


command = declare_command(
    "auth logout", "Logout of a service", LogoutArgs, HiddenAuthArgs, CacheArgs, PythonArgs, GlobalArgs
)(logout)
