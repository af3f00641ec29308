"""Indexes of the command line that `add` writes into a project."""

from __future__ import annotations

import os
from urllib.parse import unquote, urlsplit

from mauve.errors import MauveError
from mauve.network.urls import split_credentials
from mauve.project.edit import IndexDeclaration


class MissingIndexFolder(MauveError):
    """An index is a folder that is not there."""

    def __init__(self, path: str) -> None:
        """Name the folder."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message."""
        return f"Directory not found for index: file://{self.path}"


def check_index_folders(declarations: tuple[IndexDeclaration, ...], directory: str) -> None:
    """Raise if one of *declarations* is a folder, relative to *directory*, that does not exist.

    Raises:
        MissingIndexFolder: it does not exist.
    """
    for declaration in declarations:
        url = declaration.url
        if "://" in url and not url.startswith("file://"):
            continue
        given = unquote(urlsplit(url).path) if url.startswith("file://") else url
        path = os.path.normpath(os.path.join(directory, given))
        if not os.path.isdir(path):
            raise MissingIndexFolder(path)


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
