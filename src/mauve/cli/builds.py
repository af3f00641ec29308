"""What `build` reads besides its options, and what it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from mauve.cli.reporting import Reporter
from mauve.terminal.diagnostics import render_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.cli.session import Session
    from mauve.distributions.requirements import SourcedRequirement
    from mauve.operations.build import BuiltSource
    from mauve.operations.build_outputs import ArchiveContents
    from mauve.operations.build_sources import BuildSource


class BuildReporter(Reporter):
    """Prints what is built, and what build backends print."""

    def making(self, what: str, source: BuildSource) -> None:
        """Print that *what* is being made, and of which member if there are several."""
        start = "" if source.package is None else f"[{self._style.cyan(source.package)}] "
        self._printer.note(start + self._style.bold(f"Building {what}..."))

    def building(self, display: str) -> None:
        """Keep to oneself that something is built that a build needs."""

    def built(self, display: str) -> None:
        """Likewise."""

    def output(self, line: str) -> None:
        """Print *line* as it came."""
        self._printer.note(line)


def build_constraints(
    files: tuple[str, ...], session: Session, *, trusts_hashes: bool
) -> tuple[SourcedRequirement, ...]:
    """Return what *files* allow builds to install; with *trusts_hashes* nothing but what has their digests.

    Raises:
        MauveError: a file cannot be read.
    """
    if not files:
        return ()
    from mauve.cli.requirement_files import check_kinds, read_files

    check_kinds((), files, session)
    constraints = read_files((), files, session)[1]
    if trusts_hashes:
        return constraints
    return tuple([structs.replace(constraint, hashes=()) for constraint in constraints])


def report_builds(results: Iterable[BuiltSource], session: Session, show: Callable[[str], str]) -> bool:
    """Print what was made, what would be, and why something was not; return whether everything was."""
    printer, style = session.printer, session.printer.style
    failed = False
    for result in results:
        for listing in result.listings:
            printer.data(_listed(listing, session))
        for path in result.files if result.failure is None else ():
            printer.note(f"Successfully built {style.bold(style.cyan(show(path)))}")
        if result.failure is not None:
            failed = True
            printer.error(render_error(result.failure, style).rstrip("\n"))
    return not failed


def _listed(listing: ArchiveContents, session: Session) -> str:
    heading = f"Building {listing.filename} will include the following files:"
    rows = [f"{name} ({source or 'generated'})\n" for name, source in listing.files]
    return session.printer.out_style.bold(heading) + "\n" + "".join(rows)
