"""Whether and how source distributions are built."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag, values
from mauve.config.environment import EnvVar


class HookArgs(ArgumentGroup, title="Build options"):
    """What build backends are told, and where they run."""

    config_setting: tuple[str, ...] = values(
        "-C",
        "--config-setting",
        aliases=("--config-settings",),
        help="Settings to pass to the PEP 517 build backend, specified as `KEY=VALUE` pairs",
    )
    config_settings_package: tuple[str, ...] = values(
        "--config-settings-package",
        help=(
            "Settings to pass to the PEP 517 build backend for a specific package, specified as "
            "`PACKAGE:KEY=VALUE` pairs"
        ),
    )
    no_build_isolation: bool | None = flag(
        "--no-build-isolation",
        env=EnvVar.NO_BUILD_ISOLATION,
        off="--build-isolation",
        help="Disable isolation when building source distributions",
    )


class BackendArgs(HookArgs, title="Build options"):
    """How source distributions are built."""

    no_build_isolation_package: tuple[str, ...] = values(
        "--no-build-isolation-package",
        help="Disable isolation when building source distributions for a specific package",
    )


class BuildArgs(BackendArgs, title="Build options"):
    """Whether and how source distributions are built."""

    no_build: bool | None = flag(
        "--no-build", env=EnvVar.NO_BUILD, off="--build", help="Don't build source distributions"
    )
    no_build_package: tuple[str, ...] = values(
        "--no-build-package",
        env=EnvVar.NO_BUILD_PACKAGE,
        hide_env=True,
        help="Don't build source distributions for a specific package [env: `UV_NO_BUILD_PACKAGE`=]",
    )
    no_binary: bool | None = flag(
        "--no-binary", env=EnvVar.NO_BINARY, off="--binary", help="Don't install pre-built wheels"
    )
    no_binary_package: tuple[str, ...] = values(
        "--no-binary-package",
        env=EnvVar.NO_BINARY_PACKAGE,
        hide_env=True,
        help="Don't install pre-built wheels for a specific package [env: `UV_NO_BINARY_PACKAGE`=]",
    )
    require_build_hashes: bool | None = flag(
        "--require-build-hashes",
        help="Require hashes for all build dependencies",
    )
    no_require_build_hashes: bool | None = flag(
        "--no-require-build-hashes",
        help="Do not require hashes for every build dependency",
    )
