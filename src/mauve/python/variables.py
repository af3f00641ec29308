"""The environment variables that finding an interpreter depends on, as values."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.python.interpreter import Interpreter


class PythonEnvironmentVariables(Struct, frozen=True, kw_only=True):
    """What the process environment says about interpreters.

    Attributes:
        search_path: `PATH`.
        python_search_path: `UV_PYTHON_SEARCH_PATH`; replaces `search_path` even if empty.
        virtual_env: `VIRTUAL_ENV`, None if empty.
        conda_prefix: `CONDA_PREFIX`.
        conda_default_environment: `CONDA_DEFAULT_ENV`.
        conda_root: `_CONDA_ROOT`.
        parent_interpreter: `UV_INTERNAL__PARENT_INTERPRETER`.
        installations: the folder of managed installations.
        counted_as_managed: versions whose interpreters count as managed wherever they are, None if the place decides
            (`UV_INTERNAL__TEST_PYTHON_MANAGED`, by which programs that test with uv have both kinds).
        inherited: everything, for the processes that are started.
    """

    search_path: str | None = None
    python_search_path: str | None = None
    virtual_env: str | None = None
    conda_prefix: str | None = None
    conda_default_environment: str | None = None
    conda_root: str | None = None
    parent_interpreter: str | None = None
    installations: str = ""
    counted_as_managed: tuple[str, ...] | None = None
    inherited: Mapping[str, str] = {}

    @property
    def conda_is_base(self) -> bool:
        """Return whether the conda prefix is the base installation and not one of its environments."""
        prefix = self.conda_prefix
        if not prefix or os.path.isdir(os.path.join(prefix, "conda-meta", "pixi")):
            return False
        if self.conda_root and os.path.normpath(self.conda_root) == os.path.normpath(prefix):
            return True
        name = self.conda_default_environment
        return bool(name) and name not in (prefix, os.path.basename(os.path.normpath(prefix)))

    def is_managed(self, interpreter: Interpreter) -> bool:
        """Return whether *interpreter* is a managed installation, or an environment of one."""
        counted = self.counted_as_managed
        if counted is None:
            return interpreter.is_managed(self.installations)
        release = ".".join(map(str, interpreter.release))
        return any(version == release or f"{version}." == release[: len(version) + 1] for version in counted)


def python_variables(mapping: Mapping[str, str]) -> PythonEnvironmentVariables:
    """Return what *mapping*, the variables of a process, says about interpreters."""

    def text(name: str) -> str | None:
        return mapping.get(name) or None

    counted = mapping.get("UV_INTERNAL__TEST_PYTHON_MANAGED")
    return PythonEnvironmentVariables(
        search_path=text("PATH"),
        python_search_path=mapping.get("UV_PYTHON_SEARCH_PATH"),
        virtual_env=text("VIRTUAL_ENV"),
        conda_prefix=text("CONDA_PREFIX"),
        conda_default_environment=text("CONDA_DEFAULT_ENV"),
        conda_root=text("_CONDA_ROOT"),
        parent_interpreter=text("UV_INTERNAL__PARENT_INTERPRETER"),
        installations=os.path.abspath(installations_folder(mapping)),
        counted_as_managed=None if counted is None else tuple(counted.split()),
        inherited=mapping,
    )


def installations_folder(mapping: Mapping[str, str]) -> str:
    """Return the folder of managed installations, as the variables say it."""
    given = mapping.get("UV_PYTHON_INSTALL_DIR")
    if given:
        return given
    if os.name == "nt":
        data = mapping.get("APPDATA") or os.path.join(mapping.get("USERPROFILE", ""), "AppData", "Roaming")
        return os.path.join(data, "uv", "data", "python")
    return os.path.join(_data_folder(mapping), "uv", "python")


def executables_folder(mapping: Mapping[str, str]) -> str:
    """Return the folder in which the executables of managed installations would be."""
    given = mapping.get("UV_PYTHON_BIN_DIR") or _absolute(mapping.get("XDG_BIN_HOME"))
    if given:
        return given
    data = _absolute(mapping.get("XDG_DATA_HOME"))
    if data is not None:
        return os.path.join(data, "..", "bin")
    return os.path.join(_home(mapping), ".local", "bin")


def _data_folder(mapping: Mapping[str, str]) -> str:
    return _absolute(mapping.get("XDG_DATA_HOME")) or os.path.join(_home(mapping), ".local", "share")


def _home(mapping: Mapping[str, str]) -> str:
    return mapping.get("USERPROFILE" if os.name == "nt" else "HOME", "")


def _absolute(path: str | None) -> str | None:
    """Return *path*; None if it is relative, which is no place for the data of a user."""
    return path if path and os.path.isabs(path) else None
