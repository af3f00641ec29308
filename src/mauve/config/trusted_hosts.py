"""Hosts whose certificates are not checked (`--allow-insecure-host`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class InvalidTrustedHost(ValueError):
    """A text that names no host; `str()` says why."""

    def __init__(self, text: str, reason: str) -> None:
        """Take what was written, and what is wrong with it."""
        super().__init__(reason)
        self.text = text


def parse_trusted_host(text: str) -> str | None:
    """Return `host`, `host:port` or `*` for every host; None for a host that is meant without encryption.

    Raises:
        InvalidTrustedHost: the port is no number.
    """
    if text == "*":
        return text
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in ("http", "https"):
        scheme, rest = "https", text
    host, colon, port = rest.partition(":")
    host = host.partition("/")[0]
    if colon and not (port.isdecimal() and int(port) < 1 << 16):
        raise InvalidTrustedHost(text, f"invalid port for `--trusted-host`: `{rest}`")
    if scheme == "http":
        return None
    return f"{host}:{int(port)}" if colon else host


def trusted_hosts(texts: Iterable[str]) -> tuple[str, ...]:
    """Return every host that *texts* name.

    Raises:
        InvalidTrustedHost: one names none.
    """
    return tuple([host for text in texts if (host := parse_trusted_host(text)) is not None])
