"""How versions are chosen."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag, value, values
from mauve.config.environment import EnvVar


class CutoffArgs(ArgumentGroup, title="Resolver options"):
    """From when on files are treated as not yet uploaded."""

    exclude_newer: str | None = value(
        "--exclude-newer",
        env=EnvVar.EXCLUDE_NEWER,
        help="Limit candidate packages to those that were uploaded prior to the given date",
    )
    exclude_newer_package: tuple[str, ...] = values(
        "--exclude-newer-package",
        help=("Limit candidate packages for specific packages to those that were uploaded prior to the given date"),
    )


class SourcesArgs(ArgumentGroup, title="Resolver options"):
    """Whether `tool.uv.sources` counts."""

    no_sources: bool | None = flag(
        "--no-sources",
        env=EnvVar.NO_SOURCES,
        help=(
            "Ignore the `tool.uv.sources` table when resolving dependencies. Used to lock against the "
            "standards-compliant, publishable package metadata, as opposed to using any workspace, Git, URL, "
            "or local path sources"
        ),
    )
    no_sources_package: tuple[str, ...] = values(
        "--no-sources-package",
        env=EnvVar.NO_SOURCES_PACKAGE,
        hide_env=True,
        help=(
            "Don't use sources from the `tool.uv.sources` table for the specified packages [env: "
            "`UV_NO_SOURCES_PACKAGE`=]"
        ),
    )


class ResolverArgs(SourcesArgs, CutoffArgs, title="Resolver options"):
    """How versions are chosen."""

    upgrade: bool | None = flag(
        "-U",
        "--upgrade",
        off="--no-upgrade",
        help=("Allow package upgrades, ignoring pinned versions in any existing output file. Implies `--refresh`"),
    )
    upgrade_package: tuple[str, ...] = values(
        "-P",
        "--upgrade-package",
        help=(
            "Allow upgrades for a specific package, ignoring pinned versions in any existing output file. "
            "Implies `--refresh-package`"
        ),
    )
    upgrade_group: tuple[str, ...] = values(
        "--upgrade-group",
        help=(
            "Allow upgrades for all packages in a dependency group, ignoring pinned versions in any existing "
            "output file"
        ),
    )
    resolution: str | None = value(
        "--resolution",
        env=EnvVar.RESOLUTION,
        choices=("highest", "lowest", "lowest-direct"),
        help=(
            "The strategy to use when selecting between the different compatible versions for a given package "
            "requirement"
        ),
    )
    prerelease: str | None = value(
        "--prerelease",
        env=EnvVar.PRERELEASE,
        choices=("disallow", "allow", "if-necessary", "explicit", "if-necessary-or-explicit"),
        help="The strategy to use when considering pre-release versions",
    )
    pre: bool | None = flag("--pre", hidden=True, help="Allow pre-releases")
    prerelease_package: tuple[str, ...] = values(
        "--prerelease-package",
        help="The strategy to use when considering pre-release versions for a specific package",
    )
    fork_strategy: str | None = value(
        "--fork-strategy",
        env=EnvVar.FORK_STRATEGY,
        choices=("fewest", "requires-python"),
        help=(
            "The strategy to use when selecting multiple versions of a given package across Python versions "
            "and platforms"
        ),
    )
