"""The files of `add --requirements` and `add --constraints`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from msgspec import structs

from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.sources import FromDirectory, FromPath
from mauve.errors import MauveError
from mauve.filesystem.file_urls import file_url
from mauve.operations.run_target import is_remote
from mauve.project.lowering import plain_requirement
from mauve.project.requested import Requested
from mauve.project.requirements_file import (
    MissingRequirementsFile,
    UndecodableRequirementsFile,
    read_requirements_file,
)
from mauve.standards.markers.render import render
from mauve.standards.script import find_script_block

if TYPE_CHECKING:
    from mauve.cli.session import Session
    from mauve.project.requirements_file import RequirementsFile

_PROJECT_FILES: Final = ("pyproject.toml", "setup.py", "setup.cfg", "pylock.toml")


class UnsuitableRequirements(MauveError):
    """A file has requirements in a form that cannot be added."""

    def __init__(self, kind: str) -> None:
        """Say what it is."""
        super().__init__(kind)
        self.kind = kind

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Adding requirements from a {self.kind} is not supported in `uv add`"


class UnsuitableConstraints(MauveError):
    """A file is no list of constraints."""

    def __init__(self, shown: str) -> None:
        """Name the file as the user did."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"The file `{self.shown}` appears to be a `{os.path.basename(self.shown)}` file, but constraints must be "
            "specified in `requirements.txt` format"
        )


class NamelessConstraint(MauveError):
    """A constraint says where something is, and not what it constrains."""

    def __init__(self, shown: str) -> None:
        """Show the location."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Unnamed requirements are not allowed as constraints (found: `{self.shown}`)"


def check_kinds(requirements: tuple[str, ...], constraints: tuple[str, ...], session: Session) -> None:
    """Refuse files whose names say that they are of another kind.

    Raises:
        MauveError: one is.
    """
    for shown in requirements:
        _check_kind(shown, session)
    for shown in constraints:
        if os.path.basename(shown) in _PROJECT_FILES:
            raise UnsuitableConstraints(shown)


def read_files(
    requirements: tuple[str, ...], constraints: tuple[str, ...], session: Session
) -> tuple[tuple[Requested, ...], tuple[SourcedRequirement, ...]]:
    """Return what is to be added, and what constrains it while it is resolved; warns of empty files.

    Raises:
        MauveError: a file is not there, or has a line that is none.
    """
    requested: list[Requested] = []
    constraining: list[Requested] = []
    for shown in requirements:
        file = _read(shown, session)
        if not file.requirements:
            session.printer.warning(f"Requirements file `{shown}` does not contain any dependencies")
        requested += file.requirements
        constraining += file.constraints
    for shown in constraints:
        file = _read(shown, session)
        constraining += (*file.requirements, *file.constraints)
    return tuple(requested), tuple(_constraint(each, session.directory) for each in constraining)


def _check_kind(shown: str, session: Session) -> None:
    name = os.path.basename(shown)
    if name in _PROJECT_FILES:
        raise UnsuitableRequirements(f"`{name}`")
    if shown.endswith(".py"):
        try:
            text = _text(shown if is_remote(shown) else os.path.join(session.directory, shown), session)
        except OSError:
            raise MissingRequirementsFile(shown) from None
        except UnicodeDecodeError:
            raise UndecodableRequirementsFile(shown) from None
        if find_script_block(text) is not None:
            raise UnsuitableRequirements("PEP 723 script")


def _read(shown: str, session: Session) -> RequirementsFile:
    return read_requirements_file(
        shown, session.directory, session.variables.mapping, lambda path: _text(path, session), session.printer.warning
    )


def _text(place: str, session: Session) -> str:
    from mauve.operations.context import Services
    from mauve.operations.requirement_sources import read_text

    return read_text(place, Services(session.settings, session.directory, session.variables.mapping))


def _constraint(requested: Requested, folder: str) -> SourcedRequirement:
    if requested.requirement is not None:
        return structs.replace(plain_requirement(requested.requirement, folder), hashes=requested.hashes)
    source = requested.source
    location = file_url(source.path) if isinstance(source, FromDirectory | FromPath) else requested.text
    location += f"[{','.join(requested.extras)}]" if requested.extras else ""
    marker = render(requested.marker)
    raise NamelessConstraint(f"{location} ; {marker}" if marker else location)
