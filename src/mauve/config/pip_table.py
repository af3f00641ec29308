"""The wire struct of `[pip]` in `uv.toml`, `[tool.uv.pip]` in `pyproject.toml`: what only `pip` commands read.

Keys that mean the same as at the top level are decoded as a `SettingsTable`; here are the others. Annotations are
values, as in `mauve.config.tables`.
"""

from typing import Any, Final

from msgspec import Struct

from mauve.config.tables import SettingsTable


class PipTable(Struct, rename="kebab", frozen=True, kw_only=True):
    """The keys that only `pip` commands have, and those that have another type for them."""

    python: str | None = None
    system: bool | None = None
    break_system_packages: bool | None = None
    target: str | None = None
    prefix: str | None = None
    no_binary: list[str] | None = None
    only_binary: list[str] | None = None
    strict: bool | None = None
    extra: list[str] | None = None
    all_extras: bool | None = None
    no_extra: list[str] | None = None
    no_deps: bool | None = None
    group: list[str] | None = None
    allow_empty_requirements: bool | None = None
    output_file: str | None = None
    no_strip_extras: bool | None = None
    no_strip_markers: bool | None = None
    no_annotate: bool | None = None
    no_header: bool | None = None
    custom_compile_command: str | None = None
    generate_hashes: bool | None = None
    python_version: str | None = None
    python_platform: str | None = None
    universal: bool | None = None
    no_emit_package: list[str] | None = None
    emit_index_url: bool | None = None
    emit_find_links: bool | None = None
    emit_build_options: bool | None = None
    emit_marker_expression: bool | None = None
    emit_index_annotation: bool | None = None
    annotation_style: str | None = None
    require_hashes: bool | None = None
    verify_hashes: bool | None = None


_KEYS: Final = (
    "python system break-system-packages target prefix index-url extra-index-url no-index find-links index-strategy "
    "keyring-provider no-build no-binary only-binary no-build-isolation require-build-hashes "
    "no-build-isolation-package extra-build-dependencies extra-build-variables strict extra all-extras no-extra "
    "no-deps group allow-empty-requirements resolution prerelease fork-strategy dependency-metadata output-file "
    "no-strip-extras no-strip-markers no-annotate no-header custom-compile-command generate-hashes config-settings "
    "config-settings-package python-version python-platform universal exclude-newer exclude-newer-package "
    "no-emit-package emit-index-url emit-find-links emit-build-options emit-marker-expression emit-index-annotation "
    "annotation-style link-mode compile-bytecode require-hashes verify-hashes no-sources no-sources-package upgrade "
    "upgrade-package reinstall reinstall-package torch-backend"
)
PIP_FIELDS: Final = tuple(_KEYS.split())
"""What the table may have, in the order of errors."""

_OWN: Final = frozenset(name.replace("_", "-") for name in PipTable.__struct_fields__)


def decode_pip_table(table: dict[str, Any]) -> tuple[PipTable, SettingsTable]:
    """Return what *table* says: its own keys, and those that it has in common with the top level.

    Raises:
        msgspec.ValidationError: a value has the wrong type.
    """
    from msgspec import convert

    shared = {key: value for key, value in table.items() if key not in _OWN}
    return convert(table, PipTable), convert(shared, SettingsTable)
