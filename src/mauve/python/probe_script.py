"""The script that an interpreter runs to describe itself; it prints one JSON object.

It must run on Python 3.6 and every implementation, so it is kept as text and imports little: on the
usual system everything comes from `sys`, `os`, `site` and `sysconfig`.
"""

from __future__ import annotations

PROBE_SCRIPT = r'''
import os, site, sys, sysconfig


def error(kind, **fields):
    write(dict(fields, result="error", kind=kind))
    sys.exit(0)


def write(answer):
    try:
        # What `json` is built on; importing that takes a fifth of the time of this script.
        from _json import encode_basestring_ascii as quote
    except ImportError:
        from json import dumps as quote
    sys.stdout.write(as_json(answer, quote))
    sys.stdout.flush()


def as_json(value, quote):
    if isinstance(value, dict):
        return "{%s}" % ", ".join(["%s: %s" % (quote(key), as_json(value[key], quote)) for key in value])
    if isinstance(value, (list, tuple)):
        return "[%s]" % ", ".join([as_json(part, quote) for part in value])
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else quote(value)


if sys.version_info < (3, 6):
    error("unsupported_python_version", python_version=".".join(map(str, sys.version_info[:2])))


def markers():
    version_info = sys.implementation.version
    implementation_version = ".".join(map(str, version_info[:3]))
    if version_info.releaselevel != "final":
        implementation_version += version_info.releaselevel[0] + str(version_info.serial)
    if os.name == "posix" and sys.implementation.name == "cpython":
        # What `platform` would answer, without importing it.
        uname = os.uname()
        system, release, version, machine = uname.sysname, uname.release, uname.version, uname.machine
        implementation, full_version = "CPython", sys.version.split()[0]
    else:
        import platform
        system, release, version = platform.system(), platform.release(), platform.version()
        machine = platform.machine()
        implementation, full_version = platform.python_implementation(), platform.python_version()
    return {
        "implementation_name": sys.implementation.name,
        "implementation_version": implementation_version,
        "os_name": os.name,
        "platform_machine": machine,
        "platform_python_implementation": implementation,
        "platform_release": release,
        "platform_system": system,
        "platform_version": version,
        # Some builds from a checkout end in `+`, which is no version.
        "python_full_version": full_version[:-1] if full_version.endswith("+") else full_version,
        "python_version": ".".join(map(str, sys.version_info[:2])),
        "sys_platform": sys.platform,
    }


def as_scheme(paths):
    return {name: paths[name] for name in ("purelib", "platlib", "scripts", "data", "include")}


def install_scheme():
    """Where this interpreter installs."""
    virtual = sys.prefix != sys.base_prefix
    python = "python%d.%d" % sys.version_info[:2]
    if sys.version_info < (3, 10):
        # Distributors changed distutils, not sysconfig.
        try:
            import warnings
            warnings.simplefilter("ignore")
            from distutils.dist import Distribution
        except ImportError:
            pass
        else:
            command = Distribution({"script_args": "--no-user-cfg"}).get_command_obj("install", create=True)
            command.finalize_options()
            return {
                "purelib": command.install_purelib,
                "platlib": command.install_platlib,
                "scripts": command.install_scripts,
                "data": command.install_data,
                "include": os.path.join(sys.prefix, "include", "site", python) if virtual
                else os.path.dirname(command.install_headers.rstrip(os.sep)),
            }
    if virtual and "venv" in sysconfig.get_scheme_names():
        paths = sysconfig.get_paths("venv")
    else:
        paths = sysconfig.get_paths()
    scheme = as_scheme(paths)
    if virtual:
        scheme["include"] = os.path.join(sys.prefix, "include", "site", python)
    return scheme


def environment_scheme():
    """Where an environment of this interpreter installs, relative to its root."""
    python = "python%d.%d" % sys.version_info[:2]
    if "venv" in sysconfig.get_scheme_names():
        names = dict.fromkeys(("base", "platbase", "installed_base", "installed_platbase"), "")
        paths = sysconfig.get_paths("venv", vars=names)
        scheme = {name: path.lstrip("/\\") for name, path in as_scheme(paths).items()}
    elif os.name == "nt":
        scheme = {"purelib": "Lib\\site-packages", "platlib": "Lib\\site-packages", "scripts": "Scripts", "data": ""}
    elif sys.implementation.name == "pypy" and sys.version_info < (3, 8):
        scheme = {"purelib": "site-packages", "platlib": "site-packages", "scripts": "bin", "data": ""}
    else:
        pure = "lib/%s/site-packages" % (python if sys.implementation.name != "pypy" else "pypy" + python[6:])
        scheme = {"purelib": pure, "platlib": pure, "scripts": "bin", "data": ""}
    scheme["data"] = ""
    scheme["include"] = os.path.join("include", "site", python)
    if os.name == "nt":
        scheme = {name: path.replace("\\", "/") for name, path in scheme.items()}
    return scheme


def elf_interpreter():
    """The dynamic linker this executable names, if it is musl's."""
    try:
        with open(sys.executable, "rb") as file:
            head = file.read(8192)
    except OSError:
        return None
    place = head.find(b"ld-musl-")
    if place < 0:
        return None
    start = head.rfind(b"\0", 0, place) + 1
    return head[start : head.index(b"\0", place)].decode()


def operating_system():
    if sys.platform.startswith("linux"):
        linker = elf_interpreter()
        if linker:
            import re, subprocess
            text = subprocess.run([linker], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL).stderr.decode()
            version = re.search(r"Version (\d+)\.(\d+)", text)
            if version:
                return "musllinux", int(version.group(1)), int(version.group(2))
        try:
            name, version = os.confstr("CS_GNU_LIBC_VERSION").rsplit(None, 1)
            if name == "glibc":
                major, minor = version.split(".")[:2]
                return "manylinux", int(major), int("".join(c for c in minor if c.isdigit()))
        except (AttributeError, OSError, ValueError, IndexError):
            pass
        error("libc_not_found")
    if sys.platform == "darwin":
        import platform
        version = platform.mac_ver()[0]
        if version == "10.16":
            # An interpreter built against an old SDK is told this by newer systems.
            import subprocess
            version = subprocess.run(
                [sys.executable, "-sS", "-c", "import platform; print(platform.mac_ver()[0])"],
                env={"SYSTEM_VERSION_COMPAT": "0"}, stdout=subprocess.PIPE, universal_newlines=True,
            ).stdout
        try:
            major, minor = (version.strip() + ".0").split(".")[:2]
            return "macos", int(major), int(minor)
        except ValueError:
            error("broken_mac_ver")
    if sys.platform == "android":
        return "android", sys.getandroidapilevel(), 0
    if sys.platform == "win32":
        return "windows", 0, 0
    return sys.platform.rstrip("0123456789"), 0, 0


def architecture(pointer_size):
    name = sysconfig.get_platform()
    if name == "win32":
        return "i686"
    machine = name.split("-")[-1].replace(".", "_")
    if machine == "amd64":
        return "x86_64"
    if machine == "arm64":
        return "aarch64"
    if machine in ("universal2", "universal", "intel", "fat", "fat3", "fat64"):
        machine = os.uname().machine.replace("arm64", "aarch64")
    if pointer_size == 32:
        return {"x86_64": "i686", "i386": "i686", "aarch64": "armv7l"}.get(machine, machine)
    return machine


def manylinux_compatible(major, minor):
    """What the distributor's `_manylinux` says (PEP 600)."""
    try:
        import _manylinux
    except ImportError:
        return True
    if hasattr(_manylinux, "manylinux_compatible"):
        answer = _manylinux.manylinux_compatible(major, minor, os.uname().machine)
        return True if answer is None else bool(answer)
    legacy = {(2, 5): "manylinux1_compatible", (2, 12): "manylinux2010_compatible", (2, 17): "manylinux2014_compatible"}
    return bool(getattr(_manylinux, legacy.get((major, minor), ""), True))


def base_executable():
    """The executable an environment was made of; before 3.11 an environment's interpreter does not know it."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    if sys.prefix != sys.base_prefix and base == sys.executable and os.name == "posix":
        return os.path.realpath(base)
    return base


def main():
    pointer_size = 64 if sys.maxsize > 2**32 else 32
    system, major, minor = operating_system()
    free_threaded = "t" in getattr(sys, "abiflags", "")
    if os.name == "nt" and sys.version_info >= (3, 13):
        free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    write({
        "result": "success",
        "executable": sys.executable,
        "base_executable": base_executable(),
        "prefix": sys.prefix,
        "base_prefix": sys.base_prefix,
        "base_exec_prefix": sys.base_exec_prefix,
        "markers": markers(),
        "scheme": install_scheme(),
        "environment_scheme": environment_scheme(),
        "stdlib": sysconfig.get_path("stdlib"),
        "platform": {
            "operating_system": system, "major": major, "minor": minor, "architecture": architecture(pointer_size),
        },
        "pointer_size": pointer_size,
        "free_threaded": free_threaded,
        "debug": hasattr(sys, "gettotalrefcount"),
        "manylinux_compatible": manylinux_compatible(major, minor),
        "standalone": bool(sysconfig.get_config_var("PYTHON_BUILD_STANDALONE")),
        "sys_path": [path for path in sys.path if path],
        "site_packages": getattr(site, "getsitepackages", list)(),
    })


main()
'''
