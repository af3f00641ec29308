"""Projects that many people know are locked as uv locks them, against PyPI, at a fixed cut-off.

A few of them in every run; `MAUVE_KNOWN_PROJECTS=all` asks for the others too (some minutes). Nothing of the projects
is kept here: the source distributions are fetched.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from tests.support.known_projects import source_distribution
from tests.support.oracle import oracle_uv

SOURCE = Path(__file__).parents[2] / "src"
CUTOFF = "2025-09-01T00:00:00Z"
QUICK = {"starlette": "0.47.3", "typer": "0.16.1"}
OTHERS = {
    "black": "25.1.0",
    "cibuildwheel": "3.1.4",
    "django": "5.2.5",
    "fastapi": "0.116.1",
    "flit": "3.12.0",
    "hatch": "1.14.1",
    "litestar": "2.13.0",
    "meson-python": "0.18.0",
    "mkdocs-material": "9.6.18",
    "pdm": "2.25.4",
    "poetry-core": "2.1.3",
    "pydantic": "2.11.7",
    "pytest": "8.4.1",
    "scikit-build-core": "0.11.6",
    "scrapy": "2.13.3",
    "sphinx": "8.2.3",
    "tox": "4.28.4",
    "uvicorn": "0.35.0",
}
PROJECTS = QUICK | OTHERS if os.environ.get("MAUVE_KNOWN_PROJECTS") == "all" else QUICK

pytestmark = [pytest.mark.oracle, pytest.mark.network]


def unpack(archive: bytes, folder: Path) -> Path:
    """Unpack a source distribution below *folder* and return its root, without a lockfile."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as content:
        content.extractall(folder, filter="data")
    (root,) = folder.iterdir()
    (root / "uv.lock").unlink(missing_ok=True)
    return root


def lock(command: list[str], project: Path, cache: Path) -> tuple[int, str, str]:
    """Return exit code, lockfile (without sizes, which not every mirror tells) and error of a `lock`."""
    names = ("PATH", "HOME", "SSL_CERT_FILE", "HTTPS_PROXY", "UV_DEFAULT_INDEX")
    environment = {name: os.environ[name] for name in names if name in os.environ}
    environment |= {"PYTHONPATH": str(SOURCE), "UV_CACHE_DIR": str(cache), "UV_PYTHON": sys.executable, "NO_COLOR": "1"}
    done = subprocess.run(
        [*command, "lock", "--exclude-newer", CUTOFF],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    path = project / "uv.lock"
    text = re.sub(r", size = \d+", "", path.read_text()) if path.exists() else ""
    return done.returncode, text, done.stderr


@pytest.mark.parametrize("name", sorted(PROJECTS))
def test_a_known_project_is_locked_as_uv_locks_it(name: str, tmp_path: Path) -> None:
    """With all its extras, groups and build backend; or refused alike."""
    archive = source_distribution(name, PROJECTS[name])
    theirs, ours = (unpack(archive, tmp_path / tool) for tool in ("uv", "mauve"))
    status, expected, told = lock([oracle_uv()], theirs, tmp_path / "uv-cache")
    assert (status == 0) == (expected != ""), told
    assert status == 0 or name not in QUICK, told
    found = lock([sys.executable, "-m", "mauve"], ours, tmp_path / "mauve-cache")
    assert found[0] == status, found[2]
    assert found[1] == expected
