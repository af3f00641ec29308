"""From the options of `init` to a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.operations.init import AuthorSource, InitRequest
from mauve.project.init import BuildBackend, ProjectKind
from mauve.standards.names import package_name

if TYPE_CHECKING:
    from mauve.cli.commands.init import InitArgs
    from mauve.cli.session import Session


def init_request(chosen: InitArgs, session: Session) -> InitRequest:
    """Return what is to be created."""
    is_package = True if chosen.package or chosen.build_backend else False if chosen.no_package else None
    return InitRequest(
        directory=session.project_directory,
        path=chosen.path,
        name=None if chosen.name is None else package_name(chosen.name),
        kind=ProjectKind.LIBRARY if chosen.lib else ProjectKind.APPLICATION,
        is_package=is_package,
        is_bare=bool(chosen.bare),
        backend=None if chosen.build_backend is None else BuildBackend(chosen.build_backend),
        description="" if chosen.no_description else chosen.description,
        has_readme=not chosen.no_readme,
        pins_python=not (chosen.bare if chosen.no_pin_python is None else chosen.no_pin_python),
        uses_git=None if chosen.vcs is None else chosen.vcs == "git",
        author_source=None if chosen.author_from is None else AuthorSource(chosen.author_from),
        joins_workspace=not chosen.no_workspace,
    )
