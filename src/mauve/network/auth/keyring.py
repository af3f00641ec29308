"""Credentials from the `keyring` program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.network.settings import Credentials

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECONDS = 60


def find_in_keyring(services: Sequence[str], username: str | None) -> Credentials | None:
    """Return what `keyring get` prints for the first of *services* that it knows; without a user name, both.

    What the program says on standard error is shown to the user: it may ask to unlock something.
    """
    for service in services:
        found = _ask(service, username)
        if found is not None:
            return found
    return None


def _ask(service: str, username: str | None) -> Credentials | None:
    import subprocess

    command = ["keyring", "get", service]
    command += [username] if username is not None else ["--mode", "creds"]
    try:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    if result.returncode != 0:
        return None
    if username is not None:
        return Credentials(username, result.stdout.rstrip())
    lines = result.stdout.splitlines()
    return Credentials(lines[0], lines[1]) if len(lines) > 1 else None
