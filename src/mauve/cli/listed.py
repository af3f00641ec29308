"""What `add` is asked for: words, and the files of `--requirements` and `--constraints`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.project.requested import parse_requested

if TYPE_CHECKING:
    from mauve.cli.session import Session
    from mauve.distributions.requirements import SourcedRequirement
    from mauve.project.requested import Requested


class Listed:
    """What is asked for by words and by files; the words are read at once, the files when they are needed."""

    def __init__(
        self, packages: tuple[str, ...], requirements: tuple[str, ...], constraints: tuple[str, ...], session: Session
    ) -> None:
        """Read *packages*, and see what kinds of files *requirements* and *constraints* are.

        Raises:
            MauveError: a requirement cannot be read, or a file is of another kind.
        """
        self._session = session
        self._packages = tuple([parse_requested(text, session.directory) for text in packages])
        self._files = requirements, constraints
        if any(self._files):
            from mauve.cli.requirement_files import check_kinds

            check_kinds(*self._files, session)

    def read(self) -> tuple[tuple[Requested, ...], tuple[SourcedRequirement, ...]]:
        """Return what is to be added, and what constrains it while it is resolved; warns of empty files.

        Raises:
            MauveError: a file is not there, or has a line that is none.
        """
        if not any(self._files):
            return self._packages, ()
        from mauve.cli.requirement_files import read_files

        requested, constraints = read_files(*self._files, self._session)
        return (*self._packages, *requested), constraints
