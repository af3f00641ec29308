"""The Python of a new project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.operations.init import PythonChoice
from mauve.python.discovery import EnvironmentPreference
from mauve.python.pins import find_version_file
from mauve.python.request import DefaultRequest, range_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.operations.context import Services
    from mauve.python.interpreter import Interpreter
    from mauve.python.request import PythonRequest
    from mauve.standards.requires_python import RequiresPython


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
