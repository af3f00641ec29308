"""What the commands of `pip` share that only look at an environment."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag, values


class StrictArgs(ArgumentGroup, title="Options"):
    """Whether the environment is checked besides."""

    strict: bool | None = flag(
        "--strict",
        off="--no-strict",
        help="Validate the Python environment, to detect packages with missing dependencies and other issues",
    )


class ExcludeArgs(ArgumentGroup, title="Options"):
    """What is left out."""

    exclude_editable: bool | None = flag("--exclude-editable", help="Exclude any editable packages from output")
    exclude: tuple[str, ...] = values("--exclude", help="Exclude the specified package(s) from the output")


READ_ENVIRONMENT_CONFLICTS = (("prefix", "target"), ("!system", "system"))
"""Options of `FolderArgs` that contradict each other."""
