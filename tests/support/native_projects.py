"""Projects of the backend `uv_build`, written into folders."""

from pathlib import Path

BUILD_SYSTEM = '\n[build-system]\nrequires = ["uv_build>=0.13,<0.14"]\nbuild-backend = "uv_build"\n'

MINIMAL = '[project]\nname = "demo"\nversion = "0.1.0"\n'

MODULE = {"src/demo/__init__.py": ""}


def write_project(root, pyproject=MINIMAL, files=MODULE, build_system=BUILD_SYSTEM):
    """Write `pyproject.toml` and *files* (path to text) below *root*, and return *root*."""
    root = Path(root)
    for path, text in {"pyproject.toml": pyproject + build_system, **files}.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
    return root
