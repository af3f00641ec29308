"""Credentials from a netrc file."""

from __future__ import annotations

from mauve.network.settings import Credentials


def find_in_netrc(path: str, host: str) -> Credentials | None:
    """Return what the file at *path* says about *host* (or its default entry); None without file or entry.

    A file that cannot be parsed is passed over: it belongs to other programs too.
    """
    import netrc

    try:
        entry = netrc.netrc(path).authenticators(host)
    except (OSError, netrc.NetrcParseError, UnicodeDecodeError):
        return None
    if entry is None or not entry[2]:
        return None
    return Credentials(entry[0] or "", entry[2])
