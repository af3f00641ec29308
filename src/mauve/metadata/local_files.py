"""Metadata of distributions in local indexes and `--find-links` folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.distributions.files import Wheel
from mauve.filesystem.file_urls import file_path
from mauve.metadata.records import NeedsBuild, Record, identity_of, record_of
from mauve.metadata.sdist_archive import read_static_metadata
from mauve.metadata.wheel_metadata import UnreadableWheel, read_wheel_metadata
from mauve.metadata.zip_directory import InvalidZip
from mauve.resolver.source import InvalidMetadata
from mauve.standards.metadata import InvalidCoreMetadata, parse_metadata

if TYPE_CHECKING:
    from mauve.distributions.files import Sdist


def read_local_metadata(distribution: Wheel | Sdist) -> Record | InvalidMetadata | NeedsBuild:
    """Return the metadata of a distribution whose URL is a path; nothing is kept, since reading it is quick."""
    path = file_path(distribution.file.url)
    if not isinstance(distribution, Wheel):
        found = read_static_metadata(path)
        return NeedsBuild(path) if found is None else record_of(found, identity_of(distribution.file))
    try:
        with open(path, "rb") as file:
            metadata = parse_metadata(read_wheel_metadata(file.read(), distribution))
    except (OSError, InvalidZip, UnreadableWheel, InvalidCoreMetadata) as error:
        return InvalidMetadata(str(error))
    return record_of(metadata, identity_of(distribution.file))
