"""The folder for what `build` makes, and whether what was made fits together."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError
from mauve.standards.filenames import parse_wheel_filename, sdist_extension
from mauve.standards.names import InvalidName, PackageName, package_name
from mauve.standards.versions import InvalidVersion, Version, parse_version

if TYPE_CHECKING:
    from mauve.build.native.listing import ArchiveListing
    from mauve.operations.build_sources import BuildSource


class OutputRefused(MauveError):
    """The system refused to write a file; the text is uv's."""

    def __init__(self, error: OSError) -> None:
        """Take the system's reason from *error*."""
        super().__init__(error)
        self.error = error

    def __str__(self) -> str:
        """Return the message."""
        error = self.error
        return f"failed to create directory `{error.filename}`: {error.strerror} (os error {error.errno})"


class SourceInOutput(MauveError):
    """The folder that is to be emptied has what is to be built."""

    def __init__(self, output: str, source: str) -> None:
        """Name both."""
        super().__init__(output, source)
        self.output = output
        self.source = source

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Refusing to clear output directory `{self.output}` because it contains the build source `{self.source}`"
        )


class NotListable(MauveError):
    """What another backend would put into an archive is not known before it is built."""

    def __init__(self, shown: str, reason: str) -> None:
        """Name the source, and why it is of another backend."""
        super().__init__(shown, reason)
        self.shown = shown
        self.reason = reason

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Can only use `--list` with a compatible uv build backend, but `{self.shown}` is not compatible because "
            f"{self.reason}"
        )


class Disagreement(MauveError):
    """A wheel is of another package, or version, than its source distribution."""

    def __init__(self, what: str, sdist: str, wheel: str) -> None:
        """Name *what* differs, and both values."""
        super().__init__(what, sdist, wheel)
        self.what = what
        self.sdist = sdist
        self.wheel = wheel

    def __str__(self) -> str:
        """Return the message in uv's words."""
        declared = f"declares {self.what}"
        return f"The source distribution {declared} {self.sdist}, but the wheel {declared} {self.wheel}"


class ArchiveContents(Struct, frozen=True):
    """What an archive would have.

    Attributes:
        filename: of the archive.
        files: name in the archive, and of the file in the source tree; None for what the backend makes.
    """

    filename: str
    files: tuple[tuple[str, str | None], ...]

    @classmethod
    def of(cls, listing: ArchiveListing) -> ArchiveContents:
        """Return what *listing* says."""
        return cls(listing.filename, tuple([(member.name, member.source) for member in listing.members]))


class Declared(Struct, frozen=True):
    """Name and version that a source distribution declares by the name of its file."""

    name: PackageName
    version: Version

    @classmethod
    def of_sdist(cls, filename: str) -> Declared | None:
        """Return what *filename* declares; None if it has another form."""
        stem = filename.removesuffix(sdist_extension(filename) or "")
        name, _, version = stem.rpartition("-")
        try:
            return cls(package_name(name), parse_version(version))
        except (InvalidName, InvalidVersion):
            return None


def check_agreement(declared: Declared | None, wheel: str) -> None:
    """Compare the *wheel* of a source distribution with what that *declared*.

    Raises:
        Disagreement: they are of different things.
        InvalidFilename: the wheel is not called as wheels are.
    """
    found = parse_wheel_filename(wheel)
    if declared is None:
        return
    if found.name != declared.name:
        raise Disagreement("name", declared.name, found.name)
    if found.version != declared.version:
        raise Disagreement("version", str(declared.version), str(found.version))


def clear_output(source: BuildSource) -> None:
    """Empty the folder for the results of *source*.

    Raises:
        SourceInOutput: the source would be lost.
    """
    from mauve.filesystem.removal import remove

    output, path = os.path.realpath(source.output), os.path.realpath(source.path)
    if path == output or path.startswith(os.path.join(output, "")):
        raise SourceInOutput(source.output, source.path)
    remove(source.output)


def prepare_output(folder: str, *, ignores: bool) -> None:
    """Make the *folder* for results; *ignores* writes what keeps it out of version control, unless that is there."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, ".gitignore")
    if ignores and not os.path.lexists(path):
        with open(path, "w", encoding="utf-8") as file:
            file.write("*")
