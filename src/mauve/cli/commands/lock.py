"""Update the project's lockfile."""

from __future__ import annotations

from mauve.config.declare import command as declare_command
from mauve.config.declare import ArgumentGroup, flag, value
from mauve.config.environment import EnvVar


class LockArgs(ArgumentGroup, title="Options"):
    """Options of `lock`."""

    check: bool | None = flag("--check", help="Check if the lockfile is up-to-date")
    check_exists: bool | None = flag(
        "--check-exists",
        env=EnvVar.FROZEN,
        help="Assert that a `uv.lock` exists without checking if it is up-to-date",
    )
    dry_run: bool | None = flag("--dry-run", help="Perform a dry run, without writing the lockfile")
    script: str | None = value("--script", help="Lock the specified Python script, rather than the current project")


command = declare_command("lock", "x", LockArgs)(lambda *a: 0)
