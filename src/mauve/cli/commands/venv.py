"""Create a virtual environment."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag, value
from mauve.config.environment import EnvVar


class VenvArgs(ArgumentGroup, title="Options"):
    """Options of `venv`."""

    # ARG [PATH] | The path to the virtual environment to create
    no_project: bool | None = flag(
        "--no-project",
        env=EnvVar.NO_PROJECT,
        help="Avoid discovering a project or workspace",
    )
    seed: bool | None = flag(
        "--seed",
        env=EnvVar.VENV_SEED,
        help=("Install seed packages (one or more of: `pip`, `setuptools`, and `wheel`) into the virtual environment"),
    )
    clear: bool | None = flag(
        "-c",
        "--clear",
        env=EnvVar.VENV_CLEAR,
        help="Remove any existing files or directories at the target path",
    )
    force: bool | None = flag("--force", help="Allow `--clear` to remove a non-virtual environment directory")
    allow_existing: bool | None = flag(
        "--allow-existing",
        help="Preserve any existing files or directories at the target path",
    )
    prompt: str | None = value("--prompt", help="Provide an alternative prompt prefix for the virtual environment.")
    system_site_packages: bool | None = flag(
        "--system-site-packages",
        help="Give the virtual environment access to the system site packages directory",
    )
    relocatable: bool | None = flag(
        "--relocatable",
        env=EnvVar.VENV_RELOCATABLE,
        off="--no-relocatable",
        help="Make the virtual environment relocatable",
    )
    link_mode: str | None = value(
        "--link-mode",
        env=EnvVar.LINK_MODE,
        choices=("clone", "copy", "hardlink", "symlink"),
        help="The method to use when installing packages from the global cache",
    )
