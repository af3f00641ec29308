"""Find and read the files that hold settings: `uv.toml`, `[tool.uv]`, the user's and the system's file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.standards.toml import InvalidToml, parse_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mauve.config.environment import Variables
    from mauve.config.tables import SettingsTable


_PROJECT_ONLY: Final = (
    "conflicts",
    "workspace",
    "sources",
    "dev-dependencies",
    "default-groups",
    "dependency-groups",
    "managed",
    "package",
    "build-backend",
    "environments",
    "required-environments",
)


class SettingsFile(Struct, frozen=True):
    """One file with settings.

    Attributes:
        path: absolute; relative paths inside are relative to its folder.
        table: its settings.
    """

    path: str
    table: SettingsTable

    @property
    def folder(self) -> str:
        """Return the folder of the file."""
        return os.path.dirname(self.path)


def read_settings_file(path: str, shown_path: str) -> SettingsFile:
    """Return the settings of a `uv.toml`.

    Raises:
        UnreadableFile: it is not there or not UTF-8, or may not be read.
        InvalidSettings: it is not TOML or has wrong content.
        ProjectOnlyField: it has a key that belongs to a project.
    """
    from mauve.config.decoding import decode_settings
    from mauve.filesystem.text import UnreadableFile, read_text

    try:
        text = read_text(path, has_mark=True)
    except FileNotFoundError as error:
        raise UnreadableFile.because_of(error, path) from None
    try:
        document = parse_toml(text)
        table = decode_settings(text, document, ())
    except InvalidToml as error:
        from mauve.config.file_errors import InvalidSettings

        raise InvalidSettings(shown_path) from error
    for field in _PROJECT_ONLY:
        if field in document:
            from mauve.config.file_errors import ProjectOnlyField

            raise ProjectOnlyField(shown_path, field)
    return SettingsFile(path, table)


class Discovered(Struct, frozen=True):
    """The files that apply, the strongest first."""

    files: tuple[SettingsFile, ...] = ()


def discover_settings(
    directory: str,
    *,
    variables: Variables,
    config_file: str | None,
    no_config: bool,
    project_files: bool = True,
    warn: Callable[[str], None],
) -> Discovered:
    """Return the settings that apply in *directory*: the project's, then the user's, then the system's.

    The project file is the nearest `uv.toml`, or `pyproject.toml` with `[tool.uv]`, upwards. A broken
    `pyproject.toml` is reported through *warn* and its settings are dropped.

    Raises:
        InvalidSettings: a `uv.toml` is broken.
        MissingSettingsFile: *config_file* does not exist.
    """
    if config_file is not None:
        if os.path.basename(config_file) == "pyproject.toml":
            warn(
                "The `--config-file` argument expects to receive a `uv.toml` file, not a `pyproject.toml`. "
                "If you're trying to run a command from another project, use the `--project` argument instead."
            )
        if not os.path.isfile(config_file):
            from mauve.config.file_errors import MissingSettingsFile

            raise MissingSettingsFile(config_file)
        return Discovered((read_settings_file(os.path.abspath(config_file), config_file),))
    if no_config:
        return Discovered()
    files: list[SettingsFile] = []
    if project_files:
        found = _project_settings(directory, warn)
        if found is not None:
            files.append(found)
    paths = (_user_path(variables), _system_path(variables))
    files += [read_settings_file(path, path) for path in paths if path is not None and os.path.isfile(path)]
    return Discovered(tuple(files))


def _project_settings(directory: str, warn: Callable[[str], None]) -> SettingsFile | None:
    folder = os.path.abspath(directory)
    while True:
        settings = os.path.join(folder, "uv.toml")
        project = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(settings):
            file = read_settings_file(settings, _shown(settings, directory))
            _warn_of_both(project, warn)
            return file
        if os.path.isfile(project):
            found = _tool_table(project, _shown(project, directory), warn)
            if found is not None:
                return found
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _tool_table(path: str, shown_path: str, warn: Callable[[str], None]) -> SettingsFile | None:
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        text = file.read()
    try:
        document = parse_toml(text)
        tool = document.get("tool")
        if not isinstance(tool, dict) or not isinstance(tool.get("uv"), dict):
            return None
        from mauve.config.decoding import decode_settings

        return SettingsFile(path, decode_settings(text, document, ("tool", "uv")))
    except InvalidToml as error:
        report = "\n".join(f"  {line}" if line else "" for line in str(error).split("\n"))
        warn(f"Failed to parse `{shown_path}` during settings discovery:\n{report}\n")
        return None


def _warn_of_both(project: str, warn: Callable[[str], None]) -> None:
    """Name the settings of an adjacent `[tool.uv]` that the `uv.toml` puts out of force."""
    if not os.path.isfile(project):
        return
    with open(project, encoding="utf-8", errors="surrogateescape") as file:
        text = file.read()
    try:
        tool = parse_toml(text).get("tool", {}).get("uv", {})
    except InvalidToml:
        return  # the command that needs the project reports it
    from mauve.config.decoding import FIELDS

    ignored = [field for field in FIELDS if field in tool and field not in (*_PROJECT_ONLY, *_WORKSPACE_FIELDS)]
    if ignored:
        rows = "".join(f"\n- {field}" for field in ignored)
        warn(
            "Found both a `uv.toml` file and a `[tool.uv]` section in an adjacent `pyproject.toml`. The following "
            f"fields from `[tool.uv]` will be ignored in favor of the `uv.toml` file:{rows}"
        )


_WORKSPACE_FIELDS: Final = ("required-version", "cache-keys")


def settings_paths(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the paths of the user's and the system's file, whether they exist or not."""
    from mauve.config.environment import Variables

    variables = Variables(environment)
    found = [_user_path(variables), _system_path(variables)]
    found += [
        os.path.join(folder, "uv", "uv.toml") for folder in (variables.text("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")
    ]
    return tuple(path for path in found if path is not None)


def user_folder(environment: Mapping[str, str]) -> str | None:
    """Return the folder of the user's configuration, which need not exist; None if nothing says where it is."""
    if os.name == "nt":
        base = environment.get("APPDATA")
    else:
        base = environment.get("XDG_CONFIG_HOME")
        home = environment.get("HOME")
        if not base or not os.path.isabs(base):
            base = os.path.join(home, ".config") if home else None
    return os.path.join(base, "uv") if base else None


def _user_path(variables: Variables) -> str | None:
    folder = user_folder(variables.mapping)
    return None if folder is None else os.path.join(folder, "uv.toml")


def _system_path(variables: Variables) -> str | None:
    if variables.boolean("UV_NO_SYSTEM_CONFIG"):
        return None
    if os.name == "nt":
        data = variables.text("SYSTEMDRIVE")
        return None if data is None else os.path.join(data, os.sep, "ProgramData", "uv", "uv.toml")
    for folder in (variables.text("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"):
        path = os.path.join(folder, "uv", "uv.toml")
        if os.path.isfile(path):
            return path
    return "/etc/uv/uv.toml"


def _shown(path: str, directory: str) -> str:
    relative = os.path.relpath(path, directory)
    return path if relative.startswith("..") else relative
