"""The version file that has a say: `.python-version` in the folder, above it, or in the user's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.python.pins import find_version_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.operations.context import Services
    from mauve.python.pins import VersionFile
    from mauve.python.request import PythonRequest


def heeded_version_file(
    directory: str,
    services: Services,
    warn: Callable[[str], None],
    *,
    stop_at: str | None = None,
    no_config: bool = False,
) -> VersionFile | None:
    """Return the version file for *directory*, None if there is none or *no_config* keeps them from having a say.

    Args:
        directory: where the search starts, upwards.
        services: of the run.
        warn: told about lines that are passed over.
        stop_at: the last folder to look into.
        no_config: `--no-config`.
    """
    if no_config:
        return None
    user_directory = services.user_directory
    found = find_version_file(
        directory, stop_at=stop_at, user_directory=user_directory, parse=services.discovery.parse_request
    )
    if found is not None:
        tell_ignored(found, warn)
    return found


def wanted_python(
    requested: str | None,
    directory: str,
    services: Services,
    warn: Callable[[str], None],
    *,
    no_config: bool = False,
) -> PythonRequest | None:
    """Return what is asked for outside of projects: by the user, else by a version file; None if nobody cares."""
    if requested is not None:
        return services.discovery.parse_request(requested)
    pinned = heeded_version_file(directory, services, warn, no_config=no_config)
    return None if pinned is None else pinned.request


def tell_ignored(file: VersionFile, warn: Callable[[str], None]) -> None:
    """Warn of the lines of *file* that no version file may have."""
    for line in file.ignored:
        warn(f"Ignoring unsupported Python request `{line}` in version file: {file.path}")
