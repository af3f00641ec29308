"""`file:` URLs and paths, without `urllib.request`, whose import takes longer than a whole warm lock may."""

from __future__ import annotations

import os


def file_url(path: str) -> str:
    """Return the `file:` URL of an absolute *path*."""
    from urllib.parse import quote

    if os.name == "nt":
        drive, rest = os.path.splitdrive(path)
        return (
            f"file:///{drive}{quote(rest.replace(os.sep, '/'))}"
            if drive
            else f"file://{quote(rest.replace(os.sep, '/'))}"
        )
    return f"file://{quote(path)}"


def file_path(url: str) -> str:
    """Return the path of a `file:` URL; its server, if it names one, is passed over."""
    from urllib.parse import unquote

    rest = url.removeprefix("file:")
    if rest.startswith("//"):
        _, slash, rest = rest[2:].partition("/")
        rest = slash + rest
    path = unquote(rest.partition("#")[0].partition("?")[0])
    # `/C:/folder` on Windows.
    return path[1:] if len(path) > 2 and path[0] == "/" and path[2] == ":" else path
