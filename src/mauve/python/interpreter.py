"""An interpreter: a Python executable and what probing it found.

Nothing here runs anything; `mauve.python.probe` fills these values, from its cache if it can.

Specification: PEP 508 (markers), PEP 405 (environments), PEP 668 (externally managed), docs/environments.md.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.standards.markers.environment import MarkerEnvironment
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from mauve.python.virtualenv import EnvironmentBase
    from mauve.standards.tags import Tags
    from mauve.standards.versions import Version

_PRETTY = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalPy", "pyodide": "Pyodide"}


class Scheme(Struct, frozen=True, kw_only=True):
    """Where the parts of a wheel go: absolute for an interpreter, relative to the root for a new environment."""

    purelib: str
    platlib: str
    scripts: str
    data: str
    include: str


class Platform(Struct, frozen=True, kw_only=True):
    """The operating system and machine an interpreter was built for.

    Attributes:
        operating_system: `manylinux`, `musllinux`, `linux` (unknown libc), `macos`, `windows`, or the system's name.
        major: of the libc, or of macOS; 0 if it has none.
        minor: likewise.
        architecture: in the spelling of Linux (`x86_64`, `aarch64`, `i686`, `armv7l`).
    """

    operating_system: str
    major: int = 0
    minor: int = 0
    architecture: str = ""

    @property
    def libc(self) -> str:
        """Return the last part of a key: `gnu`, `musl` or `none`."""
        return {"manylinux": "gnu", "musllinux": "musl"}.get(self.operating_system, "none")


class Interpreter(Struct, frozen=True, kw_only=True, dict=True):
    """What probing a Python executable found; every path is absolute.

    Attributes:
        executable: `sys.executable`.
        base_executable: the executable an environment was made from, else `executable`.
        prefix: `sys.prefix`; differs from `base_prefix` in an environment.
        markers: the eleven values of PEP 508.
        scheme: where wheels are installed.
        environment_scheme: the same, relative, for an environment made of this interpreter.
        stdlib: directory of the standard library.
        pointer_size: in bits.
        free_threaded: whether there is no global interpreter lock.
        debug: whether it is a debug build.
        manylinux_compatible: what the module `_manylinux` says, True without one.
        standalone: whether it is a python-build-standalone build.
        sys_path: as seen with `-I`.
        site_packages: `site.getsitepackages()`.
    """

    executable: str
    base_executable: str
    prefix: str
    base_prefix: str
    base_exec_prefix: str
    markers: MarkerEnvironment
    scheme: Scheme
    environment_scheme: Scheme
    stdlib: str
    platform: Platform
    pointer_size: int
    free_threaded: bool = False
    debug: bool = False
    manylinux_compatible: bool = True
    standalone: bool = False
    sys_path: tuple[str, ...] = ()
    site_packages: tuple[str, ...] = ()

    @property
    def is_virtual(self) -> bool:
        """Return whether this is the interpreter of an environment."""
        return self.prefix != self.base_prefix

    @cached_property
    def version(self) -> Version:
        """Return the full version."""
        return parse_version(self.markers.python_full_version)

    @property
    def release(self) -> tuple[int, int, int]:
        """Return major, minor and micro version."""
        major, minor, micro = self.version.release[:3]
        return major, minor, micro

    @property
    def implementation(self) -> str:
        """Return the implementation's name in lower case, as in `sys.implementation`."""
        return self.markers.implementation_name

    @property
    def variant(self) -> str:
        """Return the suffix that tells special builds: empty, `+freethreaded`, `+debug` or both."""
        return ("+freethreaded" if self.free_threaded else "") + ("+debug" if self.debug else "")

    @property
    def description(self) -> str:
        """Return the words of messages: `CPython 3.11.7`."""
        name = _PRETTY.get(self.implementation, self.implementation)
        return f"{name} {self.markers.python_full_version}{self.variant}"

    @property
    def key(self) -> str:
        """Return the installation key: `cpython-3.11.7-linux-x86_64-gnu`."""
        platform = self.platform
        system = {"manylinux": "linux", "musllinux": "linux"}.get(platform.operating_system, platform.operating_system)
        version = self.markers.python_full_version + self.variant
        return f"{self.implementation}-{version}-{system}-{platform.architecture}-{platform.libc}"

    @property
    def has_default_name(self) -> bool:
        """Return whether the executable is called `python` or `python3`."""
        name = os.path.basename(self.executable)
        return name.removesuffix(".exe") in ("python", "python3")

    @cached_property
    def tags(self) -> Tags:
        """Return the tags of the wheels that can be installed, best first."""
        from mauve.standards.tags import tags_for

        parts = self.markers.implementation_version.split(".")
        return tags_for(
            implementation=self.implementation,
            version=self.release[:2],
            operating_system=self.platform.operating_system,
            os_version=(self.platform.major, self.platform.minor),
            architecture=self.platform.architecture,
            implementation_version=(int(parts[0]), int(parts[1])),
            free_threaded=self.free_threaded,
            debug=self.debug,
            manylinux_compatible=self.manylinux_compatible,
        )

    def is_managed(self, installations: str) -> bool:
        """Return whether this is one of the installations below the folder *installations*."""
        return self.base_prefix.startswith(os.path.join(installations, ""))

    def is_externally_managed(self, *, replaced: bool = False) -> bool:
        """Return whether the system forbids installing here (PEP 668); *replaced* for `--target`, `--prefix`."""
        return not (self.is_virtual or replaced) and os.path.exists(self.externally_managed_marker)

    @property
    def externally_managed_marker(self) -> str:
        """Return the path of the file that says so."""
        return os.path.join(self.stdlib, "EXTERNALLY-MANAGED")

    def environment_base(self) -> EnvironmentBase:
        """Return what is needed to make an environment of this interpreter's base."""
        from mauve.python.virtualenv import EnvironmentBase

        scheme = self.environment_scheme
        executable = os.path.abspath(self.base_executable or self.executable)
        launchers = (
            os.path.join(self.stdlib, "venv", "scripts", "nt"),
            os.path.join(self.base_prefix, "Lib", "venv", "scripts", "nt"),
        )
        return EnvironmentBase(
            executable=executable,
            implementation=self.implementation,
            version=self.markers.python_full_version,
            site_packages=(scheme.purelib,) if scheme.platlib == scheme.purelib else (scheme.purelib, scheme.platlib),
            scripts=scheme.scripts,
            platform=self.markers.sys_platform,
            is_64_bit=self.pointer_size == 64,
            free_threaded=self.free_threaded,
            launchers=launchers if self.markers.os_name == "nt" else (),
        )

    def in_environment(self, root: str) -> Interpreter:
        """Return the interpreter that the environment at *root* has, made of this one's base, without probing it."""
        base = self.environment_base()
        relative = self.environment_scheme
        name = "python.exe" if self.markers.os_name == "nt" else "python"
        sites = dict.fromkeys((os.path.join(root, relative.purelib), os.path.join(root, relative.platlib)))
        return _replace(
            self,
            executable=os.path.join(root, relative.scripts, name),
            base_executable=base.executable,
            prefix=root,
            scheme=Scheme(
                purelib=os.path.join(root, relative.purelib),
                platlib=os.path.join(root, relative.platlib),
                scripts=os.path.join(root, relative.scripts),
                data=root,
                include=os.path.join(root, relative.include),
            ),
            sys_path=(*[path for path in self.sys_path if path not in self.site_packages], *sites),
            site_packages=tuple(sites),
        )


def _replace(interpreter: Interpreter, **changes: object) -> Interpreter:
    from msgspec.structs import replace

    return replace(interpreter, **changes)
