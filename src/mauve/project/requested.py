"""What a user asks `add` for: a requirement, a folder, an archive or a repository.

Specification: docs/project.md "add"; PEP 508.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.distributions.sources import FromDirectory, FromPath, RequirementSource
from mauve.errors import MauveError
from mauve.project.references import ARCHIVE_ENDINGS, read_reference
from mauve.standards.markers.diagram import TRUE, Marker
from mauve.standards.markers.parse import parse_marker
from mauve.standards.names import extra_name
from mauve.standards.requirements import InvalidRequirement, Requirement, parse_requirement

if TYPE_CHECKING:
    from mauve.standards.names import ExtraName, PackageName

_CONDITION: Final = r"\s+;\s*"
_EXTRAS: Final = r"\[([^][/]*)\]$"
_NAME_CHARACTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


class InvalidRequested(MauveError):
    """An argument or a line of a file is no requirement; the cause says why."""

    def __init__(self, text: str) -> None:
        """Keep the text."""
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        """Return the message."""
        return f"Failed to parse: `{self.text}`"


class Requested(Struct, frozen=True):
    """One wish.

    Attributes:
        text: as typed; of a location without a name only that.
        requirement: None while the name of what is at *source* is not known.
        extras: of a location without a name.
        marker: of a location without a name.
        editable: a line of a file says so.
        hashes: the digests that a line of a file trusts, as they were written.
    """

    text: str
    requirement: Requirement | None = None
    source: RequirementSource | None = None
    extras: tuple[ExtraName, ...] = ()
    marker: Marker = TRUE
    editable: bool | None = None
    hashes: tuple[str, ...] = ()

    @property
    def name(self) -> PackageName | None:
        """Return the name, if it is known."""
        return None if self.requirement is None else self.requirement.name


def parse_requested(text: str, folder: str) -> Requested:
    """Return the wish of *text*; relative paths are below *folder*.

    Raises:
        InvalidRequested: it is neither a requirement nor a location.
    """
    if _is_location(text, folder):
        return _nameless(text, folder)
    try:
        requirement = parse_requirement(text, has_folder=True)
    except InvalidRequirement as error:
        raise InvalidRequested(text) from error
    source = None if requirement.url is None else read_reference(requirement.url, folder)
    return Requested(text, requirement, source)


def _nameless(text: str, folder: str) -> Requested:
    location, condition = re.split(_CONDITION, text, maxsplit=1) if re.search(_CONDITION, text) else (text, None)
    bracketed = re.search(_EXTRAS, location)
    extras: tuple[ExtraName, ...] = ()
    if bracketed is not None and not os.path.exists(os.path.join(folder, location)):
        location = location[: bracketed.start()]
        extras = tuple(extra_name(extra.strip()) for extra in bracketed[1].split(",") if extra.strip())
    if "@" in location:
        from mauve.standards.web_urls import InvalidUrl, check_authority

        try:
            check_authority(location)
        except InvalidUrl as error:
            raise InvalidRequested(text) from InvalidRequirement(text, str(error), 0, len(location))
    marker = TRUE if condition is None else parse_marker(condition)
    return Requested(location, None, read_reference(location, folder), extras, marker)


def _is_location(text: str, folder: str) -> bool:
    """Return whether *text* is a path or URL without a name before it."""
    start = text.strip()
    scheme, separator, _ = start.partition("://")
    if separator and set(scheme) <= _NAME_CHARACTERS | {"+"}:
        return True
    if start.startswith((".", "/", "~", "file:")):
        return True
    has_name_only = set(start) <= _NAME_CHARACTERS
    if has_name_only:
        return start.endswith(ARCHIVE_ENDINGS) and os.path.isfile(os.path.join(folder, start))
    return os.sep in start and "@" not in start and os.path.exists(os.path.join(folder, start))


def is_local(source: RequirementSource | None) -> bool:
    """Return whether *source* is on this machine."""
    return isinstance(source, FromDirectory | FromPath)
