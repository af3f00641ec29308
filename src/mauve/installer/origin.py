"""What is recorded about the origin of an installed distribution, and whether a recorded origin is a wanted one.

Specification: "Recording the Direct URL Origin of installed distributions" (PEP 610).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
from mauve.standards.direct_url import (
    ArchiveUrl,
    DirectoryUrl,
    InvalidDirectUrl,
    RepositoryUrl,
    parse_direct_url,
)

if TYPE_CHECKING:
    from mauve.distributions.sources import Source
    from mauve.standards.direct_url import DirectUrl

_ESCAPED: Final = frozenset(' "#%<>?`{}\\')


def file_url(path: str) -> str:
    """Return the `file:` URL of the absolute *path*, escaped as browsers and uv do."""
    if _ESCAPED.isdisjoint(path) and path.isascii() and path.isprintable():
        return f"file://{path}"
    from urllib.parse import quote

    return "file://" + quote(path, safe="/!$&'()*+,;=:@[]^|~")


def direct_url_of(source: Source) -> DirectUrl | None:
    """Return what is recorded of *source*; None if it is an index."""
    match source:
        case RegistrySource() | VirtualSource():
            return None
        case UrlSource(url, subdirectory):
            return ArchiveUrl(url, subdirectory)
        case PathSource(path):
            return ArchiveUrl(file_url(path))
        case DirectorySource(path):
            return DirectoryUrl(file_url(path), editable=False)
        case EditableSource(path):
            return DirectoryUrl(file_url(path), editable=True)
        case GitSource():
            asked = source.reference.value if source.reference.kind is not GitReferenceKind.DEFAULT else None
            return RepositoryUrl(
                url=source.url,
                commit=source.commit,
                requested_revision=asked,
                subdirectory=source.subdirectory,
                lfs=source.lfs,
            )


def is_recorded(source: Source, recorded: bytes | None) -> bool:
    """Return whether a distribution whose `direct_url.json` is *recorded* came from *source*.

    A local file or folder may have changed since: that is what `uv_cache.json` is for.
    """
    if recorded is None or isinstance(source, RegistrySource | VirtualSource):
        return recorded is None and isinstance(source, RegistrySource)
    try:
        found = parse_direct_url(recorded)
    except InvalidDirectUrl:
        return False
    wanted = direct_url_of(source)
    match found, wanted:
        case (ArchiveUrl(), ArchiveUrl()):
            return (found.url.partition("#")[0], found.subdirectory) == (wanted.url, wanted.subdirectory)
        case (DirectoryUrl(), DirectoryUrl()):
            return found == wanted
        case (RepositoryUrl(), RepositoryUrl()):
            # The revision that was asked for may have another name by now.
            return (found.vcs, _repository(found.url), found.commit, found.subdirectory, found.lfs) == (
                *(wanted.vcs, _repository(wanted.url)),
                *(wanted.commit, wanted.subdirectory, wanted.lfs),
            )
        case _:
            return False


def is_editable(recorded: bytes | None) -> bool:
    """Return whether a distribution whose `direct_url.json` is *recorded* runs from its source tree."""
    try:
        found = None if recorded is None else parse_direct_url(recorded)
    except InvalidDirectUrl:
        return False
    return isinstance(found, DirectoryUrl) and bool(found.editable)


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
            lfs = " lfs" if source.lfs else ""
            return f"git:{_repository(source.url)}@{source.commit}#{source.subdirectory or ''}{lfs}"


def local_path(source: Source) -> str | None:
    """Return the path of a local file or source tree; None for everything else."""
    match source:
        case PathSource(path) | DirectorySource(path) | EditableSource(path) | VirtualSource(path):
            return path
        case _:
            return None


def _repository(url: str) -> str:
    return url.removesuffix("/").removesuffix(".git").lower()


def describe_origin(direct_url: DirectUrl) -> str:
    """Return *direct_url* as messages show it: one URL, with the commit of a repository."""
    url = direct_url.url
    fields = [] if direct_url.subdirectory is None else [f"subdirectory={direct_url.subdirectory}"]
    if isinstance(direct_url, RepositoryUrl):
        url = f"git+{url}@{direct_url.commit}"
        fields += ["lfs=true"] if direct_url.lfs else []
    return f"{url}#{'&'.join(fields)}" if fields else url
