"""Metadata of distributions in local indexes and `--find-links` folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.distributions.files import Wheel
from mauve.errors import MauveError
from mauve.filesystem.file_urls import file_path
from mauve.metadata.record import Record
from mauve.metadata.records import NeedsBuild, identity_of, record_of
from mauve.metadata.sdist_archive import read_static_metadata
from mauve.metadata.wheel_metadata import NOT_ZIP, UnreadableWheel, read_wheel_metadata
from mauve.metadata.zip_directory import InvalidZip
from mauve.resolver.source import InvalidMetadata
from mauve.standards.metadata import InvalidCoreMetadata, parse_metadata

if TYPE_CHECKING:
    from mauve.distributions.files import Sdist


class UnreadableLocalFile(MauveError):
    """A file that a page or a folder names cannot be read."""

    def __init__(self, path: str, error: OSError) -> None:
        """Name the file, and what the system says."""
        super().__init__(path, error)
        self.path = path
        self.error = error

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"failed to open file `{self.path}`: {self.error.strerror} (os error {self.error.errno})"


def read_local_metadata(distribution: Wheel | Sdist) -> Record | InvalidMetadata | NeedsBuild:
    """Return the metadata of a distribution whose URL is a path; nothing is kept, since reading it is quick.

    Raises:
        UnreadableLocalFile: the file is not there.
    """
    path = file_path(distribution.file.url)
    if not isinstance(distribution, Wheel):
        found = read_static_metadata(path)
        return NeedsBuild(path) if found is None else record_of(found, identity_of(distribution.file))
    try:
        with open(path, "rb") as file:
            metadata = parse_metadata(read_wheel_metadata(file.read(), distribution))
    except OSError as error:
        raise UnreadableLocalFile(path, error) from None
    except InvalidZip:
        return InvalidMetadata(NOT_ZIP, is_structure=True)
    except UnreadableWheel as error:
        return InvalidMetadata(str(error), is_structure=True)
    except InvalidCoreMetadata as error:
        return InvalidMetadata(str(error))
    return record_of(metadata, identity_of(distribution.file))
