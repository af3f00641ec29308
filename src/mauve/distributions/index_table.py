"""One `[[index]]` as it is written in settings and projects.

Annotations are values here, not texts: making a decoder of texts takes three times as long.
"""

from msgspec import Struct

from mauve.distributions.index import AuthPolicy, Index, IndexFormat
from mauve.distributions.index_urls import is_web_address, one_spelling
from mauve.standards.hashes import HashAlgorithm


class CacheControlTable(Struct, frozen=True):
    """What is taken for the `Cache-Control` of an index, whatever it sends."""

    api: str | None = None
    files: str | None = None


class IndexTable(Struct, frozen=True, kw_only=True, rename="kebab"):
    """One `[[index]]`; keys that nobody knows are passed over."""

    url: str
    name: str | None = None
    explicit: bool = False
    default: bool = False
    format: IndexFormat = IndexFormat.SIMPLE
    publish_url: str | None = None
    authenticate: AuthPolicy = AuthPolicy.AUTO
    ignore_error_codes: tuple[int, ...] | None = None
    cache_control: CacheControlTable | None = None
    exclude_newer: str | bool | None = None
    hash_algorithm: HashAlgorithm | None = None


def index_of(table: IndexTable, url: str) -> Index:
    """Return the index that *table* declares; *url* is that of the table, absolute."""
    control = table.cache_control or CacheControlTable()
    return Index(
        url=one_spelling(url) if is_web_address(url) else url,
        name=table.name,
        explicit=table.explicit,
        default=table.default,
        format=table.format,
        authenticate=table.authenticate,
        ignore_error_codes=table.ignore_error_codes or (),
        cache_control_api=control.api,
        cache_control_files=control.files,
        given=None if url == table.url else table.url,
        exclude_newer=table.exclude_newer,
        hash_algorithm=table.hash_algorithm,
    )
