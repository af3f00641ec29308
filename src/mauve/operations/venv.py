"""Make a virtual environment where the user wants one."""

from __future__ import annotations

import os
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.operations.context import Services
    from mauve.python.environment import Environment
    from mauve.python.interpreter import Interpreter


class ExistingPolicy(Enum):
    """What happens to something that is in the place already."""

    REFUSE = "refuse"
    CLEAR = "clear"
    KEEP = "keep"


class FailedToCreate(MauveError):
    """The environment cannot be made; the cause says why."""

    def __str__(self) -> str:
        """Return the headline."""
        return "Failed to create virtual environment"


class PlaceTaken(MauveError):
    """The place holds something that must not be replaced without a word from the user."""

    def __init__(self, shown: str, *, is_environment: bool, clearing: bool = False) -> None:
        """Name the place as it is shown; *clearing* if `--clear` was given."""
        super().__init__(shown)
        self.shown = shown
        self.is_environment = is_environment
        self.clearing = clearing

    def __str__(self) -> str:
        """Return the message in uv's words."""
        if self.clearing:
            return "uv will not clear a directory that is not a virtual environment"
        return f"A {'virtual environment' if self.is_environment else 'directory'} already exists at: {self.shown}"

    def hints(self) -> tuple[str, ...]:
        """Return the option to use."""
        if self.clearing:
            return ("Use the `--force` flag to remove the existing directory anyway",)
        what = "virtual environment" if self.is_environment else "directory"
        return (f"Use the `--clear` flag or set `UV_VENV_CLEAR=1` to replace the existing {what}",)


class FileInPlace(MauveError):
    """The place holds a file."""

    def __init__(self, shown: str) -> None:
        """Name the place."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"File exists at `{self.shown}`"


class VenvRequest(Struct, frozen=True, kw_only=True):
    """What environment is wanted.

    Attributes:
        path: absolute.
        shown: as messages name it.
        prompt: None = no prompt key.
        force: `--clear` may remove a folder that is no environment.
    """

    path: str
    shown: str
    existing: ExistingPolicy = ExistingPolicy.REFUSE
    force: bool = False
    prompt: str | None = None
    system_site_packages: bool = False
    relocatable: bool = False
    seed: bool = False


def create_venv(request: VenvRequest, base: Interpreter, services: Services, asks: Callable[[], bool]) -> Environment:
    """Make the environment and return it; *asks* is called to confirm that an environment is replaced.

    Raises:
        FailedToCreate: the place is taken, or cannot be written.
    """
    from mauve.python.environment import make_environment, remove_environment
    from mauve.python.virtualenv import EnvironmentOptions

    path = request.path
    try:
        if os.path.isdir(path):
            is_environment = os.path.isfile(os.path.join(path, "pyvenv.cfg"))
            if os.listdir(path) and request.existing is not ExistingPolicy.KEEP:
                clearing = request.existing is ExistingPolicy.CLEAR
                if not clearing and is_environment:
                    clearing = asks()
                if not clearing or not (is_environment or request.force):
                    raise PlaceTaken(request.shown, is_environment=is_environment, clearing=clearing)
                remove_environment(path, services.interpreters)
        elif os.path.lexists(path):
            raise FileInPlace(request.shown)
        services.interpreters.forget(base.in_environment(path).executable)
        return make_environment(
            path,
            base,
            services.interpreters,
            EnvironmentOptions(
                prompt=request.prompt,
                system_site_packages=request.system_site_packages,
                relocatable=request.relocatable,
                seed=request.seed,
            ),
        )
    except (PlaceTaken, FileInPlace, OSError) as error:
        raise FailedToCreate from error


class VenvPlace(Struct, frozen=True):
    """Where an environment goes by default, and what it is made of.

    Attributes:
        root: of the workspace, or the working directory.
        name: of the project.
    """

    root: str
    name: str | None
    interpreter: Interpreter


def venv_python(
    requested: str | None,
    services: Services,
    warn: Callable[[str], None],
    *,
    no_project: bool = False,
    no_config: bool = False,
) -> VenvPlace:
    """Return the interpreter that is asked for, by the user, a version file, or the project around.

    Raises:
        MauveError: there is none.
    """
    from mauve.project.python_bounds import intersect_bounds, python_bounds
    from mauve.project.workspace import MissingPyProject, UnmanagedProject, discover_workspace
    from mauve.python.discovery import EnvironmentPreference
    from mauve.python.environment import IncompatiblePython, check_requires_python
    from mauve.python.request import DefaultRequest

    workspace = None
    if not no_project:
        try:
            workspace = discover_workspace(services.directory)
        except (MissingPyProject, UnmanagedProject):
            workspace = None
        except MauveError as error:
            # A broken project does not keep anyone from making an environment.
            warn(f"Failed to parse `pyproject.toml` during environment creation:\n{_indented(error)}\n")
    request = None
    wish = None
    if workspace is not None:
        from mauve.operations.pythons import project_python

        wish = project_python(
            workspace, python_bounds(workspace), requested, services, _Warner(warn), no_config=no_config
        )
        request = wish.request
    elif requested is not None:
        request = services.discovery.parse_request(requested)
    elif not no_config:
        from mauve.python.pins import find_version_file

        pinned = find_version_file(services.directory)
        request = None if pinned is None else pinned.request
    found = services.discovery.find(request or DefaultRequest(), EnvironmentPreference.ONLY_SYSTEM).interpreter
    if wish is not None and workspace is not None:
        try:
            intersect_bounds(python_bounds(workspace))
            check_requires_python(found, wish)
        except IncompatiblePython as error:
            warn(str(error))
    name = None if workspace is None or workspace.pyproject.project is None else workspace.pyproject.project.name
    return VenvPlace(services.directory if workspace is None else workspace.root, name, found)


class _Warner:
    """Only warnings count while an interpreter is looked for."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self.warning = warn


def _indented(error: BaseException) -> str:
    text = str(error.__cause__ or error)
    return "\n".join(f"  {line}" for line in text.split("\n"))


def activation_command(scripts: str, shell: str | None, shown: Callable[[str], str]) -> str | None:
    """Return the line that activates an environment in *shell* (a path or name), None if that is unknown."""
    name = os.path.basename(shell or "").removesuffix(".exe")
    files = {
        "bash": ("source", "activate"),
        "zsh": ("source", "activate"),
        "ksh": (".", "activate"),
        "fish": ("source", "activate.fish"),
        "csh": ("source", "activate.csh"),
        "tcsh": ("source", "activate.csh"),
        "pwsh": ("&", "activate.ps1"),
        "powershell": ("&", "activate.ps1"),
    }
    if name not in files:
        return None
    verb, file = files[name]
    path = shown(os.path.join(scripts, file))
    if verb == "&":
        return f'& "{path}"'
    if any(character in path for character in " \t\"'$"):
        path = "'" + path.replace("'", "'\"'\"'") + "'"
    return f"{verb} {path}"
