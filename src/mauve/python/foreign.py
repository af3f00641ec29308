"""Interpreters as they would be on another platform (`--python-platform`): for choosing wheels, not for running.

Specification: docs/environments.md "Other platforms".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from mauve.python.environment import Environment
from mauve.python.interpreter import Platform
from mauve.standards.target_triples import full_triple, platform_environment
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.python.interpreter import Interpreter

_GLIBC: Final = (2, 28)
"""What `linux` stands for: old enough for most systems, new enough for most wheels."""
_RISCV_GLIBC: Final = (2, 39)
_MUSL: Final = (1, 2)
_MACOS: Final = (13, 0)
_IOS: Final = (13, 0)
_ANDROID: Final = (24, 0)

_MANYLINUX: Final = "manylinux"


def environment_on(environment: Environment, name: str | None, variables: Mapping[str, str]) -> Environment:
    """Return *environment* as if it were on the platform *name*, one of the choices of `--python-platform`.

    The *variables* `MACOSX_DEPLOYMENT_TARGET`, `IPHONEOS_DEPLOYMENT_TARGET` and `ANDROID_API_LEVEL` tell the version
    of the system.
    """
    if name is None:
        return environment
    return Environment(environment.root, interpreter_on(environment.interpreter, name, variables))


def interpreter_on(interpreter: Interpreter, name: str, variables: Mapping[str, str]) -> Interpreter:
    """Return *interpreter* as if it ran on the platform *name*; its paths stay."""
    return structs.replace(
        interpreter,
        platform=_read(full_triple(name), variables),
        markers=platform_environment(interpreter.markers, name),
        manylinux_compatible=True,
    )


def environment_of_version(environment: Environment, version: str) -> Environment:
    """Return *environment* as if its Python had *version*; what is not said of it is zero."""
    release = [*parse_version(version).release, 0, 0][:3]
    full = ".".join(map(str, release))
    interpreter = environment.interpreter
    markers = structs.replace(
        interpreter.markers, python_full_version=full, python_version=f"{release[0]}.{release[1]}"
    )
    if interpreter.implementation == "cpython":
        markers = structs.replace(markers, implementation_version=full)
    return Environment(environment.root, structs.replace(interpreter, markers=markers))


def _read(triple: str, variables: Mapping[str, str]) -> Platform:
    architecture, _, rest = triple.partition("-")
    if rest == "pc-windows-msvc":
        return _platform("windows", (0, 0), architecture)
    if rest == "apple-darwin":
        return _platform("macos", _version(variables.get("MACOSX_DEPLOYMENT_TARGET"), _MACOS), architecture)
    if rest.startswith("apple-ios"):
        kind = "iphonesimulator" if rest.endswith("-simulator") else "iphoneos"
        version = _version(variables.get("IPHONEOS_DEPLOYMENT_TARGET"), _IOS)
        return _platform("ios", version, f"{architecture}_{kind}")
    if rest == "linux-android":
        return _platform("android", _version(variables.get("ANDROID_API_LEVEL"), _ANDROID), architecture)
    if architecture == "wasm32":
        return _platform("pyodide", (int(rest.removeprefix("pyodide")), 0), architecture)
    if rest.endswith("-musl"):
        return _platform("musllinux", _MUSL, architecture)
    if architecture == "riscv64":
        return _platform("manylinux", _RISCV_GLIBC, architecture)
    return _platform("manylinux", _glibc(rest), architecture)


def _glibc(rest: str) -> tuple[int, int]:
    if rest == "manylinux2014":
        return (2, 17)
    if rest.startswith(f"{_MANYLINUX}_"):
        _, major, minor = rest.split("_")
        return (int(major), int(minor))
    return _GLIBC


def _version(text: str | None, otherwise: tuple[int, int]) -> tuple[int, int]:
    major, _, minor = (text or "").partition(".")
    if not major.isdecimal():
        return otherwise
    first = minor.partition(".")[0]
    return int(major), int(first) if first.isdecimal() else 0


def _platform(system: str, version: tuple[int, int], architecture: str) -> Platform:
    return Platform(operating_system=system, major=version[0], minor=version[1], architecture=architecture)
