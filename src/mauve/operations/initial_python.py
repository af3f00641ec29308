"""The Python of a new project or script."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.operations.init import PythonChoice
from mauve.operations.version_files import heeded_version_file
from mauve.project.python_bounds import intersect_bounds, python_bounds
from mauve.python.discovery import EnvironmentPreference, InspectionFailed, environment_executable
from mauve.python.discovery_errors import BrokenEnvironment
from mauve.python.request import (
    DefaultRequest,
    FileRequest,
    RangePart,
    VersionPart,
    VersionRequest,
    range_request,
)
from mauve.standards.requires_python import RequiresPython

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.operations.context import Services
    from mauve.project.workspace import Workspace
    from mauve.python.interpreter import Interpreter
    from mauve.python.pins import VersionFile
    from mauve.python.request import PythonRequest


class InitialPython:
    """Chooses the Python of a new project (`mauve.operations.init.ChoosePython`), or of a script."""

    def __init__(
        self, services: Services, requested: str | None, warn: Callable[[str], None], *, no_config: bool
    ) -> None:
        """Look for *requested*, else for what a version file pins."""
        self._services = services
        self._requested = requested
        self._warn = warn
        self._no_config = no_config

    def __call__(self, folder: str, workspace: Workspace | None, *, pins: bool) -> PythonChoice:
        """Return the choice for a project in *folder*; an interpreter is looked for only if it has a say.

        What is asked for counts first, then the workspace, then an environment that is there already.

        Raises:
            MauveError: no interpreter is found.
        """
        pinned = self._version_file(folder, None if workspace is None else workspace.root)
        request = self._request(pinned)
        declared = None if workspace is None else intersect_bounds(python_bounds(workspace))
        if request is None and declared is not None:
            choice = self._of_range(range_request(declared.specifiers), declared, pins=pins)
        elif request is None:
            choice = _of_minor(self._in_environment(folder) or self._find(DefaultRequest()))
        else:
            choice = self._of_request(request, pins=pins)
        # A pin above a project that joins no workspace may be changed without a thought of this project.
        is_pinned = (
            pinned is not None
            and not pinned.is_global
            and (workspace is not None or os.path.dirname(pinned.path) == folder)
            and str(pinned.request) == choice.pin
        )
        return choice if pins and not is_pinned else PythonChoice(choice.requires_python)

    def of_script(self, folder: str, *, heeds_pins: bool = True) -> str:
        """Return the `requires-python` of a script in *folder*; *heeds_pins* looks for version files there.

        Raises:
            MauveError: no interpreter is found.
        """
        request = self._request(self._version_file(folder, None) if heeds_pins else None)
        found = self._services.discovery.find(request or DefaultRequest(), EnvironmentPreference.ANY)
        return _of_minor(found.interpreter).requires_python

    def _version_file(self, folder: str, stop_at: str | None) -> VersionFile | None:
        return heeded_version_file(folder, self._services, self._warn, stop_at=stop_at, no_config=self._no_config)

    def _request(self, pinned: VersionFile | None) -> PythonRequest | None:
        if self._requested is not None:
            return self._services.discovery.parse_request(self._requested)
        return None if pinned is None else pinned.request

    def _of_request(self, request: PythonRequest, *, pins: bool) -> PythonChoice:
        match request:
            case VersionRequest(version=VersionPart(release=(_, _, *_) as release, pre="") as version):
                return PythonChoice(">=" + ".".join(map(str, release)), str(version))
            case VersionRequest(version=RangePart(specifiers=specifiers)):
                allowed = RequiresPython.from_specifiers(specifiers)
                if allowed is not None:
                    return self._of_range(request, allowed, pins=pins)
            case _:
                pass
        return _of_minor(self._find(request))

    def _of_range(self, request: PythonRequest, allowed: RequiresPython, *, pins: bool) -> PythonChoice:
        """Return *allowed*, and the minor version of an interpreter of *request* to pin."""
        return PythonChoice(str(allowed), _of_minor(self._find(request)).pin if pins else None)

    def _find(self, request: PythonRequest) -> Interpreter:
        return self._services.discovery.find(request, EnvironmentPreference.ONLY_SYSTEM).interpreter

    def _in_environment(self, folder: str) -> Interpreter | None:
        """Return the interpreter of the environment that *folder* has already."""
        root = os.path.join(folder, ".venv")
        if not os.path.isfile(os.path.join(root, "pyvenv.cfg")):
            return None
        try:
            request = FileRequest(environment_executable(root))
            return self._services.discovery.find(request, EnvironmentPreference.ONLY_VIRTUAL).interpreter
        except (BrokenEnvironment, InspectionFailed):
            return None


def _of_minor(interpreter: Interpreter) -> PythonChoice:
    major, minor, _ = interpreter.release
    return PythonChoice(f">={major}.{minor}", f"{major}.{minor}")
