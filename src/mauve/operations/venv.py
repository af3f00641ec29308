"""Make a virtual environment where the user wants one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError
from mauve.python.target import OnExisting

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.operations.context import Services
    from mauve.operations.install import InstallOutcome
    from mauve.operations.reporter import SyncEvents
    from mauve.python.environment import Environment
    from mauve.python.interpreter import Interpreter
    from mauve.python.virtualenv import EnvironmentOptions


class VenvRequest(Struct, frozen=True, kw_only=True):
    """What environment is wanted.

    Attributes:
        path: absolute.
        shown: as messages name it.
        prompt: None = no prompt key.
    """

    path: str
    shown: str
    on_existing: OnExisting = OnExisting.FAIL
    prompt: str | None = None
    system_site_packages: bool = False
    relocatable: bool = False
    seed: bool = False

    @property
    def options(self) -> EnvironmentOptions:
        """Return how the environment differs from a plain one."""
        from mauve.python.virtualenv import EnvironmentOptions

        return EnvironmentOptions(
            prompt=self.prompt,
            system_site_packages=self.system_site_packages,
            relocatable=self.relocatable,
            seed=self.seed,
        )


def create_venv(request: VenvRequest, base: Interpreter, services: Services, asks: Callable[[], bool]) -> Environment:
    """Make the environment and return it; *asks* is called to confirm that an environment is replaced.

    Raises:
        EnvironmentCreationFailed: the place is taken, or cannot be written.
    """
    from mauve.python.environment import make_environment
    from mauve.python.target import EnvironmentCreationFailed, Occupant, clear_target, inspect_target, is_cleared

    path = request.path
    occupant = inspect_target(path)
    on_existing = request.on_existing
    if on_existing is OnExisting.FAIL and occupant is Occupant.ENVIRONMENT and asks():
        on_existing = OnExisting.REMOVE
    try:
        if is_cleared(occupant, on_existing, path, request.shown):
            clear_target(path)
        services.interpreters.forget(base.in_environment(path).executable)
        return make_environment(path, base, services.interpreters, request.options)
    except OSError as error:
        raise EnvironmentCreationFailed(path) from error


class SeedingFailed(MauveError):
    """The seed packages cannot be resolved or installed; the cause says why."""

    def __init__(self, failure: MauveError) -> None:
        """Keep the hints of *failure*."""
        super().__init__(failure)
        self.failure = failure

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "Failed to install seed packages into virtual environment"

    def hints(self) -> tuple[str, ...]:
        """Return what the user may do."""
        return self.failure.hints()


def seed_requirements(release: tuple[int, int, int]) -> tuple[str, ...]:
    """Return what an environment of this Python is seeded with: as `python -m venv` did then, in their newest form."""
    return ("pip", "setuptools", "wheel") if release < (3, 12) else ("pip",)


def seed_venv(
    environment: Environment,
    settings: ResolutionSettings,
    link_mode: str | None,
    services: Services,
    events: SyncEvents,
) -> InstallOutcome:
    """Install the seed packages into *environment*.

    Raises:
        SeedingFailed: they cannot be had.
    """
    from mauve.config.settings.installation import InstallationSettings
    from mauve.operations.builds import SourceBuilds
    from mauve.operations.install import InstallRequest, install_resolution
    from mauve.operations.specific import resolve_in_environment, source_requirement
    from mauve.resolver.manifest import Manifest
    from mauve.standards.requirements import parse_requirement
    from mauve.standards.requires_python import RequiresPython

    interpreter = environment.interpreter
    builds = SourceBuilds(services, settings, lambda: interpreter, events)
    names = seed_requirements(interpreter.release)
    manifest = Manifest(
        requires_python=RequiresPython(),
        requirements=tuple(source_requirement(parse_requirement(name)) for name in names),
        indexes=settings.indexes,
        options=settings.options,
    )
    asked = ", ".join(f"`{name}`" for name in names)
    try:
        resolution = resolve_in_environment(manifest, environment, settings, services, builds, events, f": {asked}")
        services.network(settings.indexes, keyring=settings.keyring)
        return install_resolution(
            InstallRequest(
                resolution=resolution,
                settings=InstallationSettings(link_mode=link_mode),
                refresh=settings.refresh,
                keeps_extraneous=True,
                accepts_any_origin=True,
            ),
            environment,
            services,
            builds,
            events,
        )
    except MauveError as error:
        raise SeedingFailed(error) from error


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
