"""Which interpreter is used."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag, value
from mauve.config.environment import EnvVar


class PythonArgs(ArgumentGroup, title="Python options"):
    """Which interpreter is used."""

    managed_python: bool | None = flag(
        "--managed-python",
        env=EnvVar.MANAGED_PYTHON,
        help="Require use of uv-managed Python versions",
    )
    no_managed_python: bool | None = flag(
        "--no-managed-python",
        env=EnvVar.NO_MANAGED_PYTHON,
        help="Disable use of uv-managed Python versions",
    )
    no_python_downloads: bool | None = flag(
        "--no-python-downloads",
        off="--allow-python-downloads",
        help='Disable automatic downloads of Python. [env: "UV_PYTHON_DOWNLOADS=never"]',
    )
    python_preference: str | None = value(
        "--python-preference",
        env=EnvVar.PYTHON_PREFERENCE,
        choices=("only-managed", "managed", "system", "only-system"),
        hidden=True,
    )
    python_fetch: str | None = value("--python-fetch", choices=("automatic", "manual", "never"), hidden=True)


class PythonRequestArgs(PythonArgs, title="Python options"):
    """Which interpreter is used, and which is asked for; subclasses say what for."""

    python: str | None = value("-p", "--python", env=EnvVar.PYTHON)


def python_request(purpose: str, start: str = "The Python interpreter to use") -> type[PythonRequestArgs]:
    """Return the group whose `--python` is described as the interpreter to use *purpose*."""

    class Group(PythonRequestArgs, title="Python options"):
        python: str | None = value("-p", "--python", env=EnvVar.PYTHON, help=f"{start} {purpose}.")

    first = Group.specs.pop("python")
    Group.specs = {"python": first, **Group.specs}
    return Group
