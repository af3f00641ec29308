"""Distributions that are written into a folder as an installer leaves them, only quicker and in any state."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def library_of(environment: Path) -> Path:
    """Return the folder of packages of the environment at *environment*, which is of this Python."""
    return environment / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"


def hold(
    library: Path,
    name: str,
    version: str = "1.0",
    *,
    requires: Iterable[str] = (),
    python: str | None = None,
    origin: Mapping[str, object] | None = None,
    tags: Iterable[str] = ("py3-none-any",),
    files: Iterable[str] = (),
) -> Path:
    """Write a dist-info folder into *library* and return it."""
    folder = library / f"{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {each}" for each in requires]
    lines += [f"Requires-Python: {python}"] if python else []
    (folder / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")
    wheel = ["Wheel-Version: 1.0", *[f"Tag: {tag}" for tag in tags]]
    (folder / "WHEEL").write_text("\n".join(wheel) + "\n", encoding="utf-8")
    rows = [*files, f"{folder.name}/METADATA", f"{folder.name}/RECORD"]
    (folder / "RECORD").write_text("".join(f"{row},,\n" for row in rows), encoding="utf-8")
    if origin is not None:
        (folder / "direct_url.json").write_text(json.dumps(origin), encoding="utf-8")
    return folder


def hold_link(library: Path, tree: Path, name: str, version: str = "1.0") -> None:
    """Write a development link in *library* to the source tree at *tree*."""
    info = tree / f"{name}.egg-info"
    info.mkdir(parents=True)
    (info / "PKG-INFO").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    (library / f"{name}.egg-link").write_text(f"{tree}\n.\n", encoding="utf-8")
