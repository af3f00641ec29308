"""Projects in temporary folders, and the callables that operations on them take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.lock.model import Lock, LockedPackage, LockedSource, SourceKind
from mauve.standards.names import PackageName, package_name

if TYPE_CHECKING:
    from pathlib import Path

    from mauve.project.workspace import Workspace


def write_project(root: Path, rest: str = "", name: str = "p") -> Path:
    """Write a `pyproject.toml` into *root*; return its path."""
    root.mkdir(parents=True, exist_ok=True)
    path = root / "pyproject.toml"
    path.write_text(f'[project]\nname = "{name}"\nversion = "0.1.0"\n{rest}')
    return path


def lock_of(**versions: str) -> Lock:
    """Return a lock with one registry package for each name; several versions are separated by a blank."""
    source = LockedSource(SourceKind.REGISTRY, "http://127.0.0.1/simple")
    packages = tuple(
        LockedPackage(name=package_name(name), version=version, source=source)
        for name, texts in versions.items()
        for version in texts.split()
    )
    return Lock(requires_python=">=3.11", packages=packages)


class RecordingLocker:
    """Locks by writing `uv.lock`; remembers the `pyproject.toml` it saw; raises *failure* at call number *fails_at*."""

    def __init__(self, lock: Lock, failure: BaseException | None = None, fails_at: int = 1) -> None:
        """Answer with *lock*."""
        self.lock = lock
        self.failure = failure
        self.fails_at = fails_at
        self.seen: list[str] = []

    def __call__(self, workspace: Workspace) -> Lock:
        """Lock *workspace*."""
        with open(workspace.pyproject.path, encoding="utf-8") as file:
            self.seen.append(file.read())
        with open(workspace.lock_path, "w", encoding="utf-8") as file:
            file.write(f"lock {len(self.seen)}\n")
        if self.failure is not None and len(self.seen) == self.fails_at:
            raise self.failure
        return self.lock


class RecordingSyncer:
    """Remembers that it was called; raises *failure* if there is one."""

    def __init__(self, failure: BaseException | None = None) -> None:
        """Fail with *failure*."""
        self.failure = failure
        self.calls: list[tuple[str, PackageName | None]] = []
        self.renewed: frozenset[PackageName] = frozenset()

    def __call__(self, workspace: Workspace, lock: Lock, renewed: frozenset[PackageName] = frozenset()) -> None:
        """Synchronise *workspace*."""
        del lock
        self.calls.append((workspace.root, workspace.current))
        self.renewed = renewed
        if self.failure is not None:
            raise self.failure
