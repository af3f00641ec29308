"""What commands on the cache share: being alone with it, and saying what was removed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.cli.session import Session
    from mauve.filesystem.removal import Removal
    from mauve.operations.context import Services
    from mauve.terminal.printer import Printer


@contextmanager
def used_alone(session: Session, services: Services, *, force: bool) -> Iterator[None]:
    """Keep other processes from using the cache within the block, unless *force*."""
    if force:
        yield
        return
    from mauve.cache.locking import cache_lock
    from mauve.config.environment import EnvVar

    text = session.variables.text(EnvVar.LOCK_TIMEOUT)
    timeout = float(text) if text is not None and text.isdecimal() else 300.0
    with cache_lock(
        services.cache,
        exclusive=True,
        timeout=timeout,
        on_wait=lambda: session.printer.note(
            "Cache is currently in-use, waiting for other uv processes to finish (use `--force` to override)"
        ),
    ):
        yield


def report_removal(printer: Printer, removal: Removal, *, nothing: str) -> None:
    """Say how many files (or folders) were removed, and how much they held."""
    from mauve.cache.size import human_size

    if not removal.files and not removal.directories:
        printer.note(nothing)
        return
    number = removal.files or removal.directories
    what = ("file" if number == 1 else "files") if removal.files else ("directory" if number == 1 else "directories")
    size = f" ({printer.style.green(human_size(removal.size))})" if removal.files else ""
    printer.note(f"Removed {number} {what}{size}")
