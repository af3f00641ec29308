"""Find what is wrong in a `pyproject.toml` that was refused: the first fault in the order of the file.

This is the slow twin of `mauve.project.pyproject`, loaded only on the way to an error. It knows the expected
type of every key by the name that messages give it, and applies the same checks, one value at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeGuard

from msgspec import ValidationError, convert

from mauve.distributions.index_faults import find_index_fault
from mauve.errors import MauveError
from mauve.project.globs import compile_glob
from mauve.project.sources import check_index_name, check_url, read_source
from mauve.project.tables import SourceTable
from mauve.standards.markers.parse import parse_marker
from mauve.standards.names import normalise
from mauve.standards.requirements import parse_requirement
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.toml import InvalidToml, described, point_at
from mauve.standards.versions import InvalidVersion, parse_version

Path: TypeAlias = tuple[str | int, ...]
Check: TypeAlias = Callable[["_Document", Path, Any], None]


class _Fault(Exception):
    """Carries a position out of the walk; never shown."""

    def __init__(self, path: Path, reason: str, *, key: bool = False) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason
        self.key = key


class _Document:
    """The text that faults are looked for in."""

    def __init__(self, text: str) -> None:
        self.text = text


def diagnose(text: str, document: dict[str, Any], error: Exception) -> InvalidToml:
    """Return the first fault of *document*, which was read from *text* and refused with *error*."""
    return _diagnose(_ROOT, text, document, error)


def diagnose_script(text: str, document: dict[str, Any], error: Exception) -> InvalidToml:
    """Return the first fault of *document*, the block of a script, which was refused with *error*."""
    return _diagnose(_SCRIPT, text, document, error)


def _diagnose(keys: dict[str, Check], text: str, document: dict[str, Any], error: Exception) -> InvalidToml:
    try:
        _table(keys)(_Document(text), (), document)
    except _Fault as fault:
        return point_at(text, fault.path, fault.reason, key=fault.key)
    return InvalidToml(text, 0, 0, str(error))


def _is_table(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _wrong_type(path: Path, value: Any, expected: str) -> _Fault:
    return _Fault(path, f"invalid type: {described(value)}, expected {expected}")


def _anything(_document: _Document, _path: Path, _value: Any) -> None:
    """Accept every value."""


def _string(_document: _Document, path: Path, value: Any) -> None:
    if not isinstance(value, str):
        raise _wrong_type(path, value, "a string")


def _boolean(_document: _Document, path: Path, value: Any) -> None:
    if not isinstance(value, bool):
        raise _wrong_type(path, value, "a boolean")


def _read(parse: Callable[[str], object]) -> Check:
    """Accept a string that *parse* accepts."""

    def check(document: _Document, path: Path, value: Any) -> None:
        _string(document, path, value)
        try:
            parse(str(value))
        except InvalidVersion as error:
            raise _Fault(path, error.reason) from error
        except (ValueError, MauveError) as error:
            raise _Fault(path, str(error)) from error

    return check


def _list_of(check: Check, expected: str = "a sequence") -> Check:
    def check_all(document: _Document, path: Path, value: Any) -> None:
        if not _is_list(value):
            raise _wrong_type(path, value, expected)
        for place, item in enumerate(value):
            check(document, (*path, place), item)

    return check_all


def _table(
    keys: dict[str, Check], expected: str = "a map", *, closed: bool = False, required: tuple[str, ...] = ()
) -> Check:
    def check(document: _Document, path: Path, value: Any) -> None:
        if not _is_table(value):
            raise _wrong_type(path, value, expected)
        for key, child in value.items():
            if key in keys:
                keys[key](document, (*path, key), child)
            elif closed:
                names = [f"`{name}`" for name in keys]
                words = " or ".join(names) if len(names) == 2 else f"one of {', '.join(names)}"
                raise _Fault((*path, key), f"unknown field `{key}`, expected {words}", key=True)
        for key in required:
            if key not in value:
                raise _Fault(path, f"missing field `{key}`")

    return check


def _named(check: Check, duplicate: str) -> Check:
    """Accept a table whose keys are different names."""

    def check_all(document: _Document, path: Path, value: Any) -> None:
        if not _is_table(value):
            raise _wrong_type(path, value, "a map")
        seen: set[str] = set()
        for key, child in value.items():
            try:
                name = normalise(key)
            except ValueError as error:
                raise _Fault((*path, key), str(error), key=True) from error
            check(document, (*path, key), child)
            if name in seen:
                raise _Fault(path, duplicate.format(name))
            seen.add(name)

    return check_all


def _project(document: _Document, path: Path, value: Any) -> None:
    _table(_PROJECT, "struct ProjectWire")(document, path, value)
    if not _is_table(value):
        return
    words = "`pyproject.toml` is using the `[project]` table, but the required"
    if "name" not in value:
        raise _Fault(path, f"{words} `project.name` field is not set")
    if "version" not in value and "version" not in value.get("dynamic", ()):
        raise _Fault(path, f"{words} `project.version` field is neither set nor present in the `project.dynamic` list")


def _source(document: _Document, path: Path, value: Any) -> None:
    if _is_table(value):
        _one_source(document, path, value, path)
    elif _is_list(value):
        for place, item in enumerate(value):
            if not _is_table(item):
                raise _wrong_type((*path, place), item, "struct CatchAll")
            _one_source(document, (*path, place), item, path)
    else:
        raise _wrong_type(path, value, "a single source (as a map) or list of sources")


def _one_source(document: _Document, path: Path, value: dict[str, Any], whole: Path) -> None:
    _table(_SOURCE, closed=True)(document, path, value)
    try:
        read_source(convert(value, SourceTable))
    except (ValueError, ValidationError, MauveError) as error:
        raise _Fault(whole, str(error)) from error


def _indexes(_document: _Document, path: Path, value: Any) -> None:
    fault = find_index_fault(value)
    if fault is not None:
        raise _Fault((*path, *fault.place), fault.reason)
    names: set[str] = set()
    has_default = False
    for item in value:
        name = item.get("name")
        if name in names:
            raise _Fault(path, f"duplicate index name `{name}`")
        if name is not None:
            names.add(name)
        if item.get("default"):
            if has_default:
                reason = "found multiple indexes with `default = true`; only one index may be marked as default"
                raise _Fault(path, reason)
            has_default = True


def _default_groups(document: _Document, path: Path, value: Any) -> None:
    if isinstance(value, str):
        if value != "all":
            raise _Fault(path, 'default-groups must be "all" or a ["list", "of", "groups"]')
    elif not _is_list(value):
        raise _wrong_type(path, value, 'the string "all" or a list of strings')
    else:
        _list_of(_read(normalise))(document, path, value)


def _environments(document: _Document, path: Path, value: Any) -> None:
    # Faults point at the whole value, not at the marker.
    if not isinstance(value, str | list):
        raise _wrong_type(path, value, "a string or sequence of strings")
    items: list[Any] = [value] if isinstance(value, str) else value
    for item in items:
        _read(parse_marker)(document, path, item)


def _override(document: _Document, path: Path, value: Any) -> None:
    if isinstance(value, str):
        _read(parse_requirement)(document, path, value)
    else:
        try:
            _scoped(_list_of(_read(parse_requirement)))(document, path, value)
        except _Fault as fault:
            if not isinstance(value, dict):
                raise
            raise _Fault(path, "data did not match any variant of untagged enum MapOverride") from fault


def _build_constraint(document: _Document, path: Path, value: Any) -> None:
    if isinstance(value, dict):
        entry = {"requirement": _read(parse_requirement), "hashes": _list_of(_string)}
        _table(entry, required=("requirement", "hashes"))(document, path, value)
    elif isinstance(value, str):
        _read(parse_requirement)(document, path, value)
    else:
        raise _wrong_type(path, value, "a requirement string or a table with requirement and hashes")


def _exclude(document: _Document, path: Path, value: Any) -> None:
    if isinstance(value, str):
        _read(normalise)(document, path, value)
    else:
        _scoped(_list_of(_read(normalise)))(document, path, value)


def _scoped(dependencies: Check) -> Check:
    scope = _table({"name": _read(normalise), "version": _read(parse_version)}, closed=True, required=("name",))
    required = ("package", "dependencies")
    table = _table({"package": scope, "dependencies": dependencies}, closed=True, required=required)

    def check(document: _Document, path: Path, value: Any) -> None:
        if not isinstance(value, dict):
            raise _wrong_type(path, value, "a string or map")
        table(document, path, value)

    return check


def _conflict(document: _Document, path: Path, value: Any) -> None:
    item = _table({"package": _read(normalise), "extra": _read(normalise), "group": _read(normalise)}, closed=True)
    if not _is_list(value):
        raise _wrong_type(path, value, "a sequence")
    distinct: set[tuple[str | None, ...]] = set()
    for place, entry in enumerate(value):
        item(document, (*path, place), entry)
        if "extra" in entry and "group" in entry:
            reason = "Expected one of `extra` or `group` in conflicting entry, but found both"
            raise _Fault(path, reason)
        if not entry:
            raise _Fault(path, "Expected `package`, `extra` or `group` field in conflicting entry")
        distinct.add(tuple(entry.get(key) for key in ("package", "extra", "group")))
    if len(distinct) < 2:
        count = "found only one" if distinct else "found none"
        raise _Fault(path[:-1], f"Each set of conflicts must have at least two entries, but {count}")


def _group_entry(_document: _Document, path: Path, value: Any) -> None:
    if not isinstance(value, str | dict):
        raise _wrong_type(path, value, "a string or a map with the `include-group` key")


_PROJECT: Final[dict[str, Check]] = {
    "name": _read(normalise),
    "version": _read(parse_version),
    "requires-python": _read(parse_specifiers),
    "dependencies": _list_of(_string),
    "optional-dependencies": _named(_list_of(_string), "duplicate normalized extra name `{}`"),
    "dynamic": _list_of(_string),
}
_SOURCE: Final[dict[str, Check]] = {
    "git": _read(check_url),
    "subdirectory": _string,
    "rev": _string,
    "tag": _string,
    "branch": _string,
    "lfs": _boolean,
    "url": _read(check_url),
    "path": _string,
    "editable": _boolean,
    "package": _boolean,
    "index": _read(check_index_name),
    "workspace": _anything,
    "marker": _read(parse_marker),
    "extra": _read(normalise),
    "group": _read(normalise),
}
_UV: Final[dict[str, Check]] = {
    "sources": _named(_source, "duplicate sources for package `{}`"),
    "index": _indexes,
    "workspace": _table(dict.fromkeys(("members", "exclude"), _list_of(_read(compile_glob))), closed=True),
    "managed": _boolean,
    "package": _boolean,
    "default-groups": _default_groups,
    "dependency-groups": _named(_table({"requires-python": _read(parse_specifiers)}), "duplicate group `{}`"),
    "dev-dependencies": _list_of(_read(parse_requirement)),
    "override-dependencies": _list_of(_override),
    "exclude-dependencies": _list_of(_exclude),
    "constraint-dependencies": _list_of(_read(parse_requirement)),
    "build-constraint-dependencies": _list_of(_build_constraint),
    "environments": _environments,
    "required-environments": _environments,
    "conflicts": _list_of(_conflict),
}
_ROOT: Final[dict[str, Check]] = {
    "project": _project,
    "dependency-groups": _named(_list_of(_group_entry), "duplicate dependency group: `{}`"),
    "tool": _table({"uv": _table(_UV, "struct ToolUvSourcesOnlyWire")}, "struct ToolSourcesWire"),
}
_SCRIPT: Final[dict[str, Check]] = {
    "requires-python": _read(parse_specifiers),
    "dependencies": _list_of(_read(parse_requirement)),
    "tool": _ROOT["tool"],
}
