"""What is recorded about the origin of an installed distribution, and whether a recorded origin is a wanted one.

Specification: "Recording the Direct URL Origin of installed distributions" (PEP 610).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import DecodeError, Struct, json

from mauve.distributions.sources import (
    DirectorySource,
    EditableSource,
    GitReferenceKind,
    GitSource,
    PathSource,
    RegistrySource,
    UrlSource,
    VirtualSource,
)

if TYPE_CHECKING:
    from mauve.distributions.sources import Source

_ESCAPED: Final = frozenset(' "#%<>?`{}\\')


class _Vcs(Struct, omit_defaults=True):
    vcs: str = ""
    commit_id: str = ""
    requested_revision: str | None = None
    git_lfs: bool | None = None


class _Folder(Struct, omit_defaults=True):
    editable: bool | None = None


class _Archive(Struct, omit_defaults=True):
    hash: str | None = None
    hashes: dict[str, str] | None = None


class _DirectUrl(Struct, omit_defaults=True):
    """`direct_url.json` as written; keys in uv's order."""

    url: str = ""
    vcs_info: _Vcs | None = None
    dir_info: _Folder | None = None
    archive_info: _Archive | None = None
    subdirectory: str | None = None


def file_url(path: str) -> str:
    """Return the `file:` URL of the absolute *path*, escaped as browsers and uv do."""
    if _ESCAPED.isdisjoint(path) and path.isascii() and path.isprintable():
        return f"file://{path}"
    from urllib.parse import quote

    return "file://" + quote(path, safe="/!$&'()*+,;=:@[]^|~")


def render_direct_url(source: Source) -> bytes | None:
    """Return the content of `direct_url.json` for a distribution from *source*; None if it came from an index."""
    match source:
        case RegistrySource() | VirtualSource():
            return None
        case UrlSource(url, subdirectory):
            value = _DirectUrl(url=url, archive_info=_Archive(), subdirectory=subdirectory)
        case PathSource(path):
            value = _DirectUrl(url=file_url(path), archive_info=_Archive())
        case DirectorySource(path):
            value = _DirectUrl(url=file_url(path), dir_info=_Folder(editable=False))
        case EditableSource(path):
            value = _DirectUrl(url=file_url(path), dir_info=_Folder(editable=True))
        case GitSource():
            asked = source.reference.value if source.reference.kind is not GitReferenceKind.DEFAULT else None
            vcs = _Vcs("git", source.commit, asked, True if source.lfs else None)
            value = _DirectUrl(url=source.url, vcs_info=vcs, subdirectory=source.subdirectory)
    return json.encode(value)


def is_recorded(source: Source, recorded: bytes | None) -> bool:
    """Return whether a distribution whose `direct_url.json` is *recorded* came from *source*.

    A local file or folder may have changed since: that is what `uv_cache.json` is for.
    """
    if recorded is None or isinstance(source, RegistrySource | VirtualSource):
        return recorded is None and isinstance(source, RegistrySource)
    try:
        value = json.decode(recorded, type=_DirectUrl)
    except DecodeError:
        return False
    subdirectory = value.subdirectory or None
    match source:
        case UrlSource(url, wanted):
            return value.archive_info is not None and value.url.partition("#")[0] == url and subdirectory == wanted
        case PathSource(path):
            return value.archive_info is not None and value.url == file_url(path)
        case DirectorySource(path):
            return value.dir_info is not None and value.dir_info.editable is False and value.url == file_url(path)
        case EditableSource(path):
            return value.dir_info is not None and value.dir_info.editable is True and value.url == file_url(path)
        case GitSource():
            vcs = value.vcs_info
            return (
                vcs is not None
                and vcs.vcs == "git"
                and _repository(value.url) == _repository(source.url)
                and vcs.commit_id == source.commit
                and subdirectory == source.subdirectory
                and bool(vcs.git_lfs) == source.lfs
            )


def identify(source: Source) -> str:
    """Return a text that is equal for equal places, as the key of what was fetched or built from there."""
    match source:
        case RegistrySource(location):
            return f"registry:{location}"
        case UrlSource(url, subdirectory):
            return f"url:{url}#{subdirectory or ''}"
        case PathSource(path):
            return f"path:{path}"
        case DirectorySource(path) | VirtualSource(path):
            return f"directory:{path}"
        case EditableSource(path):
            return f"editable:{path}"
        case GitSource():
            return f"git:{_repository(source.url)}@{source.commit}#{source.subdirectory or ''}{' lfs' if source.lfs else ''}"


def local_path(source: Source) -> str | None:
    """Return the path of a local file or source tree; None for everything else."""
    match source:
        case PathSource(path) | DirectorySource(path) | EditableSource(path) | VirtualSource(path):
            return path
        case _:
            return None


def _repository(url: str) -> str:
    return url.removesuffix("/").removesuffix(".git").lower()


def recorded_url(recorded: bytes) -> str:
    """Return the URL of a `direct_url.json`, with the revision of a repository; as messages show it."""
    value = json.decode(recorded, type=_DirectUrl)
    url = value.url
    if value.vcs_info is not None:
        url = f"git+{url}@{value.vcs_info.commit_id}"
    return url if value.subdirectory is None else f"{url}#subdirectory={value.subdirectory}"
