"""Text of `uv.lock` -> Lock, with the checks uv makes while reading.

Unknown keys are ignored at every level, so that lockfiles of newer revisions can be read. Markers, versions and
specifiers are not parsed here; whoever uses one does.

Specification: docs/lockfile.md.
"""

from __future__ import annotations

from typing import Any, Final, Literal, cast

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
from mauve.standards.names import ExtraName, GroupName, InvalidName, PackageName, extra_name, group_name, package_name

_SOURCE_KINDS: Final = {kind.value: kind for kind in SourceKind}
_REQUIREMENT_KINDS: Final = tuple(kind for kind in SourceKind if kind is not SourceKind.REGISTRY)


class _BadValue(Exception):
    """The value at `path` (from the table being read) is wrong."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def below(self, *path: str | int) -> _BadValue:
        """Return the same error as seen from an enclosing table."""
        return _BadValue(self.message, *path, *self.path)


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
    try:
        document = read_canonical(text)
    except NotCanonical:
        document = _read_toml(text, name)
    version = document.get("version")
    unsupported = isinstance(version, int) and version != SCHEMA_VERSION
    try:
        lock = _lock(document)
        _check_values(lock)
        check_references(lock)
        if check_wheel_names:
            check_wheels(lock)
    except _BadValue as error:
        cause = _locate(text, error)
        if unsupported:
            raise UnsupportedLockVersion(name, cast("int", version), readable=False) from cause
        raise InvalidLock(name) from cause
    except InconsistentLock as error:
        raise InvalidLock(name) from error
    if unsupported:
        raise UnsupportedLockVersion(name, cast("int", version), readable=True)
    return lock


def _read_toml(text: str, name: str) -> Table:
    from mauve.standards.toml import InvalidToml, parse_toml

    try:
        return parse_toml(text)
    except InvalidToml as error:
        raise InvalidLock(name) from error


def _locate(text: str, error: _BadValue) -> Exception:
    """Return *error* with its position in *text*."""
    from mauve.standards.toml import point_at

    return point_at(text, error.path, error.message)


# --- values


def _check_values(lock: Lock) -> None:
    """Raise `_BadValue` where text that the rest of the program takes on trust is malformed."""
    from mauve.standards.markers.parse import InvalidMarker, parse_marker
    from mauve.standards.specifiers import InvalidSpecifier, parse_specifiers

    try:
        parse_specifiers(lock.requires_python)
    except InvalidSpecifier as error:
        raise _BadValue(str(error).rstrip("\n"), "requires-python") from None
    for place, marker in enumerate(lock.resolution_markers):
        try:
            parse_marker(marker)
        except InvalidMarker as error:
            raise _BadValue(str(error), "resolution-markers", place) from None
    for place, package in enumerate(lock.packages):
        sdist = package.files.sdist
        if sdist is not None and sdist.hash is not None:
            _check_hash(sdist.hash, "package", place, "sdist", "hash")
        for number, wheel in enumerate(package.files.wheels):
            if wheel.hash is not None:
                _check_hash(wheel.hash, "package", place, "wheels", number, "hash")


def _check_hash(text: str, *path: str | int) -> None:
    if len(text) == _SHA256_LENGTH and text.startswith("sha256:"):
        return
    from mauve.standards.hashes import HashDigest, InvalidHash

    try:
        HashDigest.parse(text)
    except InvalidHash as error:
        raise _BadValue(str(error), *path) from None


_SHA256_LENGTH: Final = 71


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return f"boolean `{str(value).lower()}`"
    if isinstance(value, int):
        return f"integer `{value}`"
    if isinstance(value, str):
        return f'string "{value}"'
    return "map" if isinstance(value, dict) else "sequence"


def _text(table: Table, key: str) -> str:
    value = table.get(key)
    if isinstance(value, str):
        return value
    if value is None:
        message = f"missing field `{key}`"
        raise _BadValue(message)
    message = f"invalid type: {_kind_of(value)}, expected a string"
    raise _BadValue(message, key)


def _optional_text(table: Table, key: str) -> str | None:
    return None if table.get(key) is None else _text(table, key)


def _optional_number(table: Table, key: str, kind: str = "u64") -> int | None:
    value = table.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    message = f"invalid type: {_kind_of(value)}, expected {kind}"
    raise _BadValue(message, key)


def _list(table: Table, *keys: str) -> list[Any]:
    """Return the array at the first of *keys* that is there."""
    for key in keys:
        value: Any = table.get(key)
        if isinstance(value, list):
            found: list[Any] = table[key]
            return found
        if value is not None:
            message = f"invalid type: {_kind_of(value)}, expected a sequence"
            raise _BadValue(message, key)
    return []


def _table(table: Table, *keys: str) -> Table:
    """Return the table at the first of *keys* that is there."""
    for key in keys:
        value = table.get(key)
        if isinstance(value, dict):
            return cast("Table", value)
        if value is not None:
            message = f"invalid type: {_kind_of(value)}, expected a map"
            raise _BadValue(message, key)
    return {}


def _texts(table: Table, key: str) -> tuple[str, ...]:
    values = _list(table, key)
    for value in values:
        if not isinstance(value, str):
            message = f"invalid type: {_kind_of(value)}, expected a string"
            raise _BadValue(message, key)
    return tuple(values)


def _package_name(text: str) -> PackageName:
    try:
        return package_name(text)
    except InvalidName as error:
        raise _BadValue(str(error)) from error


def _extras(table: Table, key: str) -> tuple[ExtraName, ...]:
    try:
        return tuple(extra_name(text) for text in _texts(table, key))
    except InvalidName as error:
        raise _BadValue(str(error), key) from error


def _groups(table: Table, key: str) -> tuple[GroupName, ...]:
    try:
        return tuple(group_name(text) for text in _texts(table, key))
    except InvalidName as error:
        raise _BadValue(str(error), key) from error


# --- tables


def _lock(document: Table) -> Lock:
    version = document.get("version")
    if version is None:
        message = "missing field `version`"
        raise _BadValue(message)
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
        except _BadValue as error:
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
    return None


def _default_groups(table: Table) -> DefaultGroups:
    value = table.get("default-groups")
    if value is None:
        return None
    return "all" if value == "all" else _groups(table, "default-groups")


def _manifest(table: Table) -> LockedManifest:
    if not table:
        return LockedManifest()
    overrides, excludes = _list(table, "overrides"), _list(table, "excludes")
    return LockedManifest(
        members=tuple(_package_name(name) for name in _texts(table, "members")),
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
        dependency_groups=_requirement_groups(_table(table, "dependency-groups")),
        group_requires_python=_bounds(table),
        dependency_metadata=tuple(_static_metadata(item) for item in _list(table, "dependency-metadata")),
    )


def _scope(table: Table) -> LockedScope:
    return LockedScope(_package_name(_text(table, "name")), _optional_text(table, "version"))


def _static_metadata(table: Table) -> LockedStaticMetadata:
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
    return tuple(_requirement(item) for item in _list(table, key))


def _requirement_groups(table: Table) -> dict[GroupName, tuple[LockedRequirement, ...]]:
    return {group_name(key): _requirements(table, key) for key in table}


def _requirement(table: Table) -> LockedRequirement:
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
    )


def _package(table: Table) -> LockedPackage:
    name = _package_name(_text(table, "name"))
    metadata = table.get("metadata")
    source = table.get("source")
    if source is None:
        message = "missing field `source`"
        raise _BadValue(message)
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
        optional_dependencies={
            extra_name(key): _edges(edges, key) for edges in (_table(table, "optional-dependencies"),) for key in edges
        }
        if "optional-dependencies" in table
        else {},
        dev_dependencies={
            group_name(key): _edges(edges, key)
            for edges in (_table(table, "dev-dependencies", "dependency-groups"),)
            for key in edges
        }
        if "dev-dependencies" in table or "dependency-groups" in table
        else {},
        group_requires_python=_bounds(table) if "group-requires-python" in table else {},
        metadata=None if metadata is None else _metadata(metadata),
    )


def _version(table: Table) -> str | None:
    version = table.get("version")
    if version is None:
        return None
    if not isinstance(version, str):
        message = f"invalid type: {_kind_of(version)}, expected a string"
        raise _BadValue(message, "version")
    if not version[:1].isdigit():
        message = "expected version to start with a number, but no leading ASCII digits were found"
        raise _BadValue(message)
    return version


def _metadata(table: Table) -> LockedMetadata:
    return LockedMetadata(
        requires_dist=_requirements(table, "requires-dist"),
        provides_extras=_extras(table, "provides-extras"),
        requires_dev=_requirement_groups(_table(table, "requires-dev", "dependency-groups")),
    )


def _source(value: LockedSource | Table) -> LockedSource:
    if isinstance(value, LockedSource):
        return value
    for key, kind in _SOURCE_KINDS.items():
        location = value.get(key)
        if isinstance(location, str):
            return LockedSource(kind, location, _optional_text(value, "subdirectory"))
    message = "data did not match any variant of untagged enum SourceWire"
    raise _BadValue(message)


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
    except _BadValue as error:
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
    except _BadValue as error:
        raise error.below(*place) from error
