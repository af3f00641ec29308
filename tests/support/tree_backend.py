"""Source trees with a build backend of their own, which needs nothing and writes down what it saw.

The module of the wheel has the distributions, the variable `SEEN` and the settings of the build.
"""

from __future__ import annotations

from pathlib import Path

BACKEND = """
import os, zipfile
from importlib.metadata import distributions

def build_wheel(folder, settings=None, metadata=None):
    if os.environ.get("SEEN") == "fail":
        raise SystemExit("asked to fail")
    found = sorted(f"{each.name}=={each.version}" for each in distributions() if "site-packages" in str(each._path))
    text = f"FOUND = {found!r}\\nSEEN = {os.environ.get('SEEN')!r}\\nSETTINGS = {settings!r}\\n"
    name = "NAME-VERSION-py3-none-any.whl"
    info = "NAME-VERSION.dist-info"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("NAME.py", text)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: NAME\\nVersion: VERSION\\nREQUIRES")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name

build_editable = build_wheel

def build_sdist(folder, settings=None):
    import tarfile
    print("packing")
    with tarfile.open(os.path.join(folder, "NAME-VERSION.tar.gz"), "w:gz") as archive:
        for name in ("backend.py", "pyproject.toml"):
            archive.add(name, f"NAME-VERSION/{name}")
    return "NAME-VERSION.tar.gz"
"""


def write_tree(
    root: Path,
    name: str,
    version: str = "1.0",
    *,
    project: str = "",
    requires: tuple[str, ...] = (),
    built_requires: tuple[str, ...] = (),
    built_version: str | None = None,
    rest: str = "",
) -> None:
    """Write a source tree to *root*.

    Args:
        root: is made.
        name: of the package, an identifier.
        version: as declared; empty for a dynamic one.
        project: further lines of `[project]`.
        requires: what the backend asks for.
        built_requires: requirements in the metadata of the wheel, whatever the project declares.
        built_version: of the wheel, if it is another one.
        rest: further tables.
    """
    root.mkdir(parents=True, exist_ok=True)
    declared = f'version = "{version}"' if version else 'dynamic = ["version"]'
    (root / "pyproject.toml").write_text(
        f'[project]\nname = "{name}"\n{declared}\nrequires-python = ">=3.11"\n{project}\n'
        f'[build-system]\nrequires = {list(requires)}\nbackend-path = ["."]\nbuild-backend = "backend"\n{rest}'
    )
    lines = "".join(f"Requires-Dist: {requirement}\\n" for requirement in built_requires)
    text = BACKEND.replace("NAME", name).replace("VERSION", built_version or version or "1.0")
    (root / "backend.py").write_text(text.replace("REQUIRES", lines))
