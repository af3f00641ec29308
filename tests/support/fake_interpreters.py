"""Executables that describe themselves like a Python of any version, and count how often they were asked."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def description(executable: Path, version: str, /, **changes: object) -> dict[str, object]:
    """Return what the interpreter at *executable* prints when it is probed."""
    major, minor = version.split(".")[:2]
    python = f"python{major}.{minor}"
    prefix = str(changes.pop("prefix", executable.parent.parent))
    base_prefix = str(changes.pop("base_prefix", prefix))
    implementation = str(changes.pop("implementation", "cpython"))

    def scheme(root: str) -> dict[str, str]:
        site = os.path.join(root, f"lib/{python}/site-packages")
        return {
            "purelib": site,
            "platlib": site,
            "scripts": os.path.join(root, "bin"),
            "data": root,
            "include": os.path.join(root, "include"),
        }

    return {
        "result": "success",
        "executable": str(executable),
        "base_executable": str(executable),
        "prefix": prefix,
        "base_prefix": base_prefix,
        "base_exec_prefix": base_prefix,
        "markers": {
            "implementation_name": implementation,
            "implementation_version": version,
            "os_name": "posix",
            "platform_machine": "x86_64",
            "platform_python_implementation": {"cpython": "CPython", "pypy": "PyPy"}[implementation],
            "platform_release": "6.1",
            "platform_system": "Linux",
            "platform_version": "#1",
            "python_full_version": version,
            "python_version": f"{major}.{minor}",
            "sys_platform": "linux",
        },
        "scheme": scheme(prefix),
        "environment_scheme": scheme(""),
        "stdlib": os.path.join(base_prefix, "lib", python),
        "platform": {"operating_system": "manylinux", "major": 2, "minor": 36, "architecture": "x86_64"},
        "pointer_size": 64,
        **changes,
    }


def fake_interpreter(path: Path, version: str, /, **changes: object) -> Path:
    """Write an executable to *path* that answers as Python *version*; *changes* replace parts of its description."""
    answer = json.dumps(description(path, version, **changes))
    return fake_executable(path, f"echo asked >> '{path}.log'\ncat <<'END'\n{answer}\nEND\n")


def fake_executable(path: Path, script: str) -> Path:
    """Write the shell *script* to *path* and make it executable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(0o755)
    return path


def times_asked(path: Path) -> int:
    """Return how often the interpreter at *path* was probed."""
    log = path.with_name(path.name + ".log")
    return len(log.read_text().splitlines()) if log.exists() else 0
