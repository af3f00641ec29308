"""Platform tags of wheels: which ones a machine accepts, and which environments a tag stands for.

Two readings of one vocabulary. `platform_tags` lists, best first, what a given system accepts. The markers go the
other way: `wheel_marker` is where a wheel can be used, `possible_environments` is a looser bound by which
the lockfile decides that nobody will need the wheel.

Specification: "Platform compatibility tags" (PEP 425, 513, 571, 599, 600, 656, 730, 738), docs/resolution.md,
docs/lockfile.md "Files".
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from mauve.standards.markers.diagram import FALSE, TRUE, Marker, any_of, python_full_version_marker, string_marker
from mauve.standards.markers.parse import parse_marker
from mauve.standards.version_sets import between
from mauve.standards.versions import release_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mauve.standards.filenames import WheelFilename
    from mauve.standards.libc import Libc

_FIRST_GLIBC_MINOR: Final = {
    "x86_64": 5,
    "i686": 5,
    "aarch64": 17,
    "armv7l": 17,
    "ppc64le": 17,
    "ppc64": 17,
    "s390x": 17,
    "riscv64": 31,
    "loongarch64": 36,
}
"""The oldest glibc 2.x for which manylinux wheels of a machine exist."""
_LEGACY: Final = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}
_MAC_FORMATS: Final = {
    "x86_64": ("x86_64", "intel", "fat64", "fat32", "universal2", "universal"),
    "i386": ("i386", "intel", "fat32", "fat", "universal"),
    "arm64": ("arm64", "universal2"),
}
_MAC_MACHINES: Final = {
    "arm64": ("arm64",),
    "x86_64": ("x86_64",),
    "i386": ("i386",),
    "ppc": ("ppc",),
    "ppc64": ("ppc64",),
    "intel": ("x86_64", "i386"),
    "fat": ("x86_64", "ppc"),
    "fat32": ("x86_64", "i386", "ppc", "ppc64"),
    "fat64": ("x86_64", "ppc64"),
    "universal": ("x86_64", "i386", "ppc64", "ppc", "intel"),
    "universal2": ("x86_64", "arm64"),
}
"""What `platform.machine()` may say where a binary format of macOS runs."""
_FIRST_DARWINS: Final = {0: (1, 3), 1: (1, 4, 1)}
"""The kernels of macOS 10.x before the numbers followed each other."""
_FIRST_ARM_DARWIN: Final = (20,)
_LINUX_MACHINES: Final = {
    "aarch64",
    "armv5tel",
    "armv6l",
    "armv7l",
    "i686",
    "loongarch64",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv64",
    "s390x",
    "x86_64",
}
_LINUX_SPELLINGS: Final = {"armv8l": "armv7l"}
_LINUX_POLICIES: Final = {
    "linux": 0,
    "manylinux1": 0,
    "manylinux2010": 0,
    "manylinux2014": 0,
    "manylinux": 2,
    "musllinux": 2,
}
"""What Linux tags begin with, and how many numbers follow before the machine."""
_ANDROID_MACHINES: Final = {"arm64_v8a": "aarch64", "armeabi_v7a": "armv7l", "x86": "i686", "x86_64": "x86_64"}
_WINDOWS_MACHINES: Final = {"win32": "x86", "win_amd64": "AMD64", "win_arm64": "ARM64"}
_WINDOWS: Final = {*_WINDOWS_MACHINES, "win_ia64"}
_WINDOWS_TAGS: Final = {
    "x86_64": "win_amd64",
    "i686": "win32",
    "x86": "win32",
    "aarch64": "win_arm64",
    "arm64": "win_arm64",
}
_IMPLEMENTATIONS: Final = (("cp", "CPython"), ("pp", "PyPy"), ("graalpy", "GraalPy"), ("pt", "Pyston"))

# Machines by the name their family has in the lockfile's rules, each with all spellings of `platform_machine`.
_MACHINES: Final = {
    "arm64": ("aarch64", "arm64", "ARM64"),
    "x86_64": ("x86_64", "amd64", "AMD64"),
    "x86": ("i686", "i386", "win32", "x86"),
    "ppc64le": ("ppc64le",),
    "ppc64": ("ppc64",),
    "s390x": ("s390x",),
    "riscv64": ("riscv64",),
    "loongarch64": ("loongarch64",),
    "armv7l": ("armv7l", "armv8l"),
    "armv6l": ("armv6l",),
}
_SUFFIXES: Final = (
    ("_x86_64_iphonesimulator", "x86_64"),
    ("_arm64_iphonesimulator", "arm64"),
    ("_arm64_iphoneos", "arm64"),
    ("_x86_64", "x86_64"),
    ("_amd64", "x86_64"),
    ("_aarch64", "arm64"),
    ("_arm64_v8a", "arm64"),
    ("_arm64", "arm64"),
    ("_i686", "x86"),
    ("_i386", "x86"),
    ("_x86", "x86"),
    ("_ppc64le", "ppc64le"),
    ("_ppc64", "ppc64"),
    ("_s390x", "s390x"),
    ("_riscv64", "riscv64"),
    ("_loongarch64", "loongarch64"),
    ("_armv7l", "armv7l"),
    ("_armv8l", "armv7l"),
    ("_armeabi_v7a", "armv7l"),
    ("_armv6l", "armv6l"),
)


# --- what a machine accepts


def platform_tags(
    operating_system: str, os_version: tuple[int, int], architecture: str, *, manylinux_compatible: bool = True
) -> tuple[str, ...]:
    """Return the platform tags that a system accepts, best first, without `any`.

    Args:
        operating_system: `manylinux`, `musllinux`, `linux` (unknown libc), `macos`, `windows`, or another name.
        os_version: of the libc, of macOS or iOS, or the API level of Android.
        architecture: in the spelling of Linux.
        manylinux_compatible: what the module `_manylinux` of the interpreter says.
    """
    major, minor = os_version
    match operating_system:
        case "manylinux":
            tags = _manylinux_tags(major, minor, architecture) if manylinux_compatible else ()
            return (*tags, f"linux_{architecture}")
        case "musllinux":
            musllinux = [f"musllinux_{major}_{number}_{architecture}" for number in range(minor, 0, -1)]
            return (*musllinux, f"linux_{architecture}")
        case "linux":
            return (f"linux_{architecture}",)
        case "macos":
            return tuple(_mac_tags(major, minor, "arm64" if architecture in {"aarch64", "arm64"} else architecture))
        case "windows":
            tag = _WINDOWS_TAGS.get(architecture)
            return (tag,) if tag is not None else ()
        case "android":
            abi = {"aarch64": "arm64_v8a", "armv7l": "armeabi_v7a", "i686": "x86"}.get(architecture, architecture)
            return tuple([f"android_{level}_{abi}" for level in range(major, 15, -1)])
        case "ios":
            return tuple(
                [f"ios_{major}_{number}_{architecture}" for number in range(minor, -1, -1)]
                + [
                    f"ios_{older}_{number}_{architecture}"
                    for older in range(major - 1, 11, -1)
                    for number in range(9, -1, -1)
                ]
            )
        case "pyodide" | "emscripten":
            return (f"{operating_system}_{major}_{minor}_wasm32",)
        case _:
            release = f"{major}_{minor}_" if major else ""
            return (f"{operating_system}_{release}{architecture}",)


def _manylinux_tags(major: int, minor: int, architecture: str) -> tuple[str, ...]:
    first = _FIRST_GLIBC_MINOR.get(architecture)
    if first is None:
        return ()
    tags: list[str] = []
    for number in range(minor, first - 1, -1):
        tags.append(f"manylinux_{major}_{number}_{architecture}")
        if number in _LEGACY:
            tags.append(f"{_LEGACY[number]}_{architecture}")
    return tuple(tags)


def _mac_tags(major: int, minor: int, architecture: str) -> Iterator[str]:
    formats = _MAC_FORMATS.get(architecture, (architecture,))
    if major == 10:
        for number in range(minor, 3, -1):
            yield from [f"macosx_10_{number}_{name}" for name in formats]
        return
    for number in range(major, 10, -1):
        yield from [f"macosx_{number}_0_{name}" for name in formats]
    # Binaries for several machines may name a macOS that is older than the first one for arm64.
    older = formats if architecture == "x86_64" else ("universal2",)
    for number in range(16, 3, -1):
        yield from [f"macosx_10_{number}_{name}" for name in older]


# --- what a tag stands for


def _is(variable: str, value: str) -> Marker:
    marker = string_marker(variable, "==", value)
    return TRUE if marker is None else marker


def _family(tag: str) -> str | None:
    """Return the value of `sys_platform` for the families that the lockfile tells apart; None for unknown tags."""
    if _linux_machine(tag) is not None:
        return "linux"
    if tag in _WINDOWS:
        return "win32"
    if _mac_format(tag) is not None:
        return "darwin"
    return "android" if _android_machine(tag) is not None else None


def _machine(tag: str) -> str | None:
    """Return the key of `_MACHINES` for *tag*, None if it runs on several machines, or on a system that is not read."""
    if tag == "win32":
        return "x86"
    if _family(tag) is None and not tag.startswith("ios"):
        return None
    return next((machine for suffix, machine in _SUFFIXES if tag.endswith(suffix)), None)


@cache
def _possible(tags: tuple[str, ...]) -> Marker:
    marker = TRUE
    families = {_family(tag) for tag in tags}
    if len(families) == 1:
        match families.pop():
            case "linux":
                marker = _is("os_name", "posix") & _is("sys_platform", "linux")
            case "win32":
                marker = _is("os_name", "nt") & _is("sys_platform", "win32")
            case "darwin":
                marker = _is("os_name", "posix") & _is("sys_platform", "darwin")
            case "android":
                marker = _is("sys_platform", "android")
            case _:
                pass
    machines = {_machine(tag) for tag in tags}
    machine = machines.pop() if len(machines) == 1 else None
    if machine is not None:
        covered = _is_machine(machine)
        if "win_amd64" in tags:
            # Emulated where the processor is another one.
            covered |= _is_machine("arm64") & _is("os_name", "nt") & _is("sys_platform", "win32")
        marker &= covered
    return marker


def _is_machine(family: str) -> Marker:
    return any_of([_is("platform_machine", name) for name in _MACHINES[family]])


def possible_environments(wheel: WheelFilename) -> Marker:
    """Return a marker outside of which nobody needs *wheel*, going by its platform tags.

    The lockfile drops a wheel if this is disjoint with the environments its package is reached in. A set of tags of
    several families, or of one that is not told apart (iOS, Emscripten), says nothing about the system.
    """
    return _possible(wheel.platform_tags)


@cache
def _covered_platforms(tags: tuple[str, ...]) -> Marker:
    covered: list[Marker] = []
    for tag in tags:
        if tag == "any":
            return TRUE
        if (machine := _linux_machine(tag)) is not None:
            covered.append(_is("sys_platform", "linux") & _is("platform_machine", machine))
        elif tag in _WINDOWS_MACHINES:
            covered.append(_is("sys_platform", "win32") & _is("platform_machine", _WINDOWS_MACHINES[tag]))
        elif tag.startswith("macosx_"):
            covered.append(_is("sys_platform", "darwin") & _covered_macs(tag))
        elif (machine := _android_machine(tag)) is not None:
            covered.append(_is("sys_platform", "android") & _is("platform_machine", machine))
    return any_of(covered)


def _covered_macs(tag: str) -> Marker:
    """Return the machines and releases of the kernel (what Python knows) that stand for a tag of macOS."""
    known = _mac_format(tag)
    oldest = None if known is None else _darwin_release(known[0], known[1])
    if known is None or oldest is None:
        return FALSE
    covered: list[Marker] = []
    for machine in _MAC_MACHINES[known[2]]:
        release = max(oldest, _FIRST_ARM_DARWIN) if machine == "arm64" else oldest
        since = parse_marker(f"platform_release >= '{'.'.join(map(str, release))}'")
        covered.append(_is("platform_machine", machine) & since)
    return any_of(covered)


def _mac_format(tag: str) -> tuple[int, int, str] | None:
    """Return version and binary format of a tag of macOS; None if it is none, or the format is not known."""
    parts = tag.split("_", 3)
    if len(parts) != 4 or parts[0] != "macosx" or parts[3] not in _MAC_MACHINES:
        return None
    return (int(parts[1]), int(parts[2]), parts[3]) if parts[1].isdecimal() and parts[2].isdecimal() else None


def _android_machine(tag: str) -> str | None:
    """Return the machine of a tag of Android; None if it is none, or the machine is not known."""
    parts = tag.split("_", 2)
    is_android = len(parts) == 3 and parts[0] == "android" and parts[1].isdecimal()
    return _ANDROID_MACHINES.get(parts[2]) if is_android else None


def _darwin_release(major: int, minor: int) -> tuple[int, ...] | None:
    """Return the release of the kernel of a macOS; None if that was never numbered so."""
    if major == 10:
        if minor > 16:
            return None
        return _FIRST_DARWINS.get(minor, (minor + 4,))
    if minor:
        return None
    if 11 <= major <= 15:
        return (major + 9,)
    if major == 26:
        return (25,)
    return (major,) if major > 26 else None


def _linux_machine(tag: str) -> str | None:
    """Return the machine of a Linux tag; None if it is not known, or the tag has another form."""
    policy, *rest = tag.split("_")
    count = _LINUX_POLICIES.get(policy)
    if count is None or not all(part.isdecimal() for part in rest[:count]):
        return None
    machine = "_".join(rest[count:])
    machine = _LINUX_SPELLINGS.get(machine, machine)
    return machine if machine in _LINUX_MACHINES else None


def _releases_marker(release: tuple[int, ...], *, open_ended: bool) -> Marker:
    start = release_version(release).key
    end = None if open_ended else release_version((*release[:-1], release[-1] + 1)).key
    return python_full_version_marker(between(start, end))


@cache
def _covered_pythons(python_tags: tuple[str, ...], abi_tags: tuple[str, ...]) -> Marker:
    covered: list[Marker] = []
    open_ended = any(abi in {"abi3", "abi3t"} for abi in abi_tags)
    for tag in python_tags:
        if tag.startswith("py") and tag[2:].isdecimal():
            covered.append(_releases_marker(_release_of(tag[2:]), open_ended=False))
            continue
        for prefix, implementation in _IMPLEMENTATIONS:
            digits = tag[len(prefix) :]
            if tag.startswith(prefix) and digits.isdecimal():
                releases = _releases_marker(_release_of(digits), open_ended=open_ended)
                covered.append(releases & _is("platform_python_implementation", implementation))
    return any_of(covered) if covered else FALSE


def _release_of(digits: str) -> tuple[int, ...]:
    return (int(digits[0]), int(digits[1:])) if len(digits) > 1 else (int(digits),)


def wheel_marker(wheel: WheelFilename, libc: Libc | None = None) -> Marker:
    """Return the environments in which *wheel* can be used, going by its tags (those that *libc* serves)."""
    tags = wheel.platform_tags
    if libc is not None:
        tags = tuple([tag for tag in tags if libc.serves(tag)])
    return _covered_platforms(tags) & _covered_pythons(wheel.python_tags, wheel.abi_tags)


def covered_environments(wheels: Sequence[WheelFilename], libcs: Sequence[Libc]) -> Marker:
    """Return where one of *wheels* can be used, whichever of *libcs* an environment has."""
    covered = TRUE
    for libc in libcs or (None,):
        covered &= any_of([wheel_marker(wheel, libc) for wheel in wheels])
    return covered
