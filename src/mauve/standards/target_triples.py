"""What an interpreter would say about itself on a platform that is named by a target triple.

Specification: PEP 508 "Environment markers"; the names are those of `--python-platform`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

if TYPE_CHECKING:
    from mauve.standards.markers.environment import MarkerEnvironment


class _System(Struct, frozen=True):
    """An operating system as markers call it."""

    os_name: str
    platform_system: str
    sys_platform: str
    platform_release: str = ""
    platform_version: str = ""


_WINDOWS: Final = _System("nt", "Windows", "win32")
_LINUX: Final = _System("posix", "Linux", "linux")
_MACOS: Final = _System("posix", "Darwin", "darwin")
_ANDROID: Final = _System("posix", "Android", "android")
_IOS: Final = _System("posix", "iOS", "ios")

_ALIASES: Final = {
    "windows": "x86_64-pc-windows-msvc",
    "linux": "x86_64-unknown-linux-gnu",
    "macos": "aarch64-apple-darwin",
}
_OTHERS: Final = {
    "x86_64-pc-windows-msvc": (_WINDOWS, "AMD64"),
    "aarch64-pc-windows-msvc": (_WINDOWS, "ARM64"),
    "i686-pc-windows-msvc": (_WINDOWS, "x86"),
    "aarch64-apple-darwin": (_MACOS, "arm64"),
    "x86_64-apple-darwin": (_MACOS, "x86_64"),
    "aarch64-linux-android": (_ANDROID, "aarch64"),
    "x86_64-linux-android": (_ANDROID, "x86_64"),
    "arm64-apple-ios": (_IOS, "arm64"),
    "arm64-apple-ios-simulator": (_IOS, "arm64"),
    "x86_64-apple-ios-simulator": (_IOS, "x86_64"),
    "wasm32-pyodide2024": (_System("posix", "Emscripten", "emscripten", "3.1.58", "#1"), "wasm32"),
    "wasm32-pyodide2025": (_System("posix", "Emscripten", "emscripten", "4.0.9", "#1"), "wasm32"),
}
"""Everything but Linux, whose triples begin with the machine."""


def full_triple(name: str) -> str:
    """Return the triple that *name* stands for; a triple stands for itself."""
    return _ALIASES.get(name, name)


def platform_environment(environment: MarkerEnvironment, triple: str) -> MarkerEnvironment:
    """Return *environment* with the values of the platform *triple*; those of Python stay."""
    name = full_triple(triple)
    system, machine = _OTHERS.get(name, (_LINUX, name.partition("-")[0]))
    return structs.replace(
        environment,
        os_name=system.os_name,
        platform_machine=machine,
        platform_release=system.platform_release,
        platform_system=system.platform_system,
        platform_version=system.platform_version,
        sys_platform=system.sys_platform,
    )
