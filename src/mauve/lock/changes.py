"""What differs between two locks, as the lines a user reads after `lock`.

Specification: docs/lockfile.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mauve.lock.model import SourceKind, split_git_location
from mauve.standards.names import PackageName
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from mauve.lock.model import Lock, LockedPackage

_ABBREVIATED = 8

Versions: TypeAlias = tuple[str | None, ...]
"""Of one name, ascending, those of repositories with the commit in parentheses; None = dynamic."""


class Added(Struct, frozen=True):
    """A name the old lock did not have."""

    name: PackageName
    versions: Versions


class Removed(Struct, frozen=True):
    """A name the new lock does not have."""

    name: PackageName
    versions: Versions


class Updated(Struct, frozen=True):
    """A name with other versions than before."""

    name: PackageName
    before: Versions
    after: Versions


LockChange: TypeAlias = Added | Removed | Updated


def lock_changes(before: Lock | None, after: Lock) -> tuple[LockChange, ...]:
    """Return the changes from *before* (None = there was no lock) to *after*, sorted by name."""
    old = {} if before is None else _versions(before)
    new = _versions(after)
    changes: list[LockChange] = []
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            changes.append(Added(name, new[name]))
        elif name not in new:
            changes.append(Removed(name, old[name]))
        elif old[name] != new[name]:
            changes.append(Updated(name, old[name], new[name]))
    return tuple(changes)


def _versions(lock: Lock) -> dict[PackageName, Versions]:
    found: dict[PackageName, set[str | None]] = {}
    for package in lock.packages:
        found.setdefault(package.name, set()).add(_version(package))
    return {
        name: tuple(sorted(versions, key=_order)) if len(versions) > 1 else tuple(versions)
        for name, versions in found.items()
    }


def _order(version: str | None) -> tuple[object, ...]:
    if version is None:
        return ()
    number, _, commit = version.partition(" ")
    return (parse_version(number).key, commit)


def _version(package: LockedPackage) -> str | None:
    version = package.version
    if version is None or package.source.kind is not SourceKind.GIT:
        return version
    commit = split_git_location(package.source.location).commit
    return version if commit is None else f"{version} ({commit[:_ABBREVIATED]})"


def describe_change(change: LockChange, *, dry_run: bool = False) -> tuple[str, str]:
    """Return the verb and the rest of the line: past tense, or what would be done in a dry run."""
    match change:
        case Added(name, versions):
            return "Add" if dry_run else "Added", f"{name} {_shown(versions)}"
        case Removed(name, versions):
            return "Remove" if dry_run else "Removed", f"{name} {_shown(versions)}"
        case Updated(name, before, after):
            return "Update" if dry_run else "Updated", f"{name} {_shown(before)} -> {_shown(after)}"


def _shown(versions: Versions) -> str:
    return ", ".join("(dynamic)" if version is None else f"v{version}" for version in versions)
