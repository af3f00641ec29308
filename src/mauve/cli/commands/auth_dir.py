"""Show the path to the credentials directory."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus


def show_directory(cache: CacheArgs, python: PythonArgs, shared: GlobalArgs) -> int:
    """Print the folder, whether it exists or not."""
    session = Session.start(shared, cache, python)
    session.printer.data(f"{session.settings.network.credential_store}\n")
    return ExitStatus.SUCCESS


command = declare_command(
    "auth dir", "Show the path to the uv credentials directory", CacheArgs, PythonArgs, GlobalArgs
)(show_directory)
