"""What the commands of `auth` have in common: reading a service, finding the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.config.declare import UsageError

if TYPE_CHECKING:
    from mauve.cli.session import Session


def typed_service(text: str) -> str:
    """Return the URL of the service that was typed.

    Raises:
        UsageError: it is none.
    """
    from mauve.operations.auth import InvalidServiceName, service_named

    try:
        return service_named(text)
    except InvalidServiceName as error:
        raise UsageError(f"invalid value '{text}' for '<SERVICE>': {error}", show_usage=False) from error


def store_folder(session: Session, *, removing: str | None = None) -> str:
    """Return the folder of the store; *removing* names the service that is to be logged out of, for the error.

    Raises:
        NoSystemStore: the user wants the store of the operating system.
    """
    settings = session.settings
    if settings.previews("native-auth"):
        from mauve.operations.auth import without_system_store

        raise without_system_store(removing)
    folder = settings.network.credential_store
    if folder is None:
        raise ValueError(folder)
    return folder
