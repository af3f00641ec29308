"""Declared conflicts between extras, groups and projects (`tool.uv.conflicts`).

Annotations are no texts in this module, since msgspec would compile each of them in every run.
"""

from msgspec import Struct

from mauve.standards.names import ExtraName, GroupName, PackageName


class ConflictItem(Struct, frozen=True, cache_hash=True):
    """An extra of a package, a group of it, or (neither given) the whole project."""

    package: PackageName
    extra: ExtraName | None = None
    group: GroupName | None = None

    @property
    def encoded(self) -> str:
        """Return the name of this item as an extra in encoded markers (docs/markers.md "Extras and conflicts")."""
        length = len(self.package.encode())
        if self.extra is not None:
            return f"extra-{length}-{self.package}-{self.extra}"
        if self.group is not None:
            return f"group-{length}-{self.package}-{self.group}"
        return f"project-{length}-{self.package}"

    @property
    def sort_key(self) -> tuple[str, int, str]:
        """Order by package, then extra before group before project, then name."""
        if self.extra is not None:
            return (self.package, 0, self.extra)
        return (self.package, 1, self.group) if self.group is not None else (self.package, 2, "")


class ConflictSet(Struct, frozen=True):
    """Items of which at most one may be active; sorted by `sort_key`."""

    items: tuple[ConflictItem, ...]


class Conflicts(Struct, frozen=True):
    """All sets, in order of declaration, implied ones last."""

    sets: tuple[ConflictSet, ...] = ()

    def __bool__(self) -> bool:
        """Return whether any conflict is declared."""
        return bool(self.sets)
