"""The name that a source tree declares, for who only knows where it is. Nothing is built or judged."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from mauve.errors import MauveError
from mauve.standards.names import InvalidName, package_name

if TYPE_CHECKING:
    from mauve.standards.names import PackageName


def declared_name(root: str) -> PackageName | None:
    """Return the name of the tree in *root* by its PKG-INFO, pyproject.toml or setup.cfg; None if these tell none."""
    return _of_metadata(root) or _of_project(root) or _of_setup(root)


def _of_metadata(root: str) -> PackageName | None:
    raw = _read(root, "PKG-INFO")
    if raw is None:
        return None
    from mauve.standards.metadata import parse_metadata

    try:
        return parse_metadata(raw).name
    except MauveError:
        return None  # whoever builds the tree tells what is wrong with it


def _of_project(root: str) -> PackageName | None:
    raw = _read(root, "pyproject.toml")
    if raw is None:
        return None
    from mauve.standards.toml import InvalidToml, parse_toml

    try:
        document: Any = parse_toml(raw.decode())
    except (InvalidToml, UnicodeDecodeError):
        return None  # likewise
    tables = (document.get("project"), _table(document.get("tool")).get("poetry"))
    return next((name for table in tables if (name := _valid(_table(table).get("name"))) is not None), None)


def _of_setup(root: str) -> PackageName | None:
    raw = _read(root, "setup.cfg")
    if raw is None:
        return None
    from configparser import ConfigParser
    from configparser import Error as InvalidConfiguration

    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(raw.decode())
    except (InvalidConfiguration, UnicodeDecodeError):
        return None  # likewise
    return _valid(parser.get("metadata", "name", fallback=None))


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _valid(name: object) -> PackageName | None:
    try:
        return package_name(name) if isinstance(name, str) else None
    except InvalidName:
        return None


def _read(root: str, name: str) -> bytes | None:
    try:
        with open(os.path.join(root, name), "rb") as file:
            return file.read()
    except OSError:
        return None
