"""Text of `uv.lock` -> Lock, with the checks uv makes while reading.

Unknown keys are ignored at every level, so that lockfiles of newer revisions can be read. Markers, versions and
specifiers are not parsed here; whoever uses one does.

Specification: docs/lockfile.md.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, cast

from mauve.distributions.conflicts import ConflictItem, Conflicts, ConflictSet
from mauve.lock.canonical import NotCanonical, Table, read_canonical
from mauve.lock.consistency import check_references, check_wheels
from mauve.lock.errors import InconsistentLock, InvalidLock, UnsupportedLockVersion
from mauve.lock.model import (
    SCHEMA_VERSION,
    UNUSED_TIMESTAMP,
    DefaultGroups,
    Lock,
    LockedCutoff,
    LockedDependency,
    LockedFile,
    LockedFiles,
    LockedManifest,
    LockedMetadata,
    LockedOptions,
    LockedPackage,
    LockedRequirement,
    LockedScope,
    LockedScopedExclude,
    LockedScopedOverride,
    LockedSource,
    LockedStaticMetadata,
    SourceKind,
    ZstdFile,
)
from mauve.lock.values import BadValue, check_values
from mauve.standards.names import ExtraName, GroupName, InvalidName, PackageName, extra_name, group_name, package_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Name = TypeVar("_Name")

_SOURCE_KINDS: Final = {kind.value: kind for kind in SourceKind}
_REQUIREMENT_KINDS: Final = tuple(kind for kind in SourceKind if kind is not SourceKind.REGISTRY)


def parse_lock(text: str, name: str = "uv.lock", *, check_wheel_names: bool = True) -> Lock:
    """Return the lock written in *text*.

    Args:
        text: of the file.
        name: of the file, for messages.
        check_wheel_names: whether a wheel must carry the version of its package.

    Raises:
        InvalidLock: not TOML, a value of the wrong kind, or edges without target; the cause has the details.
        UnsupportedLockVersion: another schema version.
    """
    document = _read_document(text, name)
    version = document.get("version")
    unsupported = isinstance(version, int) and version >= 0 and version != SCHEMA_VERSION
    try:
        lock = _lock(document)
        check_values(lock, "package" if "package" in document else "distribution")
        check_references(lock)
        if check_wheel_names:
            check_wheels(lock)
    except BadValue as error:
        cause = _locate(text, error)
        if unsupported:
            raise UnsupportedLockVersion(name, cast("int", version), readable=False) from cause
        raise InvalidLock(name) from cause
    except InconsistentLock as error:
        if unsupported:
            raise UnsupportedLockVersion(name, cast("int", version), readable=False) from error
        raise InvalidLock(name) from error
    if unsupported:
        raise UnsupportedLockVersion(name, cast("int", version), readable=True)
    return lock


def read_lock(text: str) -> Lock:
    """Return the lock written in *text*, whatever its versions, markers and references are.

    Raises:
        InvalidLock: it is not TOML.
        BadValue: a value is of the wrong kind.
    """
    return _lock(_read_document(text, "uv.lock"))


def _read_document(text: str, name: str) -> Table:
    try:
        return read_canonical(text)
    except NotCanonical:
        from mauve.standards.toml import InvalidToml, parse_toml

        try:
            return parse_toml(text)
        except InvalidToml as error:
            raise InvalidLock(name) from error


def _locate(text: str, error: BadValue) -> Exception:
    """Return *error* with its position in *text*."""
    from mauve.standards.toml import point_at

    return point_at(text, error.path, error.message, key=error.is_key)


@contextmanager
def _within(*path: str | int) -> Iterator[None]:
    """Say of what is wrong inside that it is below *path*."""
    try:
        yield
    except BadValue as error:
        raise error.below(*path) from error


# --- values


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return f"boolean `{str(value).lower()}`"
    if isinstance(value, int):
        return f"integer `{value}`"
    if isinstance(value, float):
        return f"floating point `{value}`"
    if isinstance(value, str):
        return f'string "{value}"'
    return "map" if isinstance(value, dict) else "sequence"


def _expect_table(value: object, expected: str) -> None:
    if not isinstance(value, dict):
        message = f"invalid type: {_kind_of(value)}, expected {expected}"
        raise BadValue(message)


def _text(table: Table, key: str) -> str:
    value = table.get(key)
    if isinstance(value, str):
        return value
    if value is None:
        message = f"missing field `{key}`"
        raise BadValue(message)
    message = f"invalid type: {_kind_of(value)}, expected a string"
    raise BadValue(message, key)


def _optional_text(table: Table, key: str) -> str | None:
    return None if table.get(key) is None else _text(table, key)


def _optional_number(table: Table, key: str, kind: str = "u64") -> int | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if 0 <= value < 1 << 64:
            return value
        found = f"value: {_kind_of(value)}" if value < 0 else f"type: {_kind_of(value)} as i128"
        message = f"invalid {found}, expected {kind}"
        raise BadValue(message, key)
    message = f"invalid type: {_kind_of(value)}, expected {kind}"
    raise BadValue(message, key)


def _list(table: Table, *keys: str) -> list[Any]:
    """Return the array at the first of *keys* that is there."""
    for key in keys:
        value: Any = table.get(key)
        if isinstance(value, list):
            found: list[Any] = table[key]
            return found
        if value is not None:
            message = f"invalid type: {_kind_of(value)}, expected a sequence"
            raise BadValue(message, key)
    return []


def _table(table: Table, *keys: str) -> Table:
    """Return the table at the first of *keys* that is there."""
    for key in keys:
        value = table.get(key)
        if isinstance(value, dict):
            return cast("Table", value)
        if value is not None:
            message = f"invalid type: {_kind_of(value)}, expected a map"
            raise BadValue(message, key)
    return {}


def _texts(table: Table, key: str) -> tuple[str, ...]:
    values = _list(table, key)
    for value in values:
        if not isinstance(value, str):
            message = f"invalid type: {_kind_of(value)}, expected a string"
            raise BadValue(message, key)
    return tuple(values)


def _package_name(text: str) -> PackageName:
    try:
        return package_name(text)
    except InvalidName as error:
        raise BadValue(str(error)) from error


def _extras(table: Table, key: str) -> tuple[ExtraName, ...]:
    return tuple([_name(extra_name, text, key, place) for place, text in enumerate(_texts(table, key))])


def _groups(table: Table, key: str) -> tuple[GroupName, ...]:
    return tuple([_name(group_name, text, key, place) for place, text in enumerate(_texts(table, key))])


def _name(read: Callable[[str], _Name], text: str, *path: str | int, is_key: bool = False) -> _Name:
    try:
        return read(text)
    except InvalidName as error:
        raise BadValue(str(error), *path, is_key=is_key) from error


# --- tables


def _lock(document: Table) -> Lock:
    version = document.get("version")
    if version is None:
        message = "missing field `version`"
        raise BadValue(message)
    _optional_number(document, "version", "u32")
    return Lock(
        revision=_optional_number(document, "revision", "u32") or 0,
        requires_python=_text(document, "requires-python"),
        resolution_markers=_texts(document, "resolution-markers"),
        supported_markers=_texts(document, "supported-markers"),
        required_markers=_texts(document, "required-markers"),
        conflicts=_conflicts(document),
        options=_options(_table(document, "options")),
        manifest=_manifest(_table(document, "manifest")),
        packages=read_packages(document),
    )


def read_packages(document: Table) -> tuple[LockedPackage, ...]:
    """Return the package entries of the tree of a lockfile, not yet checked against each other."""
    packages: list[LockedPackage] = []
    for index, table in enumerate(_list(document, "package", "distribution")):
        try:
            packages.append(_package(table))
        except BadValue as error:
            raise error.below("package" if "package" in document else "distribution", index) from error
    return tuple(packages)


def _conflicts(document: Table) -> Conflicts:
    return Conflicts(
        tuple(
            ConflictSet(tuple(ConflictItem(*_conflict_item(item)) for item in items))
            for items in _list(document, "conflicts")
        )
    )


def _conflict_item(table: Table) -> tuple[PackageName, ExtraName | None, GroupName | None]:
    _expect_table(table, "struct ConflictItemWire")
    extra, group = _optional_text(table, "extra"), _optional_text(table, "group")
    return (
        _package_name(_text(table, "package")),
        None if extra is None else extra_name(extra),
        None if group is None else group_name(group),
    )


def _options(table: Table) -> LockedOptions:
    if not table:
        return LockedOptions()
    timestamp, span = _optional_text(table, "exclude-newer"), _optional_text(table, "exclude-newer-span")
    if timestamp is None and span is not None:
        # The time says nothing beside a span; who reads no older uv may leave it out.
        timestamp = UNUSED_TIMESTAMP
    return LockedOptions(
        resolution_mode=_optional_text(table, "resolution-mode"),
        prerelease_mode=_optional_text(table, "prerelease-mode"),
        fork_strategy=_optional_text(table, "fork-strategy"),
        exclude_newer=None if timestamp is None else LockedCutoff(timestamp, span),
        minimum_libc_version={key: str(value) for key, value in _table(table, "minimum-libc-version").items()},
        prerelease_package={PackageName(key): str(value) for key, value in _table(table, "prerelease-package").items()},
        exclude_newer_package={
            PackageName(key): _package_cutoff(value) for key, value in _table(table, "exclude-newer-package").items()
        },
    )


def _package_cutoff(value: object) -> LockedCutoff | None:
    if isinstance(value, str):
        return LockedCutoff(value)
    if isinstance(value, dict):
        table = cast("Table", value)
        return LockedCutoff(_text(table, "timestamp"), _optional_text(table, "span"))
    if value is not False:
        message = (
            "expected false to disable exclude-newer, got true"
            if value is True
            else f"invalid type: {_kind_of(value)}, expected a date/timestamp/duration string, false to disable "
            "exclude-newer, or a table with timestamp/span"
        )
        raise BadValue(message, "options")
    return None


def _default_groups(table: Table) -> DefaultGroups:
    value = table.get("default-groups")
    if value is None:
        return None
    if isinstance(value, str) and value != "all":
        message = 'default-groups must be "all" or a ["list", "of", "groups"]'
        raise BadValue(message, "default-groups")
    return "all" if value == "all" else _groups(table, "default-groups")


def _manifest(table: Table) -> LockedManifest:
    if not table:
        return LockedManifest()
    with _within("manifest"):
        return _filled_manifest(table)


def _filled_manifest(table: Table) -> LockedManifest:
    overrides, excludes = _list(table, "overrides"), _list(table, "excludes")
    return LockedManifest(
        members=tuple(
            [_name(package_name, name, "members", place) for place, name in enumerate(_texts(table, "members"))]
        ),
        default_groups=_default_groups(table),
        requirements=_requirements(table, "requirements"),
        constraints=_requirements(table, "constraints"),
        scoped_overrides=tuple(
            LockedScopedOverride(_scope(item["package"]), _requirements(item, "dependencies"))
            for item in overrides
            if "package" in item
        ),
        overrides=tuple(_requirement(item) for item in overrides if "package" not in item),
        scoped_excludes=tuple(
            LockedScopedExclude(
                _scope(item["package"]), tuple(_package_name(name) for name in _texts(item, "dependencies"))
            )
            for item in excludes
            if not isinstance(item, str)
        ),
        excludes=tuple(_package_name(item) for item in excludes if isinstance(item, str)),
        build_constraints=_requirements(table, "build-constraints"),
        dependency_groups=_requirement_groups(table, "dependency-groups"),
        group_requires_python=_bounds(table),
        dependency_metadata=tuple(_static_metadata(item) for item in _list(table, "dependency-metadata")),
    )


def _scope(table: Table) -> LockedScope:
    return LockedScope(_package_name(_text(table, "name")), _optional_text(table, "version"))


def _static_metadata(table: Table) -> LockedStaticMetadata:
    _expect_table(table, "struct StaticMetadata")
    return LockedStaticMetadata(
        name=_package_name(_text(table, "name")),
        version=_optional_text(table, "version"),
        requires_dist=_texts(table, "requires-dist"),
        requires_python=_optional_text(table, "requires-python"),
        provides_extras=_extras(table, "provides-extras"),
    )


def _bounds(table: Table) -> dict[GroupName, str]:
    return {group_name(key): str(value) for key, value in _table(table, "group-requires-python").items()}


def _requirements(table: Table, key: str) -> tuple[LockedRequirement, ...]:
    found: list[LockedRequirement] = []
    for place, item in enumerate(_list(table, key)):
        try:
            found.append(_requirement(item))
        except BadValue as error:
            raise error.below(key, place) from error
    return tuple(found)


def _requirement_groups(table: Table, key: str, *others: str) -> dict[GroupName, tuple[LockedRequirement, ...]]:
    with _within(key):
        groups = _table({key: table[key]}, key) if key in table else _table(table, *others)
        return {_name(group_name, name, name, is_key=True): _requirements(groups, name) for name in groups}


def _requirement(table: Table) -> LockedRequirement:
    _expect_table(table, "struct Requirement")
    source: LockedSource | None = None
    for kind in _REQUIREMENT_KINDS:
        location = table.get(kind.value)
        if location is not None:
            source = LockedSource(kind, str(location), _optional_text(table, "subdirectory"))
            break
    conflict = table.get("conflict")
    return LockedRequirement(
        name=_package_name(_text(table, "name")),
        extras=_extras(table, "extras"),
        groups=_groups(table, "groups"),
        marker=_optional_text(table, "marker"),
        specifier=_optional_text(table, "specifier"),
        index=_optional_text(table, "index"),
        conflict=None if conflict is None else _conflict_item(conflict),
        source=source,
        hashes=tuple(map(str, _list(table, "hashes"))),
    )


def _package(table: Table) -> LockedPackage:
    name = _package_name(_text(table, "name"))
    metadata = table.get("metadata")
    source = table.get("source")
    if source is None:
        message = "missing field `source`"
        raise BadValue(message)
    sdist = table.get("sdist")
    wheels = _list(table, "wheels")
    return LockedPackage(
        name=name,
        version=_version(table),
        source=_source(source),
        default_groups=_default_groups(table),
        resolution_markers=_texts(table, "resolution-markers") if "resolution-markers" in table else (),
        dependencies=_edges(table, "dependencies"),
        files=LockedFiles(
            None if sdist is None else _file(sdist, "sdist"),
            tuple(
                [
                    wheel if type(wheel) is LockedFile else _file(wheel, "wheels", place)
                    for place, wheel in enumerate(wheels)
                ]
            ),
        ),
        optional_dependencies=_sections(table, extra_name, "optional-dependencies"),
        dev_dependencies=_sections(table, group_name, "dev-dependencies", "dependency-groups"),
        group_requires_python=_bounds(table) if "group-requires-python" in table else {},
        metadata=None if metadata is None else _metadata(metadata),
    )


def _sections(table: Table, read: Callable[[str], _Name], *keys: str) -> dict[_Name, tuple[LockedDependency, ...]]:
    """Return the edges by extra or group, under the first of *keys* that is there."""
    if keys[0] not in table and keys[-1] not in table:
        return {}
    sections: dict[_Name, tuple[LockedDependency, ...]] = {}
    for name, edges in _table(table, *keys).items():
        if not isinstance(edges, list):
            message = f"invalid type: {_kind_of(edges)}, expected a sequence"
            raise BadValue(message, keys[0], name)
        with _within(keys[0]):
            sections[_name(read, name, name, is_key=True)] = _edges({name: edges}, name)
    return sections


def _version(table: Table) -> str | None:
    version = table.get("version")
    if version is None:
        return None
    if not isinstance(version, str):
        message = f"invalid type: {_kind_of(version)}, expected a string"
        raise BadValue(message, "version")
    if not version[:1].isdigit():
        message = "expected version to start with a number, but no leading ASCII digits were found"
        raise BadValue(message)
    return version


def _metadata(table: Table) -> LockedMetadata:
    with _within("metadata"):
        _expect_table(table, "struct PackageMetadata")
        return LockedMetadata(
            requires_dist=_requirements(table, "requires-dist"),
            provides_extras=_extras(table, "provides-extras"),
            requires_dev=_requirement_groups(table, "requires-dev", "dependency-groups"),
        )


def _source(value: LockedSource | Table) -> LockedSource:
    if isinstance(value, LockedSource):
        return value
    if not isinstance(value, dict):
        message = "data did not match any variant of untagged enum SourceWire"
        raise BadValue(message)
    for key, kind in _SOURCE_KINDS.items():
        location = value.get(key)
        if isinstance(location, str):
            return LockedSource(kind, location, _optional_text(value, "subdirectory"))
    message = "data did not match any variant of untagged enum SourceWire"
    raise BadValue(message)


def _edges(table: Table, key: str) -> tuple[LockedDependency, ...]:
    return tuple(
        [
            edge if type(edge) is LockedDependency else _edge(edge, key, place)
            for place, edge in enumerate(_list(table, key))
        ]
    )


def _edge(table: Table, *place: str | int) -> LockedDependency:
    source = table.get("source")
    try:
        return LockedDependency(
            name=_package_name(_text(table, "name")),
            version=_optional_text(table, "version"),
            source=None if source is None else _source(source),
            extra=_extras(table, "extra"),
            marker=_optional_text(table, "marker"),
        )
    except BadValue as error:
        raise error.below(*place) from error


def _file(table: LockedFile | Table, *place: str | int) -> LockedFile:
    if isinstance(table, LockedFile):
        return table
    kind: Literal["url", "path", "filename", ""] = ""
    location = ""
    for candidate in ("url", "path", "filename"):
        value = table.get(candidate)
        if value is not None:
            kind, location = candidate, str(value)
            break
    zstd = table.get("zstd")
    try:
        return LockedFile(
            kind,
            location,
            _optional_text(table, "hash"),
            _optional_number(table, "size"),
            _optional_text(table, "upload-time") or _optional_text(table, "upload_time"),
            None if zstd is None else ZstdFile(_optional_text(zstd, "hash"), _optional_number(zstd, "size")),
        )
    except BadValue as error:
        raise error.below(*place) from error
