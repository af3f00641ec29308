"""Read or update the project's version."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, argument, flag, value, values


class VersionArgs(ArgumentGroup, title="Options"):
    """Options of `version`."""

    new: str | None = argument("VALUE", help="Set the project version to this value")
    bump: tuple[str, ...] = values(
        "--bump",
        metavar="BUMP[=VALUE]",
        choices=("major", "minor", "patch", "stable", "alpha", "beta", "rc", "post", "dev"),
        help="Update the project version using the given semantics",
    )
    dry_run: bool | None = flag("--dry-run", help="Don't write a new version to the `pyproject.toml`")
    short: bool | None = flag("--short", help="Only show the version")
    output_format: str | None = value(
        "--output-format",
        choices=("text", "json"),
        help="The format of the output [default: text]",
    )
    package: str | None = value("--package", help="Update the version of a specific package in the workspace")
