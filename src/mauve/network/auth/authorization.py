"""Credentials as a header field. Pure."""

from __future__ import annotations

from binascii import b2a_base64
from typing import TYPE_CHECKING

from mauve.network.settings import BearerToken

if TYPE_CHECKING:
    from mauve.network.settings import Authentication


def authorization(credentials: Authentication) -> str:
    """Return the value of `Authorization`."""
    if isinstance(credentials, BearerToken):
        return f"Bearer {credentials.value}"
    text = f"{credentials.username}:{credentials.password or ''}"
    return f"Basic {b2a_base64(text.encode(), newline=False).decode()}"
