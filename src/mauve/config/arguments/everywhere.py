"""Options that every command takes."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, count, flag, value, values
from mauve.config.environment import EnvVar


class GlobalArgs(ArgumentGroup, title="Global options"):
    """Options that every command takes.

    Attributes:
        warnings: what is to be said of the words and the variables before anything else.
    """

    warnings: tuple[str, ...] = ()
    quiet: int = count("-q", "--quiet", help="Use quiet output")
    verbose: int = count("-v", "--verbose", help="Use verbose output")
    color: str | None = value(
        "--color",
        metavar="COLOR_CHOICE",
        choices=("auto", "always", "never"),
        help="Control the use of color in output",
    )
    system_certs: bool | None = flag(
        "--system-certs",
        env=EnvVar.SYSTEM_CERTS,
        off=("--no-system-certs", "--no-native-tls"),
        aliases=("--native-tls",),
        help="Whether to load TLS certificates from the platform's native certificate store",
    )
    offline: bool | None = flag("--offline", env=EnvVar.OFFLINE, off="--no-offline", help="Disable network access")
    allow_insecure_host: tuple[str, ...] = values(
        "--allow-insecure-host",
        env=EnvVar.INSECURE_HOST,
        aliases=("--trusted-host",),
        help="Allow insecure connections to a host",
    )
    no_progress: bool | None = flag("--no-progress", env=EnvVar.NO_PROGRESS, help="Hide all progress outputs")
    directory: str | None = value(
        "--directory",
        env=EnvVar.WORKING_DIR,
        help="Change to the given directory prior to running the command",
    )
    project: str | None = value("--project", env=EnvVar.PROJECT, help="Discover a project in the given directory")
    config_file: str | None = value(
        "--config-file",
        env=EnvVar.CONFIG_FILE,
        help="The path to a `uv.toml` file to use for configuration",
    )
    no_config: bool | None = flag(
        "--no-config",
        env=EnvVar.NO_CONFIG,
        help="Avoid discovering configuration files (`pyproject.toml`, `uv.toml`)",
    )
    isolated: bool | None = flag("--isolated", hidden=True, help="Avoid discovering configuration files")
    show_settings: bool | None = flag("--show-settings", hidden=True, help="Show the resolved settings")
    no_installer_metadata: bool | None = flag(
        "--no-installer-metadata",
        env=EnvVar.NO_INSTALLER_METADATA,
        hidden=True,
        help="Leave out what says who installed a package and from where",
    )
    no_color: bool | None = flag("--no-color", hidden=True, help="Disable colors")
    preview: bool | None = flag(
        "--preview", env=EnvVar.PREVIEW, off="--no-preview", hidden=True, help="Enable previews"
    )
    preview_features: tuple[str, ...] = values(
        "--preview-features",
        env=EnvVar.PREVIEW_FEATURES,
        env_split=",",
        split=",",
        hidden=True,
        help="Enable named previews",
    )
