"""The environment variables that mauve reads, and the one place where they are read.

Every other module gets values; `os.environ` appears nowhere else.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from mauve.errors import MauveError

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRUE: Final = frozenset({"1", "true", "t", "yes", "y", "on"})
_FALSE: Final = frozenset({"0", "false", "f", "no", "n", "off"})


class InvalidVariable(MauveError):
    """The value of a variable does not have the form it needs."""

    def __init__(self, name: str, value: str, reason: str) -> None:
        """Name the variable, its value and what was expected."""
        super().__init__(name, value, reason)
        self.name = name
        self.value = value
        self.reason = reason

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to parse environment variable `{self.name}` with invalid value `{self.value}`: {self.reason}"


class Variables:
    """A snapshot of the environment with typed reading."""

    __slots__ = ("mapping",)

    def __init__(self, mapping: Mapping[str, str]) -> None:
        """Read from *mapping*, usually the process environment."""
        self.mapping = mapping

    @classmethod
    def of_process(cls) -> Variables:
        """Return the variables of this process."""
        return cls(os.environ)  # noqa: TID251 - the one place

    def raw(self, name: str) -> str | None:
        """Return the value even if it is empty."""
        return self.mapping.get(name)

    def text(self, name: str) -> str | None:
        """Return the value, or None if unset or empty."""
        return self.mapping.get(name) or None

    def items(self, name: str, separator: str | None = None) -> tuple[str, ...] | None:
        """Return the parts of the value between *separator* (None = white space), or None without any."""
        value = self.mapping.get(name)
        if not value:
            return None
        return tuple(part.strip() for part in value.split(separator) if part.strip()) or None

    def boolean(self, name: str) -> bool | None:
        """Return the value as a flag, or None if unset.

        Raises:
            InvalidVariable: the value is neither true nor false, for instance empty.
        """
        value = self.mapping.get(name)
        if value is None:
            return None
        folded = value.lower()
        if folded in _TRUE:
            return True
        if folded in _FALSE:
            return False
        raise InvalidVariable(name, value, "expected a boolish value")

    def positive(self, name: str) -> int | None:
        """Return the value as a whole number above zero, or None if unset.

        Raises:
            InvalidVariable: the value is something else.
        """
        number = self.number(name)
        if number == 0:
            raise InvalidVariable(name, "0", "number would be zero for non-zero type")
        return number

    def number(self, name: str, remark: str = "", *, bits: int = 64) -> int | None:
        """Return the value as a whole number of so many *bits*, or None if unset or empty.

        Raises:
            InvalidVariable: the value is something else; the *remark* says what it should be.
        """
        value = self.mapping.get(name)
        if not value:
            return None
        digits = value.removeprefix("+")
        if not (digits.isascii() and digits.isdecimal()):
            raise InvalidVariable(name, value, f"invalid digit found in string{remark}")
        number = int(digits)
        if number >> bits:
            raise InvalidVariable(name, value, f"number too large to fit in target type{remark}")
        return number


class EnvVar:
    """Names of the variables. A comment says what a variable does where no option shares its name."""

    BREAK_SYSTEM_PACKAGES: Final = "UV_BREAK_SYSTEM_PACKAGES"
    BUILD_CONSTRAINT: Final = "UV_BUILD_CONSTRAINT"
    CACHE_DIR: Final = "UV_CACHE_DIR"
    COMPILE_BYTECODE: Final = "UV_COMPILE_BYTECODE"
    COMPILE_BYTECODE_TIMEOUT: Final = "UV_COMPILE_BYTECODE_TIMEOUT"
    CONCURRENT_BUILDS: Final = "UV_CONCURRENT_BUILDS"
    CONCURRENT_DOWNLOADS: Final = "UV_CONCURRENT_DOWNLOADS"
    CONCURRENT_INSTALLS: Final = "UV_CONCURRENT_INSTALLS"
    CONFIG_FILE: Final = "UV_CONFIG_FILE"
    CREDENTIALS_DIR: Final = "UV_CREDENTIALS_DIR"  # where `auth login` keeps credentials
    CONSTRAINT: Final = "UV_CONSTRAINT"
    CUDA_DRIVER_VERSION: Final = "UV_CUDA_DRIVER_VERSION"
    DEFAULT_INDEX: Final = "UV_DEFAULT_INDEX"
    DEV: Final = "UV_DEV"
    ENV_FILE: Final = "UV_ENV_FILE"
    EXCLUDE: Final = "UV_EXCLUDE"
    EXCLUDE_NEWER: Final = "UV_EXCLUDE_NEWER"
    EXTRA_INDEX_URL: Final = "UV_EXTRA_INDEX_URL"
    FIND_LINKS: Final = "UV_FIND_LINKS"
    FORK_STRATEGY: Final = "UV_FORK_STRATEGY"
    FROZEN: Final = "UV_FROZEN"
    GITHUB_TOKEN: Final = "UV_GITHUB_TOKEN"  # noqa: S105 - a name
    GIT_LFS: Final = "UV_GIT_LFS"
    HIDE_BUILD_OUTPUT: Final = "UV_HIDE_BUILD_OUTPUT"
    HTTP_CONNECT_TIMEOUT: Final = "UV_HTTP_CONNECT_TIMEOUT"
    HTTP_RETRIES: Final = "UV_HTTP_RETRIES"
    HTTP_TIMEOUT: Final = "UV_HTTP_TIMEOUT"
    INDEX: Final = "UV_INDEX"
    INDEX_STRATEGY: Final = "UV_INDEX_STRATEGY"
    INDEX_URL: Final = "UV_INDEX_URL"
    INIT_BARE: Final = "UV_INIT_BARE"
    INIT_BUILD_BACKEND: Final = "UV_INIT_BUILD_BACKEND"
    INSECURE_HOST: Final = "UV_INSECURE_HOST"
    ISOLATED: Final = "UV_ISOLATED"
    KEYRING_PROVIDER: Final = "UV_KEYRING_PROVIDER"
    LINK_MODE: Final = "UV_LINK_MODE"
    LOCKED: Final = "UV_LOCKED"
    LOCK_TIMEOUT: Final = "UV_LOCK_TIMEOUT"
    MANAGED_PYTHON: Final = "UV_MANAGED_PYTHON"
    NATIVE_TLS: Final = "UV_NATIVE_TLS"  # the former name of UV_SYSTEM_CERTS
    NO_BINARY: Final = "UV_NO_BINARY"
    NO_BINARY_PACKAGE: Final = "UV_NO_BINARY_PACKAGE"
    NO_BUILD: Final = "UV_NO_BUILD"
    NO_BUILD_ISOLATION: Final = "UV_NO_BUILD_ISOLATION"
    NO_BUILD_PACKAGE: Final = "UV_NO_BUILD_PACKAGE"
    NO_CACHE: Final = "UV_NO_CACHE"
    NO_CONFIG: Final = "UV_NO_CONFIG"
    NO_DEFAULT_GROUPS: Final = "UV_NO_DEFAULT_GROUPS"
    NO_DEV: Final = "UV_NO_DEV"
    NO_EDITABLE: Final = "UV_NO_EDITABLE"
    NO_ENV_FILE: Final = "UV_NO_ENV_FILE"
    NO_GROUP: Final = "UV_NO_GROUP"
    NO_INSTALLER_METADATA: Final = "UV_NO_INSTALLER_METADATA"
    NO_INSTALL_LOCAL: Final = "UV_NO_INSTALL_LOCAL"
    NO_INSTALL_PROJECT: Final = "UV_NO_INSTALL_PROJECT"
    NO_INSTALL_WORKSPACE: Final = "UV_NO_INSTALL_WORKSPACE"
    NO_MANAGED_PYTHON: Final = "UV_NO_MANAGED_PYTHON"
    NO_PROGRESS: Final = "UV_NO_PROGRESS"
    NO_PROJECT: Final = "UV_NO_PROJECT"
    RUN_MAX_RECURSION_DEPTH: Final = "UV_RUN_MAX_RECURSION_DEPTH"
    RUN_RECURSION_DEPTH: Final = "UV_RUN_RECURSION_DEPTH"
    SHOW_RESOLUTION: Final = "UV_SHOW_RESOLUTION"
    NO_SOURCES: Final = "UV_NO_SOURCES"
    NO_SOURCES_PACKAGE: Final = "UV_NO_SOURCES_PACKAGE"
    NO_SYNC: Final = "UV_NO_SYNC"
    NO_SYSTEM_CONFIG: Final = "UV_NO_SYSTEM_CONFIG"
    NO_VERIFY_HASHES: Final = "UV_NO_VERIFY_HASHES"
    OFFLINE: Final = "UV_OFFLINE"
    ONLY_INSTALL_LOCAL: Final = "UV_ONLY_INSTALL_LOCAL"
    ONLY_INSTALL_PROJECT: Final = "UV_ONLY_INSTALL_PROJECT"
    ONLY_INSTALL_WORKSPACE: Final = "UV_ONLY_INSTALL_WORKSPACE"
    OVERRIDE: Final = "UV_OVERRIDE"
    PRERELEASE: Final = "UV_PRERELEASE"
    PREVIEW: Final = "UV_PREVIEW"
    PREVIEW_FEATURES: Final = "UV_PREVIEW_FEATURES"
    PROJECT: Final = "UV_PROJECT"
    PROJECT_ENVIRONMENT: Final = "UV_PROJECT_ENVIRONMENT"
    PYTHON: Final = "UV_PYTHON"
    PYTHON_DOWNLOADS: Final = "UV_PYTHON_DOWNLOADS"
    PYTHON_PREFERENCE: Final = "UV_PYTHON_PREFERENCE"
    REQUEST_TIMEOUT: Final = "UV_REQUEST_TIMEOUT"
    REQUIRE_HASHES: Final = "UV_REQUIRE_HASHES"
    RESOLUTION: Final = "UV_RESOLUTION"
    SKIP_WHEEL_FILENAME_CHECK: Final = "UV_SKIP_WHEEL_FILENAME_CHECK"
    SYSTEM_CERTS: Final = "UV_SYSTEM_CERTS"
    SYSTEM_PYTHON: Final = "UV_SYSTEM_PYTHON"
    # Files that were uploaded later do not exist.
    TEST_AVAILABLE_VERSION_CUTOFF: Final = "UV_INTERNAL__TEST_AVAILABLE_VERSION_CUTOFF"
    TEST_CURRENT_TIMESTAMP: Final = "UV_TEST_CURRENT_TIMESTAMP"
    TORCH_BACKEND: Final = "UV_TORCH_BACKEND"
    VENV_CLEAR: Final = "UV_VENV_CLEAR"
    VENV_RELOCATABLE: Final = "UV_VENV_RELOCATABLE"
    VENV_SEED: Final = "UV_VENV_SEED"
    WORKING_DIR: Final = "UV_WORKING_DIR"
