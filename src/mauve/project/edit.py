"""Edit a `pyproject.toml`: dependencies, sources, indexes, members and the version.

Knows what the tables of a project mean. The document itself is edited by `mauve.project.editing`, which is loaded
when there is something to edit and not before: it needs tomlkit.

Specification: docs/project.md "add", "remove"; docs/differences.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, structs

from mauve.enumerations import Enum
from mauve.errors import MauveError
from mauve.project.editing.ordering import merge, place_of
from mauve.standards.names import ExtraName, GroupName, InvalidName, PackageName, normalise
from mauve.standards.requirements import InvalidRequirement, Requirement, parse_requirement, render_requirement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.project.editing.arrays import ArrayEditor

_BOM: Final = "\ufeff"


class Production(Struct, frozen=True):
    """`project.dependencies`."""


class OptionalTable(Struct, frozen=True):
    """`project.optional-dependencies.<extra>`."""

    extra: ExtraName


class GroupTable(Struct, frozen=True):
    """`dependency-groups.<group>`."""

    group: GroupName


class Development(Struct, frozen=True):
    """`--dev`: the group `dev`, or the legacy list where that is in use."""


class ScriptDependencies(Struct, frozen=True):
    """`dependencies` in the block of a script."""


DependencyTable: TypeAlias = Production | OptionalTable | GroupTable | Development | ScriptDependencies
ArrayPath: TypeAlias = tuple[str, ...]

_LEGACY: Final = ("tool", "uv", "dev-dependencies")
_SOURCES: Final = ("tool", "uv", "sources")
_DEV_GROUP: Final = GroupTable(GroupName("dev"))
_DEVELOPMENT: Final = (Development(), _DEV_GROUP)
"""What the legacy list of development dependencies may stand for."""


class AmbiguousUpdate(MauveError):
    """Several entries could be meant."""

    def __init__(self, name: PackageName, entries: tuple[str, ...]) -> None:
        """Name the package and the entries."""
        super().__init__(name, entries)
        self.name = name
        self.entries = entries

    def __str__(self) -> str:
        """Return the message."""
        rows = "".join(f"\n- `{entry}`" for entry in self.entries)
        return f"Cannot perform ambiguous update; found multiple entries for `{self.name}`:{rows}"


class MalformedTable(MauveError):
    """A part of the file that has to be edited has the wrong shape."""

    def __init__(self, what: str) -> None:
        """Say which part."""
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        """Return the message."""
        return f"{self.what} in `pyproject.toml` are malformed"


class EditKind(Enum):
    """What happened to an entry."""

    ADDED = "added"
    UPDATED = "updated"


class ArrayEdit(Struct, frozen=True):
    """One entry that was written.

    Attributes:
        path: of the array, keys as they are spelled in the file.
        index: of the entry in the array at the time of the edit.
    """

    kind: EditKind
    path: ArrayPath
    index: int


class IndexDeclaration(Struct, frozen=True):
    """A `[[tool.uv.index]]` to be written; `url` without credentials.

    Attributes:
        path: absolute, if it is a folder.
        is_there: it is declared already, or there is nothing to declare: only its name is used.
    """

    url: str
    name: str | None = None
    default: bool = False
    path: str | None = None
    is_there: bool = False


SourceFields: TypeAlias = "Mapping[str, str | bool]"
"""The keys of a source table, in the order in which they are written."""


class ProjectEditor:
    """The text of one `pyproject.toml` while it is edited."""

    __slots__ = ("_bom", "_indexes", "_tables")

    def __init__(self, text: str, path: str = "pyproject.toml") -> None:
        """Take the text of the file.

        Args:
            text: with its line ends and byte order mark.
            path: how the file is called in messages.

        Raises:
            UneditableDocument: more would change than what is asked for.
        """
        import mauve.project.editing.lean_tomlkit  # noqa: F401 - before anyone imports tomlkit in its usual, slower way
        from mauve.project.editing.indexes import IndexEditor
        from mauve.project.editing.tables import TableEditor

        self._bom = _BOM if text.startswith(_BOM) else ""
        self._tables = TableEditor(text.removeprefix(_BOM), path)
        self._indexes = IndexEditor(self._tables)

    @property
    def text(self) -> str:
        """Return the text as it is to be written."""
        return self._bom + self._tables.document.text

    # --- dependencies

    def add_dependency(
        self, table: DependencyTable, requirement: Requirement, source: SourceFields | None = None, *, raw: bool = False
    ) -> ArrayEdit:
        """Write *requirement* into *table*: into the entry of the same name and marker, or as a new one.

        Args:
            table: where; created if it is missing.
            requirement: with its URL, if it has one and no *source* replaces it.
            source: for `[tool.uv.sources]`.
            raw: the requirement is written with its URL even if there is a source.

        Raises:
            AmbiguousUpdate: several entries have this name and marker.
        """
        written = requirement if source is None or raw else structs.replace(requirement, url=None)
        path = self._path_to_add(table, requirement.name)
        array = self._array(path) or self._add_array(path)
        found = [
            (index, old)
            for index, old in self._requirements(array)
            if old.name == written.name and old.marker is written.marker
        ]
        if len(found) > 1:
            entries = tuple(render_requirement(old) for _, old in found)
            raise AmbiguousUpdate(written.name, entries)
        if found:
            index, old = found[0]
            merged = merge(old, written, has_source=source is not None)
            array.replace(index, _quote(render_requirement(merged)))
            edit = ArrayEdit(EditKind.UPDATED, path, index)
        else:
            text = render_requirement(written)
            index = place_of(array.values, text)
            array.insert(index, _quote(text))
            edit = ArrayEdit(EditKind.ADDED, path, index)
        if source is not None:
            self.set_source(requirement.name, source)
        return edit

    def open_list(self, table: DependencyTable) -> None:
        """Write the list of *table* if there is none."""
        path = self._spelled(table)
        if self._array(path) is None:
            self._add_array(path)

    def requirement_at(self, edit: ArrayEdit) -> Requirement:
        """Return the entry that *edit* wrote, as it is now."""
        array = self._array(edit.path)
        if array is None:
            raise LookupError(edit.path)
        return parse_requirement(str(array.values[edit.index]))

    def replace_requirement(self, edit: ArrayEdit, requirement: Requirement) -> None:
        """Write *requirement* in the place of the entry that *edit* wrote."""
        array = self._array(edit.path)
        if array is not None:
            array.replace(edit.index, _quote(render_requirement(requirement)))

    def remove_dependency(self, table: DependencyTable, name: PackageName) -> tuple[Requirement, ...]:
        """Remove every entry of *name* from *table*, and its source if nothing needs that any more."""
        paths = [_LEGACY, self._spelled(_DEV_GROUP)] if table in _DEVELOPMENT else [self._spelled(table)]
        removed: list[Requirement] = []
        for path in paths:
            array = self._array(path)
            if array is None:
                continue
            for index, old in reversed(self._requirements(array)):
                if old.name == name:
                    array.remove(index)
                    removed.insert(0, old)
        if removed and not self.tables_with(name):
            self.remove_source(name)
        return tuple(removed)

    def tables_with(self, name: PackageName) -> list[DependencyTable]:
        """Return the tables that have an entry of *name*: production, legacy, extras, groups."""
        found: list[DependencyTable] = []
        candidates: list[tuple[DependencyTable, ArrayPath]] = [
            (Production(), ("project", "dependencies")),
            (ScriptDependencies(), ("dependencies",)),
            (Development(), _LEGACY),
        ]
        optional = ("project", "optional-dependencies")
        candidates += [
            (OptionalTable(ExtraName(_normal(key))), (*optional, key)) for key in self._tables.keys(optional)
        ]
        groups = ("dependency-groups",)
        candidates += [(GroupTable(GroupName(_normal(key))), (*groups, key)) for key in self._tables.keys(groups)]
        for table, path in candidates:
            array = self._array(path)
            if array is not None and any(old.name == name for _, old in self._requirements(array)):
                found.append(table)
        return found

    def _path_to_add(self, table: DependencyTable, name: PackageName) -> ArrayPath:
        path = self._spelled(table)
        legacy = self._array(_LEGACY) if table in _DEVELOPMENT else None
        if legacy is None:
            return path
        if any(old.name == name for _, old in self._requirements(legacy)):
            return _LEGACY
        return _LEGACY if isinstance(table, Development) and self._array(path) is None else path

    def _spelled(self, table: DependencyTable) -> ArrayPath:
        """Return the path of *table*, with the spelling of the name that the file has."""
        match table:
            case Production():
                return ("project", "dependencies")
            case OptionalTable(extra):
                return self._spelled_key(("project", "optional-dependencies"), extra)
            case GroupTable(group):
                return self._spelled_key(("dependency-groups",), group)
            case Development():
                return self._spelled(_DEV_GROUP)
            case ScriptDependencies():
                return ("dependencies",)

    def _spelled_key(self, parent: ArrayPath, name: str) -> ArrayPath:
        for key in self._tables.keys(parent):
            if _normal(key) == name:
                return (*parent, key)
        return (*parent, name)

    @staticmethod
    def _requirements(array: ArrayEditor) -> list[tuple[int, Requirement]]:
        """Return the entries of *array* that are requirements; others are passed over."""
        found: list[tuple[int, Requirement]] = []
        for index, value in enumerate(array.values):
            if isinstance(value, str):
                try:
                    found.append((index, parse_requirement(value)))
                except InvalidRequirement:
                    continue
        return found

    def _array(self, path: ArrayPath) -> ArrayEditor | None:
        from mauve.project.editing.tables import WrongKind

        try:
            return self._tables.array(path)
        except WrongKind as error:
            raise MalformedTable("Dependencies") from error

    def _add_array(self, path: ArrayPath) -> ArrayEditor:
        from mauve.project.editing.tables import WrongKind

        try:
            return self._tables.add_array(path, is_sorted=path[0] == "dependency-groups")
        except WrongKind as error:
            raise MalformedTable("Dependencies") from error

    # --- other tables

    def set_version(self, version: str) -> None:
        """Write `project.version`."""
        self._tables.set_value(("project", "version"), _quote(version))

    def set_source(self, name: PackageName, source: SourceFields) -> None:
        """Write the entry of *name* in `[tool.uv.sources]`; the same spelling stays where it is."""
        path = (*_SOURCES, name)
        if not self._tables.is_value(path):
            self.remove_source(name, keep_table=True)
        self._tables.set_value(path, _inline_table(source))

    def remove_source(self, name: PackageName, *, keep_table: bool = False) -> None:
        """Remove the entry of *name*, and the table when it is empty then."""
        if self._tables.is_value(_SOURCES):
            raise MalformedTable("Sources")
        if _SOURCES not in self._tables:
            return
        for key in self._tables.keys(_SOURCES):
            if _normal(key) == name:
                self._tables.remove_key((*_SOURCES, key))
        if not keep_table and not self._tables.keys(_SOURCES):
            self._tables.remove_table(_SOURCES)

    @property
    def has_indexes(self) -> bool:
        """Return whether there is a `[[tool.uv.index]]`."""
        return ("tool", "uv", "index") in self._tables

    @property
    def index_urls(self) -> list[str]:
        """Return the URLs of all `[[tool.uv.index]]`, as they are written."""
        return self._indexes.urls()

    def add_index(self, index: IndexDeclaration) -> None:
        """Write *index* as the first `[[tool.uv.index]]`; one of the same name or URL moves there."""
        self._indexes.put_first(index.url, index.name, is_default=index.default)

    def add_workspace_member(self, path: str) -> None:
        """Add the folder *path* (relative to the root, with `/`) to the members of the workspace."""
        members = ("tool", "uv", "workspace", "members")
        array = self._array(members) or self._add_array(members)
        array.insert(len(array.values), _quote(path))


def _normal(key: str) -> str:
    try:
        return normalise(key)
    except InvalidName:
        return key


def _quote(text: str) -> str:
    if '"' in text and "'" not in text and "\\" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _key(text: str) -> str:
    bare = text.isascii() and text.replace("-", "").replace("_", "").isalnum()
    return text if bare else _quote(text)


def _inline_table(fields: SourceFields) -> str:
    pairs = [
        f"{_key(key)} = {_quote(value) if isinstance(value, str) else str(value).lower()}"
        for key, value in fields.items()
    ]
    return f"{{ {', '.join(pairs)} }}"
