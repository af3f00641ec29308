"""How distributions are put into an environment."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag, value, values
from mauve.config.environment import EnvVar


class LinkArgs(ArgumentGroup, title="Installer options"):
    """How files get from the cache into an environment."""

    link_mode: str | None = value(
        "--link-mode",
        env=EnvVar.LINK_MODE,
        choices=("clone", "copy", "hardlink", "symlink"),
        help="The method to use when installing packages from the global cache",
    )


class InstallerArgs(LinkArgs, title="Installer options"):
    """How distributions are put into an environment."""

    reinstall: bool | None = flag(
        "--reinstall",
        off="--no-reinstall",
        aliases=("--force-reinstall",),
        help="Reinstall all packages, regardless of whether they're already installed. Implies `--refresh`",
    )
    reinstall_package: tuple[str, ...] = values(
        "--reinstall-package",
        help=(
            "Reinstall a specific package, regardless of whether it's already installed. Implies `--refresh-package`"
        ),
    )
    compile_bytecode: bool | None = flag(
        "--compile-bytecode",
        env=EnvVar.COMPILE_BYTECODE,
        off="--no-compile-bytecode",
        aliases=("--compile",),
        help="Compile Python files to bytecode after installation",
    )
