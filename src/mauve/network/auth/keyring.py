"""Credentials from the `keyring` program."""

from __future__ import annotations

from mauve.network.settings import Credentials

_SECONDS = 60


def find_in_keyring(service: str, username: str | None) -> Credentials | None:
    """Return what `keyring get` prints for *service*; without a user name it is asked for both. None on failure."""
    import subprocess

    command = ["keyring", "get", service]
    command += [username] if username is not None else ["--mode", "creds"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = result.stdout.splitlines()
    if result.returncode != 0 or not lines or not lines[0]:
        return None
    if username is not None:
        return Credentials(username, lines[0])
    return Credentials(lines[0], lines[1]) if len(lines) > 1 else None
