"""Where distributions are looked up."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag, value, values
from mauve.config.environment import EnvVar


class IndexArgs(ArgumentGroup, title="Index options"):
    """Where distributions are looked up."""

    index: tuple[str, ...] = values(
        "--index",
        env=EnvVar.INDEX,
        hide_env_value=True,
        help="The indexes to use when resolving dependencies, in addition to the default index",
    )
    default_index: str | None = value(
        "--default-index",
        env=EnvVar.DEFAULT_INDEX,
        hide_env_value=True,
        help="The default package index (by default: <{default_index}>)",
    )
    index_url: str | None = value(
        "-i",
        "--index-url",
        env=EnvVar.INDEX_URL,
        hide_env_value=True,
        help=(
            "(Deprecated: use `--default-index` instead) The URL of the Python package index (by default: "
            "<{default_index}>)"
        ),
    )
    extra_index_url: tuple[str, ...] = values(
        "--extra-index-url",
        env=EnvVar.EXTRA_INDEX_URL,
        hide_env_value=True,
        help=("(Deprecated: use `--index` instead) Extra URLs of package indexes to use, in addition to `--index-url`"),
    )
    find_links: tuple[str, ...] = values(
        "-f",
        "--find-links",
        env=EnvVar.FIND_LINKS,
        env_split=",",
        hide_env_value=True,
        help=("Locations to search for candidate distributions, in addition to those found in the registry indexes"),
    )
    no_index: bool | None = flag(
        "--no-index",
        help=(
            "Ignore the registry index (e.g., PyPI), instead relying on direct URL dependencies and those "
            "provided via `--find-links`"
        ),
    )
    index_strategy: str | None = value(
        "--index-strategy",
        env=EnvVar.INDEX_STRATEGY,
        choices=("first-index", "unsafe-first-match", "unsafe-best-match"),
        help="The strategy to use when resolving against multiple index URLs",
    )
    keyring_provider: str | None = value(
        "--keyring-provider",
        env=EnvVar.KEYRING_PROVIDER,
        choices=("disabled", "subprocess"),
        help="Attempt to use `keyring` for authentication for index URLs",
    )
