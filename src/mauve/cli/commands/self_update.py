"""Refuse to update this program, which package managers do."""

from __future__ import annotations

from mauve.cli.errors import NoSelfUpdate
from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, argument, flag, value
from mauve.config.declare import command as declare_command
from mauve.config.environment import EnvVar


class SelfUpdateArgs(ArgumentGroup, title="Options"):
    """Options of `self update`."""

    target_version: str | None = argument(
        "TARGET_VERSION",
        help="Update to the specified version. If not provided, uv will update to the latest version",
    )
    token: str | None = value(
        "--token",
        env=EnvVar.GITHUB_TOKEN,
        hide_env=True,
        help=(
            "A GitHub token for authentication. A token is not required but can be used to reduce the chance of "
            "encountering rate limits [env: UV_GITHUB_TOKEN=]"
        ),
    )
    dry_run: bool | None = flag("--dry-run", help="Run without performing the update")


def update_itself(_chosen: SelfUpdateArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Say who updates the program."""
    session = Session.start(shared, cache, python)
    raise NoSelfUpdate(offline=session.settings.network.offline)


command = declare_command("self update", "Update uv", SelfUpdateArgs, GlobalArgs, CacheArgs, PythonArgs)(update_itself)
