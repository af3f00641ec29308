"""Indexes of the command line that `add` writes into a project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import structs

from mauve.errors import MauveError
from mauve.network.urls import split_credentials
from mauve.project.edit import IndexDeclaration

if TYPE_CHECKING:
    from collections.abc import Callable


class MissingIndexFolder(MauveError):
    """An index is a folder that is not there."""

    def __init__(self, path: str) -> None:
        """Name the folder."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message."""
        return f"Directory not found for index: file://{self.path}"


def declared_indexes(
    texts: tuple[str, ...],
    default: str | None,
    directory: str,
    known: frozenset[str],
    warn: Callable[[str], None],
) -> tuple[IndexDeclaration, ...]:
    """Return the tables for `url`, `name=url` and folders, and for the default index; credentials are never written.

    Args:
        texts: of `--index`.
        default: of `--default-index`.
        directory: that folders are relative to.
        known: names of indexes that are declared already; one of them stands for its index.
        warn: is told of folders that hold nothing, which are not written.

    Raises:
        MissingIndexFolder: a folder does not exist.
    """
    found = [_declared(text, directory, known, warn) for text in texts]
    if default is not None:
        found.append(structs.replace(_declared(default, directory, known, warn), default=True))
    return tuple(found)


def _declared(text: str, directory: str, known: frozenset[str], warn: Callable[[str], None]) -> IndexDeclaration:
    name, separator, url = text.partition("=")
    if not separator or "/" in name or ":" in name:
        name, url = "", text
    if not name and url in known and not os.path.isdir(os.path.join(directory, url)):
        return IndexDeclaration(url, url, is_there=True)
    if "://" in url and not url.startswith("file://"):
        return IndexDeclaration(split_credentials(url)[0], name or None)
    if url.startswith("file://"):
        from urllib.parse import unquote, urlsplit

        given = unquote(urlsplit(url).path)
    else:
        given = os.path.expanduser(url)
    path = os.path.normpath(os.path.join(directory, given))
    if not os.path.isdir(path):
        raise MissingIndexFolder(path)
    is_empty = not os.listdir(path)
    if is_empty:
        warn(f"Index directory `file://{path}` is empty, skipping")
    return IndexDeclaration(url, name or None, path=path, is_there=is_empty)
