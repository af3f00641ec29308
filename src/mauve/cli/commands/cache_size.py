"""Show the cache size."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, flag, value
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus


class SizeArgs(ArgumentGroup, title="Options"):
    """Options of `cache size`."""

    output_format: str | None = value(
        "--output-format", choices=("auto", "human", "machine"), help="Select the output format [default: auto]"
    )
    human: bool | None = flag(
        "-H",
        "--human",
        aliases=("--human-readable",),
        help="Display the cache size in human-readable format (e.g., `1.2GiB` instead of raw bytes)",
    )


def show_cache_size(chosen: SizeArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Print the size of what is ours in the cache."""
    session = Session.start(shared, cache, python)
    from mauve.cache.size import cache_size, human_size
    from mauve.operations.context import Services

    session.warn_of_preview("cache-size", "`uv cache size`")
    services = Services(session.settings, session.directory, session.variables.mapping)
    size = cache_size(services.cache)
    human = chosen.human or chosen.output_format == "human"
    session.printer.data(f"{human_size(size) if human else size}\n")
    return ExitStatus.SUCCESS


command = declare_command("cache size", "Show the cache size", SizeArgs, GlobalArgs, CacheArgs, PythonArgs)(
    show_cache_size
)
