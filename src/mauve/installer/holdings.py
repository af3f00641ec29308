"""What an environment holds, in the order in which people are shown it, with what is recorded of each distribution.

Specification: "Recording installed projects", "Recording the Direct URL Origin of installed distributions".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError
from mauve.filesystem.file_urls import file_path
from mauve.installer.inventory import (
    InstalledDistribution,
    InstalledKind,
    MalformedField,
    UnreadableInstallation,
    linked_tree,
    read_libraries,
)
from mauve.standards.direct_url import DirectoryUrl, InvalidDirectUrl, parse_direct_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.standards.direct_url import DirectUrl
    from mauve.standards.metadata import CoreMetadata
    from mauve.standards.requirements import Requirement
    from mauve.standards.specifiers import Specifiers


class Holding(Struct, frozen=True):
    """One distribution of an environment.

    Attributes:
        origin: None if it came from an index, or nobody knows.
        tree: of the project that it is a development link to.
    """

    installed: InstalledDistribution
    origin: DirectUrl | None = None
    tree: str | None = None

    @property
    def editable_location(self) -> str | None:
        """Return the source tree that it runs from; None if it does not."""
        if self.tree is not None:
            return self.tree
        if isinstance(self.origin, DirectoryUrl) and self.origin.editable:
            return file_path(self.origin.url).rstrip("/") or "/"
        return None

    @property
    def location(self) -> str:
        """Return the folder that it is imported from, as far as its record lies there."""
        return self.tree or os.path.dirname(self.installed.path)


class UnknownOrigin(MauveError):
    """The record of the origin is none of the kinds that there are."""

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "data did not match any variant of untagged enum DirectUrl"


class UnopenedFile(MauveError):
    """The system refused to open a file of a distribution."""

    def __init__(self, path: str, error: OSError) -> None:
        """Name the file; *error* says why."""
        super().__init__(path, error)
        self.path = path
        self.reason = f"{error.strerror} (os error {error.errno})"

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"failed to open file `{self.path}`: {self.reason}"


class InvalidMetadataFile(MauveError):
    """What a file says of a distribution cannot be used; the cause says why."""

    def __init__(self, name: str, shown: str) -> None:
        """Name the kind of file, and the file as messages show it."""
        super().__init__(name, shown)
        self.name = name
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to parse `{self.name}` file: {self.shown}"


def read_holdings(libraries: Iterable[str], tell_dangling: Callable[[str], None]) -> list[Holding]:
    """Return what the folders *libraries* hold, by name and version; *tell_dangling* hears what is passed over.

    Raises:
        UnreadableInstallation: a folder has no valid name, or the record of an origin is of no known kind.
    """
    inventory = read_libraries(libraries)
    for path in inventory.dangling:
        tell_dangling(path)
    return [_holding(installed) for installed in sorted(inventory)]


def _holding(installed: InstalledDistribution) -> Holding:
    if installed.kind is InstalledKind.EGG_LINK:
        linked = linked_tree(installed.path)
        return Holding(installed, None, None if linked is None else linked[0])
    recorded = installed.direct_url if installed.kind is InstalledKind.DIST_INFO else None
    if recorded is None:
        return Holding(installed)
    try:
        return Holding(installed, parse_direct_url(recorded))
    except InvalidDirectUrl:
        raise UnreadableInstallation(installed.path) from UnknownOrigin()


class Declared(Struct, frozen=True):
    """What a distribution says of itself.

    Attributes:
        requires_python: None if it does not care.
    """

    metadata: CoreMetadata
    requirements: tuple[Requirement, ...]
    requires_python: Specifiers | None


def read_declared(installed: InstalledDistribution, shown: Callable[[str], str] = str) -> Declared:
    """Return what the metadata of *installed* says; paths are *shown* in messages.

    Raises:
        UnopenedFile: there is none.
        InvalidMetadataFile: it cannot be used.
    """
    from mauve.standards.lenient import parse_requirement_leniently, parse_specifiers_leniently
    from mauve.standards.metadata import InvalidCoreMetadata, parse_metadata
    from mauve.standards.requirements import InvalidRequirement
    from mauve.standards.specifiers import InvalidSpecifier

    path = _metadata_path(installed)
    try:
        with open(path, "rb", buffering=0) as file:
            content = file.read()
    except OSError as error:
        raise UnopenedFile(path, error) from None
    try:
        metadata = parse_metadata(content)
        return Declared(
            metadata,
            tuple([parse_requirement_leniently(text) for text in metadata.requires_dist]),
            None if metadata.requires_python is None else parse_specifiers_leniently(metadata.requires_python),
        )
    except (InvalidCoreMetadata, InvalidRequirement, InvalidSpecifier) as error:
        raise InvalidMetadataFile(os.path.basename(path), shown(path)) from MalformedField(str(error).rstrip())


def _metadata_path(installed: InstalledDistribution) -> str:
    match installed.kind:
        case InstalledKind.DIST_INFO:
            return f"{installed.path}/METADATA"
        case InstalledKind.EGG_INFO_FOLDER:
            return f"{installed.path}/PKG-INFO"
        case InstalledKind.EGG_INFO_FILE:
            return installed.path
        case InstalledKind.EGG_LINK:
            linked = linked_tree(installed.path)
            return installed.path if linked is None else linked[1]


def read_files(installed: InstalledDistribution) -> list[str]:
    """Return the paths that RECORD lists, as it has them.

    Raises:
        UnopenedFile: there is none.
        InvalidMetadataFile: it is malformed.
    """
    from mauve.standards.record import InvalidRecord, parse_record

    path = f"{installed.path}/RECORD"
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise UnopenedFile(path, error) from None
    try:
        return [row.path for row in parse_record(text)]
    except InvalidRecord as error:
        raise InvalidMetadataFile("RECORD", path) from error


def has_readable_wheel_file(installed: InstalledDistribution) -> bool:
    """Return whether `WHEEL` is of a version that is known, and its tags are some."""
    header = (installed.read("WHEEL") or b"").partition(b"\n\n")[0].decode(errors="replace")
    fields = [line.partition(":") for line in header.splitlines()]
    versions = [value.strip() for name, _, value in fields if name == "Wheel-Version"]
    tags = [value.strip() for name, _, value in fields if name == "Tag"]
    return bool(versions) and versions[0].split(".")[0] == "1" and all(tag.count("-") == 2 for tag in tags)
