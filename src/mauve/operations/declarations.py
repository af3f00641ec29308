"""Indexes of the command line that `add` writes into a project."""

from __future__ import annotations

from mauve.network.urls import split_credentials
from mauve.project.edit import IndexDeclaration


def declared_indexes(texts: tuple[str, ...], default: str | None) -> tuple[IndexDeclaration, ...]:
    """Return the tables for `url` and `name=url` texts and for the default index; credentials are never written."""
    found: list[IndexDeclaration] = []
    for text in texts:
        name, separator, url = text.partition("=")
        if separator and "/" not in name and ":" not in name:
            found.append(IndexDeclaration(split_credentials(url)[0], name))
        else:
            found.append(IndexDeclaration(split_credentials(text)[0]))
    if default is not None:
        found.append(IndexDeclaration(split_credentials(default)[0], default=True))
    return tuple(found)
