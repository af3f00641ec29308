"""How each program is told to do a job: its command lines, variables and tables of pyproject.toml.

A job is one of version, help, venv, lock, upgrade, sync, run, add; a program without a command for a job cannot do it.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Final, NamedTuple

ADDED: Final = "cowsay"  # what `add` adds: pure Python, without dependencies, in no workload
PINS: Final = "pins.txt"  # the versions of uv's lock, for programs that install but do not lock


class Surroundings(NamedTuple):
    """What all programs of a benchmark share."""

    index_url: str
    python: Path
    python_minor: str


class Program(ABC):
    """A program and its arguments; `lockfile` is the name of what it locks to."""

    lockfile: ClassVar[str] = ""
    jobs: ClassVar[dict[str, str]] = {}

    def __init__(self, name: str, path: Path, surroundings: Surroundings) -> None:
        self.name = name
        self.path = path
        self.around = surroundings

    def command(self, job: str) -> list[str] | None:
        """Return the command line of *job*, None if there is none."""
        arguments = {"version": "--version", "help": "--help"} | self.jobs
        return [str(self.path), *arguments[job].split()] if job in arguments else None

    def tables(self, requires_python: str) -> str:
        """Return what has to be in pyproject.toml besides `[project]`."""
        del requires_python
        return ""

    @abstractmethod
    def variables(self, cache: Path) -> dict[str, str]:
        """Return the environment variables for this *cache*."""


class Uv(Program):
    """uv, and mauve, which takes the same arguments and variables."""

    lockfile = "uv.lock"
    jobs: ClassVar = {
        "venv": "venv --quiet --clear made",
        "lock": "lock",
        "upgrade": "lock --upgrade",
        "sync": "sync",
        "run": "run true",
        "add": f"add {ADDED}",
        "export": f"export --quiet --frozen --no-hashes --no-emit-project --output-file {PINS}",
    }

    def variables(self, cache: Path) -> dict[str, str]:
        """Return the environment variables for this *cache*."""
        return {
            "UV_CACHE_DIR": str(cache),
            "UV_DEFAULT_INDEX": self.around.index_url,
            "UV_PYTHON": str(self.around.python),
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_NO_PROGRESS": "1",
        }


class Nab(Program):
    """nab, locking for the one interpreter it runs for, which is less than the others do."""

    lockfile = "pylock.toml"

    def command(self, job: str) -> list[str] | None:
        """Return the command line of *job*, None if there is none."""
        if job == "lock":
            return [str(self.path), "lock", "--quiet", "--python", self.around.python_minor]
        return super().command(job)

    def tables(self, requires_python: str) -> str:
        """Return what has to be in pyproject.toml besides `[project]`."""
        index = f'[[tool.nab.indexes]]\nname = "bench"\nurl = "{self.around.index_url}"\n'
        return f'[tool.nab]\nmode = "specific"\nbuild-policy = "build-remote"\n{index}'

    def variables(self, cache: Path) -> dict[str, str]:
        """Return the environment variables for this *cache*."""
        return {"NAB_CACHE_DIR": str(cache), "XDG_CACHE_HOME": str(cache)}


class NabUniversal(Nab):
    """nab for three versions of Python on three platforms: its nearest to a uv.lock."""

    jobs: ClassVar = {"lock": "lock --quiet"}

    def command(self, job: str) -> list[str] | None:
        """Return the command line of *job*, None if there is none."""
        return Program.command(self, job)

    def tables(self, requires_python: str) -> str:
        """Return what has to be in pyproject.toml besides `[project]`."""
        pythons = requires_python if "<" in requires_python else f"{requires_python},<3.15"
        return (
            f'[tool.nab]\nmode = "universal"\n[[tool.nab.indexes]]\nname = "bench"\nurl = "{self.around.index_url}"\n'
            f'[tool.nab.matrix]\npython = "{pythons}"\nplatforms = ["linux_x86_64", "macos_arm64", "windows_amd64"]\n'
        )


class Poetry(Program):
    """Poetry."""

    lockfile = "poetry.lock"
    jobs: ClassVar = {
        "lock": "lock",
        "upgrade": "lock --regenerate",
        "sync": "sync --no-root",
        "run": "run true",
        "add": f"add {ADDED}",
    }

    def tables(self, requires_python: str) -> str:
        """Return what has to be in pyproject.toml besides `[project]`."""
        del requires_python
        source = f'[[tool.poetry.source]]\nname = "bench"\nurl = "{self.around.index_url}"\npriority = "primary"\n'
        return f"[tool.poetry]\npackage-mode = false\n{source}"

    def variables(self, cache: Path) -> dict[str, str]:
        """Return the environment variables for this *cache*."""
        return {
            "POETRY_CACHE_DIR": str(cache),
            "POETRY_VIRTUALENVS_IN_PROJECT": "1",
            "POETRY_VIRTUALENVS_USE_POETRY_PYTHON": "false",
            "POETRY_NO_INTERACTION": "1",
            "POETRY_KEYRING_ENABLED": "false",
        }


class Pdm(Program):
    """PDM."""

    lockfile = "pdm.lock"
    jobs: ClassVar = {
        "lock": "lock --update-reuse",
        "upgrade": "lock",
        "sync": "sync --clean",
        "run": "run true",
        "add": f"add {ADDED}",
    }

    def tables(self, requires_python: str) -> str:
        """Return what has to be in pyproject.toml besides `[project]`."""
        del requires_python
        source = f'[[tool.pdm.source]]\nname = "pypi"\nurl = "{self.around.index_url}"\n'
        return f"[tool.pdm]\ndistribution = false\n{source}"

    def variables(self, cache: Path) -> dict[str, str]:
        """Return the environment variables for this *cache*."""
        return {"PDM_CACHE_DIR": str(cache), "PDM_CHECK_UPDATE": "0", "PDM_NON_INTERACTIVE": "1"}


class Pip(Program):
    """pip, installing the versions of uv's lock into an environment that `venv` makes without pip."""

    def command(self, job: str) -> list[str] | None:
        """Return the command line of *job*, None if there is none."""
        if job == "sync":
            make = f'test -d .venv || "{self.around.python}" -m venv --without-pip .venv'
            return ["/bin/sh", "-c", f'{make}; "{self.path}" --python .venv/bin/python install --quiet -r {PINS}']
        return super().command(job)

    def variables(self, cache: Path) -> dict[str, str]:
        """Return the environment variables for this *cache*."""
        return {
            "PIP_CACHE_DIR": str(cache),
            "PIP_INDEX_URL": self.around.index_url,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }


class PipTools(Pip):
    """pip-compile, locking for the one interpreter it runs on."""

    lockfile = "requirements.txt"
    jobs: ClassVar = {
        "lock": "--quiet --strip-extras requirements.in --output-file requirements.txt",
        "upgrade": "--quiet --strip-extras --upgrade requirements.in --output-file requirements.txt",
    }

    def command(self, job: str) -> list[str] | None:
        """Return the command line of *job*, None if there is none."""
        return Program.command(self, job)

    def variables(self, cache: Path) -> dict[str, str]:
        """Return the environment variables for this *cache*."""
        return super().variables(cache) | {"PIP_TOOLS_CACHE_DIR": str(cache)}


class Virtualenv(Program):
    """virtualenv."""

    jobs: ClassVar = {"venv": "--quiet --clear made"}

    def variables(self, cache: Path) -> dict[str, str]:
        """Return the environment variables for this *cache*."""
        return {"VIRTUALENV_OVERRIDE_APP_DATA": str(cache)}


class Venv(Program):
    """The standard library's venv, with pip."""

    def command(self, job: str) -> list[str] | None:
        """Return the command line of *job*, None if there is none."""
        return [str(self.around.python), "-m", "venv", "--clear", "made"] if job == "venv" else None

    def variables(self, cache: Path) -> dict[str, str]:
        """Return the environment variables for this *cache*."""
        del cache
        return {}


KINDS: Final[dict[str, type[Program]]] = {
    "uv": Uv,
    "mauve": Uv,
    "nab": Nab,
    "nab-universal": NabUniversal,
    "pip": Pip,
    "pip-tools": PipTools,
    "poetry": Poetry,
    "pdm": Pdm,
    "virtualenv": Virtualenv,
    "venv": Venv,
}
