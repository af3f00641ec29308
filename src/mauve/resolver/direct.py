"""Packages that come from a URL, a path or a repository instead of an index.

A fork allows one such source per name. Which ones are allowed at all is known from the first-party requirements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from mauve.distributions.sources import (
    DirectorySource,
    EditableSource,
    FromDirectory,
    FromGit,
    FromPath,
    FromUrl,
    GitSource,
    PathSource,
    UrlSource,
    VirtualSource,
    canonical_repository,
)

if TYPE_CHECKING:
    from mauve.distributions.sources import RequirementSource, Source, TreeSource
    from mauve.resolver.source import DirectSource

DirectKey: TypeAlias = tuple[str, ...]
"""Identifies a direct source: two requirements with equal keys mean the same thing."""


def direct_key(source: DirectSource) -> DirectKey:
    """Return the identity of *source*, whatever its spelling."""
    match source:
        case FromUrl():
            return ("url", source.url, source.subdirectory or "")
        case FromGit():
            reference = source.reference
            return ("git", canonical_repository(source.url), reference.kind, reference.value, source.subdirectory or "")
        case FromPath():
            return ("path", source.path)
        case FromDirectory():
            # Nobody minds how a tree is installed who did not say it.
            return ("directory", source.path, "" if source.editable is None else str(source.editable))


def tree_source(source: FromDirectory) -> TreeSource:
    """Return how the tree of *source* is locked."""
    kind: type[TreeSource] = DirectorySource
    if source.virtual:
        kind = VirtualSource
    elif source.editable:
        kind = EditableSource
    return kind(source.path, source.given.startswith(("/", "file:")) or source.given[1:3] in {":/", ":\\"})


def direct_text(source: DirectSource) -> str:
    """Return *source* as messages write it."""
    match source:
        case FromUrl():
            return source.verbatim or source.url
        case FromGit():
            revision = f"@{source.reference.value}" if source.reference.value else ""
            fields = [f"subdirectory={source.subdirectory}"] if source.subdirectory else []
            fields += ["lfs=true"] if source.lfs else []
            return f"git+{source.url}{revision}{'#' if fields else ''}{'&'.join(fields)}"
        case FromPath():
            return f"file://{source.path}"
        case FromDirectory():
            return f"file://{source.path}{' (editable)' if source.editable else ''}"


def source_text(source: Source) -> str | None:
    """Return where a distribution was found, as messages write it; None if that is an index."""
    match source:
        case UrlSource():
            return source.url if source.subdirectory is None else f"{source.url}#subdirectory={source.subdirectory}"
        case GitSource():
            part = "" if source.subdirectory is None else f"#subdirectory={source.subdirectory}"
            return f"git+{source.url}@{source.commit}{part}"
        case PathSource() | DirectorySource() | EditableSource() | VirtualSource():
            return f"file://{source.path}"
        case _:
            return None


def as_direct(source: RequirementSource) -> DirectSource | None:
    """Return *source* if it is a direct one."""
    match source:
        case FromUrl() | FromGit() | FromPath() | FromDirectory():
            return source
        case _:
            return None
