"""The wire structs of `pyproject.toml`: what the file says, before names, versions and requirements are read.

Only what a project needs is declared; the settings of `[tool.uv]` are decoded by `mauve.config`.
Unknown keys are ignored except where uv refuses them. Annotations are values here, not texts: making a decoder of
texts takes three times as long.
"""

from typing import Any, TypeAlias

from msgspec import Struct


class ProjectTable(Struct, frozen=True, kw_only=True, rename="kebab"):
    """`[project]`. Scripts are only asked for their presence."""

    name: str
    version: str | None = None
    requires_python: str | None = None
    dependencies: tuple[str, ...] | None = None
    optional_dependencies: dict[str, tuple[str, ...]] | None = None
    dynamic: tuple[str, ...] = ()
    scripts: Any = None
    gui_scripts: Any = None


class SourceTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of `[tool.uv.sources]`."""

    git: str | None = None
    subdirectory: str | None = None
    rev: str | None = None
    tag: str | None = None
    branch: str | None = None
    lfs: bool | None = None
    url: str | None = None
    path: str | None = None
    editable: bool | None = None
    package: bool | None = None
    index: str | None = None
    workspace: bool | str | None = None
    marker: str | None = None
    extra: str | None = None
    group: str | None = None


class WorkspaceTable(Struct, frozen=True, forbid_unknown_fields=True):
    """`[tool.uv.workspace]`."""

    members: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class GroupTable(Struct, frozen=True, rename="kebab"):
    """One entry of `[tool.uv.dependency-groups]`."""

    requires_python: str | None = None


class ConflictTable(Struct, frozen=True, forbid_unknown_fields=True):
    """One item of a set in `tool.uv.conflicts`."""

    package: str | None = None
    extra: str | None = None
    group: str | None = None


class ScopeTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The parent of a scoped override or exclusion."""

    name: str
    version: str | None = None


class ScopedTable(Struct, frozen=True, forbid_unknown_fields=True):
    """One scoped entry of `override-dependencies` or `exclude-dependencies`."""

    package: ScopeTable
    dependencies: tuple[str, ...]


class BuildConstraintTable(Struct, frozen=True):
    """An entry of `build-constraint-dependencies` with digests."""

    requirement: str
    hashes: tuple[str, ...]


class UvTable(Struct, frozen=True, kw_only=True, rename="kebab"):
    """The keys of `[tool.uv]` that belong to the project or its workspace."""

    sources: dict[str, SourceTable | list[SourceTable]] = {}
    index: list[Any] = []
    workspace: WorkspaceTable | None = None
    managed: bool | None = None
    package: bool | None = None
    default_groups: tuple[str, ...] | str | None = None
    dependency_groups: dict[str, GroupTable] = {}
    dev_dependencies: tuple[str, ...] | None = None
    override_dependencies: tuple[str | ScopedTable, ...] = ()
    exclude_dependencies: tuple[str | ScopedTable, ...] = ()
    constraint_dependencies: tuple[str, ...] = ()
    build_constraint_dependencies: tuple[str | BuildConstraintTable, ...] = ()
    environments: tuple[str, ...] | str = ()
    required_environments: tuple[str, ...] | str = ()
    conflicts: tuple[tuple[ConflictTable, ...], ...] = ()
    dependency_metadata: Any = None
    cache_keys: Any = None


class ToolTable(Struct, frozen=True):
    """`[tool]`."""

    uv: UvTable | None = None


IncludeTable: TypeAlias = dict[str, Any]
"""An object in a dependency group, normally `{ include-group = … }`."""


class PyProjectTable(Struct, frozen=True, rename="kebab"):
    """The whole file."""

    project: ProjectTable | None = None
    build_system: Any = None
    dependency_groups: dict[str, tuple[str | IncludeTable, ...]] | None = None
    tool: ToolTable | None = None


class ScriptTable(Struct, frozen=True, kw_only=True, rename="kebab"):
    """The block of inline metadata of a script."""

    requires_python: str | None = None
    dependencies: tuple[str, ...] | None = None
    tool: ToolTable | None = None
