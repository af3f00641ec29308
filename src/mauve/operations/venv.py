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
