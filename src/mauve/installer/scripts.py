"""The scripts of a wheel: launchers of entry points, and files of `.data/scripts` with their first line replaced.

Only POSIX launchers are written; the text equals uv's.

Specification: "Entry points", "Binary distribution format" (`#!python`).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from msgspec import structs

if TYPE_CHECKING:
    from mauve.standards.entry_points import EntryPoint

_LONGEST_SHEBANG: Final = 127
"""Bytes of `#!`, path and line end that every kernel reads; more, or a blank, needs a detour through `/bin/sh`."""

_LAUNCHER: Final = """\
{shebang}
# -*- coding: utf-8 -*-
import sys
from {module} import {imported}
if __name__ == "__main__":
    if sys.argv[0].endswith("-script.pyw"):
        sys.argv[0] = sys.argv[0][:-11]
    elif sys.argv[0].endswith(".exe"):
        sys.argv[0] = sys.argv[0][:-4]
    sys.exit({called}())
"""

_RESERVED: Final = frozenset({"python", "pythonw", "python3", "pypy", "pypy3", "graalpy"})


def check_name(name: str) -> str | None:
    """Return what is wrong with *name* as the name of a script, or None."""
    depth = 0
    for part in name.split("/"):
        depth += -1 if part == ".." else part not in {"", "."}
        if depth < 0:
            break
    if depth <= 0 or name.startswith("/") or "\0" in name:
        return f"The wheel is invalid: Script path must resolve to a file within the scripts directory: {name}"
    stem = name.lower().removesuffix(".py")
    minor = stem.removeprefix("python3.").removesuffix("t")
    if stem in _RESERVED or (stem.startswith("python3.") and minor.isdigit()):
        return f"Scripts must not use the reserved name `{stem}`, got: `{name}`"
    return None


def is_activation_script(name: str) -> bool:
    """Return whether *name* belongs to the environment itself; worth a warning, but allowed."""
    return name == "activate" or name.startswith("activate.")


def versioned_launchers(launchers: tuple[EntryPoint, ...], minor: int) -> tuple[EntryPoint, ...]:
    """Return *launchers* as pip names its own: `pip3.X` is that of the Python (3.*minor*) that the wheel goes to.

    A wheel names it after the Python that built it, if at all.
    """
    found: list[EntryPoint] = []
    for launcher in launchers:
        if launcher.name == "pip3":
            found += (launcher, structs.replace(launcher, name=f"pip3.{minor}"))
        elif not launcher.name.startswith("pip3."):
            found.append(launcher)
    return tuple(found)


def render_shebang(python: str, *, relocatable: bool = False) -> str:
    """Return the first line, or the first three, of a script run by *python*, without the last line end."""
    if relocatable:
        name = os.path.basename(python)
        return f"""#!/bin/sh\n'''exec' "$(dirname -- "$(realpath -- "$0")")"/'{name}' "$0" "$@"\n' '''"""
    if " " in python or len(os.fsencode(python)) + 3 > _LONGEST_SHEBANG:
        quoted = python.replace("'", "'\"'\"'")
        return f"""#!/bin/sh\n'''exec' '{quoted}' "$0" "$@"\n' '''"""
    return f"#!{python}"


def render_launcher(entry_point: EntryPoint, shebang: str) -> bytes:
    """Return the text of the script that calls *entry_point*."""
    return _LAUNCHER.format(
        shebang=shebang,
        module=entry_point.module,
        imported=entry_point.import_name,
        called=entry_point.target,
    ).encode()


def wants_interpreter(start: bytes) -> bool:
    """Return whether a script whose first bytes are *start* asks for the environment's interpreter."""
    return start.startswith(b"#!python")


def replace_shebang(content: bytes, shebang: str) -> bytes:
    """Return *content* with its first line, options included, replaced by *shebang*; later line ends are kept."""
    ends = [at for at in (content.find(b"\n"), content.find(b"\r")) if at >= 0]
    rest = content[min(ends) :] if ends else b""
    for line_end in (b"\r\n", b"\n", b"\r"):
        if rest.startswith(line_end):
            rest = rest[len(line_end) :]
            break
    return shebang.encode() + b"\n" + rest
