"""A URL or path in a requirement, read as the source that it names.

Specification: "Version specifiers", direct references (PEP 440, PEP 508); VCS URLs as in pip.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from mauve.distributions.sources import (
    FromDirectory,
    FromGit,
    FromPath,
    FromUrl,
    GitReference,
    GitReferenceKind,
    RequirementSource,
)
from mauve.errors import MauveError

if TYPE_CHECKING:
    from collections.abc import Mapping

_YES: Final = frozenset(("1", "true", "t", "yes", "y", "on"))
_VARIABLE: Final = r"\$\{([A-Z0-9_]+)\}"
ARCHIVE_ENDINGS: Final = (
    ".whl",
    ".tar.gz",
    ".zip",
    ".tar.bz2",
    ".tar.lz",
    ".tar.lzma",
    ".tar.xz",
    ".tar.zst",
    ".tar",
    ".tbz",
    ".tgz",
    ".tlz",
    ".txz",
)


class UnsupportedReference(MauveError):
    """A URL has a scheme or a version control system that cannot be used."""

    def __init__(self, url: str, reason: str) -> None:
        """Name the *url* and the *reason*."""
        super().__init__(url, reason)
        self.url = url
        self.reason = reason

    def __str__(self) -> str:
        """Return the reason."""
        return self.reason


def read_reference(text: str, folder: str, variables: Mapping[str, str] | None = None) -> RequirementSource:
    """Return the source that the URL or path *text* names; relative paths are below *folder*.

    Args:
        text: as it was written.
        folder: absolute.
        variables: replace `${NAME}` in *text*; unknown ones stay.

    Raises:
        UnsupportedReference: the URL is of a kind that is not supported.
    """
    written = text
    if variables and "${" in text:
        text = re.sub(_VARIABLE, lambda match: variables.get(match[1], match[0]), text)
    scheme, separator, _ = text.partition("://")
    if not separator or scheme == "file":
        # A path behind a variable is no absolute path: where it leads is not written in the file.
        return _local(text, folder, text if text == written else written.removeprefix("file:").lstrip("/"))
    if scheme.startswith("git+"):
        return _git(text.removeprefix("git+"), lfs=wants_large_files(variables or {}))
    if "+" in scheme:
        system = scheme.partition("+")[0]
        raise UnsupportedReference(text, f"Unsupported URL prefix `{system}` in URL: `{text}`")
    url, _, fragment = text.partition("#")
    return FromUrl(url, _fragment(fragment).get("subdirectory"), text)


def local_path(url: str) -> str:
    """Return the path of a `file:` URL, or *url* itself if it is a path."""
    if not url.startswith("file:"):
        return url
    from urllib.request import url2pathname

    return url2pathname(url.removeprefix("file:").removeprefix("//").removeprefix("localhost"))


def local_source(path: str, given: str, *, editable: bool | None = None) -> FromDirectory | FromPath:
    """Return the source at the absolute *path*: a tree, or an archive by what is there or by its name."""
    is_folder = os.path.isdir(path) or (not os.path.isfile(path) and not path.endswith(ARCHIVE_ENDINGS))
    return FromDirectory(path, given, editable) if is_folder else FromPath(path, given)


def _local(text: str, folder: str, written: str) -> FromDirectory | FromPath:
    path = os.path.normpath(os.path.join(folder, os.path.expanduser(local_path(text.partition("#")[0]))))
    if path.startswith("//"):
        path = path[1:]  # `file:///${FOLDER}`, where the variable has a slash of its own
    return local_source(path, written.partition("#")[0])


def wants_large_files(variables: Mapping[str, str]) -> bool:
    """Return whether repositories come with their large files where nothing else is said (`UV_GIT_LFS`)."""
    return variables.get("UV_GIT_LFS", "").lower() in _YES


def _git(text: str, *, lfs: bool) -> FromGit:
    url, _, fragment = text.partition("#")
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    path, at, revision = path.rpartition("@") if "@" in path else (path, "", "")
    fields = _fragment(fragment)
    reference = GitReference(GitReferenceKind.REV, revision) if at else GitReference()
    return FromGit(
        url=f"{scheme}://{host}{slash}{path}", reference=reference, subdirectory=fields.get("subdirectory"), lfs=lfs
    )


def _fragment(text: str) -> dict[str, str]:
    return {key: value for key, _, value in (part.partition("=") for part in text.split("&")) if value}
