"""Which Python a project is to have, and the environment that has it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.config.environment import EnvVar, Variables
from mauve.operations.init import PythonChoice
from mauve.project.python_bounds import intersect_bounds
from mauve.python.discovery import EnvironmentPreference
from mauve.python.environment import (
    PythonDeclaration,
    PythonWish,
    RequestOrigin,
    follow_redirect,
    locate_project_environment,
)
from mauve.python.pins import find_version_file
from mauve.python.request import DefaultRequest, range_request
from mauve.standards.requires_python import RequiresPython

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.operations.context import Services
    from mauve.operations.reporter import EnvironmentEvents
    from mauve.project.python_bounds import PythonBound
    from mauve.project.workspace import Workspace
    from mauve.python.interpreter import Interpreter
    from mauve.python.request import PythonRequest


def project_python(
    workspace: Workspace,
    bounds: tuple[PythonBound, ...],
    requested: str | None,
    services: Services,
    warn: Callable[[str], None],
    *,
    no_config: bool = False,
) -> PythonWish:
    """Return what is wished for: by the user, else by a version file, else by `requires-python`.

    Args:
        bounds: the declarations of all members and of the selected groups.
        requested: `--python`.
        no_config: version files do not count.
    """
    requires_python = intersect_bounds(bounds)
    declarations = _declarations(bounds)
    has_members = len(workspace.members) > 1
    if requested is not None:
        return PythonWish(
            request=services.discovery.parse_request(requested),
            origin=RequestOrigin.USER,
            requires_python=requires_python,
            declarations=declarations,
            has_members=has_members,
        )
    pinned = None if no_config else find_version_file(services.directory, stop_at=workspace.root)
    if pinned is not None:
        for line in pinned.ignored:
            warn(f"Ignoring unsupported Python request `{line}` in version file: {pinned.path}")
    if pinned is not None and pinned.request is not None:
        return PythonWish(
            request=pinned.request,
            origin=RequestOrigin.VERSION_FILE,
            version_file=services.discovery.shown(pinned.path),
            requires_python=requires_python,
            declarations=declarations,
            has_members=has_members,
        )
    request = None
    if requires_python is not None:
        request = range_request(requires_python.specifiers)
    return PythonWish(
        request=request,
        origin=RequestOrigin.REQUIRES_PYTHON,
        requires_python=requires_python,
        declarations=declarations,
        has_members=has_members,
    )


def _declarations(bounds: tuple[PythonBound, ...]) -> tuple[PythonDeclaration, ...]:
    found: list[PythonDeclaration] = []
    for bound in bounds:
        allowed = RequiresPython.from_specifiers(bound.specifiers)
        if allowed is not None:
            found.append(PythonDeclaration(bound.package or "", allowed, bound.group))
    return tuple(found)


def project_environment_root(
    workspace: Workspace, services: Services, events: EnvironmentEvents, *, active: bool | None
) -> str:
    """Return where the project's environment is, with redirects followed; warns of another active environment."""
    variables = Variables(services.environment)
    location = locate_project_environment(
        workspace.root,
        directory=services.directory,
        project_environment=variables.text(EnvVar.PROJECT_ENVIRONMENT),
        virtual_env=variables.text("VIRTUAL_ENV"),
        active=active,
    )
    shown = services.discovery.shown(location.root)
    if location.ignored is not None:
        events.warning(
            f"`VIRTUAL_ENV={services.discovery.shown(os.path.join(services.directory, location.ignored))}` does not "
            f"match the project environment path `{shown}` and will be ignored; use `--active` to target the active "
            "environment instead"
        )
    root, is_redirect = follow_redirect(location.root, shown)
    if is_redirect:
        events.warning(
            f"Using `{shown}` redirect files is experimental and may change without warning. Pass "
            "`--preview-features venv-redirect-files` to disable this warning."
        )
    return root


class InitialPython:
    """Chooses the Python of a new project (`mauve.operations.init.ChoosePython`)."""

    def __init__(
        self, services: Services, requested: str | None, warn: Callable[[str], None], *, no_config: bool
    ) -> None:
        """Look for *requested*, else for what a version file pins, else for what the workspace allows."""
        self._services = services
        self._requested = requested
        self._warn = warn
        self._no_config = no_config

    def __call__(self, workspace: RequiresPython | None) -> PythonChoice:
        """Return `>=` the minor version of the interpreter, and that version as the pin.

        Raises:
            MauveError: no interpreter is found.
        """
        discovery = self._services.discovery
        request: PythonRequest = DefaultRequest()
        if self._requested is not None:
            request = discovery.parse_request(self._requested)
        else:
            pinned = None if self._no_config else find_version_file(self._services.directory)
            if pinned is not None and pinned.request is not None:
                request = pinned.request
            elif workspace is not None:
                return self._choice(
                    discovery.find(range_request(workspace.specifiers), EnvironmentPreference.ONLY_SYSTEM).interpreter,
                    str(workspace),
                )
        return self._choice(discovery.find(request, EnvironmentPreference.ONLY_SYSTEM).interpreter, None)

    @staticmethod
    def _choice(interpreter: Interpreter, requires_python: str | None) -> PythonChoice:
        major, minor, _ = interpreter.release
        return PythonChoice(requires_python=requires_python or f">={major}.{minor}", pin=f"{major}.{minor}")
