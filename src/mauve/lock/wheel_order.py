"""The order of wheels in a lock.

Wheels of an ordinary index are sorted by file name; those of a flat index by the meaning of their tags: `cp39` before
`cp310`, and names with one known tag of each kind before those with compressed tag sets or build tags.

Specification: docs/lockfile.md "Files".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mauve.standards.filenames import WheelFilename

_Key = tuple[object, ...]

_IMPLEMENTATIONS: Final = ("py", "cp", "pp", "graalpy", "pt")
_ABIS: Final = ("cp", "pypy", "graalpy", "pyston")
_FAMILIES: Final = (
    "manylinux_",
    "manylinux1_",
    "manylinux2010_",
    "manylinux2014_",
    "linux_",
    "musllinux_",
    "macosx_",
    "win32",
    "win_amd64",
    "win_arm64",
    "win_ia64",
    "android_",
    "freebsd_",
    "netbsd_",
    "openbsd_",
    "dragonfly_",
    "haiku_",
    "pyodide_",
    "ios_",
)
_VERSIONED: Final = frozenset(("manylinux_", "musllinux_", "macosx_", "ios_"))
_MACHINES: Final = (
    "aarch64",
    "armv5tel",
    "armv6l",
    "armv7l",
    "ppc64le",
    "ppc64",
    "ppc",
    "i686",
    "x86_64",
    "s390x",
    "loongarch64",
    "riscv64",
    "wasm32",
)


def flat_order(wheel: WheelFilename) -> _Key:
    """Return the key by which wheels of a flat index are sorted."""
    pythons = tuple(filter(None, map(_python_key, wheel.python_tags)))
    abis = tuple(filter(None, map(_abi_key, wheel.abi_tags)))
    platforms = tuple(filter(None, map(_platform_key, wheel.platform_tags)))
    tags = (*wheel.python_tags, *wheel.abi_tags, *wheel.platform_tags)
    is_plain = wheel.build is None and len(tags) == len(pythons) + len(abis) + len(platforms) == len(
        ("py", "abi", "os")
    )
    build = () if wheel.build is None else (wheel.build,)
    return (not is_plain, build, pythons, abis, platforms, wheel.tag_text)


def _python_key(tag: str) -> _Key | None:
    """Return implementation, major and minor of a python tag; None if it is unknown."""
    for place, prefix in enumerate(_IMPLEMENTATIONS):
        digits = tag[len(prefix) :]
        if tag.startswith(prefix) and digits.isdecimal():
            return (place, int(digits[0]), int(digits[1:] or "-1"))
    return None


def _abi_key(tag: str) -> _Key | None:
    if tag in {"none", "abi3", "abi3t"}:
        return (0, tag != "none", tag)
    for place, prefix in enumerate(_ABIS, 1):
        if tag.startswith(prefix):
            rest = tag[len(prefix) :]
            digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
            if not digits:
                return None
            flags = rest[len(digits) :]
            return (place, int(digits[0]), int(digits[1:] or "-1"), "t" not in flags and bool(flags), flags)
    return None


def _platform_key(tag: str) -> _Key | None:
    if tag == "any":
        return (-1,)
    for place, family in enumerate(_FAMILIES):
        if tag.startswith(family):
            rest = tag[len(family) :]
            numbers: tuple[int, ...] = ()
            if family in _VERSIONED:
                major, _, behind = rest.partition("_")
                minor, _, rest = behind.partition("_")
                if not (major.isdecimal() and minor.isdecimal()):
                    return None
                numbers = (int(major), int(minor))
            machine = _MACHINES.index(rest) if rest in _MACHINES and family != "macosx_" else len(_MACHINES)
            return (place, numbers, machine, rest)
    return None
