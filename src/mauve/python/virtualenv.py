"""Make a virtual environment, without a subprocess and without the `venv` module.

`plan_environment` decides every directory, link, copy and file as a value; `mauve.filesystem.trees` puts it on
disk. Whether the place may be used at all is decided in `mauve.python.target`. The plan is
also what `mauve.fastpath.environments` keeps.

Specification: PEP 405 (pyvenv.cfg, layout), "Cache Directory Tagging", docs/environments.md.
"""

from __future__ import annotations

import os

from mauve.filesystem.trees import Tree, write_tree
from mauve.python import activation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION_KEY = "0.13.9"
"""Value of the key `uv` in pyvenv.cfg, which other tools read to recognise an environment without pip."""

IGNORE_ALL = "*"
CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55"


class EnvironmentBase:
    """What must be known of an interpreter to make an environment of it.

    Attributes:
        executable: the base executable, absolute; environments link to it.
        implementation: `cpython`, `pypy`, `graalpy`, …
        version: `3.11.7`, possibly with a pre-release suffix.
        site_packages: directories of packages relative to the root, purelib first, platlib if different.
        scripts: directory of executables relative to the root.
        platform: `sys.platform` of the interpreter.
        is_64_bit: whether pointers have 64 bits.
        free_threaded: whether there is no global interpreter lock.
        launchers: Windows: directories where `python.exe` for environments may lie, best first.
    """

    __slots__ = (
        "executable",
        "free_threaded",
        "implementation",
        "is_64_bit",
        "launchers",
        "platform",
        "scripts",
        "site_packages",
        "version",
    )

    def __init__(
        self,
        *,
        executable: str,
        implementation: str,
        version: str,
        site_packages: tuple[str, ...],
        scripts: str = "bin",
        platform: str = "linux",
        is_64_bit: bool = True,
        free_threaded: bool = False,
        launchers: tuple[str, ...] = (),
    ) -> None:
        """Store the values."""
        self.executable = executable
        self.implementation = implementation
        self.version = version
        self.site_packages = site_packages
        self.scripts = scripts
        self.platform = platform
        self.is_64_bit = is_64_bit
        self.free_threaded = free_threaded
        self.launchers = launchers


class EnvironmentOptions:
    """How the environment shall differ from a plain one.

    Attributes:
        prompt: shown by the activation scripts and kept in pyvenv.cfg; None for the directory's name.
        system_site_packages: whether the packages of the base are visible.
        relocatable: whether the activation scripts find the environment from their own place.
        seed: noted in pyvenv.cfg; the packages are installed by the caller.
    """

    __slots__ = ("prompt", "relocatable", "seed", "system_site_packages")

    def __init__(
        self,
        *,
        prompt: str | None = None,
        system_site_packages: bool = False,
        relocatable: bool = False,
        seed: bool = False,
    ) -> None:
        """Store the values."""
        self.prompt = prompt
        self.system_site_packages = system_site_packages
        self.relocatable = relocatable
        self.seed = seed


_PRETTY = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalPy", "pyodide": "Pyodide"}


def create_environment(root: str, base: EnvironmentBase, options: EnvironmentOptions | None = None) -> None:
    """Make an environment of *base* at *root* (absolute); files that exist there are overwritten."""
    write_tree(plan_environment(root, base, options or EnvironmentOptions()))


def plan_environment(root: str, base: EnvironmentBase, options: EnvironmentOptions) -> Tree:
    """Return what an environment of *base* at *root* (absolute) consists of."""
    windows = base.platform == "win32"
    separator = "\\" if windows else "/"
    plan = Tree()
    scripts = root + separator + base.scripts
    plan.directories += [root, scripts]
    for directory in base.site_packages:
        parent = root
        for part in directory.split("/"):
            parent += separator + part
            if parent not in plan.directories:
                plan.directories.append(parent)
    if windows:
        _plan_windows_executables(plan, scripts, base)
    else:
        names = list(_executable_names(base))
        plan.links.append((f"{scripts}/python", base.executable))
        plan.links += [(f"{scripts}/{name}", "python") for name in names]
        if base.is_64_bit and base.platform != "darwin":
            plan.links.append((f"{root}/lib64", "lib"))
    plan.files += [
        (root + separator + "pyvenv.cfg", render_configuration(base, options)),
        (root + separator + ".gitignore", IGNORE_ALL),
        (root + separator + "CACHEDIR.TAG", CACHE_TAG),
    ]
    plan.files += [(scripts + separator + name, text) for name, text in render_scripts(root, base, options)]
    if _release(base.version) < (3, 10) and base.implementation == "cpython":
        site = root + separator + base.site_packages[0].replace("/", separator)
        plan.files.append((site + separator + "_virtualenv.py", activation.DISTUTILS_PATCH))
        plan.files.append((site + separator + "_virtualenv.pth", activation.DISTUTILS_PATCH_HOOK))
    return plan


def render_configuration(base: EnvironmentBase, options: EnvironmentOptions) -> str:
    """Return the text of pyvenv.cfg."""
    home = base.executable.rpartition("\\" if base.platform == "win32" else "/")[0] or "/"
    lines = [
        f"home = {home}",
        f"implementation = {_PRETTY.get(base.implementation, base.implementation)}",
        f"uv = {VERSION_KEY}",
        f"version_info = {base.version}",
        f"include-system-site-packages = {'true' if options.system_site_packages else 'false'}",
    ]
    if options.relocatable:
        lines.append("relocatable = true")
    if options.seed:
        lines.append("seed = true")
    if options.prompt is not None:
        lines.append(f"prompt = {options.prompt}")
    return "\n".join(lines) + "\n"


def render_scripts(root: str, base: EnvironmentBase, options: EnvironmentOptions) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each activation script."""
    prompt = options.prompt or ""
    relocatable = options.relocatable
    posix_root = activation.POSIX_ROOT_FROM_SCRIPT if relocatable else f"VIRTUAL_ENV={_posix(root)}"
    fish_root = "(dirname -- (dirname -- (realpath -- (status -f))))" if relocatable else _fish(root)
    nu_root = "(path self | path dirname | path dirname)" if relocatable else _nu(root)
    sites = [os.path.relpath(f"/{site}", f"/{base.scripts}").replace(os.sep, "/") for site in base.site_packages]
    separator = ";" if base.platform == "win32" else ":"

    def fill(template: str, shell_root: str, shell_prompt: str) -> str:
        return (
            template.replace("@bin@", base.scripts)
            .replace("@separator@", separator)
            .replace("@site@", separator.join(sites))
            .replace("@prompt@", shell_prompt)
            .replace("@root@", shell_root)
        )

    yield "activate", fill(activation.POSIX_SHELL, posix_root, _posix(prompt))
    yield "activate.bat", fill(activation.BATCH_ACTIVATE, "%~dp0.." if relocatable else root, prompt)
    if not relocatable:
        # csh cannot tell a script its own place.
        yield "activate.csh", fill(activation.C_SHELL, _posix(root), _posix(prompt))
    yield "activate.fish", fill(activation.FISH, fish_root, _fish(prompt))
    yield "activate.nu", fill(activation.NUSHELL, nu_root, _nu(prompt))
    yield "activate.ps1", fill(activation.POWERSHELL, "", "'" + prompt.replace("'", "''") + "'")
    yield "activate.xsh", fill(activation.XONSH, "", repr(prompt))
    yield "activate_this.py", fill(activation.ACTIVATE_THIS, "", repr(prompt))
    yield "deactivate.bat", activation.BATCH_DEACTIVATE
    yield "pydoc.bat", activation.BATCH_PYDOC


def _posix(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _nu(text: str) -> str:
    return f"'{text}'" if "'" not in text else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _executable_names(base: EnvironmentBase) -> Iterator[str]:
    """Yield the names that link to `python`."""
    major, minor = _release(base.version)[:2]
    suffix = "t" if base.free_threaded else ""
    yield f"python{major}"
    yield f"python{major}.{minor}"
    if suffix:
        yield f"python{major}.{minor}{suffix}"
    if base.implementation == "pypy":
        yield f"pypy{major}"
        yield "pypy"
    elif base.implementation == "graalpy":
        yield "graalpy"


def _plan_windows_executables(plan: Tree, scripts: str, base: EnvironmentBase) -> None:
    """Windows has no links for everyone: small launchers of the base are copied."""
    major, minor = _release(base.version)[:2]
    names = ["python", "pythonw"]
    if base.free_threaded:
        names += [f"python{major}.{minor}t", f"pythonw{major}.{minor}t"]
    if base.implementation == "pypy":
        names += ["python3", f"python{major}.{minor}", "pypy", "pypy3", f"pypy{major}.{minor}", "pypyw"]
    elif base.implementation == "graalpy":
        names.append("graalpy")
    for name in names:
        window = "w" if name.startswith(("pythonw", "pypyw")) else ""
        suffix = "t" if base.free_threaded and name.endswith("t") else ""
        sources = [
            f"{directory}\\{launcher}.exe"
            for directory in base.launchers
            for launcher in (f"python{window}", f"venv{window}launcher{suffix}", f"venv{window}launcher")
        ]
        home = base.executable.rpartition("\\")[0]
        plan.copies.append((f"{scripts}\\{name}.exe", (*sources, f"{home}\\python{window}.exe", base.executable)))


def _release(version: str) -> tuple[int, ...]:
    """Return the leading numbers of *version*; a pre-release suffix ends them."""
    numbers: list[int] = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
        if digits != part:
            break
    return tuple(numbers)
