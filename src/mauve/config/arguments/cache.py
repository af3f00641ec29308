"""Where the cache is."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag, value, values
from mauve.config.environment import EnvVar


class CacheArgs(ArgumentGroup, title="Cache options"):
    """Where the cache is."""

    no_cache: bool | None = flag(
        "-n",
        "--no-cache",
        env=EnvVar.NO_CACHE,
        aliases=("--no-cache-dir",),
        help=(
            "Avoid reading from or writing to the cache, instead using a temporary directory for the duration "
            "of the operation"
        ),
    )
    cache_dir: str | None = value("--cache-dir", env=EnvVar.CACHE_DIR, help="Path to the cache directory")


class RefreshArgs(CacheArgs, title="Cache options"):
    """Where the cache is, and what of it is asked for again."""

    refresh: bool | None = flag("--refresh", off="--no-refresh", help="Refresh all cached data")
    refresh_package: tuple[str, ...] = values("--refresh-package", help="Refresh cached data for a specific package")
