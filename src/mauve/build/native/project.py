"""`pyproject.toml` as the backend reads it: the whole of `[project]`, and its own settings.

Stricter than reading for a resolution: everything that becomes metadata must have the right shape. What is
wrong first, in the order of the file, is pointed at.

Specification: PEP 621, PEP 639, PEP 794.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from msgspec import Struct

from mauve.build.native.errors import InvalidMetadataFormat, InvalidShape
from mauve.build.native.settings import NO_SETTINGS, BackendSettings, DataFolders
from mauve.standards.names import ExtraName, InvalidName, PackageName, extra_name, package_name
from mauve.standards.requirements import InvalidRequirement, Requirement, parse_requirement
from mauve.standards.specifiers import InvalidSpecifier, Specifiers, parse_specifiers
from mauve.standards.toml import InvalidToml, described, parse_toml
from mauve.standards.versions import InvalidVersion, Version, parse_version

if TYPE_CHECKING:
    from collections.abc import Callable

Path: TypeAlias = tuple[str | int, ...]


class Contact(Struct, frozen=True):
    """An author or maintainer; one of the two is given."""

    name: str | None
    email: str | None


class Readme(Struct, frozen=True):
    """Where the description comes from: a file, or the text itself.

    Attributes:
        content_type: None if the file's name tells.
    """

    file: str | None = None
    text: str | None = None
    content_type: str | None = None
    charset: str | None = None


class License(Struct, frozen=True):
    """How the project is licensed, in one of three ways; `file` and `text` are the old ones."""

    expression: str | None = None
    text: str | None = None
    file: str | None = None


class NativeProject(Struct, frozen=True, kw_only=True):
    """`[project]`, read.

    Attributes:
        name: as written.
        package: the same, normalised.
        entry_points: by group, without scripts.
        license_files: None if not given.
        import_names: None if not given, unlike none at all.
    """

    name: str
    package: PackageName
    version: Version
    description: str | None = None
    readme: Readme | None = None
    requires_python: Specifiers | None = None
    license: License | None = None
    license_files: tuple[str, ...] | None = None
    authors: tuple[Contact, ...] = ()
    maintainers: tuple[Contact, ...] = ()
    keywords: tuple[str, ...] = ()
    classifiers: tuple[str, ...] = ()
    urls: dict[str, str] = {}
    scripts: dict[str, str] = {}
    gui_scripts: dict[str, str] = {}
    entry_points: dict[str, dict[str, str]] = {}
    dependencies: tuple[Requirement, ...] = ()
    optional_dependencies: dict[ExtraName, tuple[Requirement, ...]] = {}
    import_names: tuple[str, ...] | None = None
    import_namespaces: tuple[str, ...] | None = None
    dynamic: tuple[str, ...] = ()

    @property
    def escaped_name(self) -> str:
        """Return the name as it stands in names of files."""
        return self.package.replace("-", "_")

    @property
    def stem(self) -> str:
        """Return how names of files start: `name-version`."""
        return f"{self.escaped_name}-{self.version}"


class NativeTree(Struct, frozen=True):
    """What `pyproject.toml` says.

    Attributes:
        text: of the file.
        document: the same, as values.
    """

    text: str
    document: dict[str, Any]
    project: NativeProject
    settings: BackendSettings


class _Fault(Exception):
    """Carries a position out of the reading; never shown."""

    def __init__(self, path: Path, reason: str, *, key: bool = False) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason
        self.key = key


def read_tree(text: str, shown: str) -> NativeTree:
    """Return what *text*, the `pyproject.toml` that messages call *shown*, says.

    Raises:
        InvalidMetadataFormat: from `InvalidShape`.
    """
    try:
        return _read(text, parse_toml(text))
    except InvalidToml as error:
        raise InvalidMetadataFormat(shown) from InvalidShape(str(error))
    except _Fault as fault:
        from mauve.standards.toml import point_at

        place = point_at(text, fault.path, fault.reason, key=fault.key)
        raise InvalidMetadataFormat(shown) from InvalidShape(str(place))


def _read(text: str, document: dict[str, Any]) -> NativeTree:
    project: NativeProject | None = None
    settings = NO_SETTINGS
    for key, value in document.items():
        if key == "project":
            project = _project(value, ("project",))
        elif key == "tool":
            settings = _settings(value, ("tool",))
    if project is None:
        raise _Fault((), "missing field `project`")
    return NativeTree(text, document, project, settings)


def _project(value: Any, path: Path) -> NativeProject:
    fields: dict[str, Any] = {}
    for key, entry in _table(value, path).items():
        reader = _PROJECT.get(key)
        if reader is not None:
            fields[key.replace("-", "_")] = reader(entry, (*path, key))
    for key in ("name", "version"):
        if key not in fields:
            raise _Fault(path, f"missing field `{key}`")
    return NativeProject(package=package_name(fields["name"]), **fields)


def _settings(value: Any, path: Path) -> BackendSettings:
    for key in ("uv", "build-backend"):
        value = _table(value, path).get(key)
        if value is None:
            return NO_SETTINGS
        path = (*path, key)
    fields: dict[str, Any] = {}
    for key, entry in _table(value, path).items():
        reader = _SETTINGS.get(key)
        if reader is not None:
            fields[key.replace("-", "_")] = reader(entry, (*path, key))
    return BackendSettings(**fields)


# --- values


def _expect(value: object, path: Path, kind: type, expected: str) -> None:
    if type(value) is not kind:
        raise _Fault(path, f"invalid type: {described(value)}, expected {expected}")


def _text(value: Any, path: Path) -> str:
    _expect(value, path, str, "a string")
    text: str = value
    return text


def _flag(value: Any, path: Path) -> bool:
    _expect(value, path, bool, "a boolean")
    flag: bool = value
    return flag


def _table(value: Any, path: Path) -> dict[str, Any]:
    _expect(value, path, dict, "a map")
    table: dict[str, Any] = value
    return table


def _texts(value: Any, path: Path) -> tuple[str, ...]:
    _expect(value, path, list, "a sequence")
    return tuple(_text(entry, (*path, place)) for place, entry in enumerate(value))


def _text_table(value: Any, path: Path) -> dict[str, str]:
    return {key: _text(entry, (*path, key)) for key, entry in _table(value, path).items()}


def _name(value: Any, path: Path) -> str:
    text = _text(value, path)
    try:
        package_name(text)
    except InvalidName as error:
        raise _Fault(path, str(error)) from error
    return text


def _version(value: Any, path: Path) -> Version:
    text = _text(value, path)
    try:
        return parse_version(text)
    except InvalidVersion as error:
        raise _Fault(path, error.reason) from error


def _specifiers(value: Any, path: Path) -> Specifiers:
    text = _text(value, path)
    try:
        return parse_specifiers(text)
    except InvalidSpecifier as error:
        raise _Fault(path, str(error)) from error


def _requirements(value: Any, path: Path) -> tuple[Requirement, ...]:
    _expect(value, path, list, "a sequence")
    requirements: list[Requirement] = []
    for place, entry in enumerate(value):
        text = _text(entry, (*path, place))
        try:
            requirements.append(parse_requirement(text))
        except InvalidRequirement as error:
            raise _Fault((*path, place), str(error)) from error
    return tuple(requirements)


def _extras(value: Any, path: Path) -> dict[ExtraName, tuple[Requirement, ...]]:
    extras: dict[ExtraName, tuple[Requirement, ...]] = {}
    for key, entry in _table(value, path).items():
        try:
            name = extra_name(key)
        except InvalidName as error:
            raise _Fault((*path, key), str(error), key=True) from error
        extras[name] = _requirements(entry, (*path, key))
    return extras


def _groups(value: Any, path: Path) -> dict[str, dict[str, str]]:
    return {key: _text_table(entry, (*path, key)) for key, entry in _table(value, path).items()}


def _contacts(value: Any, path: Path) -> tuple[Contact, ...]:
    _expect(value, path, list, "a sequence")
    contacts: list[Contact] = []
    entries: list[dict[str, Any] | str] = value
    for entry in entries:
        fields = _string_fields(entry)
        if not fields or not fields.keys() <= {"name", "email"} or len(fields) != len(entry):
            raise _Fault(path, "a table with 'name' and/or 'email' keys")
        contacts.append(Contact(fields.get("name"), fields.get("email")))
    return tuple(contacts)


def _string_fields(value: dict[str, Any] | str) -> dict[str, str]:
    """Return what is text in *value*; nothing if it is not a table."""
    if not isinstance(value, dict):
        return {}
    return {key: part for key, part in value.items() if isinstance(part, str)}


def _readme(value: Any, path: Path) -> Readme:
    if type(value) is str:
        return Readme(file=value)
    fields = _string_fields(value)
    if "content-type" in fields:
        if "file" in fields:
            return Readme(file=fields["file"], content_type=fields["content-type"], charset=fields.get("charset"))
        if "text" in fields:
            return Readme(text=fields["text"], content_type=fields["content-type"], charset=fields.get("charset"))
    raise _Fault(path, "data did not match any variant of untagged enum Readme")


def _license(value: Any, path: Path) -> License:
    if type(value) is str:
        return License(expression=value)
    fields = _string_fields(value)
    if "text" in fields:
        return License(text=fields["text"])
    if "file" in fields:
        return License(file=fields["file"])
    raise _Fault(path, "data did not match any variant of untagged enum License")


def _module_names(value: Any, path: Path) -> str | tuple[str, ...]:
    if type(value) is list:
        return _texts(value, path)
    _expect(value, path, str, "a string or a sequence")
    text: str = value
    return text


def _data(value: Any, path: Path) -> DataFolders:
    known = DataFolders.__struct_fields__
    fields: dict[str, str] = {}
    for key, entry in _table(value, path).items():
        if key not in known:
            expected = ", ".join(f"`{name}`" for name in known)
            raise _Fault((*path, key), f"unknown field `{key}`, expected one of {expected}", key=True)
        fields[key] = _text(entry, (*path, key))
    return DataFolders(**fields)


_PROJECT: Final[dict[str, Callable[[Any, Path], object]]] = {
    "name": _name,
    "version": _version,
    "description": _text,
    "readme": _readme,
    "requires-python": _specifiers,
    "license": _license,
    "license-files": _texts,
    "authors": _contacts,
    "maintainers": _contacts,
    "keywords": _texts,
    "classifiers": _texts,
    "urls": _text_table,
    "scripts": _text_table,
    "gui-scripts": _text_table,
    "entry-points": _groups,
    "dependencies": _requirements,
    "optional-dependencies": _extras,
    "import-names": _texts,
    "import-namespaces": _texts,
    "dynamic": _texts,
}

_SETTINGS: Final[dict[str, Callable[[Any, Path], object]]] = {
    "module-root": _text,
    "module-name": _module_names,
    "source-include": _texts,
    "default-excludes": _flag,
    "source-exclude": _texts,
    "wheel-exclude": _texts,
    "namespace": _flag,
    "data": _data,
}
