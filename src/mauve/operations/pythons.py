"""Which Python a project is to have, and the environment that has it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.config.environment import EnvVar, Variables
from mauve.project.python_bounds import intersect_bounds, tilde_warnings
from mauve.python.environment import (
    PythonDeclaration,
    PythonWish,
    RequestOrigin,
    follow_redirect,
    locate_project_environment,
)
from mauve.python.request import range_request
from mauve.standards.requires_python import RequiresPython

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.operations.context import Services
    from mauve.operations.reporter import EnvironmentEvents
    from mauve.project.python_bounds import PythonBound
    from mauve.project.workspace import Workspace
    from mauve.python.interpreter import Interpreter
    from mauve.python.pins import VersionFile


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
        workspace: of the project.
        bounds: the declarations of all members and of the selected groups.
        requested: `--python`.
        services: of the run.
        warn: told about declarations that allow more than they seem to, and about lines of version files that are
            passed over.
        no_config: version files do not count.
    """
    for warning in tilde_warnings(bounds):
        warn(warning)
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
    from mauve.operations.version_files import heeded_version_file

    pinned = heeded_version_file(
        services.project_directory, services, warn, stop_at=workspace.root, no_config=no_config
    )
    if pinned is not None and not _is_for_others(pinned, requires_python):
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


def _is_for_others(pinned: VersionFile, requires_python: RequiresPython | None) -> bool:
    """Return whether *pinned* is the user's, for any project, and names a version that this one does not allow."""
    if not pinned.is_global or pinned.request is None or requires_python is None:
        return False
    from mauve.python.pins import pinned_version

    version = pinned_version(pinned.request)
    return version is not None and not requires_python.contains(version)


def build_python(
    workspace: Workspace | None,
    folder: str,
    requested: str | None,
    services: Services,
    warn: Callable[[str], None],
    *,
    no_config: bool = False,
) -> Interpreter:
    """Return the interpreter that builds what is in *folder*: *requested*, else pinned, else as the workspace wants it.

    Whether the project allows it is not asked: that is said of who installs the result.

    Raises:
        MauveError: no interpreter is found.
    """
    from mauve.operations.version_files import wanted_python
    from mauve.project.python_bounds import python_bounds
    from mauve.python.discovery import EnvironmentPreference
    from mauve.python.request import DefaultRequest

    request = wanted_python(requested, folder, services, warn, no_config=no_config)
    if request is None and workspace is not None:
        requires_python = intersect_bounds(python_bounds(workspace))
        request = None if requires_python is None else range_request(requires_python.specifiers)
    return services.discovery.find(request or DefaultRequest(), EnvironmentPreference.ANY, is_base=True).interpreter


def _declarations(bounds: tuple[PythonBound, ...]) -> tuple[PythonDeclaration, ...]:
    found: list[PythonDeclaration] = []
    for bound in bounds:
        allowed = RequiresPython.from_specifiers(bound.specifiers)
        if allowed is not None:
            found.append(PythonDeclaration(bound.package or "", allowed, bound.group))
    return tuple(found)


_CENTRALIZED = "centralized-project-envs"
"""The preview that has environments of projects in the cache."""


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
    settings = services.settings
    is_default = not active and variables.text(EnvVar.PROJECT_ENVIRONMENT) is None
    if is_default and _CENTRALIZED in settings.wanted_previews.features:
        # Not for `--preview`: whoever wants everything did not ask for this.
        reason = "yet" if settings.cache.root is not None else "when `--no-cache` is enabled"
        events.warning(f"The `{_CENTRALIZED}` feature has no effect {reason}")
    if is_redirect and not settings.previews("venv-redirect-files"):
        events.warning(
            f"Using `{shown}` redirect files is experimental and may change without warning. Pass "
            "`--preview-features venv-redirect-files` to disable this warning."
        )
    return root
