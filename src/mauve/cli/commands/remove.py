"""Remove dependencies from the project."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, arguments, flag, value
from mauve.config.environment import EnvVar


class RemoveArgs(ArgumentGroup, title="Options"):
    """Options of `remove`."""

    packages: tuple[str, ...] = arguments(
        "PACKAGES", required=True, help="The names of the dependencies to remove (e.g., `ruff`)"
    )
    dev: bool | None = flag("--dev", env=EnvVar.DEV, help="Remove the packages from the development dependency group")
    optional: str | None = value(
        "--optional",
        help="Remove the packages from the project's optional dependencies for the specified extra",
    )
    package: str | None = value("--package", help="Remove the dependencies from a specific package in the workspace")
    script: str | None = value(
        "--script",
        help="Remove the dependency from the specified Python script, rather than from a project",
    )
