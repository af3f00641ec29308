"""The programs that are compared, each installed into a virtual environment of its own.

mauve is the tree this file lies in, installed as a user would install it (built and copied, bytecode compiled), and
anew whenever a file of it has changed. The other programs are installed once and kept.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]

PACKAGES: Final = {
    "uv": "uv==0.13.9",
    "nab": "nab",
    "poetry": "poetry",
    "pdm": "pdm[locked]",
    "pip": "pip",
    "pip-tools": "pip-tools",
    "virtualenv": "virtualenv",
}
PROGRAMS: Final = {"pip-tools": "pip-compile", "nab-universal": "nab", "venv": "python"}


def install(name: str, folder: Path, *, keep: bool = False) -> Path:
    """Return the program called *name*, installed under *folder* if it is not there yet; *keep* any that is."""
    home = {"nab-universal": "nab", "venv": "pip"}.get(name, name)
    target = folder / home
    state = target / "installed.txt"
    wanted = f"{_digest_of_tree() if home == 'mauve' else PACKAGES[home]} {sys.version}"
    if not state.exists() or (not keep and state.read_text(encoding="utf-8") != wanted):
        sys.stderr.write(f"installing {home}\n")
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(target)], check=True)
        pip = [str(target / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
        subprocess.run([*pip, "--upgrade", "pip"], check=True)
        if home != "pip":
            subprocess.run([*pip, str(ROOT) if home == "mauve" else PACKAGES[home]], check=True)
        state.write_text(wanted, encoding="utf-8")
    return target / "bin" / PROGRAMS.get(name, name)


def version_of(name: str, program: Path) -> str:
    """Return the version of the package that *program* belongs to."""
    package = {"nab-universal": "nab", "venv": "pip"}.get(name, name)
    code = f"from importlib.metadata import version; print(version({package!r}))"
    if name == "venv":
        code = "import platform; print(platform.python_version())"
    return _output(str(program.parent / "python"), "-c", code)


def default_index(mauve: Path) -> str:
    """Return the URL of PyPI's simple API, as the installed mauve knows it."""
    code = (
        "from packageurl.validate import DEFINITIONS_BY_TYPE as types\n"
        "print(types['pypi'].default_repository_url + '/simple/')"
    )
    return _output(str(mauve.parent / "python"), "-c", code)


def find_python(uv: Path, request: str) -> Path:
    """Return the interpreter that uv finds for *request*; the compared programs make environments of it."""
    try:
        found = _output(str(uv), "python", "find", "--no-project", "--system", "--no-python-downloads", request)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{error.stderr.strip()}\nName another with --python.") from None
    return Path(found).resolve()


def _digest_of_tree() -> str:
    digest = hashlib.sha256()
    files = [ROOT / "pyproject.toml", *sorted((ROOT / "src").rglob("*.py"))]
    for file in files:
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
