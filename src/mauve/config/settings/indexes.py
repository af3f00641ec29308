"""Which indexes are searched, in which order, and how they are combined."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import structs

from mauve.config.declare import UsageError
from mauve.distributions.index import Index, IndexFormat, IndexLocations, IndexStrategy
from mauve.distributions.index_urls import find_url_fault, is_web_address, one_spelling
from mauve.filesystem.file_urls import file_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.config.arguments.index import IndexArgs
    from mauve.config.merge import MergedFiles
    from mauve.distributions.index_table import IndexTable


def index_locations(
    arguments: IndexArgs, files: MergedFiles, directory: str, default_url: Callable[[], str]
) -> IndexLocations:
    """Return the indexes of one run: those of the command line and environment first, the default one last.

    *default_url* is asked only when no default index is configured.

    Raises:
        UsageError: an index of the command line is no URL.
        DuplicateDefaultIndex: a settings file has two.
    """
    _check_typed(arguments)
    configured = [_from_table(table, folder) for table, folder in files.items_with_folder(lambda table: table.index)]
    typed = [_from_text(text, directory, configured) for text in arguments.index]
    typed += [_from_text(text, directory, configured) for text in arguments.extra_index_url]
    typed = [structs.replace(index, is_typed=True) for index in typed]
    typed_default = arguments.default_index or arguments.index_url
    extra = [
        _from_text(text, folder, []) for text, folder in files.items_with_folder(lambda table: table.extra_index_url)
    ]
    file_default = files.first(lambda table: table.index_url)
    ordinary = [index for index in (*typed, *configured, *extra) if not index.default]
    defaults = [index for index in (*typed, *configured) if index.default]
    if typed_default is not None:
        default = structs.replace(_from_text(typed_default, directory, configured), default=True, is_typed=True)
    elif defaults:
        default = defaults[0]
    elif file_default is not None:
        default = structs.replace(_from_text(file_default, directory, []), default=True)
    else:
        default = Index(url=default_url(), default=True)
    strategy = arguments.index_strategy or files.first(lambda table: table.index_strategy)
    no_index = arguments.no_index
    if no_index is None:
        no_index = files.first(lambda table: table.no_index) or False
    flat = [flat_index(text, directory) for text in arguments.find_links]
    flat += [flat_index(text, folder) for text, folder in files.items_with_folder(lambda table: table.find_links)]
    return IndexLocations(
        indexes=tuple(_without_repeats([*ordinary, default])),
        flat_indexes=tuple(flat),
        no_index=no_index,
        is_configured=bool(ordinary or flat or defaults or typed_default or file_default or no_index),
        names_default=bool(defaults or typed_default or file_default),
        strategy=IndexStrategy(strategy) if strategy else IndexStrategy.FIRST_INDEX,
    )


def _check_typed(arguments: IndexArgs) -> None:
    for field in ("index", "default_index", "index_url", "extra_index_url", "find_links"):
        given = getattr(arguments, field)
        for text in (given,) if isinstance(given, str) else given or ():
            name, separator, rest = text.partition("=")
            url = rest if separator and "/" not in name and ":" not in name else text
            reason = find_url_fault(url) if url else None
            if reason is not None:
                label = arguments.specs[field].label
                raise UsageError(f"invalid value '{text}' for '{label}': {reason}", show_usage=False)


def _without_repeats(indexes: list[Index]) -> list[Index]:
    """Drop indexes whose name was taken by a stronger one."""
    names: set[str] = set()
    kept: list[Index] = []
    for index in indexes:
        if index.name is not None:
            if index.name in names:
                continue
            names.add(index.name)
        kept.append(index)
    return kept


def _from_table(table: IndexTable, folder: str) -> Index:
    from mauve.distributions.index_table import index_of

    return index_of(table, _location(table.url, folder)[0])


def _from_text(text: str, folder: str, configured: list[Index]) -> Index:
    """Return the index of `url`, `name=url`, a path, or the name of a configured index."""
    name, separator, rest = text.partition("=")
    if separator and "/" not in name and ":" not in name:
        if not all(character.isalnum() or character in "-_." for character in name):
            from mauve.config.settings.index_errors import InvalidIndexName

            raise InvalidIndexName(name)
        url, given = _location(rest, folder)
        return Index(url=url, given=given, name=name)
    for index in configured:
        if index.name == text and not os.path.isdir(os.path.join(folder, text)):
            return structs.replace(index, explicit=False)
    return index_at(text, folder)


def index_at(text: str, folder: str) -> Index:
    """Return the index at a URL or path; relative paths are below *folder*."""
    url, given = _location(text, folder)
    return Index(url=url, given=given)


def flat_index(text: str, folder: str) -> Index:
    """Return the place of files at a URL or path; relative paths are below *folder*."""
    url, given = _location(text, folder)
    return Index(url=url, given=given, format=IndexFormat.FLAT)


def _location(text: str, folder: str) -> tuple[str, str | None]:
    """Return the URL of *text*, and *text* again if it was a path."""
    if is_web_address(text):
        return one_spelling(text), None
    if "://" in text or text.startswith("file:"):
        return text, None
    return file_url(os.path.normpath(os.path.join(folder, os.path.expanduser(text)))), text
