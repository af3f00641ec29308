"""The wire structs of `uv.toml` and `[tool.uv]`: what a file of settings says, before anything in it is read.

Annotations are values here, not texts: making a decoder of texts takes three times as long.
"""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from mauve.distributions.index_table import IndexTable


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
