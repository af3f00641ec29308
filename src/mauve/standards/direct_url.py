"""`direct_url.json`: where an installed distribution came from, if not from an index.

Specification: PEP 610, PEP 660, "Direct URL data structure" of the packaging specifications.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from mauve.errors import MauveError


class InvalidDirectUrl(MauveError):
    """The content of `direct_url.json` is not a direct URL."""

    def __str__(self) -> str:
        """Return one line."""
        return "Invalid `direct_url.json`"


class ArchiveUrl(Struct, frozen=True):
    """An archive, remote or local. `hashes` is read for other installers' sake and never written."""

    url: str
    subdirectory: str | None = None
    hashes: dict[str, str] = {}


class RepositoryUrl(Struct, frozen=True, kw_only=True):
    """A commit of a repository; `requested_revision` only if the user named one, `lfs` with its large files."""

    url: str
    commit: str
    requested_revision: str | None = None
    subdirectory: str | None = None
    vcs: str = "git"
    lfs: bool = False


class DirectoryUrl(Struct, frozen=True):
    """A local source tree. `editable` None (not written) and False are told apart, as uv does."""

    url: str
    editable: bool | None = None
    subdirectory: str | None = None


DirectUrl: TypeAlias = ArchiveUrl | RepositoryUrl | DirectoryUrl


class _VcsInfo(Struct):
    vcs: str
    commit_id: str
    requested_revision: str | None = None
    git_lfs: bool | None = None


class _ArchiveInfo(Struct):
    hash: str | None = None
    hashes: dict[str, str] | None = None


class _DirInfo(Struct):
    editable: bool | None = None


class _Wire(Struct):
    url: str
    subdirectory: str | None = None
    vcs_info: _VcsInfo | None = None
    archive_info: _ArchiveInfo | None = None
    dir_info: _DirInfo | None = None


def parse_direct_url(content: bytes | str) -> DirectUrl:
    """Return what *content* describes.

    Raises:
        InvalidDirectUrl: not JSON, or none of the three kinds.
    """
    try:
        wire = msgspec.json.decode(content, type=_Wire)
    except msgspec.DecodeError as error:
        raise InvalidDirectUrl from error
    if wire.vcs_info is not None:
        return RepositoryUrl(
            url=wire.url,
            commit=wire.vcs_info.commit_id,
            requested_revision=wire.vcs_info.requested_revision,
            subdirectory=wire.subdirectory,
            vcs=wire.vcs_info.vcs,
            lfs=bool(wire.vcs_info.git_lfs),
        )
    if wire.archive_info is not None:
        return ArchiveUrl(wire.url, wire.subdirectory, wire.archive_info.hashes or {})
    if wire.dir_info is not None:
        return DirectoryUrl(wire.url, wire.dir_info.editable, wire.subdirectory)
    raise InvalidDirectUrl


def render_direct_url(direct_url: DirectUrl) -> str:
    """Return the JSON of *direct_url*, without blanks, keys in uv's order."""
    info: dict[str, Any]
    match direct_url:
        case ArchiveUrl():
            key, info = "archive_info", {}
        case RepositoryUrl():
            key, info = "vcs_info", {"vcs": direct_url.vcs, "commit_id": direct_url.commit}
            if direct_url.requested_revision is not None:
                info["requested_revision"] = direct_url.requested_revision
            if direct_url.lfs:
                info["git_lfs"] = True
        case DirectoryUrl():
            key, info = "dir_info", {} if direct_url.editable is None else {"editable": direct_url.editable}
    wire: dict[str, Any] = {"url": direct_url.url, key: info}
    if direct_url.subdirectory is not None:
        wire["subdirectory"] = direct_url.subdirectory
    return msgspec.json.encode(wire).decode()
