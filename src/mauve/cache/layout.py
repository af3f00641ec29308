"""Where things are in the cache folder.

The folder may be shared with uv: a bucket with a format of our own has a name of its own, which carries the version of
the format. Changing a format means a new name; `mauve.cache.removal` removes the old ones. Environments have no format
of our own, programs show where they are, and neither tool expects to find them again: they are where uv has them.
"""

from __future__ import annotations

import os

from mauve.enumerations import StrEnum
from mauve.errors import MauveError

PREFIX = "mauve-"
"""Start of the name of every bucket whose format is our own."""

_TAG = "Signature: 8a477f597d28d172789f06886806bc55"


class CacheBucket(StrEnum):
    """A kind of content and the version of its format."""

    INDEX = "mauve-index-v2"
    """Pages of package indexes: `<index>/<name>`."""
    METADATA = "mauve-metadata-v1"
    """Metadata of published files: `<index>/<name>/<file>`."""
    WHEELS = "mauve-wheels-v1"
    """Downloaded or built wheels, as links into the archives."""
    ARCHIVES = "mauve-archives-v1"
    """Unpacked wheels."""
    SDISTS = "mauve-sdists-v1"
    """Source distributions and what was built from them."""
    GIT = "mauve-git-v1"
    """Clones and checkouts."""
    INTERPRETERS = "mauve-interpreters-v1"
    """What probing an interpreter found."""
    BUILDS = "builds-v0"
    """Environments and folders that last as long as a build or a command, as in uv."""
    ENVIRONMENTS = "environments-v2"
    """Environments of scripts and of additions to commands, as in uv."""
    VERDICTS = "mauve-verdicts-v1"
    """Projects known to be up to date, and decoded lockfiles."""


class Cache:
    """The cache folder; constructing it touches no disk.

    Attributes:
        root: absolute.
        is_temporary: removed at the end of the run (`--no-cache`).
    """

    __slots__ = ("is_temporary", "root")

    def __init__(self, root: str | os.PathLike[str], *, is_temporary: bool = False) -> None:
        """Use *root*, which need not exist."""
        self.root = os.fspath(root)
        self.is_temporary = is_temporary

    def path(self, bucket: CacheBucket, *parts: str) -> str:
        """Return a path below *bucket*, which need not exist."""
        return os.path.join(self.root, bucket.value, *parts)

    def initialise(self) -> None:
        """Make the folder with its tag, so that backups and version control pass over it.

        Raises:
            UnusableCache: it cannot be made.
        """
        missing = [
            (path, content)
            for name, content in (("CACHEDIR.TAG", _TAG), (".gitignore", "*"))
            if not os.path.exists(path := os.path.join(self.root, name))
        ]
        if not missing:
            return
        from mauve.filesystem.atomic import write_atomically

        try:
            os.makedirs(self.root, exist_ok=True)
        except OSError as error:
            raise UnusableCache(self.root) from _Refused("create directory", self.root, error)
        for path, content in missing:
            try:
                write_atomically(path, content)
            except OSError as error:
                raise UnusableCache(self.root) from _Refused("create file", path, error)

    def scratch(self) -> str:
        """Return a new folder for sources and what is built of them; the caller removes it.

        An empty `.git` beside it is where repositories seem to begin: backends that leave out what `.gitignore` files
        above a tree name would leave out everything else, and those that ask for a commit would find that of a
        repository which the cache happens to be in.
        """
        from mauve.filesystem.temporary import make_temporary_folder

        folder = make_temporary_folder(self.path(CacheBucket.BUILDS))
        border = self.path(CacheBucket.BUILDS, ".git")
        if not os.path.exists(border):
            with open(border, "ab"):
                pass
        return folder


class UnusableCache(MauveError):
    """The cache folder cannot be made or written to; the cause says why."""

    def __init__(self, root: str) -> None:
        """Name the folder."""
        super().__init__(root)
        self.root = os.fspath(root)

    def __str__(self) -> str:
        """Return the message in uv's words."""
        shown = os.path.relpath(self.root)
        return f"Failed to initialize cache at `{self.root if shown.startswith('..') else shown}`"


class _Refused(MauveError):
    """The system did not allow it."""

    def __init__(self, action: str, path: str, error: OSError) -> None:
        super().__init__(f"failed to {action} `{path}`: {os.strerror(error.errno or 0)} (os error {error.errno})")


def index_folder(url: str) -> str:
    """Return the name of the folder of the index at *url* (without credentials): readable, one to one, portable."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        rest, scheme = url, ""
    rest = rest.rstrip("/")
    if scheme != "https":
        rest = f"{scheme}:{rest}"
    name = "".join([character if character in _SAFE else _escape(character) for character in rest])
    if len(name) <= _LONGEST_NAME:
        return name
    from hashlib import sha256

    return f"{name[:80]}%{sha256(url.encode()).hexdigest()[:24]}"


_LONGEST_NAME = 120
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")


def _escape(character: str) -> str:
    if character == "/":
        return "+"
    # Upper case is escaped too: file systems that ignore it must not mix two indexes up.
    return "".join([f"%{byte:02x}" for byte in character.encode()])
