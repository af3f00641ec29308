"""Why a lock cannot be installed into an environment as asked, in the words of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.errors import ExitStatus, MauveError

if TYPE_CHECKING:
    from mauve.distributions.conflicts import ConflictItem, ConflictSet
    from mauve.lock.model import LockedPackage
    from mauve.standards.names import ExtraName, GroupName, PackageName


class SelectionError(MauveError):
    """The root of this module's errors."""

    status = ExitStatus.ERROR


class MissingRoot(SelectionError):
    """A project to install is not in the lock."""

    def __init__(self, name: PackageName) -> None:
        """Name the project."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message."""
        return f"Could not find root package `{self.name}`"


class UnsupportedPython(SelectionError):
    """The lock's requires-python excludes the interpreter."""

    def __init__(self, version: str, requires_python: str) -> None:
        """Take the version of the interpreter and the range of the lock."""
        super().__init__(version, requires_python)
        self.version = version
        self.requires_python = requires_python

    def __str__(self) -> str:
        """Return the message."""
        return (
            f"The current Python version ({self.version}) is not compatible with the locked Python requirement: "
            f"`{self.requires_python}`"
        )


class UnsupportedPlatform(SelectionError):
    """The lock was made for other environments."""

    def __init__(self, markers: tuple[str, ...]) -> None:
        """Take the environments the lock supports."""
        super().__init__(markers)
        self.markers = markers

    def __str__(self) -> str:
        """Return the message."""
        shown = ", ".join(f"`{marker}`" for marker in self.markers)
        return f"The current Python platform is not compatible with the lockfile's supported environments: {shown}"


class MissingExtra(SelectionError):
    """An extra was asked for that no selected project has."""

    def __init__(self, extra: ExtraName, package: PackageName | None) -> None:
        """Name the extra, and the project if there is one only."""
        super().__init__(extra, package)
        self.extra = extra
        self.package = package

    def __str__(self) -> str:
        """Return the message."""
        if self.package is None:
            return f"Extra `{self.extra}` is not defined in any project's `optional-dependencies` table"
        return f"Extra `{self.extra}` is not defined in the `optional-dependencies` table for `{self.package}`"


class MissingGroup(SelectionError):
    """A group was asked for that no selected project has."""

    def __init__(self, group: GroupName, *, is_single: bool) -> None:
        """Name the group; *is_single* = one project is selected."""
        super().__init__(group, is_single)
        self.group = group
        self.is_single = is_single

    def __str__(self) -> str:
        """Return the message."""
        where = "the project's" if self.is_single else "any project's"
        return f"Group `{self.group}` is not defined in {where} `dependency-groups` table"


class ExtraOfScript(SelectionError):
    """An extra of a script was asked for."""

    def __init__(self, extra: ExtraName) -> None:
        """Name the extra."""
        super().__init__(extra)
        self.extra = extra

    def __str__(self) -> str:
        """Return the message."""
        return f"PEP 723 scripts do not support optional dependencies, but extra `{self.extra}` was specified"


class GroupOfScript(SelectionError):
    """A group of a script was asked for."""

    def __init__(self, group: GroupName) -> None:
        """Name the group."""
        super().__init__(group)
        self.group = group

    def __str__(self) -> str:
        """Return the message."""
        return f"PEP 723 scripts do not support dependency groups, but group `{self.group}` was specified"


class ConflictingSelection(SelectionError):
    """Items that exclude each other are selected together."""

    def __init__(self, conflict: ConflictSet, active: tuple[ConflictItem, ...]) -> None:
        """Take the set and those of its items that are active."""
        super().__init__(conflict, active)
        self.conflict = conflict
        self.active = active

    def __str__(self) -> str:
        """Return the message."""
        everything = ", ".join(map(_item, self.conflict.items))
        if all(item.extra is not None for item in self.active):
            names = _enumerate([f"`{item.extra}`" for item in self.active])
            return f"Extras {names} are incompatible with the declared conflicts: {{{everything}}}"
        if all(item.group is not None for item in self.active):
            names = _enumerate([f"`{item.group}`" for item in self.active])
            return f"Groups {names} are incompatible with the conflicts: {{{everything}}}"
        names = _enumerate([_described(item) for item in self.active])
        return f"{names[0].upper()}{names[1:]} are incompatible with the declared conflicts: {{{everything}}}"


class ConflictingRequests(SelectionError):
    """Two extras exclude each other, and not both were selected: some package asks for at least one of them."""

    def __init__(self, first: ConflictItem, second: ConflictItem) -> None:
        """Take both."""
        super().__init__(first, second)
        self.first = first
        self.second = second

    def __str__(self) -> str:
        """Return the message."""
        return f"Found conflicting extras {_item(self.first)} and {_item(self.second)} enabled simultaneously"


class UninstallablePackage(SelectionError):
    """A package has no file that the environment could use."""

    def __init__(self, package: LockedPackage, reason: str, hint: str | None = None) -> None:
        """Take the package, the end of the message, and perhaps a hint."""
        super().__init__(package, reason, hint)
        self.package = package
        self.reason = reason
        self.hint = hint

    def __str__(self) -> str:
        """Return the message."""
        package = self.package
        version = "" if package.version is None else f"=={package.version}"
        return f"Distribution `{package.name}{version} @ {package.source}` can't be installed because {self.reason}"

    def hints(self) -> tuple[str, ...]:
        """Return the hint."""
        return () if self.hint is None else (self.hint,)


class NonStandardArchive(SelectionError):
    """A source distribution has the format of former times."""

    def __init__(self, package: LockedPackage) -> None:
        """Take the package."""
        super().__init__(package)
        self.package = package

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Source distribution for `{self.package}` has a non-PEP 625-compliant filename; only `.tar.gz` and `.zip` "
            "archives are accepted"
        )


def _item(item: ConflictItem) -> str:
    if item.extra is not None:
        return f"`{item.package}[{item.extra}]`"
    return item.package if item.group is None else f"`{item.package}:{item.group}`"


def _described(item: ConflictItem) -> str:
    if item.extra is not None:
        return f"extra `{item.extra}`"
    return f"package `{item.package}`" if item.group is None else f"group `{item.group}`"


def _enumerate(words: list[str]) -> str:
    """Return the words as an English enumeration."""
    if len(words) < len(("first", "second", "third")):
        return " and ".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"
