"""How the index of a package is named in a result."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from mauve.distributions.sources import RegistrySource

if TYPE_CHECKING:
    from mauve.distributions.index import Index

_FILE: Final = "file://"


def registry_source(index: Index) -> RegistrySource:
    """Return *index* as a source: its URL without credentials, or the path of a local one."""
    url = index.url
    if url.startswith(_FILE):
        from urllib.parse import unquote

        given_absolute = index.given is None or os.path.isabs(index.given)
        return RegistrySource(unquote(url[len(_FILE) :]), is_path=True, given_absolute=given_absolute)
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return RegistrySource(f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}")
