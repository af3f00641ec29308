"""The options that a list of requirements may have."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

STANDARD_INPUT: Final = "-"
"""What stands for standard input where files are named."""


class ListedOptions(Struct, frozen=True):
    """The options of a file: where packages come from, and in which form.

    Attributes:
        no_binary: names, `:all:` and `:none:`.
        only_binary: likewise.
    """

    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    no_index: bool = False
    no_binary: tuple[str, ...] = ()
    only_binary: tuple[str, ...] = ()
    require_hashes: bool = False

    def __add__(self, other: ListedOptions) -> ListedOptions:
        """Return both; of two indexes the first one counts."""
        return ListedOptions(
            self.index_url or other.index_url,
            self.extra_index_urls + other.extra_index_urls,
            self.find_links + other.find_links,
            self.no_index or other.no_index,
            self.no_binary + other.no_binary,
            self.only_binary + other.only_binary,
            self.require_hashes or other.require_hashes,
        )


NO_OPTIONS: Final = ListedOptions()
