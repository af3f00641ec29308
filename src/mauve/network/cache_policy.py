"""How long an answer may be used again without asking (RFC 9111, as a private cache). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.standards.names import PackageName

NEVER_STORED = -1
"""Lifetime of an answer that must not be used again, not even after validation."""


FOREVER = 1 << 40
"""Lifetime of a file that its server calls immutable: it is not asked for again, not even to refresh."""


class CacheControl(Struct, frozen=True):
    """The directives of `Cache-Control` that matter to a private cache."""

    max_age: int | None = None
    no_store: bool = False
    no_cache: bool = False
    immutable: bool = False


def parse_cache_control(text: str) -> CacheControl:
    """Return the directives in *text*; unknown or malformed ones are passed over."""
    max_age: int | None = None
    no_store = no_cache = immutable = False
    for directive in text.split(","):
        name, _, value = directive.strip().partition("=")
        match name.lower():
            case "no-store":
                no_store = True
            case "no-cache":
                no_cache = True
            case "immutable":
                immutable = True
            case "max-age" if value.strip('" ').isdecimal():
                max_age = int(value.strip('" '))
            case _:
                continue
    return CacheControl(max_age, no_store, no_cache, immutable)


def lifetime(headers: Mapping[str, str], override: str | None = None) -> int:
    """Return for how many seconds from now the answer with these *headers* is fresh.

    0 means "validate first", `NEVER_STORED` "do not keep". `override` takes the place of `Cache-Control`.
    """
    control = parse_cache_control(headers.get("cache-control", "") if override is None else override)
    if control.no_store:
        return NEVER_STORED
    if control.no_cache:
        return 0
    if control.max_age is not None:
        age = headers.get("age", "")
        return max(0, control.max_age - (int(age) if age.isdecimal() and override is None else 0))
    expires, date = headers.get("expires"), headers.get("date")
    if expires and date:
        from email.utils import parsedate_to_datetime

        try:
            return max(0, int((parsedate_to_datetime(expires) - parsedate_to_datetime(date)).total_seconds()))
        except (TypeError, ValueError):
            return 0
    return 0


def lifetime_of_file(headers: Mapping[str, str], override: str | None = None) -> int:
    """Return for how many seconds the file of the answer with these *headers* need not be asked for again.

    The hash of a file tells whether it changed, so the server only has a say if it calls the file immutable (RFC
    8246), as PyPI does; `override` says all.
    """
    control = parse_cache_control(headers.get("cache-control", "") if override is None else override)
    if control.immutable and not control.no_store and not control.no_cache:
        return FOREVER
    return max(0, lifetime({}, override))


class Freshness(Struct, frozen=True):
    """When an answer was fetched or last validated, and for how long it is fresh (seconds since the epoch)."""

    fetched_at: int
    lifetime: int

    def is_fresh(self, now: int) -> bool:
        """Return whether the answer may be used at *now*; a clock that went back makes it stale."""
        return self.fetched_at <= now < self.fetched_at + self.lifetime


class CacheUse(Struct, frozen=True, kw_only=True):
    """How this run uses what is stored (`--offline`, `--refresh`, `--refresh-package`).

    Attributes:
        started_at: seconds since the epoch; what was fetched since then is never asked for again.
        offline: everything that is stored counts as fresh.
        refresh_all: everything older than this run is asked for again.
        refresh_packages: the same for these names.
    """

    started_at: int
    offline: bool = False
    refresh_all: bool = False
    refresh_packages: frozenset[PackageName] = frozenset()

    def must_refresh(self, name: PackageName) -> bool:
        """Return whether the user wants *name* asked for again."""
        return self.refresh_all or name in self.refresh_packages

    def is_fresh(self, freshness: Freshness, name: PackageName, now: int) -> bool:
        """Return whether a stored answer about *name* may be used at *now*."""
        if self.offline or freshness.lifetime == FOREVER or freshness.fetched_at > self.started_at:
            return True
        return not self.must_refresh(name) and freshness.is_fresh(now)
