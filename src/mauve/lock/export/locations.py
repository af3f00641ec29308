"""Where a locked package comes from, in the words of requirements and URLs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.filesystem.file_urls import file_url
from mauve.lock.model import SourceKind, split_git_location
from mauve.lock.requirements import absolute_path

if TYPE_CHECKING:
    from mauve.lock.model import LockedFile, LockedPackage, LockedSource


def git_requirement_url(source: LockedSource) -> str:
    """Return the URL by which a requirement names a commit of a repository."""
    git = split_git_location(source.location)
    revision = git.commit or git.reference.value
    url = f"git+{git.url}@{revision}" if revision else f"git+{git.url}"
    parts = [f"subdirectory={git.subdirectory}"] if git.subdirectory else []
    if git.lfs:
        parts.insert(0, "lfs=true")
    return f"{url}#{'&'.join(parts)}" if parts else url


def archive_requirement_url(source: LockedSource) -> str:
    """Return the URL by which a requirement names an archive."""
    return source.location if source.subdirectory is None else f"{source.location}#subdirectory={source.subdirectory}"


def anchored_path(location: str) -> str:
    """Return a path from the lock so that nobody takes it for a name: `lib` is `./lib`."""
    if os.path.isabs(location) or location.split("/", maxsplit=1)[0] in (".", ".."):
        return location
    return f"./{location}"


def file_location(package: LockedPackage, file: LockedFile, root: str) -> str:
    """Return the URL of a *file* of an index; those of a local index have one too."""
    if file.kind == "url":
        return file.location
    folder = absolute_path(package.source.location, root)
    return file_url(absolute_path(file.location, folder))


def index_url(package: LockedPackage, root: str) -> str | None:
    """Return the URL of the index that *package* comes from."""
    source = package.source
    if source.kind is not SourceKind.REGISTRY:
        return None
    return file_url(absolute_path(source.location, root)) if source.is_registry_path else source.location
