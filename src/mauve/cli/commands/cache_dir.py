"""Show the cache directory."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus


def show_cache_directory(shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Print the folder."""
    session = Session.start(shared, cache, python)
    root = session.settings.cache.root
    if root is None:
        from tempfile import gettempdir

        root = gettempdir()
    session.printer.data(f"{root}\n")
    return ExitStatus.SUCCESS


command = declare_command("cache dir", "Show the cache directory", GlobalArgs, CacheArgs, PythonArgs)(
    show_cache_directory
)
