"""Find and decode the files that hold settings: `uv.toml`, `[tool.uv]`, the user's and the system's file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from msgspec import UNSET, Struct, UnsetType, ValidationError, convert

from mauve.config.faults import find_fault
from mauve.config.previews import find_preview_fault
from mauve.config.trusted_hosts import InvalidTrustedHost, parse_trusted_host
from mauve.distributions.index_table import IndexTable, find_index_fault
from mauve.errors import MauveError
from mauve.filesystem.text import UnreadableFile, read_text
from mauve.standards.libc import parse_libc
from mauve.standards.toml import InvalidToml, described, locate, parse_toml, point_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mauve.config.environment import Variables


class DependencyMetadataTable(Struct, rename="kebab", frozen=True, forbid_unknown_fields=True):
    """One `[[dependency-metadata]]`: what a package says, in place of what its files say."""

    name: str
    version: str | None = None
    requires_dist: list[str] = []
    requires_python: str | None = None
    provides_extra: list[str] = []
    provides_extras: list[str] = []


class ExtraBuildTable(Struct, rename="kebab", forbid_unknown_fields=True):
    """An entry of `extra-build-dependencies` that is more than a requirement."""

    requirement: str
    match_runtime: bool = False


class SettingsTable(Struct, rename="kebab", frozen=True, kw_only=True):
    """The settings of one file; what it does not name is UNSET or None. Keys of the workspace are read elsewhere."""

    required_version: str | None = None
    system_certs: bool | None = None
    native_tls: bool | None = None
    offline: bool | None = None
    no_cache: bool | None = None
    cache_dir: str | None = None
    preview: bool | None = None
    preview_features: list[str] | bool | None = None
    python_preference: str | None = None
    python_downloads: str | bool | None = None
    concurrent_downloads: int | None = None
    concurrent_builds: int | None = None
    concurrent_installs: int | None = None
    index: list[IndexTable] | None = None
    index_url: str | None = None
    extra_index_url: list[str] | None = None
    no_index: bool | None = None
    find_links: list[str] | None = None
    index_strategy: str | None = None
    keyring_provider: str | None = None
    http_proxy: str | None = None
    https_proxy: str | None = None
    no_proxy: list[str] | None = None
    allow_insecure_host: list[str] | None = None
    resolution: str | None = None
    prerelease: str | None = None
    prerelease_package: dict[str, str] | None = None
    fork_strategy: str | None = None
    dependency_metadata: list[DependencyMetadataTable] | None = None
    config_settings: dict[str, str | list[str]] | None = None
    config_settings_package: dict[str, dict[str, str | list[str]]] | None = None
    no_build_isolation: bool | None = None
    require_build_hashes: bool | None = None
    no_build_isolation_package: list[str] | None = None
    extra_build_dependencies: dict[str, list[str | ExtraBuildTable]] | None = None
    extra_build_variables: dict[str, dict[str, str]] | None = None
    exclude_newer: str | bool | None = None
    exclude_newer_package: dict[str, str | bool] | None = None
    link_mode: str | None = None
    compile_bytecode: bool | None = None
    no_sources: bool | None = None
    no_sources_package: list[str] | None = None
    upgrade: bool | None = None
    upgrade_package: list[str] | None = None
    reinstall: bool | None = None
    reinstall_package: list[str] | None = None
    no_build: bool | None = None
    no_build_package: list[str] | None = None
    no_binary: bool | None = None
    no_binary_package: list[str] | None = None
    torch_backend: str | None = None
    python_install_mirror: str | None = None
    pypy_install_mirror: str | None = None
    graalpy_install_mirror: str | None = None
    pyodide_install_mirror: str | None = None
    python_downloads_json_url: str | None = None
    publish_url: str | None = None
    trusted_publishing: str | None = None
    check_url: str | None = None
    add_bounds: str | None = None
    audit: dict[str, Any] | None = None
    pip: dict[str, Any] | None = None
    cache_keys: list[Any] | None = None
    override_dependencies: list[Any] | None = None
    exclude_dependencies: list[Any] | None = None
    constraint_dependencies: list[Any] | None = None
    build_constraint_dependencies: list[Any] | None = None
    environments: Any | UnsetType = UNSET
    required_environments: Any | UnsetType = UNSET
    minimum_libc_version: dict[str, str] | None = None
    conflicts: Any | UnsetType = UNSET
    workspace: Any | UnsetType = UNSET
    sources: Any | UnsetType = UNSET
    managed: Any | UnsetType = UNSET
    package: Any | UnsetType = UNSET
    default_groups: Any | UnsetType = UNSET
    dependency_groups: Any | UnsetType = UNSET
    dev_dependencies: Any | UnsetType = UNSET
    build_backend: Any | UnsetType = UNSET


_FIELDS: Final = tuple(name.replace("_", "-") for name in SettingsTable.__struct_fields__)

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

_LIBCS: Final = "minimum-libc-version"


class InvalidSettings(MauveError):
    """A settings file that cannot be used."""

    def __init__(self, shown_path: str) -> None:
        """Name the file as messages show it."""
        super().__init__(shown_path)
        self.shown_path = shown_path

    def __str__(self) -> str:
        """Return the headline; the report is the cause."""
        return f"Failed to parse: {self.shown_path}"


class ProjectOnlyField(MauveError):
    """A key of a project in a `uv.toml`."""

    def __init__(self, shown_path: str, field: str) -> None:
        """Name the file and the key."""
        super().__init__(shown_path, field)
        self.shown_path = shown_path
        self.field = field

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Failed to parse `{self.shown_path}`. The `{self.field}` field is not allowed in a `uv.toml` file. "
            f"`{self.field}` is only applicable in the context of a project, and should be placed in a "
            "`pyproject.toml` file instead."
        )


class MissingSettingsFile(MauveError):
    """The file of `--config-file` is not there."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"failed to open file `{self.path}`: No such file or directory (os error 2)"


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


def decode_settings(text: str, document: dict[str, Any], path: tuple[str, ...]) -> SettingsTable:
    """Return the settings at *path* of *document*, whose *text* is quoted in errors.

    Raises:
        InvalidToml: a key is unknown or a value has the wrong type.
    """
    table = document
    for key in path:
        table = table[key]
    for key in table:
        if key not in _FIELDS:
            line, column, width = locate(text, (*path, key), key=True)
            expected = ", ".join(f"`{field}`" for field in _FIELDS)
            raise InvalidToml(text, line, column, f"unknown field `{key}`, expected one of {expected}", width)
    wrong = find_fault(table)
    if wrong is not None:
        raise point_at(text, (*path, *wrong.place), wrong.reason, key=wrong.is_key)
    unclear = find_preview_fault(table)
    if unclear is not None:
        raise point_at(text, (*path, *unclear[0]), unclear[1])
    _check_libcs(text, table, path)
    _check_hosts(text, table, path)
    _check_proxies(text, table, path)
    fault = find_index_fault(table.get("index", []))
    if fault is not None:
        raise point_at(text, (*path, "index", *fault.place), fault.reason)
    try:
        return convert(table, SettingsTable)
    except ValidationError as error:
        raise _located(text, table, path, error) from None


def _check_hosts(text: str, table: dict[str, Any], path: tuple[str, ...]) -> None:
    hosts = table.get("allow-insecure-host", ())
    for place, host in enumerate(hosts if isinstance(hosts, list) else ()):
        try:
            if isinstance(host, str):
                parse_trusted_host(host)
        except InvalidTrustedHost as error:
            raise point_at(text, (*path, "allow-insecure-host", place), str(error)) from None


def _check_proxies(text: str, table: dict[str, Any], path: tuple[str, ...]) -> None:
    for key in ("http-proxy", "https-proxy"):
        url = table.get(key)
        if not isinstance(url, str):
            continue
        from mauve.standards.web_urls import InvalidUrl, normalise_url

        scheme, separator, rest = url.partition("://")
        if not separator:
            scheme, rest = "http", url
        try:
            shown = normalise_url(f"http://{rest}").removeprefix("http")
        except InvalidUrl as error:
            raise point_at(text, (*path, key), f"invalid proxy URL: {error}") from None
        if scheme.lower() not in ("http", "https", "socks5", "socks5h"):
            reason = (
                f"invalid proxy URL scheme `{scheme}` in `{scheme}{shown}`: expected http, https, socks5, or socks5h"
            )
            raise point_at(text, (*path, key), reason)


def _check_libcs(text: str, table: dict[str, Any], path: tuple[str, ...]) -> None:
    libcs = table.get(_LIBCS)
    if not isinstance(libcs, dict):
        return
    for name, version in libcs.items():
        if name not in ("glibc", "musl"):
            line, column, width = locate(text, (*path, _LIBCS, name), key=True)
            raise InvalidToml(text, line, column, f"unknown field `{name}`, expected `glibc` or `musl`", width)
        line, column, width = locate(text, (*path, _LIBCS, name))
        if not isinstance(version, str):
            wanted = "a libc version string in the form `<major>.<minor>`"
            raise InvalidToml(text, line, column, f"invalid type: {described(version)}, expected {wanted}", width)
        if parse_libc(name, version) is None:
            wanted = "a libc version in the form `<major>.<minor>` (e.g., `2.31` or `1.2`)"
            raise InvalidToml(text, line, column, f"expected {wanted}", width)


def _located(text: str, table: dict[str, Any], path: tuple[str, ...], error: ValidationError) -> InvalidToml:
    message, _, where = str(error).partition(" - at `$.")
    keys: list[str | int] = []
    for part in where.rstrip("`").replace("[...]", "").replace("[", ".[").split("."):
        if part.startswith("["):
            keys.append(int(part.strip("[]")))
        elif part:
            keys.append(part)
    value: Any = table
    for key in keys:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            break
    line, column, width = locate(text, (*path, *keys))
    expected = message.replace("Expected `", "").partition("`")[0].partition(" | ")[0]
    words = {"bool": "a boolean", "str": "a string", "array": "a sequence", "object": "a map", "int": "an integer"}
    return InvalidToml(
        text, line, column, f"invalid type: {described(value)}, expected {words.get(expected, expected)}", width
    )


def read_settings_file(path: str, shown_path: str) -> SettingsFile:
    """Return the settings of a `uv.toml`.

    Raises:
        UnreadableFile: it is not there or not UTF-8, or may not be read.
        InvalidSettings: it is not TOML or has wrong content.
        ProjectOnlyField: it has a key that belongs to a project.
    """
    try:
        text = read_text(path, encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UnreadableFile.because_of(error, path) from None
    try:
        document = parse_toml(text)
        table = decode_settings(text, document, ())
    except InvalidToml as error:
        raise InvalidSettings(shown_path) from error
    for field in _PROJECT_ONLY:
        if field in document:
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
    ignored = [field for field in _FIELDS if field in tool and field not in (*_PROJECT_ONLY, *_WORKSPACE_FIELDS)]
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


def _user_path(variables: Variables) -> str | None:
    base = variables.text("XDG_CONFIG_HOME")
    home = variables.text("HOME")
    if os.name == "nt":
        base = variables.text("APPDATA")
    elif base is None and home is not None:
        base = os.path.join(home, ".config")
    return None if base is None else os.path.join(base, "uv", "uv.toml")


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
