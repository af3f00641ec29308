"""Where a package comes from, and the forms in which a requirement may ask for it.

`Source` answers "which package is this?" (a name, a version and a source identify a locked package);
`RequirementSource` answers "what did the requirement allow?". Paths are absolute in both; the lockfile
writes them relative to its own folder unless the user wrote them absolute.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mauve.distributions.conflicts import ConflictItem
from mauve.enumerations import StrEnum
from mauve.standards.specifiers import Specifiers


class GitReferenceKind(StrEnum):
    """Which key of a source table named the revision."""

    BRANCH = "branch"
    TAG = "tag"
    REV = "rev"
    DEFAULT = "default"


class GitReference(Struct, frozen=True):
    """The revision that was asked for; `value` is empty for the default branch."""

    kind: GitReferenceKind = GitReferenceKind.DEFAULT
    value: str = ""


# --- what a package is


class RegistrySource(Struct, frozen=True, order=True):
    """An index: a URL without credentials, or the path of a local directory."""

    location: str
    is_path: bool = False
    given_absolute: bool = False


class GitSource(Struct, frozen=True, kw_only=True):
    """A commit of a repository; `url` without credentials, query and fragment."""

    url: str
    commit: str
    reference: GitReference = GitReference()
    subdirectory: str | None = None
    lfs: bool = False


class UrlSource(Struct, frozen=True):
    """An archive at a URL (without fragment)."""

    url: str
    subdirectory: str | None = None


class PathSource(Struct, frozen=True):
    """A local wheel or source archive."""

    path: str
    given_absolute: bool = False


class DirectorySource(Struct, frozen=True):
    """A source tree that is built and copied."""

    path: str
    given_absolute: bool = False


class EditableSource(Struct, frozen=True):
    """A source tree that is installed in place."""

    path: str
    given_absolute: bool = False


class VirtualSource(Struct, frozen=True):
    """A source tree whose dependencies count but which is not installed."""

    path: str
    given_absolute: bool = False


Source: TypeAlias = (
    RegistrySource | GitSource | UrlSource | PathSource | DirectorySource | EditableSource | VirtualSource
)
TreeSource: TypeAlias = DirectorySource | EditableSource | VirtualSource


# --- what a requirement asks for


class FromRegistry(Struct, frozen=True):
    """Any version within `specifiers`, from the pinned index (its URL as configured) or from those searched."""

    specifiers: Specifiers
    index: str | None = None
    conflict: ConflictItem | None = None


class FromGit(Struct, frozen=True, kw_only=True):
    """A revision of a repository. `commit` is set once it is known."""

    url: str
    reference: GitReference = GitReference()
    commit: str | None = None
    subdirectory: str | None = None
    lfs: bool = False


class FromUrl(Struct, frozen=True):
    """An archive at a URL. `verbatim` is the URL as written, fragment included."""

    url: str
    subdirectory: str | None = None
    verbatim: str | None = None


class FromPath(Struct, frozen=True):
    """A local wheel or source archive. `given` is the path as written, empty where its spelling does not count."""

    path: str
    given: str


class FromDirectory(Struct, frozen=True):
    """A local source tree. `editable` and `virtual` are None where the user did not say; `given` as in `FromPath`."""

    path: str
    given: str
    editable: bool | None = None
    virtual: bool | None = None


RequirementSource: TypeAlias = FromRegistry | FromGit | FromUrl | FromPath | FromDirectory


def without_spelling(source: RequirementSource) -> RequirementSource:
    """Return *source* without how its path was written, which only counts where the user's own projects write it."""
    return replace(source, given="") if isinstance(source, FromPath | FromDirectory) else source


def canonical_repository(url: str) -> str:
    """Return text that is equal for spellings of *url* that mean one repository."""
    scheme, separator, rest = url.partition("://")
    rest = rest.rstrip("/").removesuffix(".git")
    authority, slash, path = rest.partition("/")
    authority = authority.rpartition("@")[2].lower()
    if authority == "github.com":
        # Its names do not differ in case.
        path = path.lower()
    return f"{scheme.lower()}{separator}{authority}{slash}{path}"


def without_credentials(url: str) -> str:
    """Return *url* without user and password; the `git` user of an ssh URL stays, since it is no secret."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url
    authority, slash, path = rest.partition("/")
    user, at, host = authority.rpartition("@")
    if not at or (user == "git" and "ssh" in scheme):
        return url
    return f"{scheme}://{host}{slash}{path}"
