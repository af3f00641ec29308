"""Read a `pyproject.toml`: the project, its groups, and the keys of `[tool.uv]` that belong to it.

Reading is quick because it stops at the first doubt: whatever the decoder or a check refuses is looked at
again by `mauve.project.diagnosis`, which finds the position and the words. Requirements of the project
itself stay text, since they may only be refused when they are needed (`mauve.project.lowering`).

Specification: PEP 621, PEP 518, PEP 735; docs/lockfile.md.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from msgspec import Struct, ValidationError, convert

from mauve.distributions.conflicts import ConflictItem
from mauve.errors import MauveError
from mauve.filesystem.text import read_text
from mauve.project.sources import (
    InvalidSources,
    InvalidSourcesTable,
    SourceEntry,
    check_together,
    read_source,
)
from mauve.project.tables import PyProjectTable, ScopedTable, UvTable
from mauve.standards.markers.diagram import Marker
from mauve.standards.markers.parse import parse_marker
from mauve.standards.names import ExtraName, GroupName, PackageName, extra_name, group_name, package_name
from mauve.standards.requirements import Requirement, parse_requirement
from mauve.standards.specifiers import Specifiers, parse_specifiers
from mauve.standards.toml import InvalidToml, parse_toml
from mauve.standards.versions import Version, parse_version

if TYPE_CHECKING:
    from mauve.distributions.index_table import IndexTable
    from mauve.project.tables import BuildConstraintTable, ConflictTable, ProjectTable, ToolTable

GroupEntry: TypeAlias = str | dict[str, Any]
"""A requirement, or a table such as `{ include-group = … }`."""

DEFAULT_GROUPS: Final = (GroupName("dev"),)
"""The groups that are installed where `tool.uv.default-groups` does not say which."""


class InvalidPyProject(MauveError):
    """A `pyproject.toml` cannot be used; the cause says why.

    Attributes:
        path: of the file, absolute.
    """

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Name the file."""
        return f"Failed to parse: {shown_path(self.path)}"


class InvalidProject(ValueError):
    """The content is TOML of the right shape and still wrong; found again by the diagnosis."""


class ScopedRequirements(Struct, frozen=True):
    """A scoped override: requirements for one parent."""

    name: PackageName
    version: Version | None
    requirements: tuple[Requirement, ...]


class ScopedNames(Struct, frozen=True):
    """A scoped exclusion: names for one parent."""

    name: PackageName
    version: Version | None
    names: tuple[PackageName, ...]


class UnscopedConflict(Struct, frozen=True):
    """An item of a declared conflict; the package is this project where it is not named."""

    package: PackageName | None
    extra: ExtraName | None = None
    group: GroupName | None = None

    def resolve(self, project: PackageName) -> ConflictItem:
        """Return the item, of *project* if no package is named."""
        return ConflictItem(self.package or project, self.extra, self.group)

    def __str__(self) -> str:
        """Return the item as it is written."""
        if self.extra is not None:
            return f'{{ extra = "{self.extra}" }}'
        return f'{{ group = "{self.group}" }}'


class WorkspacePatterns(Struct, frozen=True):
    """`[tool.uv.workspace]`."""

    members: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class BuildConstraint(Struct, frozen=True):
    """A bound of what builds need, and the digests that are trusted, as they were written."""

    requirement: Requirement
    hashes: tuple[str, ...] = ()


class UvProject(Struct, frozen=True, kw_only=True):
    """The project keys of `[tool.uv]`, read.

    Attributes:
        default_groups: None if not given; `"all"` for every group.
        group_requires_python: of `[tool.uv.dependency-groups]`, in order.
        dev_dependencies: the legacy list; None if not given.
        dependency_metadata: as in the file; read by the settings.
    """

    sources: dict[PackageName, tuple[SourceEntry, ...]] = {}
    indexes: tuple[IndexTable, ...] = ()
    workspace: WorkspacePatterns | None = None
    managed: bool = True
    package: bool | None = None
    default_groups: tuple[GroupName, ...] | str | None = None
    group_requires_python: dict[GroupName, Specifiers] = {}
    dev_dependencies: tuple[Requirement, ...] | None = None
    overrides: tuple[Requirement, ...] = ()
    scoped_overrides: tuple[ScopedRequirements, ...] = ()
    excludes: tuple[PackageName, ...] = ()
    scoped_excludes: tuple[ScopedNames, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    build_constraints: tuple[BuildConstraint, ...] = ()
    environments: tuple[Marker, ...] = ()
    required_environments: tuple[Marker, ...] = ()
    conflicts: tuple[tuple[UnscopedConflict, ...], ...] = ()
    dependency_metadata: Any = None
    cache_keys: Any = None


NO_UV: Final = UvProject()


class Project(Struct, frozen=True, kw_only=True):
    """`[project]`, names and versions read, requirements as text.

    Attributes:
        version: None if it is dynamic.
        optional_dependencies: in order of declaration.
        dynamic: the names of the fields that a build has to tell.
    """

    name: PackageName
    version: Version | None = None
    requires_python: Specifiers | None = None
    dependencies: tuple[str, ...] = ()
    optional_dependencies: dict[ExtraName, tuple[str, ...]] = {}
    dynamic: tuple[str, ...] = ()
    has_scripts: bool = False


class PyProject(Struct, frozen=True, kw_only=True):
    """One `pyproject.toml`.

    Attributes:
        path: of the file, absolute.
        text: of the file, without byte order mark.
        project: None for a virtual root.
        groups: `[dependency-groups]`, in order of declaration; includes not yet expanded.
        build_system: `[build-system]` as in the file; None if there is none.
    """

    path: str
    text: str
    project: Project | None = None
    groups: dict[GroupName, tuple[GroupEntry, ...]] = {}
    build_system: Any = None
    uv: UvProject = NO_UV

    @property
    def root(self) -> str:
        """Return the folder of the file."""
        return os.path.dirname(self.path)

    def is_package(self, *, needs_build_system: bool = True) -> bool:
        """Return whether the project is built and installed.

        `tool.uv.package` decides; else `[build-system]`, unless that is not needed (for what others depend on).
        """
        if self.uv.package is not None:
            return self.uv.package
        return self.build_system is not None or not needs_build_system


def shown_path(path: str) -> str:
    """Return *path* relative to the working directory if it is below it; messages name files that way."""
    directory = os.getcwd()
    if path == directory:
        return "."
    return path.removeprefix(directory.rstrip(os.sep) + os.sep)


def read_pyproject(path: str) -> PyProject:
    """Return the content of the file at *path* (absolute).

    Raises:
        FileNotFoundError: there is none.
        UnreadableFile: it is not UTF-8, or may not be read.
        InvalidPyProject: it is not TOML, or not a project's.
    """
    return parse_pyproject(read_text(path, has_mark=True), path)


def parse_pyproject(text: str, path: str) -> PyProject:
    """Return the content of *text*, which is to be named *path* (absolute).

    Raises:
        InvalidPyProject: it is not TOML, or not a project's.
    """
    try:
        document = parse_toml(text)
    except InvalidToml as error:
        raise InvalidPyProject(path) from error
    try:
        return _read(convert(document, PyProjectTable), text, path)
    except InvalidSources as error:
        table = InvalidSourcesTable()
        table.__cause__ = error
        raise InvalidPyProject(path) from table
    except (ValueError, ValidationError, MauveError) as error:
        from mauve.project.diagnosis import diagnose

        raise InvalidPyProject(path) from diagnose(text, document, error)


def read_uv_table(table: ToolTable | None) -> UvProject:
    """Return the project keys of `[tool.uv]` in *table*, of a project or of a script.

    Raises:
        InvalidProject, ValueError, MauveError: a value cannot be read.
    """
    return NO_UV if table is None or table.uv is None else _read_uv(table.uv)


def _read(table: PyProjectTable, text: str, path: str) -> PyProject:
    return PyProject(
        path=path,
        text=text,
        project=None if table.project is None else _read_project(table.project),
        groups=_read_groups(table.dependency_groups or {}),
        build_system=table.build_system,
        uv=read_uv_table(table.tool),
    )


def _read_project(table: ProjectTable) -> Project:
    if table.version is None and "version" not in table.dynamic:
        raise InvalidProject
    extras = {extra_name(name): texts for name, texts in (table.optional_dependencies or {}).items()}
    if len(extras) != len(table.optional_dependencies or {}):
        raise InvalidProject
    return Project(
        name=package_name(table.name),
        version=None if table.version is None else parse_version(table.version),
        requires_python=None if table.requires_python is None else parse_specifiers(table.requires_python),
        dependencies=table.dependencies or (),
        optional_dependencies=extras,
        dynamic=table.dynamic,
        has_scripts=table.scripts is not None or table.gui_scripts is not None,
    )


def _read_groups(tables: dict[str, tuple[GroupEntry, ...]]) -> dict[GroupName, tuple[GroupEntry, ...]]:
    groups = {group_name(name): entries for name, entries in tables.items()}
    if len(groups) != len(tables):
        raise InvalidProject
    return groups


def _read_uv(table: UvTable) -> UvProject:
    workspace = table.workspace
    if workspace is not None:
        from mauve.project.globs import compile_glob

        for pattern in (*workspace.members, *workspace.exclude):
            compile_glob(pattern)
    overrides, scoped_overrides = _split(table.override_dependencies)
    excludes, scoped_excludes = _split(table.exclude_dependencies)
    return UvProject(
        sources=_read_sources(table),
        indexes=_read_indexes(table),
        workspace=None if workspace is None else WorkspacePatterns(workspace.members, workspace.exclude),
        managed=table.managed is not False,
        package=table.package,
        default_groups=_read_default_groups(table.default_groups),
        group_requires_python={
            group_name(name): parse_specifiers(group.requires_python)
            for name, group in table.dependency_groups.items()
            if group.requires_python is not None
        },
        dev_dependencies=None if table.dev_dependencies is None else _requirements(table.dev_dependencies),
        overrides=_requirements(overrides),
        scoped_overrides=tuple(
            [ScopedRequirements(*_scope(entry), _requirements(entry.dependencies)) for entry in scoped_overrides]
        ),
        excludes=tuple([package_name(name) for name in excludes]),
        scoped_excludes=tuple(
            [
                ScopedNames(*_scope(entry), tuple([package_name(name) for name in entry.dependencies]))
                for entry in scoped_excludes
            ]
        ),
        constraints=_requirements(table.constraint_dependencies),
        build_constraints=tuple(map(_read_build_constraint, table.build_constraint_dependencies)),
        environments=_markers(table.environments),
        required_environments=_markers(table.required_environments),
        conflicts=tuple([_read_conflict(items) for items in table.conflicts]),
        dependency_metadata=table.dependency_metadata,
        cache_keys=table.cache_keys,
    )


def _read_sources(table: UvTable) -> dict[PackageName, tuple[SourceEntry, ...]]:
    sources: dict[PackageName, tuple[SourceEntry, ...]] = {}
    for name, tables in table.sources.items():
        key = package_name(name)
        if key in sources:
            raise InvalidProject
        sources[key] = tuple([read_source(entry) for entry in (tables if isinstance(tables, list) else [tables])])
    for entries in sources.values():
        check_together(entries)
    return sources


def _read_indexes(table: UvTable) -> tuple[IndexTable, ...]:
    if not table.index:
        return ()
    from mauve.distributions.index_faults import find_index_fault
    from mauve.distributions.index_table import IndexTable

    if find_index_fault(table.index) is not None:
        raise InvalidProject
    tables = convert(table.index, tuple[IndexTable, ...])
    names = [index.name for index in tables if index.name is not None]
    if len(set(names)) != len(names) or sum(index.default for index in tables) > 1:
        raise InvalidProject
    return tables


def _read_default_groups(value: tuple[str, ...] | str | None) -> tuple[GroupName, ...] | str | None:
    if isinstance(value, str):
        if value != "all":
            raise InvalidProject
        return value
    return None if value is None else tuple([group_name(name) for name in value])


def _split(entries: tuple[str | ScopedTable, ...]) -> tuple[tuple[str, ...], tuple[ScopedTable, ...]]:
    return (
        tuple([entry for entry in entries if isinstance(entry, str)]),
        tuple([entry for entry in entries if isinstance(entry, ScopedTable)]),
    )


def _scope(entry: ScopedTable) -> tuple[PackageName, Version | None]:
    version = entry.package.version
    return package_name(entry.package.name), None if version is None else parse_version(version)


def _read_build_constraint(entry: str | BuildConstraintTable) -> BuildConstraint:
    if isinstance(entry, str):
        return BuildConstraint(parse_requirement(entry))
    return BuildConstraint(parse_requirement(entry.requirement), entry.hashes)


def _requirements(texts: tuple[str, ...]) -> tuple[Requirement, ...]:
    return tuple([parse_requirement(text) for text in texts])


def _markers(texts: tuple[str, ...] | str) -> tuple[Marker, ...]:
    return tuple([parse_marker(text) for text in ((texts,) if isinstance(texts, str) else texts)])


def _read_conflict(tables: tuple[ConflictTable, ...]) -> tuple[UnscopedConflict, ...]:
    items = dict.fromkeys(
        [
            UnscopedConflict(
                None if table.package is None else package_name(table.package),
                None if table.extra is None else extra_name(table.extra),
                None if table.group is None else group_name(table.group),
            )
            for table in tables
        ]
    )
    for item in items:
        if (item.extra is not None and item.group is not None) or item == UnscopedConflict(None):
            raise InvalidProject
    if len(items) < 2:
        raise InvalidProject
    return tuple(items)
