"""The entries of `[tool.uv.sources]`: where a first-party project wants a package to come from.

An entry is read here and applied in `mauve.project.lowering`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from mauve.distributions.sources import GitReference, GitReferenceKind
from mauve.errors import MauveError
from mauve.standards.markers.diagram import TRUE, Marker
from mauve.standards.markers.parse import parse_marker
from mauve.standards.names import ExtraName, GroupName, extra_name, group_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mauve.project.tables import SourceTable


class InvalidSource(ValueError):
    """One entry contradicts itself; the text is the reason."""


class SourceFault(MauveError):
    """Something is wrong with `[tool.uv.sources]`.

    Attributes:
        reason: why not.
        hint: what to write in place of it.
    """

    def __init__(self, reason: str, hint: str | None = None) -> None:
        """State the *reason* and perhaps a *hint*."""
        super().__init__(reason, hint)
        self.reason = reason
        self.hint = hint

    def __str__(self) -> str:
        """Return the reason."""
        return self.reason

    def hints(self) -> tuple[str, ...]:
        """Return the replacement, if one is known."""
        return () if self.hint is None else (self.hint,)


class InvalidSources(SourceFault):
    """The entries of one package do not go together."""


class InvalidSourcesTable(MauveError):
    """`[tool.uv.sources]` cannot be used; the cause says why."""

    def __str__(self) -> str:
        """Name the table."""
        return "Failed to parse `tool.uv.sources`"


class Scope(Struct, frozen=True):
    """Where an entry applies: on some environments, to one extra, or to one group of the project."""

    marker: Marker = TRUE
    extra: ExtraName | None = None
    group: GroupName | None = None


EVERYWHERE: Final = Scope()


class IndexEntry(Struct, frozen=True):
    """`{ index = "name" }`."""

    index: str
    scope: Scope = EVERYWHERE


class WorkspaceEntry(Struct, frozen=True):
    """`{ workspace = true }`; `is_member` is what was written."""

    is_member: bool = True
    editable: bool | None = None
    scope: Scope = EVERYWHERE


class GitEntry(Struct, frozen=True, kw_only=True):
    """`{ git = "…", tag = "…" }`."""

    url: str
    reference: GitReference = GitReference()
    subdirectory: str | None = None
    lfs: bool | None = None
    scope: Scope = EVERYWHERE


class UrlEntry(Struct, frozen=True):
    """`{ url = "…" }`."""

    url: str
    subdirectory: str | None = None
    scope: Scope = EVERYWHERE


class PathEntry(Struct, frozen=True, kw_only=True):
    """`{ path = "…" }`; relative to the file that has the entry."""

    path: str
    editable: bool | None = None
    package: bool | None = None
    scope: Scope = EVERYWHERE


SourceEntry: TypeAlias = IndexEntry | WorkspaceEntry | GitEntry | UrlEntry | PathEntry

_EXCLUDED: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("git", ("index", "workspace", "path", "url", "editable", "package")),
    ("url", ("index", "workspace", "path", "rev", "tag", "branch", "editable", "package")),
    ("path", ("index", "workspace", "rev", "tag", "branch")),
    ("index", ("workspace", "rev", "tag", "branch", "editable", "package")),
    ("workspace", ("rev", "tag", "branch", "package")),
)
"""The kinds of entries in order, each with the keys that may not stand beside it."""


def read_source(table: SourceTable) -> SourceEntry:
    """Return the entry that *table* describes.

    Raises:
        InvalidSource: its keys exclude each other, or one of them is malformed.
        InvalidMarker: `marker` cannot be read.
        InvalidName: `extra` or `group` is not a name.
    """
    kind = _kind(table)
    scope = EVERYWHERE
    if table.marker is not None or table.extra is not None or table.group is not None:
        scope = Scope(
            TRUE if table.marker is None else parse_marker(table.marker),
            None if table.extra is None else extra_name(table.extra),
            None if table.group is None else group_name(table.group),
        )
    if kind == "git" and table.git is not None:
        check_url(table.git)
        return GitEntry(
            url=table.git.removeprefix("git+"),
            reference=_reference(table),
            subdirectory=table.subdirectory,
            lfs=table.lfs,
            scope=scope,
        )
    if kind == "url" and table.url is not None:
        check_url(table.url)
        return UrlEntry(table.url, table.subdirectory, scope)
    if kind == "path" and table.path is not None:
        return PathEntry(path=table.path, editable=table.editable, package=table.package, scope=scope)
    if kind == "index" and table.index is not None:
        check_index_name(table.index)
        return IndexEntry(table.index, scope)
    return WorkspaceEntry(table.workspace is True, table.editable, scope)


def _kind(table: SourceTable) -> str:
    if table.extra is not None and table.group is not None:
        raise InvalidSource("cannot specify both `extra` and `group`")
    for kind, excluded in _EXCLUDED:
        if getattr(table, kind) is None:
            continue
        for key in excluded:
            if getattr(table, key) is not None:
                raise InvalidSource(f"cannot specify both `{kind}` and `{key}`")
        if kind == "git" and sum(value is not None for value in (table.rev, table.tag, table.branch)) > 1:
            raise InvalidSource("expected at most one of `rev`, `tag`, or `branch`")
        if kind == "path" and table.editable is True and table.package is False:
            raise InvalidSource("cannot specify both `editable = true` and `package = false`")
        return kind
    raise InvalidSource("expected one of `git`, `url`, `path`, `index`, or `workspace`")


def _reference(table: SourceTable) -> GitReference:
    for kind, value in (
        (GitReferenceKind.REV, table.rev),
        (GitReferenceKind.TAG, table.tag),
        (GitReferenceKind.BRANCH, table.branch),
    ):
        if value is not None:
            return GitReference(kind, value)
    return GitReference()


def check_url(text: str) -> None:
    """Refuse a *text* that is not an absolute URL.

    Raises:
        InvalidSource: there is no scheme or no host.
    """
    scheme, colon, rest = text.removeprefix("git+").partition(":")
    if not colon or not scheme[:1].isalpha() or not scheme.replace("+", "").replace("-", "").replace(".", "").isalnum():
        raise InvalidSource(f'relative URL without a base: "{text}"')
    if scheme in {"http", "https"} and not rest.strip("/"):
        raise InvalidSource(f'empty host: "{text}"')


def check_index_name(text: str) -> None:
    """Refuse a *text* that is not the name of an index.

    Raises:
        InvalidSource: it has an unsupported character.
    """
    from mauve.distributions.index_faults import find_name_fault

    reason = find_name_fault(text)
    if reason is not None:
        raise InvalidSource(reason)


def check_together(entries: Sequence[SourceEntry]) -> None:
    """Refuse *entries* of one package of which two could apply at once.

    Raises:
        InvalidSources: there is none, one lacks a marker, or two markers overlap.
    """
    if not entries:
        raise InvalidSources("Must provide at least one source")
    for place, first in enumerate(entries):
        for second in entries[place + 1 :]:
            if (first.scope.extra, first.scope.group) != (second.scope.extra, second.scope.group):
                continue
            for entry in (first, second):
                if entry.scope.marker.is_true:
                    raise InvalidSources(
                        "When multiple sources are provided, each source must include a platform marker "
                        "(e.g., `marker = \"sys_platform == 'linux'\"`)"
                    )
            _check_disjoint(first.scope.marker, second.scope.marker)


def _check_disjoint(first: Marker, second: Marker) -> None:
    if first.is_disjoint(second):
        return
    from mauve.standards.markers.render import render

    ours, theirs = render(first) or "true", render(second) or "true"
    remainder = ~first & second
    replacement = render(remainder) or "true"
    raise InvalidSources(
        f"Source markers must be disjoint, but the following markers overlap: `{ours}` and `{theirs}`.",
        f"replace `{theirs}` with `{replacement}`",
    )
