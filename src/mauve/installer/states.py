"""The present state of local files and source trees, in the form of `uv_cache.json`.

A source tree names what to watch in `[tool.uv] cache-keys`; by default its `pyproject.toml`, `setup.py` and
`setup.cfg`, and when its `src` folder was made.
"""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_DEFAULT_FILES: Final = ("pyproject.toml", "setup.py", "setup.cfg")
_DEFAULT_FOLDER: Final = "src"
_NANOSECONDS: Final = 1_000_000_000
_PATTERN: Final = frozenset("*?[{")
_BIRTH: Final = 0x800
"""STATX_BTIME, for the system call of that name."""
_AT_FDCWD: Final = -100


class _Keys:
    """What was seen of one source tree; `content` is what is recorded."""

    __slots__ = ("commit", "env", "folders", "newest", "tags")

    def __init__(self) -> None:
        self.newest = -1
        self.commit: str | None = None
        self.tags: dict[str, str] | None = None
        self.env: dict[str, str | None] = {}
        self.folders: dict[str, object] = {}

    def file(self, path: str) -> None:
        try:
            status = os.stat(path)
        except OSError:
            return  # what is not there cannot change; it counts once it appears
        if not stat.S_ISDIR(status.st_mode):
            self.newest = max(self.newest, status.st_ctime_ns)

    def content(self) -> bytes:
        if self.newest < 0 and not (self.commit or self.tags is not None or self.env or self.folders):
            return b""
        from msgspec import json

        return json.encode(
            {
                "timestamp": None if self.newest < 0 else _moment(self.newest),
                "commit": self.commit,
                "tags": self.tags,
                "env": dict(sorted(self.env.items())),
                "directories": dict(sorted(self.folders.items())),
            }
        )


class LocalStates:
    """Answers `mauve.installer.plan.SourceStates` from the disk; each path is looked at once."""

    __slots__ = ("_environment", "_known")

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Take the values of variables that are cache keys from *environment*."""
        self._environment = environment
        self._known: dict[str, bytes] = {}

    def state(self, path: str) -> bytes:
        """Return what `uv_cache.json` would say about the file or source tree *path* now; empty for nothing."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._read(path)
        return known

    def _read(self, path: str) -> bytes:
        keys = _Keys()
        if not os.path.isdir(path):
            keys.file(path)
            return keys.content()
        declared = _declared_keys(path)
        if declared is None:
            for name in _DEFAULT_FILES:
                keys.file(f"{path}/{name}")
            keys.folders[_DEFAULT_FOLDER] = _creation(f"{path}/{_DEFAULT_FOLDER}")
            return keys.content()
        for key in declared:
            self._add(keys, path, key)
        return keys.content()

    def _add(self, keys: _Keys, path: str, key: Any) -> None:
        match key:
            case str(name) | {"file": str(name)}:
                for file in _matches(path, name):
                    keys.file(file)
            case {"dir": str(name)}:
                keys.folders[name] = _creation(f"{path}/{name}")
            case {"env": str(name)}:
                keys.env[name] = self._environment.get(name)
            case {"git": True}:
                keys.commit = _commit(path)
            case {"git": {**wanted}}:
                if wanted.get("commit"):
                    keys.commit = _commit(path)
                if wanted.get("tags"):
                    keys.tags = _tags(path)
            case _:
                pass  # a later version's kind of key; the settings report what is wrong


def _declared_keys(path: str) -> Sequence[Any] | None:
    """Return `[tool.uv] cache-keys`, or None if the defaults hold."""
    try:
        with open(f"{path}/pyproject.toml", "rb", buffering=0) as file:
            raw = file.read()
    except OSError:
        return None
    if b"cache-keys" not in raw:
        return None
    from mauve.standards.toml import InvalidToml, parse_toml

    try:
        declared: Any = parse_toml(raw.decode()).get("tool", {}).get("uv", {}).get("cache-keys")
    except (InvalidToml, UnicodeDecodeError, AttributeError):
        return None  # the project itself reports its broken file
    return _entries(declared) if isinstance(declared, list) else None


def _entries(declared: Any) -> Sequence[Any]:
    return [*declared]


def _matches(path: str, pattern: str) -> Iterable[str]:
    if _PATTERN.isdisjoint(pattern):
        return (f"{path}/{pattern}",)
    import glob

    found = glob.iglob(pattern, root_dir=path, recursive=True, include_hidden=True)
    return [f"{path}/{name}" for name in found]


def _moment(nanoseconds: int) -> dict[str, int]:
    seconds, rest = divmod(nanoseconds, _NANOSECONDS)
    return {"secs_since_epoch": seconds, "nanos_since_epoch": rest}


def _creation(path: str) -> object:
    """Return when the folder *path* was made, its inode where the system does not know, None if there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    if not stat.S_ISDIR(status.st_mode):
        return None
    if sys.platform == "linux":
        born = _birth(path)
        return status.st_ino if born is None else _moment(born)
    seconds = getattr(status, "st_birthtime_ns", None) or getattr(status, "st_birthtime", None)
    if seconds is None:
        return status.st_ino
    return _moment(seconds if isinstance(seconds, int) else int(seconds * _NANOSECONDS))


def _birth(path: str) -> int | None:
    """Return the time of creation in nanoseconds since the epoch by `statx`, which `os` lacks before Python 3.15."""
    import ctypes

    statx = getattr(ctypes.CDLL(None), "statx", None)
    if statx is None:
        return None
    answer = ctypes.create_string_buffer(256)
    if statx(_AT_FDCWD, os.fsencode(path), 0, _BIRTH, answer) != 0:
        return None
    raw = answer.raw
    if not int.from_bytes(raw[:4], sys.byteorder) & _BIRTH:
        return None
    seconds = int.from_bytes(raw[80:88], sys.byteorder, signed=True)
    return seconds * _NANOSECONDS + int.from_bytes(raw[88:92], sys.byteorder)


def _git_folder(path: str) -> str | None:
    """Return the `.git` folder of the work tree around *path*."""
    while True:
        place = f"{path}/.git"
        if os.path.isdir(place):
            return place
        content = _text(place)
        if content is not None and content.startswith("gitdir:"):
            return os.path.join(path, content.removeprefix("gitdir:").strip())
        parent = os.path.dirname(path)
        if parent == path:
            return None
        path = parent


def _commit(path: str) -> str | None:
    folder = _git_folder(path)
    if folder is None:
        return None
    head = (_text(f"{folder}/HEAD") or "").strip()
    if not head.startswith("ref:"):
        return head or None
    name = head.removeprefix("ref:").strip()
    # A linked work tree keeps its branches in the main one.
    common = (_text(f"{folder}/commondir") or "").strip()
    for place in (folder, os.path.join(folder, common)):
        found = _text(f"{place}/{name}")
        if found is not None:
            return found.strip()
        for line in (_text(f"{place}/packed-refs") or "").splitlines():
            digest, _, reference = line.partition(" ")
            if reference == name:
                return digest
    return None


def _tags(path: str) -> dict[str, str] | None:
    folder = _git_folder(path)
    if folder is None:
        return None
    root = f"{folder}/refs/tags"
    tags: dict[str, str] = {}
    for line in (_text(f"{folder}/packed-refs") or "").splitlines():
        digest, _, reference = line.partition(" ")
        if reference.startswith("refs/tags/"):
            tags[reference.removeprefix("refs/tags/")] = digest
    for place, _, names in os.walk(root):
        for name in names:
            tags[os.path.relpath(f"{place}/{name}", root)] = (_text(f"{place}/{name}") or "").strip()
    return dict(sorted(tags.items()))


def _text(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None
