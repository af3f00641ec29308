"""What the commands of `pip` share: certificates, and which environment they work on."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag, value
from mauve.config.environment import EnvVar


class TrustArgs(ArgumentGroup, title="Options"):
    """Which certificates are trusted; may stand before the command, too."""

    cert: str | None = value("--cert", metavar="FILE", help="Path to a PEM-encoded CA certificate bundle")


class CertificateArgs(TrustArgs, title="Options"):
    """The same for commands that pip has as well, and that take what it takes."""

    disable_pip_version_check: bool | None = flag(
        "--disable-pip-version-check", hidden=True, help="Accepted for the sake of pip"
    )


class SystemArgs(ArgumentGroup, title="Options"):
    """Whether environments are passed over."""

    system: bool | None = flag(
        "--system",
        env=EnvVar.SYSTEM_PYTHON,
        off="--no-system",
        help="Install packages into the system Python environment",
    )


class FolderArgs(SystemArgs, title="Options"):
    """Where packages are, if not in the environment that is found."""

    target: str | None = value(
        "-t",
        "--target",
        help=(
            "Install packages into the specified directory, rather than into the virtual or system Python environment. "
            "The packages will be installed at the top-level of the directory"
        ),
    )
    prefix: str | None = value(
        "--prefix",
        help=(
            "Install packages into `lib`, `bin`, and other top-level folders under the specified directory, as if a "
            "virtual environment were present at that location"
        ),
    )


class ChangedEnvironmentArgs(FolderArgs, title="Options"):
    """Which environment is changed."""

    break_system_packages: bool | None = flag(
        "--break-system-packages",
        env=EnvVar.BREAK_SYSTEM_PACKAGES,
        help="Allow uv to modify an `EXTERNALLY-MANAGED` Python installation",
    )
    no_break_system_packages: bool | None = flag("--no-break-system-packages")


CHANGED_ENVIRONMENT_CONFLICTS = (("prefix", "target"),)
"""Options of `FolderArgs` that contradict each other."""

CHANGED_ENVIRONMENT_OVERRIDES = (("break_system_packages", "no_break_system_packages"),)
"""Options of `ChangedEnvironmentArgs` of which the last one counts."""
