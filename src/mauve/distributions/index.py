"""Package indexes: where they are, what they are used for, and how several of them are searched."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

from mauve.standards.hashes import HashAlgorithm


class IndexStrategy(StrEnum):
    """How versions from several indexes are combined."""

    FIRST_INDEX = "first-index"
    UNSAFE_FIRST_MATCH = "unsafe-first-match"
    UNSAFE_BEST_MATCH = "unsafe-best-match"


class IndexFormat(StrEnum):
    """What is found at the location of an index."""

    SIMPLE = "simple"
    FLAT = "flat"


class AuthPolicy(StrEnum):
    """When credentials are looked up and sent."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Index(Struct, frozen=True, kw_only=True):
    """One place that publishes distributions.

    Attributes:
        url: as given, credentials included, an `https:`, `http:` or `file:` URL without change of trailing slash.
        name: the name given in `[[tool.uv.index]]`.
        explicit: used only for packages that are pinned to it.
        default: takes the place of PyPI; searched last.
        format: the simple API, or a flat directory or page of links.
        ignore_error_codes: HTTP statuses that mean "not here" in place of an error.
        cache_control_api: replaces the `Cache-Control` of index pages.
        cache_control_files: replaces the `Cache-Control` of files.
        given: the text as written where it was a path.
        is_typed: named on the command line or in the environment, not in a file.
        is_from_member: only declared by a member, so no setting of the run.
        exclude_newer: this index's own cut-off as written; `false` to have none.
        hash_algorithm: the one whose digests are recorded, and which every file must have.
    """

    url: str
    name: str | None = None
    explicit: bool = False
    default: bool = False
    format: IndexFormat = IndexFormat.SIMPLE
    authenticate: AuthPolicy = AuthPolicy.AUTO
    ignore_error_codes: tuple[int, ...] = ()
    cache_control_api: str | None = None
    cache_control_files: str | None = None
    given: str | None = None
    is_typed: bool = False
    is_from_member: bool = False
    exclude_newer: str | bool | None = None
    hash_algorithm: HashAlgorithm | None = None


ENVIRONMENT: Final = Index(url="installed:", explicit=True)
"""What stands for an environment where versions come from that are installed; no index is called so."""


def is_environment(index: Index) -> bool:
    """Return whether *index* stands for an environment."""
    return index.url == ENVIRONMENT.url


class IndexLocations(Struct, frozen=True, kw_only=True):
    """All indexes of one run.

    Attributes:
        indexes: in order of priority, the default one last; explicit ones included.
        flat_indexes: `--find-links` locations, searched before and merged with `indexes`.
        no_index: neither `indexes` nor the default is asked.
        is_configured: the user named an index; otherwise there is only the default one.
        names_default: the user named the default one.
    """

    indexes: tuple[Index, ...] = ()
    flat_indexes: tuple[Index, ...] = ()
    no_index: bool = False
    is_configured: bool = False
    names_default: bool = False
    strategy: IndexStrategy = IndexStrategy.FIRST_INDEX

    @property
    def typed(self) -> tuple[Index, ...]:
        """Return the indexes that pins may name although no `pyproject.toml` declares them."""
        return tuple([index for index in self.indexes if index.is_typed and index.name is not None])

    @property
    def configured_names(self) -> frozenset[str]:
        """Return the names of indexes in settings files."""
        return frozenset([index.name for index in self.indexes if not index.is_typed and index.name is not None])
