"""The state of a local file or source tree, as `uv_cache.json` records it: equal states mean an unchanged source.

A file is described by the time of its last change. A source tree is described by its cache keys
(`tool.uv.cache-keys`): files by their latest change, folders by when they were made, the commit and the
tags of its repository, and values of environment variables.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from msgspec import Struct, ValidationError, convert, json

from mauve.standards.toml import InvalidToml, parse_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

_AT_FDCWD: Final = -100
_STATX_BTIME: Final = 0x800
_STATX_SIZE: Final = 256
_STATX_BTIME_OFFSET: Final = 0x50


class Timestamp(Struct, frozen=True, order=True):
    """A moment of a file system."""

    secs_since_epoch: int
    nanos_since_epoch: int

    @classmethod
    def of_nanoseconds(cls, nanoseconds: int) -> Timestamp:
        """Return the moment *nanoseconds* after the epoch."""
        seconds, rest = divmod(nanoseconds, 1_000_000_000)
        return cls(seconds, rest)


class GitKey(Struct, frozen=True, forbid_unknown_fields=True):
    """What of a repository counts."""

    commit: bool = False
    tags: bool = False


class CacheKey(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `cache-keys`; exactly one field is set."""

    file: str | None = None
    dir: str | None = None
    git: GitKey | bool | None = None
    env: str | None = None


class SourceState(Struct, frozen=True):
    """The content of `uv_cache.json`."""

    timestamp: Timestamp | None = None
    commit: str | None = None
    tags: dict[str, str] | None = None
    env: dict[str, str | None] = {}
    directories: dict[str, Timestamp | int | None] = {}


_DEFAULT: Final = (
    CacheKey(file="pyproject.toml"),
    CacheKey(file="setup.py"),
    CacheKey(file="setup.cfg"),
    CacheKey(dir="src"),
)


class SourceStates:
    """Knows the present state of local sources; each is looked at once in a run."""

    __slots__ = ("_known", "_variables")

    def __init__(self, variables: Mapping[str, str]) -> None:
        """Take the values of environment variables from *variables*."""
        self._variables = variables
        self._known: dict[str, bytes] = {}

    def state(self, path: str) -> bytes:
        """Return what `uv_cache.json` would say about the file or folder *path* now."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = json.encode(read_state(path, self._variables))
        return known


def read_state(path: str, variables: Mapping[str, str]) -> SourceState:
    """Return the state of the file or source tree at *path*."""
    if not os.path.isdir(path):
        changed = _changed(path)
        return SourceState(timestamp=changed)
    latest: Timestamp | None = None
    commit: str | None = None
    tags: dict[str, str] | None = None
    env: dict[str, str | None] = {}
    directories: dict[str, Timestamp | int | None] = {}
    for key in _read_keys(path):
        if key.file is not None:
            for file in _matches(path, key.file):
                changed = _changed(file)
                if changed is not None and (latest is None or changed > latest):
                    latest = changed
        elif key.dir is not None:
            directories[key.dir] = _made(os.path.join(path, key.dir))
        elif key.env is not None:
            env[key.env] = variables.get(key.env)
        elif key.git:
            wants = GitKey(commit=True) if key.git is True else key.git
            if wants.commit:
                commit = read_commit(path)
            if wants.tags:
                tags = read_tags(path)
    made = {name: moment for name, moment in sorted(directories.items()) if moment is not None}
    return SourceState(latest, commit, tags, dict(sorted(env.items())), made)


def _read_keys(root: str) -> tuple[CacheKey, ...]:
    try:
        with open(os.path.join(root, "pyproject.toml"), encoding="utf-8") as file:
            text = file.read()
        if "cache-keys" not in text:
            return _DEFAULT
        written = parse_toml(text).get("tool", {}).get("uv", {}).get("cache-keys")
        if written is None:
            return _DEFAULT
        return tuple(
            CacheKey(file=entry) if isinstance(entry, str) else convert(entry, CacheKey) for entry in written
        )
    except (OSError, InvalidToml, ValidationError, UnicodeDecodeError):
        # Whoever needs the project reports what is wrong with its file.
        return _DEFAULT


def _matches(root: str, pattern: str) -> list[str]:
    if not any(sign in pattern for sign in "*?[{"):
        path = os.path.join(root, pattern)
        return [path] if os.path.isfile(path) else []
    from glob import glob

    return [path for path in glob(os.path.join(root, pattern), recursive=True) if os.path.isfile(path)]


def _changed(path: str) -> Timestamp | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return Timestamp.of_nanoseconds(status.st_mtime_ns if sys.platform == "win32" else status.st_ctime_ns)


def _made(path: str) -> Timestamp | int | None:
    """Return when the folder *path* was made, its inode where that is unknown, None if it is not there."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    if sys.platform == "linux":
        made = _linux_birth_time(path)
        return status.st_ino if made is None else made
    born = getattr(status, "st_birthtime_ns", None)
    if born is None:
        seconds = getattr(status, "st_birthtime", None)
        return status.st_ino if seconds is None else Timestamp.of_nanoseconds(round(seconds * 1_000_000_000))
    return Timestamp.of_nanoseconds(born)


def _linux_birth_time(path: str) -> Timestamp | None:
    """Return what `statx` says, which the standard library does not offer."""
    import ctypes

    buffer = ctypes.create_string_buffer(_STATX_SIZE)
    try:
        statx = ctypes.CDLL(None, use_errno=True).statx
    except (OSError, AttributeError):
        return None
    if statx(_AT_FDCWD, os.fsencode(path), 0, _STATX_BTIME, buffer) != 0:
        return None
    if not int.from_bytes(buffer.raw[0:4], sys.byteorder) & _STATX_BTIME:
        return None
    start = _STATX_BTIME_OFFSET
    seconds = int.from_bytes(buffer.raw[start : start + 8], sys.byteorder, signed=True)
    return Timestamp(seconds, int.from_bytes(buffer.raw[start + 8 : start + 12], sys.byteorder))


def read_commit(root: str) -> str | None:
    """Return the commit that is checked out in the repository around *root*, or None."""
    folder = _git_folder(root)
    if folder is None:
        return None
    head = _read_line(os.path.join(folder, "HEAD"))
    if head is None or not head.startswith("ref: "):
        return head
    return _references(folder).get(head[5:]) or _read_line(os.path.join(folder, head[5:]))


def read_tags(root: str) -> dict[str, str] | None:
    """Return the tags of the repository around *root* with their commits, by name, or None."""
    folder = _git_folder(root)
    if folder is None:
        return None
    start = "refs/tags/"
    tags = {name[len(start) :]: commit for name, commit in _references(folder).items() if name.startswith(start)}
    base = os.path.join(folder, "refs", "tags")
    for place, _, names in os.walk(base):
        for name in names:
            commit = _read_line(os.path.join(place, name))
            if commit is not None:
                tags[os.path.relpath(os.path.join(place, name), base)] = commit
    return dict(sorted(tags.items()))


def _git_folder(root: str) -> str | None:
    folder = os.path.abspath(root)
    while True:
        candidate = os.path.join(folder, ".git")
        if os.path.isdir(candidate):
            return candidate
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _references(folder: str) -> dict[str, str]:
    """Return the packed references of a repository."""
    try:
        with open(os.path.join(folder, "packed-refs"), encoding="utf-8") as file:
            rows = [line.split() for line in file if line[:1] not in "#^"]
    except OSError:
        return {}
    return {row[1]: row[0] for row in rows if len(row) > 1}


def _read_line(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as file:
            return file.readline().strip() or None
    except OSError:
        return None
